"""The conversation log: the truth of what was said, and the queue of what is still to be answered."""
