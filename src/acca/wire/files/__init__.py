"""Files of other providers, read into fixtures: bytes to values, nothing applied."""
