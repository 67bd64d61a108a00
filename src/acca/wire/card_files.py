"""Cards as people write them in files: `acca card add FILE.json` reads one, `show` writes it.

The members of a file are those of one product; events and bets are named by our ids. The same
documents are what the store keeps of a card, so that a card reads alike for ever.
"""

from datetime import datetime
from typing import Annotated

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.products import Body
from acca.core.cards.quickbet import CouponEvent, Quickbet
from acca.core.cards.quicktip import Quicktip, Tip
from acca.core.cards.smartbet import Band, Smartbet
from acca.core.cards.superbet import Prize, Superbet, VoidQuestion
from acca.core.ticket import TicketType
from acca.wire.bc_cards import BAND, EVENTS_ON_CARD_MAX
from acca.wire.document import Document, nested, parse_by, variants
from acca.wire.kinds import BOOLEAN, Kind, array, choice, integer, optional, text
from acca.wire.times import INSTANT
from acca.wire.words import (
    BET_ID,
    CENTS,
    COUNT,
    CURRENCY,
    DESCRIPTION_LENGTH_MAX,
    HASH,
    ID,
    LIST_LENGTH_MAX,
    NAME,
    PRICE_CENTS,
    RATE,
)

RANK_MAX = 1_000
_REASON = text(DESCRIPTION_LENGTH_MAX)
_IDS = array(ID, EVENTS_ON_CARD_MAX, 1)
_AMOUNTS = array(PRICE_CENTS, LIST_LENGTH_MAX)


class CardHeadFile(Document, frozen=True, kw_only=True):
    """What the files of all products begin with; a card opens at once if `opens` is missing.

    In lists cards stand by `rank`, those of the same rank by the time when they close.
    """

    type: Annotated[TicketType, choice(TicketType)]
    title: Annotated[str, NAME]
    description: Annotated[str, text(DESCRIPTION_LENGTH_MAX, minimum=0)] = ""
    sitename: Annotated[str | None, optional(NAME)] = None
    domain: Annotated[str | None, optional(NAME)] = None
    preview_img: Annotated[str | None, optional(NAME)] = None
    currency: Annotated[str, CURRENCY]
    opens: Annotated[datetime | None, optional(INSTANT)] = None
    rank: Annotated[int, integer(0, RANK_MAX)] = RANK_MAX // 2


class TipFile(Document, frozen=True, kw_only=True):
    """A tip of a quicktip."""

    event: Annotated[int, ID]
    bet: Annotated[int, BET_ID]
    reason: Annotated[str | None, optional(_REASON)] = None


class CouponEventFile(Document, frozen=True, kw_only=True):
    """An event of a quickbet, and its bets to choose from."""

    event: Annotated[int, ID]
    bets: Annotated[tuple[int, ...], array(BET_ID, LIST_LENGTH_MAX, 1)]


class PrizeFile(Document, frozen=True, kw_only=True):
    """A prize of a superbet."""

    correct: Annotated[int, integer(1, LIST_LENGTH_MAX)]
    amount_cents: Annotated[int, CENTS]


class TierFile(Document, frozen=True, kw_only=True):
    """A tier of a jackpot: an amount, or a share of the pool."""

    kind: Annotated[PrizeKind, choice(PrizeKind)]
    amount_cents: Annotated[int, CENTS] = 0
    pool_rate: Annotated[int | None, optional(RATE)] = None


class VoidStepFile(Document, frozen=True, kw_only=True):
    """A policy of a jackpot for events that are not played."""

    policy: Annotated[VoidPolicy, choice(VoidPolicy)]
    threshold: Annotated[int | None, optional(integer(1, LIST_LENGTH_MAX))] = None
    after_hours: Annotated[int | None, optional(COUNT)] = None
    max_events: Annotated[int | None, optional(integer(1, LIST_LENGTH_MAX))] = None
    prize_factors: Annotated[tuple[int, ...] | None, optional(array(RATE, LIST_LENGTH_MAX))] = None


class QuicktipFile(CardHeadFile, frozen=True, kw_only=True):
    """A quicktip."""

    tips: Annotated[tuple[TipFile, ...], array(nested(TipFile), LIST_LENGTH_MAX, 1)]


