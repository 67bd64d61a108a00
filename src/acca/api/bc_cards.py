"""Lists of cards and cards by their code, from memory, with what lets a phone ask again cheaply."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from acca.api.answers import Answer
from acca.api.bc_offer import Offer
from acca.api.bc_operators import Operators
from acca.api.calls import Call
from acca.api.routes import Endpoint
from acca.api.tagged import Tagged, answer_tagged, tag
from acca.core.board import BoardEvent
from acca.core.cards.products import closes_at
from acca.core.refusals import CardClosed, CardNotFound
from acca.core.ticket import TicketType
from acca.engine import Engine
from acca.store.board import CardName, OfferedCard, find_published_card, read_board_events
from acca.wire.bc import CardsQuery
from acca.wire.bc_cards import Card
from acca.wire.bc_showing import Head, last_change, show_card
from acca.wire.document import render
from acca.wire.queries import parse_query

SHOWN_AFTER_CLOSE = timedelta(days=30)
_LISTS_BYTES_MAX = 32 * 1024 * 1024
_LIST_ITSELF_BYTES = 2_000
_CARDS_OVER_MAX = 100
_POLLED = (b"cache-control", b"public, max-age=2")
_CODE_LENGTH = 6


class _List(NamedTuple):
    """A list as it stands in one edition of the offer, for as long as the operator's terms do."""

    operator: str
    terms: "_Terms"
    kept: Tagged


class _Rendered(NamedTuple):
    """A card as it has stood since an edition; None where nothing of it can be shown."""

    stamp: int
    zone: ZoneInfo
    kept: Tagged | None


class _Terms(NamedTuple):
    """What an operator has set that shows on cards."""

    zone: ZoneInfo
    types: frozenset[TicketType]


