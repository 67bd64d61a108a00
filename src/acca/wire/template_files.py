"""Templates of cards as traders write them: what copies are made of, for whom and when."""

import re
from datetime import time
from enum import Enum
from typing import Annotated

from acca.core.cards.smartbet import Band
from acca.core.cards.superbet import VoidQuestion
from acca.core.cards.tipping import Theme
from acca.core.numbers import Malformed
from acca.core.ticket import TicketType
from acca.wire.bc_cards import BAND
from acca.wire.card_files import RANK_MAX, PrizeFile, TierFile, VoidStepFile
from acca.wire.document import Document, nested, parse_by, variants
from acca.wire.kinds import BOOLEAN, Kind, array, choice, integer, optional, spelled, text
from acca.wire.words import (
    COUNT,
    CURRENCY,
    DESCRIPTION_LENGTH_MAX,
    ID,
    LIST_LENGTH_MAX,
    NAME,
    OPERATOR,
    PRICE_CENTS,
    matching,
)

DAYS_MAX = 14
MATCHES_MAX = 100
_AMOUNTS = array(PRICE_CENTS, LIST_LENGTH_MAX)


class Weekday(Enum):
    """A day of the week, by its first letters."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _parse_time(written: str) -> time:
    if re.fullmatch(r"[0-2]\d:[0-5]\d", written, re.ASCII) is None or written >= "24":
        raise Malformed("has to be a time of day such as 06:30")
    return time.fromisoformat(written)


def _render_time(value: time) -> str:
    return value.isoformat(timespec="minutes")


TEMPLATE_NAME = matching(
    "name",
    re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII),
    "has to be of small letters, digits and hyphens",
)
DAY_TIME = spelled("time", _parse_time, {"pattern": r"^[0-2]\d:[0-5]\d$"}, _render_time)
_WEEKDAYS = array(choice(Weekday), len(Weekday), 1)


class TemplateHeadFile(Document, frozen=True, kw_only=True):
    """What templates of all products begin with.

    Copies are made for `operators`, or all that sell the product; on `weekdays` from `at` on, both
    by the operator's clock; in `currency`, or all of the operator's. `days` is how many days ahead
    matches are taken from, `leagues` are their ids, all leagues where it is missing.
    """

    name: Annotated[str, TEMPLATE_NAME]
    type: Annotated[TicketType, choice(TicketType)]
    title: Annotated[str | None, optional(NAME)] = None
    description: Annotated[str | None, optional(text(DESCRIPTION_LENGTH_MAX))] = None
    sitename: Annotated[str | None, optional(NAME)] = None
    domain: Annotated[str | None, optional(NAME)] = None
    preview_img: Annotated[str | None, optional(NAME)] = None
    rank: Annotated[int, integer(0, RANK_MAX)] = RANK_MAX // 2
    operators: Annotated[tuple[str, ...] | None, optional(array(OPERATOR, LIST_LENGTH_MAX, 1))] = (
        None
    )
    currency: Annotated[str | None, optional(CURRENCY)] = None
    weekdays: Annotated[tuple[Weekday, ...], _WEEKDAYS] = tuple(Weekday)
    at: Annotated[time, DAY_TIME] = time(0)
    publish: Annotated[bool, BOOLEAN] = True
    days: Annotated[int, integer(1, DAYS_MAX)] = 1
    leagues: Annotated[tuple[int, ...] | None, optional(array(ID, LIST_LENGTH_MAX, 1))] = None


class QuicktipTemplate(TemplateHeadFile, frozen=True, kw_only=True):
    """Tips; of each theme there are `cards_max` at most."""

    themes: Annotated[tuple[Theme, ...], array(choice(Theme), len(Theme), 1)] = tuple(Theme)
    cards_max: Annotated[int, integer(1, LIST_LENGTH_MAX)] = 5


class QuickbetTemplate(TemplateHeadFile, frozen=True, kw_only=True):
    """Coupons; a match on several of them is on each."""

    prices: Annotated[tuple[int, ...], _AMOUNTS]
    max_events: Annotated[int, integer(1, LIST_LENGTH_MAX)] = 20
    cards_max: Annotated[int, integer(1, LIST_LENGTH_MAX)] = 10


class SmartbetTemplate(TemplateHeadFile, frozen=True, kw_only=True):
    """A composer of all matches; yesterday's copy is closed when today's is published."""

    stakes: Annotated[tuple[int, ...], _AMOUNTS]
    wins: Annotated[tuple[int, ...], _AMOUNTS]
    risks: Annotated[tuple[Band, ...], array(BAND, LIST_LENGTH_MAX, 1)]
    max_events: Annotated[int, integer(1, LIST_LENGTH_MAX)] = 30


class SuperbetTemplate(TemplateHeadFile, frozen=True, kw_only=True):
    """Questions about each of the `matches` with the most markets on offer.

    `prizes` give the shape: their amounts are scaled to the operator's pay-out ratio.
    """

    price_cents: Annotated[int, PRICE_CENTS]
    prizes: Annotated[tuple[PrizeFile, ...], array(nested(PrizeFile), LIST_LENGTH_MAX, 1)]
    matches: Annotated[int, integer(1, MATCHES_MAX)] = 5
    void_question: Annotated[VoidQuestion, choice(VoidQuestion)] = VoidQuestion.VOID_ALL


class JackpotTemplate(TemplateHeadFile, frozen=True, kw_only=True):
    """The `matches` with the closest odds, and as many more as `reserves`."""

    price_cents: Annotated[int, PRICE_CENTS]
    max_lines: Annotated[int, COUNT]
    matches: Annotated[int, integer(1, MATCHES_MAX)]
    reserves: Annotated[int, integer(0, MATCHES_MAX)] = 0
    tiers: Annotated[tuple[TierFile, ...], array(nested(TierFile), LIST_LENGTH_MAX, 1)]
    void_steps: Annotated[tuple[VoidStepFile, ...], array(nested(VoidStepFile), LIST_LENGTH_MAX, 1)]
    highest_tier_only: Annotated[bool, BOOLEAN] = True
    carries_over: Annotated[bool, BOOLEAN] = False


TemplateFile = (
    QuicktipTemplate | QuickbetTemplate | SmartbetTemplate | SuperbetTemplate | JackpotTemplate
)
TEMPLATE_FILE: Kind[TemplateFile] = variants(
    "type",
    TemplateHeadFile,
    {
        "quicktip": QuicktipTemplate,
        "quickbet": QuickbetTemplate,
        "smartbet": SmartbetTemplate,
        "superbet": SuperbetTemplate,
        "jackpot": JackpotTemplate,
    },
)


def parse_template_file(body: bytes) -> TemplateFile:
    """Read a template; Defective with every defect."""
    return parse_by(TEMPLATE_FILE.read, body)
