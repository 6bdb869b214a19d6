"""Measures how well messages are understood, and writes the report in docs/evaluation."""
