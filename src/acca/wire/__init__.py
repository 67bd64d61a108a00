"""Documents: bytes to core values and back, and signatures; pure."""
