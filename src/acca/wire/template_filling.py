"""What a template becomes on a board: the files of the cards that are copied from it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict
from zoneinfo import ZoneInfo

from acca.core.board import Board, BoardEvent
from acca.core.cards.composing_jackpot import choose_matches
from acca.core.cards.composing_quickbet import CouponWish, coupons
from acca.core.cards.superbet import Prize
from acca.core.cards.tipping import starting_within, tip
from acca.core.composing_superbet import SuperbetWish, compose_superbet
from acca.core.operator import OperatorSettings
from acca.core.ticket import TicketType
from acca.wire.card_files import (
    CardFile,
    CouponEventFile,
    JackpotFile,
    PrizeFile,
    QuickbetFile,
    QuicktipFile,
    SmartbetFile,
    SuperbetFile,
    TipFile,
)
from acca.wire.template_files import (
    JackpotTemplate,
    QuickbetTemplate,
    QuicktipTemplate,
    SmartbetTemplate,
    SuperbetTemplate,
    TemplateFile,
    TemplateHeadFile,
)
from acca.wire.words import NAME_LENGTH_MAX

_COMPOSING_TIME = timedelta(minutes=5)


class Scene(NamedTuple):
    """For whom, on what and when a template is filled; the settings are the operator's."""

    board: Board
    now: datetime
    settings: OperatorSettings
    currency: str

    @property
    def zone(self) -> ZoneInfo:
        """Return the operator's time zone."""
        return self.settings.time_zone


def fill_template(template: TemplateFile, scene: Scene) -> list[CardFile]:
    """Make the cards of a template, none where the board has too little for it."""
    days, leagues = template.days, template.leagues
    board = {
        id_: event
        for id_, event in starting_within(scene.board, scene.now, days, scene.zone).items()
        if (leagues is None or event.league.id in leagues) and not event.is_stopped
    }
    narrowed = scene._replace(board=board)
    match template:
        case QuicktipTemplate():
            return list(_quicktips(template, narrowed))
        case QuickbetTemplate():
            return list(_quickbets(template, narrowed))
        case SmartbetTemplate():
            return list(_smartbets(template, narrowed))
        case SuperbetTemplate():
            return list(_superbets(template, narrowed))
        case JackpotTemplate():
            return list(_jackpots(template, narrowed))


class _Head(TypedDict):
    type: TicketType
    title: str
    description: str
    sitename: str | None
    domain: str | None
    preview_img: str | None
    rank: int
    currency: str


def _head(template: TemplateHeadFile, scene: Scene, title: str, description: str = "") -> _Head:
    """Begin a card's file; what the template says goes before what it is called by itself."""
    return _Head(
        type=template.type,
        title=template.title or title[:NAME_LENGTH_MAX],
        description=template.description or description,
        sitename=template.sitename,
        domain=template.domain,
        preview_img=template.preview_img,
        rank=template.rank,
        currency=scene.currency,
    )


def _quicktips(template: QuicktipTemplate, scene: Scene) -> Iterator[QuicktipFile]:
    for theme in template.themes:
        for tipped in tip(scene.board, theme, scene.zone, template.cards_max):
            tips = tuple(
                TipFile(event=each.event, bet=each.bet, reason=each.reason)
                for each in tipped.card.tips
            )
            yield QuicktipFile(
                **_head(template, scene, tipped.title, tipped.description),
                tips=tips,
            )


def _quickbets(template: QuickbetTemplate, scene: Scene) -> Iterator[QuickbetFile]:
    wish = CouponWish(template.prices, template.max_events)
    for coupon in coupons(scene.board, wish, scene.now, scene.zone, template.cards_max):
        yield QuickbetFile(
            **_head(template, scene, coupon.title),
            prices=coupon.card.prices,
            min_events=coupon.card.min_events,
            max_events=coupon.card.max_events,
            events=tuple(
                CouponEventFile(event=each.event, bets=each.bets) for each in coupon.card.events
            ),
        )


def _smartbets(template: SmartbetTemplate, scene: Scene) -> Iterator[SmartbetFile]:
    earliest = scene.now + _COMPOSING_TIME
    events = sorted(
        (event for event in scene.board.values() if event.chances and event.starts >= earliest),
        key=_by_start,
    )
    if events:
        yield SmartbetFile(
            **_head(template, scene, "Smartbet"),
            stakes=template.stakes,
            wins=template.wins,
            risks=template.risks,
            max_events=template.max_events,
            events=tuple(event.id for event in events),
        )


def _superbets(template: SuperbetTemplate, scene: Scene) -> Iterator[SuperbetFile]:
    prizes = tuple(Prize(each.correct, each.amount_cents) for each in template.prizes)
    ratio = scene.settings.superbet_pay_out_ratio
    wish = SuperbetWish(template.price_cents, prizes, template.void_question, ratio)
    made = 0
    for event in sorted(scene.board.values(), key=lambda each: (-len(each.odds), *_by_start(each))):
        if made == template.matches:
            return
        composed = compose_superbet(event, wish)
        if composed is None:
            continue
        made += 1
        card = composed.card
        yield SuperbetFile(
            **_head(template, scene, f"{event.home.name} v {event.away.name}"),
            event=card.event,
            price_cents=card.price_cents,
            questions=card.questions,
            prizes=tuple(
                PrizeFile(correct=each.correct, amount_cents=each.amount_cents)
                for each in card.prizes
            ),
            void_question=card.void_question,
        )


def _jackpots(template: JackpotTemplate, scene: Scene) -> Iterator[JackpotFile]:
    chosen = [event.id for event in choose_matches(scene.board, template.matches)]
    rest = {id_: event for id_, event in scene.board.items() if id_ not in chosen}
    reserves = [event.id for event in choose_matches(rest, template.reserves)]
    if len(chosen) == template.matches and len(reserves) == template.reserves:
        yield JackpotFile(
            **_head(template, scene, f"Jackpot of {template.matches}"),
            price_cents=template.price_cents,
            max_lines=template.max_lines,
            tiers=template.tiers,
            events=tuple(chosen),
            void_steps=template.void_steps,
            reserves=tuple(reserves),
            highest_tier_only=template.highest_tier_only,
            carries_over=template.carries_over,
        )


def _by_start(event: BoardEvent) -> tuple[datetime, int]:
    return event.starts, event.id
