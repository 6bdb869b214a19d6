"""What the services of the root environment share: settings, errors, logs, databases."""
