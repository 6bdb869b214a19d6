"""What can go wrong between two writers at the same moment."""


class ConcurrentWrite(Exception):
    """Somebody else wrote the same thing first; the use case can be done again from the start."""
