"""A stand-in for Meta's servers: Messenger and WhatsApp on this machine, for the demo and for tests."""
