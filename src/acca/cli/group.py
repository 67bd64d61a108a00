"""How many processes a group has, which each of them shares the database with."""

from typing import NamedTuple

_CONNECTIONS_MAX = 40
"""Readers, and as many writers, of a group: an embedded server takes a hundred connections."""
_CONNECTIONS_EACH_MAX = 10


class Numbers(NamedTuple):
    """How many processes of each kind a group has."""

    api: int
    workers: int

    def connections_max(self) -> int:
        """Return how many readers, and how many writers, each process may have."""
        return max(1, min(_CONNECTIONS_MAX // sum(self), _CONNECTIONS_EACH_MAX))
