"""Messenger and WhatsApp: one webhook in, one outbox out, both on top of the conversation log."""
