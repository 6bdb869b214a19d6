"""Installs, trains and runs the whole house on one machine: `make run`, `make test`, `make rasa`."""
