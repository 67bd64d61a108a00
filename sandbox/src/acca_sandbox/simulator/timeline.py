"""All matches of a world as one stream in the order of time, and the digest that names it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import attrgetter

from acca_sandbox.simulator.match import Moment, tell_match
from acca_sandbox.simulator.telling import Entry, spell_instant
from acca_sandbox.simulator.world import World

_INSTANT = attrgetter("instant")


def make_stream(world: World) -> Iterator[Moment]:
    """Tell a world; matches are made as they come, so that a season needs little memory."""
    matches = (tell_match(fixture, world.seed) for fixture in world.fixtures)
    together = merge(*matches, key=_INSTANT)
    for instant, moments in groupby(together, key=_INSTANT):
        yield Moment(instant, [entry for moment in moments for entry in moment.entries])


def digest(stream: Iterable[Moment]) -> str:
    """Tell the SHA-256 of all instants and entries: the same seed has the same one for ever."""
    total = hashlib.sha256()
    for moment in stream:
        total.update(spell_instant(moment.instant).encode())
        for entry in moment.entries:
            total.update(canonical(entry))
    return total.hexdigest()


def canonical(entry: Entry) -> bytes:
    """Write an entry with sorted members and no blanks, its odds as texts with two decimals."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), default=str).encode()
