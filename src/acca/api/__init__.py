"""Signed HTTP: requests become values of the flows here, and their verdicts become answers."""