class QuickbetFile(CardHeadFile, frozen=True, kw_only=True):
    """A quickbet."""

    prices: Annotated[tuple[int, ...], _AMOUNTS]
    min_events: Annotated[int, COUNT]
    max_events: Annotated[int, COUNT]
    events: Annotated[
        tuple[CouponEventFile, ...], array(nested(CouponEventFile), EVENTS_ON_CARD_MAX, 1)
    ]


class SmartbetFile(CardHeadFile, frozen=True, kw_only=True):
    """A smartbet."""

    stakes: Annotated[tuple[int, ...], _AMOUNTS]
    wins: Annotated[tuple[int, ...], _AMOUNTS]
    risks: Annotated[tuple[Band, ...], array(BAND, LIST_LENGTH_MAX, 1)]
    max_events: Annotated[int, COUNT]
    events: Annotated[tuple[int, ...], _IDS]


class SuperbetFile(CardHeadFile, frozen=True, kw_only=True):
    """A superbet: `questions` are lists of bets to choose from."""

    event: Annotated[int, ID]
    price_cents: Annotated[int, PRICE_CENTS]
    questions: Annotated[
        tuple[tuple[int, ...], ...],
        array(array(BET_ID, LIST_LENGTH_MAX, 1), LIST_LENGTH_MAX, 1),
    ]
    prizes: Annotated[tuple[PrizeFile, ...], array(nested(PrizeFile), LIST_LENGTH_MAX, 1)]
    void_question: Annotated[VoidQuestion, choice(VoidQuestion)] = VoidQuestion.VOID_ALL


class JackpotFile(CardHeadFile, frozen=True, kw_only=True):
    """A jackpot: `tiers` for none, one, two … wrong; `commitment` is that of a public draw."""

    price_cents: Annotated[int, PRICE_CENTS]
    max_lines: Annotated[int, COUNT]
    tiers: Annotated[tuple[TierFile, ...], array(nested(TierFile), LIST_LENGTH_MAX, 1)]
    events: Annotated[tuple[int, ...], array(ID, LIST_LENGTH_MAX, 1)]
    void_steps: Annotated[tuple[VoidStepFile, ...], array(nested(VoidStepFile), LIST_LENGTH_MAX, 1)]
    reserves: Annotated[tuple[int, ...], array(ID, LIST_LENGTH_MAX)] = ()
    highest_tier_only: Annotated[bool, BOOLEAN] = True
    carries_over: Annotated[bool, BOOLEAN] = False
    commitment: Annotated[str | None, optional(HASH)] = None


CardFile = QuicktipFile | QuickbetFile | SmartbetFile | SuperbetFile | JackpotFile
CARD_FILE: Kind[CardFile] = variants(
    "type",
    CardHeadFile,
    {
        "quicktip": QuicktipFile,
        "quickbet": QuickbetFile,
        "smartbet": SmartbetFile,
        "superbet": SuperbetFile,
        "jackpot": JackpotFile,
    },
)


def parse_card_file(body: bytes) -> CardFile:
    """Read a card's file; Defective with every defect."""
    return parse_by(CARD_FILE.read, body)


def body_of(file: CardFile) -> Body:
    """Make the product's own value of a file."""
    if isinstance(file, QuicktipFile):
        return Quicktip(tuple(Tip(tip.event, tip.bet, tip.reason) for tip in file.tips))
    if isinstance(file, QuickbetFile):
        events = tuple(CouponEvent(each.event, each.bets) for each in file.events)
        return Quickbet(file.prices, file.min_events, file.max_events, events)
    if isinstance(file, SmartbetFile):
        return Smartbet(file.stakes, file.wins, file.risks, file.max_events, file.events)
    if isinstance(file, SuperbetFile):
        prizes = tuple(Prize(prize.correct, prize.amount_cents) for prize in file.prizes)
        return Superbet(file.event, file.price_cents, file.questions, prizes, file.void_question)
    return _jackpot_of(file)


def _jackpot_of(file: JackpotFile) -> Jackpot:
    return Jackpot(
        file.price_cents,
        file.max_lines,
        tuple(Tier(tier.kind, tier.amount_cents, tier.pool_rate) for tier in file.tiers),
        file.events,
        tuple(
            VoidStep(
                step.policy, step.threshold, step.after_hours, step.max_events, step.prize_factors
            )
            for step in file.void_steps
        ),
        file.reserves,
        file.highest_tier_only,
        file.carries_over,
        file.commitment,
    )
