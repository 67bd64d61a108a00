"""Pages for readers of the protocol, made once at start and served from memory."""
