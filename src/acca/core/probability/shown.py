"""Probabilities as they are shown: whole parts of what a percentage is cut into."""

_BASIS, _FINE = 10_000, 10**10


def basis_points(probability: float) -> int:
    """Tell a probability in hundredths of a percent."""
    return _parts(probability, _BASIS)


def fine_parts(probability: float) -> int:
    """Tell a probability in parts of 10**10: jackpots are that improbable."""
    return _parts(probability, _FINE)


def _parts(probability: float, whole: int) -> int:
    # Sums of floats may end a hair outside.
    return min(whole, max(0, round(probability * whole)))
