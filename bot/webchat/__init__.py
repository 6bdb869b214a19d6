"""The website's channel: sessions, messages and events over HTTP."""
