"""Draws that a seed repeats: whole numbers, each as likely as any other."""

from hashlib import sha256
from itertools import count


class Draws:
    """The draws of a seed: the numbers that SHA-256 makes of `seed|0`, `seed|1`, … in turn.

    Of 256 bits a remainder is taken: no number below 2**64 is likelier by one part in 2**192.
    """

    def __init__(self, seed: int) -> None:
        self._seed: int = seed
        self._turns: count[int] = count()

    def draw(self, below: int) -> int:
        """Draw a number from 0 up to, and without, `below`."""
        assert 0 < below <= 2**64, "a draw is among some numbers"
        digest = sha256(f"{self._seed}|{next(self._turns)}".encode()).digest()
        return int.from_bytes(digest) % below
