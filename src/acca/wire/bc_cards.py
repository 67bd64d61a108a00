"""The bet cards of the five products, as players' phones poll them (spec 2)."""

from datetime import datetime
from typing import Annotated, ClassVar

from acca.core.cards.jackpot import PrizeKind, VoidPolicy
from acca.core.cards.quicktip import Risk
from acca.core.cards.smartbet import Band, parse_band, render_band
from acca.wire.document import Document, nested
from acca.wire.kinds import BOOLEAN, array, choice, integer, nullable, spelled, text
from acca.wire.parts import Prize
from acca.wire.times import LOCAL_TIME, SECONDS_TIME, TIME
from acca.wire.words import (
    BASIS_POINTS,
    BET_ID,
    CENTS,
    COUNT,
    CURRENCY,
    DESCRIPTION_LENGTH_MAX,
    HASH,
    ID,
    IDENTIFIER,
    LIST_LENGTH_MAX,
    NAME,
    ODDS,
    OPERATOR,
    RATE,
    TOTAL_ODDS,
)

EVENTS_ON_CARD_MAX = 5_000
_AMOUNTS = array(CENTS, LIST_LENGTH_MAX)


BAND = spelled("band", parse_band, {"pattern": "^[0-9.]{1,9}-[0-9.]{1,9}$"}, render_band)
"""A band of odds, `1.25-4.99`."""


class CardCategory(Document, frozen=True, kw_only=True):
    """The league and the country of an event on a card."""

    league_id: Annotated[int, ID]
    league_slug: Annotated[str, NAME]
    league_name: Annotated[str, NAME]
    country_id: Annotated[int, ID]
    country_slug: Annotated[str, NAME]
    country_name: Annotated[str, NAME]


class CardTeam(Document, frozen=True, kw_only=True):
    """A team of an event on a card."""

    slug: Annotated[str, NAME]
    name: Annotated[str, NAME]
    id: Annotated[int, ID]


class CardBet(Document, frozen=True, kw_only=True):
    """A bet on a card; odds in hundredths. `updated` is the one time without a fraction.

    Both are None where a bet of a jackpot has no odds now: it can be picked all the same.
    """

    id: Annotated[int, BET_ID]
    bet_code: Annotated[str, IDENTIFIER]
    bet_name: Annotated[str, NAME]
    market_code: Annotated[str, IDENTIFIER]
    market_name: Annotated[str, NAME]
    line_code: Annotated[str | None, nullable(IDENTIFIER)]
    line_name: Annotated[str | None, nullable(NAME)]
    odds: Annotated[int | None, nullable(ODDS)]
    updated: Annotated[datetime | None, nullable(SECONDS_TIME)]


class CardEvent(Document, frozen=True, kw_only=True):
    """An event on a card; those below add its bet, or the bets to choose from."""

    ORDER: ClassVar[tuple[str, ...]] = (
        "starts", "category", "home_team", "away_team", "bet", "bets", "tip_reason", "id",
    )  # fmt: skip

    starts: Annotated[datetime, LOCAL_TIME]
    category: Annotated[CardCategory, nested(CardCategory)]
    home_team: Annotated[CardTeam, nested(CardTeam)]
    away_team: Annotated[CardTeam, nested(CardTeam)]
    id: Annotated[int, ID]


class BetEvent(CardEvent, frozen=True, kw_only=True):
    """An event with one bet: a leg of a smartbet."""

    bet: Annotated[CardBet, nested(CardBet)]


class TipEvent(BetEvent, frozen=True, kw_only=True):
    """An event of a quicktip: the bet is the tip, `tip_reason` says why in one sentence."""

    tip_reason: Annotated[str | None, nullable(text(DESCRIPTION_LENGTH_MAX))]


class ChoiceEvent(CardEvent, frozen=True, kw_only=True):
    """An event of a quickbet or jackpot, with the bets that a player chooses from."""

    bets: Annotated[tuple[CardBet, ...], array(nested(CardBet), LIST_LENGTH_MAX)]


class QuestionBet(Document, frozen=True, kw_only=True):
    """One answer to a question of a superbet."""

    id: Annotated[int, BET_ID]
    bet_code: Annotated[str, IDENTIFIER]
    bet_name: Annotated[str, NAME]


class Question(Document, frozen=True, kw_only=True):
    """A question of a superbet: a market, and the answers to choose from."""

    market_code: Annotated[str, IDENTIFIER]
    market_name: Annotated[str, NAME]
    line_code: Annotated[str | None, nullable(IDENTIFIER)]
    line_name: Annotated[str | None, nullable(NAME)]
    bets: Annotated[tuple[QuestionBet, ...], array(nested(QuestionBet), LIST_LENGTH_MAX, 1)]


