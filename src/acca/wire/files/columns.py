"""Columns of odds and the bets they are for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from acca.core.fixtures import BetCodes
from acca.core.numbers import Malformed
from acca.wire.files.cells import NO_LINE, read_handicap, read_odds
from acca.wire.files.table import Cells

_RESULT = ("1", "X", "2")
_SIDES, _TOTAL, _YES_NO = ("1", "2"), ("O", "U"), ("Y", "N")


class Source(NamedTuple):
    """Columns of one bookmaker, or of an average, in the order of the codes."""

    columns: tuple[str, ...]
    line_column: str | None = None


class OfferedSet(NamedTuple):
    """Bets offered together; the sources stand in order of preference and are never mixed.

    The first that names all of them is taken, or else the first that names any: odds of two
    bookmakers in one set would have a margin that nobody meant.
    """

    market: str
    line: str | None
    codes: tuple[str, ...]
    sources: tuple[Source, ...]


def _football_data(bookmakers: Iterable[str]) -> tuple[OfferedSet, ...]:
    names = tuple(bookmakers)
    return (
        OfferedSet(
            "MRFT", None, _RESULT, tuple(Source((f"{n}H", f"{n}D", f"{n}A")) for n in names)
        ),
        OfferedSet("OUFT", "2.5", _TOTAL, tuple(Source((f"{n}>2.5", f"{n}<2.5")) for n in names)),
        OfferedSet(
            "AHFT",
            None,
            _SIDES,
            tuple(
                Source((f"{n}AHH", f"{n}AHA"), "AHCh" if n.endswith("C") else "AHh") for n in names
            ),
        ),
    )


SEASON_SETS = _football_data(("AvgC", "Avg", "B365C", "B365", "MaxC", "Max"))
"""A season is over: its closing odds are the last that were in force."""
FIXTURE_SETS = _football_data(("Avg", "B365", "Max"))
"""Odds before the match."""


def _single(market: str, line: str | None, codes: tuple[str, ...], *columns: str) -> OfferedSet:
    return OfferedSet(market, line, codes, (Source(columns),))


def _totals(market: str, part: str, goals: Sequence[int]) -> tuple[OfferedSet, ...]:
    return tuple(
        _single(market, f"{n}.5", _TOTAL, f"Over_{part}_{n}_5", f"Under_{part}_{n}_5")
        for n in goals
    )


MULTIMARKET_SETS = (
    _single("MRFT", None, _RESULT, "B365H", "B365D", "B365A"),
    _single("OUFT", "2.5", _TOTAL, "B365>2.5", "B365<2.5"),
    *_totals("OUFT", "FT", (0, 1, 3, 4)),
    _single("BTTSFT", None, _YES_NO, "BTTS_Yes", "BTTS_No"),
    _single("DCFT", None, ("1X", "12", "X2"), "DC_1X", "DC_12", "DC_X2"),
    _single("DNBFT", None, _SIDES, "DNB_1", "DNB_2"),
    _single("MRHT", None, _RESULT, "Odd_1_HT", "Odd_X_HT", "Odd_2_HT"),
    *_totals("OUHT", "HT", range(4)),
    _single("MR2H", None, _RESULT, "Odd_1_2H", "Odd_X_2H", "Odd_2_2H"),
    *_totals("OU2H", "2H", range(4)),
    _single("HWTN", None, ("Y",), "odds_win_to_nil_1"),
    _single("AWTN", None, ("Y",), "odds_win_to_nil_2"),
)
"""Odds on corners are left out: no market of ours, and no score tells of them."""


class _Read(NamedTuple):
    odds: dict[BetCodes, int]
    skipped: tuple[str, ...]


def read_offered(
    cells: Cells, sets: Iterable[OfferedSet]
) -> tuple[Mapping[BetCodes, int], tuple[str, ...]]:
    """Read the odds of a row, and a reason for each cell that was looked at and left out."""
    odds: dict[BetCodes, int] = {}
    skipped: list[str] = []
    for each in sets:
        found, reasons = _read_set(cells, each)
        odds |= found
        skipped += reasons
    return odds, tuple(skipped)


def _read_set(cells: Cells, offered: OfferedSet) -> _Read:
    best: dict[BetCodes, int] = {}
    skipped: tuple[str, ...] = ()
    for source in offered.sources:
        odds, reasons = _read_source(cells, offered, source)
        best, skipped = best or odds, skipped + reasons
        if len(odds) == len(offered.codes):
            return _Read(odds, skipped)
    return _Read(best, skipped)


def _read_source(cells: Cells, offered: OfferedSet, source: Source) -> _Read:
    odds: dict[BetCodes, int] = {}
    skipped: list[str] = []
    named = [(code, column) for code, column in zip(offered.codes, source.columns, strict=True)]
    for code, column in named:
        if column not in cells:
            continue
        try:
            price = read_odds(cells[column])
            odds[offered.market, _line(cells, offered, source), code] = price
        except Malformed as malformed:
            skipped.append(str(malformed))
    return _Read(odds, tuple(skipped))


def _line(cells: Cells, offered: OfferedSet, source: Source) -> str | None:
    if source.line_column is None:
        return offered.line
    text = cells.get(source.line_column, "")
    if not text:
        raise Malformed(NO_LINE)
    return read_handicap(text)
