"""Probabilities: exact sums, never simulated; floats are fit here, since no money is in them."""
