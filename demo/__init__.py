"""Helpers that only the demo runs."""
