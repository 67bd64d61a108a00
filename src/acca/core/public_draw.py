"""Public draws of jackpots: nobody can know them before, anybody can check them after (spec 7)."""

from collections.abc import Iterable, Mapping
from enum import Enum
from hashlib import sha256
from hmac import digest
from itertools import count
from typing import NamedTuple

from acca.core.score import Points

SEED_BYTES = 32
_FAIR_BYTES = 252
"""The bytes below share out evenly among three outcomes; any other is drawn again."""


class Sign(Enum):
    """How one event of a jackpot counts: home win, draw or away win."""

    ONE = "1"
    X = "X"
    TWO = "2"


class Drawn(NamedTuple):
    """What was drawn for an event, by its place on the card from 1, and the scores it was of.

    It is kept for ever: neither the match, played later, nor a corrected score changes it.
    """

    place: int
    sign: Sign
    scores: str


_SIGNS = (Sign.ONE, Sign.X, Sign.TWO)


def commit_to(seed: bytes) -> str:
    """Tell the commitment to a seed, in hex, which stands on the card from its publication."""
    assert len(seed) == SEED_BYTES, "a seed is 32 random bytes"
    return sha256(seed).hexdigest()


def spell_scores(scores: Mapping[int, Points]) -> str:
    """Write the scores of the events that were played, by their place: `1:2-1,2:0-0`."""
    return ",".join(f"{place}:{home}-{away}" for place, (home, away) in sorted(scores.items()))


def draw(seed: bytes, card_code: str, place: int, scores: str) -> Sign:
    """Draw the outcome of one event, by HMAC-SHA256 under the seed."""
    assert len(seed) == SEED_BYTES, "a seed is 32 random bytes"
    messages = (f"{card_code}|{place}|{counter}|{scores}" for counter in count())
    firsts = (digest(seed, message.encode(), "sha256")[0] for message in messages)
    return _SIGNS[next(first for first in firsts if first < _FAIR_BYTES) % len(_SIGNS)]


def hold_draw(seed: bytes, card_code: str, places: Iterable[int], scores: str) -> tuple[Drawn, ...]:
    """Draw the outcomes of some events of a card, each by itself."""
    return tuple(Drawn(place, draw(seed, card_code, place, scores), scores) for place in places)


def verify(commitment: str, seed: bytes, card_code: str, drawn: Iterable[Drawn]) -> bool:
    """Tell whether a published seed is the one committed to, and gives what is said to be drawn."""
    return (
        len(seed) == SEED_BYTES
        and commit_to(seed) == commitment
        and all(draw(seed, card_code, each.place, each.scores) is each.sign for each in drawn)
    )
