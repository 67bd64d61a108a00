"""Texts of one SMS: the default alphabet of GSM 03.38, 160 septets, and what fits in them."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

SEPTETS_MAX = 160
"""What one message of seven-bit characters holds."""
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "^{}\\[~]|€"
"""Characters of two septets: an escape comes before each. The form feed is left out."""
_ONE, _TWO = frozenset(BASIC), frozenset(EXTENDED)
_KNOWN = _ONE | _TWO
# What Unicode does not take apart by itself, or takes apart into something else.
_TABLE = {
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "\u0131": "i", "œ": "oe", "Œ": "OE",
    "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ŋ": "ng", "Ŋ": "Ng", "ɓ": "b", "Ɓ": "B", "ɗ": "d",
    "Ɗ": "D", "ƙ": "k", "Ƙ": "K", "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "ə": "e", "Ə": "E",
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u02bc": "'", "\u02bb": "'", "\u2032": "'",
    "`": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"',
    "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-",
    "\u2212": "-", "\u00d7": "x", "\u00b7": ".", "\u2022": "-", "\u00a9": "(c)", "\u00ae": "(r)",
}  # fmt: skip
_WIDTHS = (40, 24, 18, 14, 12, 10, 8, 7, 6, 5, 4, 3)
"""To how many septets the names of teams are shortened, one after another."""


class Game(NamedTuple):
    """A match as a message tells it; the score is `-` where there is none."""

    home: str
    away: str
    score: str
    mark: str

    def spell(self, width: int) -> str:
        """Write a match with names of so many septets at most."""
        gap = " " if self.score != "-" else ""
        names = cut(self.home, width), cut(self.away, width)
        return f"{names[0]}{gap}{self.score}{gap}{names[1]} {self.mark}"


def septets(text: str) -> int:
    """Count the septets of a text of known characters."""
    return sum(2 if each in _TWO else 1 for each in text)


def transliterate(text: str) -> str:
    """Write a text in the characters of the alphabet; what cannot be is a question mark."""
    whole = unicodedata.normalize("NFC", " ".join(text.split()))
    told = "".join(each if each in _KNOWN else _spell(each) for each in whole)
    return " ".join(told.split())


def _spell(character: str) -> str:
    if character in _TABLE:
        return _TABLE[character]
    parts = unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    if plain == character:
        return "?"
    return "".join(part if part in _KNOWN else _TABLE.get(part, "?") for part in plain)


def cut(text: str, width: int) -> str:
    """Shorten a text of known characters to so many septets, at the end of a word if one fits."""
    if septets(text) <= width:
        return text
    kept = ""
    for each in text:
        if septets(kept + each) > width:
            break
        kept += each
    word, _, rest = kept.rpartition(" ")
    # Half of a name says more than a first word of a few letters.
    is_worth = rest and len(word) > len(kept) // 2
    return (word if is_worth else kept).rstrip(" .-")


def fit(head: str, detail: str, games: Sequence[Game]) -> str:
    """Write a message: the head always and whole, then its detail, then as many games as fit.

    Names are shortened first, then games left out, and how many is told.
    """
    text = transliterate(head)
    assert septets(text) <= SEPTETS_MAX, "a code and an amount fit in one message"
    more = f"{text} {transliterate(detail)}" if detail else text
    if septets(f"{more}.") <= SEPTETS_MAX:
        text = f"{more}."
    plain = [Game(*map(transliterate, game)) for game in games]
    for width in _WIDTHS if plain else ():
        told = f"{text} {', '.join(game.spell(width) for game in plain)}"
        if septets(told) <= SEPTETS_MAX:
            return told
    return _leave_out(text, [game.spell(_WIDTHS[-1]) for game in plain])


def _leave_out(text: str, games: Sequence[str]) -> str:
    for kept in range(len(games) - 1, 0, -1):
        told = f"{text} {', '.join(games[:kept])} +{len(games) - kept}"
        if septets(told) <= SEPTETS_MAX:
            return told
    return text
