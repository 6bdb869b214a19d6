"""What can keep the house from starting."""


class LaunchError(Exception):
    """One clear line for the person at the keyboard."""
