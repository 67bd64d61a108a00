"""Which tax terms a ticket is struck under, and presets of countries as data with their source.

Presets are conveniences: confirm them with your tax adviser before you use one.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import NamedTuple

from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, parse_percent
from acca.core.numbers import Malformed
from acca.core.ticket import TicketType

_PLAYER_CLASS = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
DISCLAIMER = "confirm with your tax adviser"


class TaxProfile(NamedTuple):
    """Terms of one operator from one instant (inclusive) to another (exclusive).

    None means: without end, every ticket type, every player class.
    """

    terms: TaxTerms
    valid_from: datetime
    valid_to: datetime | None = None
    ticket_type: TicketType | None = None
    player_class: str | None = None

    def fits(self, at: datetime, ticket_type: TicketType | None, player_class: str | None) -> bool:
        """Tell whether a ticket of this moment, type and player falls under the profile."""
        return (
            self.valid_from <= at
            and (self.valid_to is None or at < self.valid_to)
            and (self.ticket_type is None or self.ticket_type is ticket_type)
            and (self.player_class is None or self.player_class == player_class)
        )


def profile_in_force(
    profiles: Iterable[TaxProfile],
    at: datetime,
    ticket_type: TicketType | None,
    player_class: str | None = None,
) -> TaxProfile | None:
    """Choose the profile of a ticket: the player's class before the type, then the newest.

    Without a type, of any type: those of one type only do not count.
    None is a gap in the operator's profiles, never a licence to tax nothing.
    """
    return max(
        [profile for profile in profiles if profile.fits(at, ticket_type, player_class)],
        key=lambda profile: (
            profile.player_class is not None,
            profile.ticket_type is not None,
            profile.valid_from,
        ),
        default=None,
    )


class TaxPreset(NamedTuple):
    """Terms of a country as the law stood, with the source; dates where the source gives them."""

    name: str
    country: str
    source: str
    terms: TaxTerms
    valid_from: date | None = None
    valid_to: date | None = None


def _terms(
    ext: str,
    wht: str,
    formula: ExciseFormula = ExciseFormula.NONE,
    base: WithholdingBase = WithholdingBase.NET,
) -> TaxTerms:
    return TaxTerms(parse_percent(ext), formula, parse_percent(wht), base)


PRESETS: tuple[TaxPreset, ...] = (
    TaxPreset("none", "-", "no tax at the ticket", _terms("0", "0")),
    TaxPreset(
        "kenya-2023",
        "KE",
        "Finance Act 2023: excise 12.5 % of the stake, withholding 20 % of the net win",
        _terms("12.5", "20", ExciseFormula.INCLUSIVE),
        date(2023, 7, 1),
        date(2024, 12, 27),
    ),
    TaxPreset(
        "kenya-2024",
        "KE",
        "Tax Laws (Amendment) Act 2024: excise 15 % from December 2024, withholding 20 %",
        _terms("15", "20", ExciseFormula.INCLUSIVE),
        date(2024, 12, 27),
        date(2025, 7, 1),
    ),
    TaxPreset(
        "kenya-2025",
        "KE",
        "Finance Act 2025: taxes moved to deposits and withdrawals, none at the ticket",
        _terms("0", "0"),
        date(2025, 7, 1),
    ),
    TaxPreset(
        "zambia-2025",
        "ZM",
        "2025: excise 10 % deducted from what is paid, withholding 15 %",
        _terms("10", "15", ExciseFormula.DEDUCTED),
        date(2025, 9, 1),
    ),
    TaxPreset("nigeria", "NG", "2025: withholding 5 %", _terms("0", "5")),
    TaxPreset("uganda", "UG", "2025: withholding 15 %", _terms("0", "15")),
    TaxPreset("tanzania", "TZ", "2025: withholding 10 %", _terms("0", "10")),
    TaxPreset("rwanda", "RW", "2025: withholding 25 %", _terms("0", "25")),
    TaxPreset(
        "ghana-2023",
        "GH",
        "withholding 10 %, repealed in April 2025",
        _terms("0", "10"),
        valid_to=date(2025, 4, 2),
    ),
    TaxPreset(
        "zimbabwe",
        "ZW",
        "2025: withholding 25 % of the gross payout",
        _terms("0", "25", base=WithholdingBase.GROSS),
    ),
)

_PRESETS_BY_NAME = {preset.name: preset for preset in PRESETS}


def parse_preset(text: str) -> TaxPreset:
    """Find a preset by its name."""
    if text not in _PRESETS_BY_NAME:
        raise Malformed("is not a tax preset; they are " + ", ".join(_PRESETS_BY_NAME))
    return _PRESETS_BY_NAME[text]


def parse_player_class(text: str) -> str:
    """Read a class of players: the wallet's flag `tax_<class>` puts a player into it."""
    if _PLAYER_CLASS.fullmatch(text) is None:
        raise Malformed("is not a slug of a-z, digits and hyphens")
    return text


class AskedProfile(NamedTuple):
    """A profile as people ask for it: by days of the operator; without a beginning, from today.

    The dates of a preset are not taken over: they say what the law was, and an operator may want
    its terms for other days. `preset` is kept for the record.
    """

    terms: TaxTerms
    preset: TaxPreset | None = None
    first_day: date | None = None
    day_after: date | None = None
    ticket_type: TicketType | None = None
    player_class: str | None = None


def place_profile(asked: AskedProfile, now: datetime, zone: tzinfo) -> TaxProfile:
    """Place a profile in time: days begin at midnight of the operator."""
    first_day = asked.first_day or now.astimezone(zone).date()
    valid_to = None if asked.day_after is None else _midnight(asked.day_after, zone)
    return TaxProfile(
        asked.terms, _midnight(first_day, zone), valid_to, asked.ticket_type, asked.player_class
    )


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