class Cards:
    """The endpoints that show cards, on the tools of a process."""

    def __init__(self, engine: Engine, operators: Operators, offer: Offer) -> None:
        self._engine: Engine = engine
        self._operators: Operators = operators
        self._offer: Offer = offer
        self._edition: int = -1
        self._lists: dict[tuple[TicketType, bytes], _List] = {}
        self._lists_bytes: int = 0
        self._rendered: dict[CardName, _Rendered] = {}

    def lister(self, type_: TicketType) -> Endpoint:
        """Make the endpoint that lists the open cards of a product."""

        async def answer_list(call: Call) -> Answer:
            return await self._list(call, type_)

        return answer_list

    def shower(self, type_: TicketType) -> Endpoint:
        """Make the endpoint that shows a card of a product by its code."""

        async def answer_card(call: Call) -> Answer:
            return answer_tagged(call, await self._show(call.parameter("code"), type_))

        return answer_card

    async def require_open(self, code: str, type_: TicketType) -> OfferedCard:
        """Find a card that players may compose from, or raise CardNotFound or CardClosed."""
        await self._offer.catch_up()
        card = self._offer.find(code.upper())
        now = self._offer.now()
        if card is None:
            _ = await self._find_stored(code, type_)
            raise CardClosed(code=code)
        if card.type is not type_ or card.opens > now:
            raise CardNotFound(code=code)
        if self._offer.closing(card) <= now:
            raise CardClosed(code=code)
        return card

    async def _list(self, call: Call, type_: TicketType) -> Answer:
        await self._offer.catch_up()
        key = type_, call.scope["query_string"]
        self._forget()
        known = self._lists.get(key)
        if known is not None and await self._terms(known.operator) == known.terms:
            return answer_tagged(call, known.kept)
        query = parse_query(CardsQuery, call.pairs())
        terms = await self._terms(query.operator)
        # What follows waits for nothing, so it is all of one edition.
        self._forget()
        kept = tag(b"[" + b",".join(self._bodies(query, terms, type_)) + b"]", _POLLED)
        self._lists[key] = _List(query.operator, terms, kept)
        self._lists_bytes += len(kept.answer.body) + len(key[1]) + _LIST_ITSELF_BYTES
        return answer_tagged(call, kept)

    def _forget(self) -> None:
        """Forget what is over, and all once it is too much: anybody may make up filters."""
        edition = self._offer.edition
        if edition != self._edition or self._lists_bytes >= _LISTS_BYTES_MAX:
            self._edition = edition
            self._lists.clear()
            self._lists_bytes = 0
        if len(self._rendered) > self._offer.count + _CARDS_OVER_MAX:
            self._rendered.clear()

    async def _terms(self, operator: str) -> _Terms:
        settings = (await self._operators.find(operator)).rules.settings
        return _Terms(settings.time_zone, settings.ticket_types)

    def _bodies(self, query: CardsQuery, terms: _Terms, type_: TicketType) -> Iterator[bytes]:
        if type_ not in terms.types:
            return
        fitting = (
            card
            for card in self._offer.cards(query.operator, type_)
            if any(_fits(self._offer.board[id_], query) for id_ in card.events)
        )
        rendered = (self._render(card, terms.zone) for card in fitting)
        shown = (kept.answer.body for kept in rendered if kept is not None)
        yield from islice(shown, query.limit)

    def _render(self, card: OfferedCard, zone: ZoneInfo) -> Tagged | None:
        """Render a card on offer, unless nothing on it has changed since it was."""
        name, stamp = CardName(card.operator, card.code), self._offer.stamp(card)
        known = self._rendered.get(name)
        if known is None or known.stamp != stamp or known.zone != zone:
            shown = _show_on(card, self._offer.board, self._offer.now())
            kept = None if shown is None else tag(render(shown, zone), _POLLED)
            known = self._rendered[name] = _Rendered(stamp, zone, kept)
        return known.kept

    async def _show(self, code: str, type_: TicketType) -> Tagged:
        await self._offer.catch_up()
        card = self._offer.find(code.upper())
        if card is None:
            return await self._show_stored(code, type_)
        if card.type is not type_ or card.opens > self._offer.now():
            raise CardNotFound(code=code)
        zone = (await self._terms(card.operator_name)).zone
        # It may have left the offer while its operator was read.
        kept = self._render(card, zone) if self._offer.find(card.code) is card else None
        if kept is None:
            raise CardNotFound(code=code)
        return kept

    async def _show_stored(self, code: str, type_: TicketType) -> Tagged:
        card = await self._find_stored(code, type_)
        async with self._engine.database.reader() as reader:
            read = await read_board_events(reader, card.events)
        board = {id_: event for id_, (_, event) in read.items()}
        shown = _show_on(card, board, self._offer.now())
        if shown is None:
            raise CardNotFound(code=code)
        return tag(render(shown, (await self._terms(card.operator_name)).zone), _POLLED)

    async def _find_stored(self, code: str, type_: TicketType) -> OfferedCard:
        """Find a card that is on offer no more, for as long as it is shown by its code."""
        found = None
        if len(code) == _CODE_LENGTH and code.isalnum() and code.isascii():
            async with self._engine.database.reader() as reader:
                found = await find_published_card(reader, code.upper())
                if found is not None:
                    read = await read_board_events(reader, found.events)
                    starts = [event.starts for _, event in read.values()]
                    closes = found.closed or closes_at(found.body, min(starts), max(starts))
                    if closes + SHOWN_AFTER_CLOSE <= self._offer.now():
                        found = None
        if found is None or found.type is not type_:
            raise CardNotFound(code=code)
        return found


def _show_on(card: OfferedCard, board: Mapping[int, BoardEvent], now: datetime) -> Card | None:
    starts = [board[id_].starts for id_ in card.events]
    head = Head(
        card.code,
        card.operator_name,
        card.opens,
        card.closed or closes_at(card.body, min(starts), max(starts)),
        max(filter(None, (card.published, card.closed, last_change(card.events, board)))),
    )
    return show_card(head, card.file, card.body, board, now)


def _fits(event: BoardEvent, query: CardsQuery) -> bool:
    return (
        query.league_id in {None, event.league.id}
        and query.country_id in {None, event.country.id}
        and (query.starts_before is None or event.starts < query.starts_before)
        and (query.starts_after is None or event.starts >= query.starts_after)
    )