class VoidRule(Document, frozen=True, kw_only=True):
    """One rule of a jackpot for events that are not played; None is what it does not use.

    It applies from `threshold` such events on. `prize_factors` are percentages of the prizes, by
    the number of such events, as rates in millionths.
    """

    policy: Annotated[VoidPolicy, choice(VoidPolicy)]
    threshold: Annotated[int | None, nullable(integer(1, LIST_LENGTH_MAX))]
    after_hours: Annotated[int | None, nullable(COUNT)]
    max_events: Annotated[int | None, nullable(integer(1, LIST_LENGTH_MAX))]
    prize_factors: Annotated[tuple[int, ...] | None, nullable(array(RATE, LIST_LENGTH_MAX))]


class JackpotRules(Document, frozen=True, kw_only=True):
    """How a jackpot is settled: `prize_kinds` of the main prize and of each bonus prize.

    `reserves` are the ids of reserve events; `commitment` is the SHA-256 of the draw's seed.
    """

    prize_kinds: Annotated[tuple[PrizeKind, ...], array(choice(PrizeKind), LIST_LENGTH_MAX, 1)]
    highest_tier_only: Annotated[bool, BOOLEAN]
    carries_over: Annotated[bool, BOOLEAN]
    void_rules: Annotated[tuple[VoidRule, ...], array(nested(VoidRule), LIST_LENGTH_MAX)]
    reserves: Annotated[tuple[int, ...], array(ID, LIST_LENGTH_MAX)]
    commitment: Annotated[str | None, nullable(HASH)]


class CardHead(Document, frozen=True, kw_only=True):
    """What the cards of all products begin with."""

    code: Annotated[str, IDENTIFIER]
    title: Annotated[str, NAME]
    description: Annotated[str, text(DESCRIPTION_LENGTH_MAX, minimum=0)]
    sitename: Annotated[str | None, nullable(NAME)]
    domain: Annotated[str | None, nullable(NAME)]
    preview_img: Annotated[str | None, nullable(text(DESCRIPTION_LENGTH_MAX))]
    operator: Annotated[str, OPERATOR]
    currency: Annotated[str, CURRENCY]
    opens: Annotated[datetime, LOCAL_TIME]
    closes: Annotated[datetime, LOCAL_TIME]
    updated: Annotated[datetime, TIME]


class QuicktipCard(CardHead, frozen=True, kw_only=True):
    """A curated accumulator; `probability` in hundredths of a percent."""

    total_odds: Annotated[int, TOTAL_ODDS]
    risk: Annotated[Risk, choice(Risk)]
    probability_basis_points: Annotated[int, BASIS_POINTS]
    events: Annotated[tuple[TipEvent, ...], array(nested(TipEvent), LIST_LENGTH_MAX)]


class QuickbetCard(CardHead, frozen=True, kw_only=True):
    """A fast coupon; `prices` are suggested prices in cents."""

    prices: Annotated[tuple[int, ...], _AMOUNTS]
    min_events: Annotated[int, COUNT]
    max_events: Annotated[int, COUNT]
    events: Annotated[tuple[ChoiceEvent, ...], array(nested(ChoiceEvent), EVENTS_ON_CARD_MAX)]


class SmartbetCard(CardHead, frozen=True, kw_only=True):
    """What the composer of smartbets works with; stakes and wins are suggestions in cents."""

    stakes: Annotated[tuple[int, ...], _AMOUNTS]
    wins: Annotated[tuple[int, ...], _AMOUNTS]
    risks: Annotated[tuple[Band, ...], array(BAND, LIST_LENGTH_MAX)]
    max_events: Annotated[int, COUNT]
    events_count: Annotated[int, COUNT]


class SuperbetCard(CardHead, frozen=True, kw_only=True):
    """Questions about one match, with prizes by the number of correct answers, highest first."""

    event: Annotated[CardEvent, nested(CardEvent)]
    questions: Annotated[tuple[Question, ...], array(nested(Question), LIST_LENGTH_MAX)]
    price_cents: Annotated[int, CENTS]
    prizes: Annotated[tuple[Prize, ...], array(nested(Prize), LIST_LENGTH_MAX)]


class JackpotCard(CardHead, frozen=True, kw_only=True):
    """A match list; `price` per line, `bonus_prizes` in cents for one, two, … wrong."""

    price_cents: Annotated[int, CENTS]
    prize_cents: Annotated[int, CENTS]
    bonus_prizes: Annotated[tuple[int, ...], _AMOUNTS]
    max_lines: Annotated[int, COUNT]
    events: Annotated[tuple[ChoiceEvent, ...], array(nested(ChoiceEvent), LIST_LENGTH_MAX)]
    rules: Annotated[JackpotRules, nested(JackpotRules)]


Card = QuicktipCard | QuickbetCard | SmartbetCard | SuperbetCard | JackpotCard
