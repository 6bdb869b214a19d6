"""The conversation: channels, the log of what was said, and the one service the internet reaches."""
