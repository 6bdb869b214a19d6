"""The desk: people take conversations over, answer, and hand them back."""
