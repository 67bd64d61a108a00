"""Cards as players see them: a product's body and the board become a document (spec 2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import prod
from typing import NamedTuple, TypedDict

from acca.core.board import Board, BoardEvent, Label
from acca.core.calculating import Calculated
from acca.core.cards.jackpot import Jackpot, VoidPolicy
from acca.core.cards.products import Body
from acca.core.cards.quickbet import Quickbet
from acca.core.cards.quicktip import Quicktip
from acca.core.cards.smartbet import Smartbet
from acca.core.cards.superbet import Superbet
from acca.core.cards.tipping import risk_of
from acca.core.markets.market import Bet
from acca.core.markets.sports import SPORTS
from acca.core.numbers import Rounding
from acca.core.odds import total_odds
from acca.core.probability.shown import basis_points
from acca.wire.bc import FinanceDetails, PickedCardEvent
from acca.wire.bc_cards import (
    BetEvent,
    Card,
    CardBet,
    CardCategory,
    CardEvent,
    CardTeam,
    ChoiceEvent,
    JackpotCard,
    JackpotRules,
    Question,
    QuestionBet,
    QuickbetCard,
    QuicktipCard,
    SmartbetCard,
    SuperbetCard,
    TipEvent,
    VoidRule,
)
from acca.wire.card_files import CardHeadFile
from acca.wire.parts import Prize

COMPOSING_TIME = timedelta(minutes=5)
"""A smartbet is made of events that stay open for at least so long."""


class Head(NamedTuple):
    """What the cards of all products begin with, beside their file."""

    code: str
    operator: str
    opens: datetime
    closes: datetime
    updated: datetime


class _HeadMembers(TypedDict):
    code: str
    title: str
    description: str
    sitename: str | None
    domain: str | None
    preview_img: str | None
    operator: str
    currency: str
    opens: datetime
    closes: datetime
    updated: datetime


class _EventMembers(TypedDict):
    starts: datetime
    category: CardCategory
    home_team: CardTeam
    away_team: CardTeam
    id: int


def show_card(
    head: Head, file: CardHeadFile, body: Body, board: Board, now: datetime
) -> Card | None:
    """Show a card; None where nothing of it can be shown any more.

    The board has every event of the card, started ones too. Those that a player cannot choose now
    are left out where a card offers a choice; what was tipped stays, as long as it has odds.
    """
    own = _head(head, file)
    match body:
        case Quicktip():
            return _quicktip(own, body, board)
        case Quickbet():
            return _quickbet(own, body, board, now)
        case Smartbet():
            return _smartbet(own, body, board, now)
        case Superbet():
            return _superbet(own, body, board[body.event])
        case Jackpot():
            return _jackpot(own, body, board)


def show_leg(event: BoardEvent, bet: int) -> BetEvent:
    """Show an event with one bet."""
    return BetEvent(**_event(event), bet=show_bet(event, bet))


def show_bet(event: BoardEvent, bet: int) -> CardBet:
    """Show a bet of an event with its present odds."""
    known = SPORTS[event.sport].bets[bet]
    return CardBet(
        id=bet,
        bet_code=known.code,
        bet_name=known.name,
        market_code=known.market,
        market_name=known.market_name,
        line_code=known.line,
        line_name=known.line_name,
        odds=event.odds.get(bet),
        updated=event.updated if bet in event.odds else None,
    )


def show_picked(event: BoardEvent, bets: Sequence[int]) -> PickedCardEvent:
    """Show an event of a filled jackpot, with what was picked of it."""
    shown = tuple(show_bet(event, bet) for bet in bets)
    if len(shown) == 1:
        return PickedCardEvent(**_event(event), bet=shown[0])
    return PickedCardEvent(**_event(event), bets=shown)


def show_event(event: BoardEvent) -> CardEvent:
    """Show an event without a bet."""
    return CardEvent(**_event(event))


def finance_details(found: Calculated) -> FinanceDetails:
    """Show what the calculator found."""
    charged, payout, terms = found.charge, found.payout, found.terms
    return FinanceDetails(
        price_cents=charged.price_cents,
        total_odds=found.total_odds,
        stake_cents=charged.stake_cents,
        ext_rate=terms.ext_rate,
        ext_amount_cents=charged.ext_cents,
        ext_type=terms.ext_formula.ext_type,
        wht_rate=terms.wht_rate,
        wht_amount_cents=payout.wht_cents,
        gross_payout_cents=payout.gross_cents,
        net_payout_cents=payout.net_cents,
    )


def eligible(events: Iterable[int], board: Board, now: datetime) -> Iterator[BoardEvent]:
    """Give the events of which a smartbet may be composed now."""
    latest = now + COMPOSING_TIME
    for id_ in events:
        event = board.get(id_)
        if event is not None and event.starts >= latest and not event.is_stopped:
            yield event


def _head(head: Head, file: CardHeadFile) -> _HeadMembers:
    return _HeadMembers(
        code=head.code,
        title=file.title,
        description=file.description,
        sitename=file.sitename,
        domain=file.domain,
        preview_img=file.preview_img,
        operator=head.operator,
        currency=file.currency,
        opens=head.opens,
        closes=head.closes,
        updated=head.updated,
    )


def _event(event: BoardEvent) -> _EventMembers:
    league, country = event.league, event.country
    return _EventMembers(
        starts=event.starts,
        category=CardCategory(
            league_id=league.id,
            league_slug=f"{event.sport}/{country.slug}/{league.slug}",
            league_name=league.name,
            country_id=country.id,
            country_slug=country.slug,
            country_name=country.name,
        ),
        home_team=_team(event.home),
        away_team=_team(event.away),
        id=event.id,
    )


def _team(team: Label) -> CardTeam:
    return CardTeam(slug=team.slug, name=team.name, id=team.id)


def _quicktip(head: _HeadMembers, card: Quicktip, board: Board) -> QuicktipCard | None:
    tips = [tip for tip in card.tips if tip.bet in board[tip.event].odds]
    if not tips:
        return None
    probability = prod(board[tip.event].chances.get(tip.bet, 0) for tip in tips)
    return QuicktipCard(
        **head,
        total_odds=total_odds([board[tip.event].odds[tip.bet] for tip in tips], Rounding.HALF_UP),
        risk=risk_of(probability),
        probability_basis_points=basis_points(probability),
        events=tuple(
            TipEvent(
                **_event(board[tip.event]),
                bet=show_bet(board[tip.event], tip.bet),
                tip_reason=tip.reason,
            )
            for tip in tips
        ),
    )


def _quickbet(
    head: _HeadMembers, card: Quickbet, board: Board, now: datetime
) -> QuickbetCard | None:
    events: list[ChoiceEvent] = []
    for id_, bets in card.events:
        event = board[id_]
        open_bets = [bet for bet in bets if event.takes(bet)]
        if event.starts > now and open_bets:
            events.append(_choice(event, open_bets))
    if not events:
        return None
    return QuickbetCard(
        **head,
        prices=card.prices,
        min_events=card.min_events,
        max_events=card.max_events,
        events=tuple(events),
    )


def _smartbet(head: _HeadMembers, card: Smartbet, board: Board, now: datetime) -> SmartbetCard:
    return SmartbetCard(
        **head,
        stakes=card.stakes,
        wins=card.wins,
        risks=card.risks,
        max_events=card.max_events,
        events_count=sum(1 for _ in eligible(card.events, board, now)),
    )


def _superbet(head: _HeadMembers, card: Superbet, event: BoardEvent) -> SuperbetCard:
    known = SPORTS[event.sport].bets
    return SuperbetCard(
        **head,
        event=show_event(event),
        questions=tuple(_question([known[bet] for bet in bets]) for bets in card.questions),
        price_cents=card.price_cents,
        prizes=tuple(
            Prize(correct=prize.correct, amount_cents=prize.amount_cents) for prize in card.prizes
        ),
    )


def _question(bets: Sequence[Bet]) -> Question:
    first = bets[0]
    return Question(
        market_code=first.market,
        market_name=first.market_name,
        line_code=first.line,
        line_name=first.line_name,
        bets=tuple(QuestionBet(id=bet.id, bet_code=bet.code, bet_name=bet.name) for bet in bets),
    )


def _jackpot(head: _HeadMembers, card: Jackpot, board: Board) -> JackpotCard:
    main, *bonus = card.tiers
    events = (*card.events, *card.reserves)
    return JackpotCard(
        **head,
        price_cents=card.price_cents,
        prize_cents=main.amount_cents,
        bonus_prizes=tuple(tier.amount_cents for tier in bonus),
        max_lines=card.max_lines,
        events=tuple(_choice(board[id_], jackpot_bets(board[id_].sport)) for id_ in events),
        rules=_rules(card),
    )


def jackpot_bets(sport: str) -> tuple[int, ...]:
    """Tell the bets of 1, X and 2 of a sport."""
    found = (SPORTS[sport].bet("MRFT", None, code) for code in "1X2")
    return tuple(bet.id for bet in found if bet is not None)


def _rules(card: Jackpot) -> JackpotRules:
    return JackpotRules(
        prize_kinds=tuple(tier.kind for tier in card.tiers),
        highest_tier_only=card.highest_tier_only,
        carries_over=card.carries_over,
        void_rules=tuple(
            VoidRule(
                policy=VoidPolicy(step.policy),
                threshold=step.threshold,
                after_hours=step.after_hours,
                max_events=step.max_events,
                prize_factors=step.prize_factors,
            )
            for step in card.void_steps
        ),
        reserves=card.reserves,
        commitment=card.commitment,
    )


def _choice(event: BoardEvent, bets: Iterable[int]) -> ChoiceEvent:
    return ChoiceEvent(**_event(event), bets=tuple(show_bet(event, bet) for bet in bets))


def last_change(events: Iterable[int], board: Mapping[int, BoardEvent]) -> datetime | None:
    """Tell when odds of some events changed last."""
    times = (board[id_].updated for id_ in events if id_ in board)
    return max((each for each in times if each is not None), default=None)
