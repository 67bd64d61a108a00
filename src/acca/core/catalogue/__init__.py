"""The catalogue: what is told of events, and what becomes of it."""
