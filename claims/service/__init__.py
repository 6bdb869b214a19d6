"""One function per use case; each works in one unit of work that rolls back unless it is told to commit."""
