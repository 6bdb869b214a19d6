"""The command line of the claims service: one module for each group of commands."""
