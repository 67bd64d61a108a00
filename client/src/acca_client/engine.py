"""The Bet Engine API: tickets placed, paid and looked up in the name of an operator.

Every call is tried again, with the same bytes, until it is answered or its patience ends; create,
reserve and paid carry an idempotency key, so that none of that makes a second bet. After Unreached
or Unavailable call again with the error's `idempotency_key` to learn what became of it.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Self, Unpack

import httpx2

from acca_client import asking
from acca_client.asking import PAGE_EVENTS, PAGE_TICKETS, Filters
from acca_client.cashing_out import CashOutOffer
from acca_client.conversation import Caller, Means, Patience
from acca_client.errors import Unreadable
from acca_client.journal import EventsPage, Explanation, StreamEvent, TimelineEntry
from acca_client.placing import Request
from acca_client.signature import Credentials
from acca_client.tickets import Quote, Ticket
from acca_client.transport import AsyncConnections, SyncConnections

_PATIENCE = Patience()
_MEANS = Means()


class Engine:
    """Calls in the name of an operator; each blocks until it is answered. Threads may share it."""

    def __init__(
        self,
        base_url: str,
        operator: str,
        key: str,
        *,
        patience: Patience = _PATIENCE,
        means: Means = _MEANS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        caller = Caller(base_url, Credentials(operator, key), patience, means)
        self._operator: str = operator
        self._means: Means = means
        self._connections: SyncConnections = SyncConnections(caller, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def create(self, request: Request, *, idempotency_key: str | None = None) -> Ticket:
        """Place a ticket that the player pays now, from the wallet."""
        key = _key(idempotency_key, self._means)
        return self._connections.call(asking.create(self._operator, request, key))

    def reserve(self, request: Request, *, idempotency_key: str | None = None) -> Ticket:
        """Place a ticket that is paid later."""
        key = _key(idempotency_key, self._means)
        return self._connections.call(asking.reserve(self._operator, request, key))

    def paid(self, identifier: str, *, idempotency_key: str | None = None) -> Ticket:
        """Tell that a reserved ticket has been paid; a second payment is TicketNotReserved."""
        key = _key(idempotency_key, self._means)
        return self._connections.call(asking.paid(identifier, key))

    def ticket(self, identifier: str) -> Ticket:
        """Look up one ticket by its id or code."""
        return self._connections.call(asking.ticket(identifier))

    def tickets(
        self, *, limit: int = 10, before: str | None = None, **filters: Unpack[Filters]
    ) -> tuple[Ticket, ...]:
        """List tickets, the newest first; `before` is the id of the last of the page before."""
        return self._connections.call(asking.tickets(limit, before, filters))

    def each_ticket(self, **filters: Unpack[Filters]) -> Iterator[Ticket]:
        """Go through all tickets, the newest first, page by page."""
        before: str | None = None
        while True:
            page = self.tickets(limit=PAGE_TICKETS, before=before, **filters)
            yield from page
            if len(page) < PAGE_TICKETS:
                return
            before = page[-1].id

    def quote(self, request: Request) -> Quote:
        """Ask what create would answer, and for the largest price that it would accept."""
        return self._connections.call(asking.quotation(self._operator, request))

    def cash_out_offer(self, identifier: str) -> CashOutOffer:
        """Ask what an open ticket is bought back for now; CashOutNotAvailable where it is not."""
        return self._connections.call(asking.cash_out_offer(identifier))

    def cash_out(
        self, identifier: str, amount_cents: int, *, idempotency_key: str | None = None
    ) -> Ticket:
        """Cash a ticket out for an offer's amount; CashOutValueChanged where it is worth less."""
        key = _key(idempotency_key, self._means)
        return self._connections.call(
            asking.cash_out(self._operator, identifier, amount_cents, key)
        )

    def timeline(self, identifier: str) -> tuple[TimelineEntry, ...]:
        """Look up all that happened to a ticket, and what was sent and answered."""
        return self._connections.call(asking.timeline(identifier))

    def explain(
        self, identifier: str, *, lang: str = "en", audience: str = "player"
    ) -> Explanation:
        """Ask for a ticket in sentences, for its `player` or for `finance`."""
        return self._connections.call(asking.explanation(identifier, lang, audience))

    def send_code(self, msisdn: str) -> int:
        """Send a one-time password to a telephone; return for how many seconds it is valid.

        A call that is tried again may send another: the newest is the one that counts.
        """
        return self._connections.call(asking.send_code(self._operator, msisdn))

    def verify_code(self, msisdn: str, code: str) -> None:
        """Use a one-time password up: CodeWrong or TooManyCodes where it is not right."""
        self._connections.call(asking.verify_code(self._operator, msisdn, code))

    def receipt(self, identifier: str) -> dict[str, object]:
        """Look up how a ticket's amounts came about: the signed document, for `acca verify`."""
        return self._connections.call(asking.receipt(identifier))

    def events(self, after: int = 0, limit: int = 100) -> EventsPage:
        """Pull the deliveries that follow a cursor."""
        return self._connections.call(asking.events(after, limit))

    def each_event(self, after: int = 0) -> Iterator[StreamEvent]:
        """Go through the deliveries that follow a cursor, up to the last that there is now."""
        while (page := self.events(after, PAGE_EVENTS)).events:
            yield from page.events
            after = _further(after, page)


class AsyncEngine:
    """Calls in the name of an operator, on asyncio."""

    def __init__(
        self,
        base_url: str,
        operator: str,
        key: str,
        *,
        patience: Patience = _PATIENCE,
        means: Means = _MEANS,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        caller = Caller(base_url, Credentials(operator, key), patience, means)
        self._operator: str = operator
        self._means: Means = means
        self._connections: AsyncConnections = AsyncConnections(caller, transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    async def create(self, request: Request, *, idempotency_key: str | None = None) -> Ticket:
        """Place a ticket that the player pays now, from the wallet."""
        key = _key(idempotency_key, self._means)
        return await self._connections.call(asking.create(self._operator, request, key))

    async def reserve(self, request: Request, *, idempotency_key: str | None = None) -> Ticket:
        """Place a ticket that is paid later."""
        key = _key(idempotency_key, self._means)
        return await self._connections.call(asking.reserve(self._operator, request, key))

    async def paid(self, identifier: str, *, idempotency_key: str | None = None) -> Ticket:
        """Tell that a reserved ticket has been paid; a second payment is TicketNotReserved."""
        key = _key(idempotency_key, self._means)
        return await self._connections.call(asking.paid(identifier, key))

    async def ticket(self, identifier: str) -> Ticket:
        """Look up one ticket by its id or code."""
        return await self._connections.call(asking.ticket(identifier))

    async def tickets(
        self, *, limit: int = 10, before: str | None = None, **filters: Unpack[Filters]
    ) -> tuple[Ticket, ...]:
        """List tickets, the newest first; `before` is the id of the last of the page before."""
        return await self._connections.call(asking.tickets(limit, before, filters))

    async def each_ticket(self, **filters: Unpack[Filters]) -> AsyncIterator[Ticket]:
        """Go through all tickets, the newest first, page by page."""
        before: str | None = None
        while True:
            page = await self.tickets(limit=PAGE_TICKETS, before=before, **filters)
            for one in page:
                yield one
            if len(page) < PAGE_TICKETS:
                return
            before = page[-1].id

    async def quote(self, request: Request) -> Quote:
        """Ask what create would answer, and for the largest price that it would accept."""
        return await self._connections.call(asking.quotation(self._operator, request))

    async def cash_out_offer(self, identifier: str) -> CashOutOffer:
        """Ask what an open ticket is bought back for now; CashOutNotAvailable where it is not."""
        return await self._connections.call(asking.cash_out_offer(identifier))

    async def cash_out(
        self, identifier: str, amount_cents: int, *, idempotency_key: str | None = None
    ) -> Ticket:
        """Cash a ticket out for an offer's amount; CashOutValueChanged where it is worth less."""
        key = _key(idempotency_key, self._means)
        return await self._connections.call(
            asking.cash_out(self._operator, identifier, amount_cents, key)
        )

    async def timeline(self, identifier: str) -> tuple[TimelineEntry, ...]:
        """Look up all that happened to a ticket, and what was sent and answered."""
        return await self._connections.call(asking.timeline(identifier))

    async def explain(
        self, identifier: str, *, lang: str = "en", audience: str = "player"
    ) -> Explanation:
        """Ask for a ticket in sentences, for its `player` or for `finance`."""
        return await self._connections.call(asking.explanation(identifier, lang, audience))

    async def send_code(self, msisdn: str) -> int:
        """Send a one-time password to a telephone; return for how many seconds it is valid.

        A call that is tried again may send another: the newest is the one that counts.
        """
        return await self._connections.call(asking.send_code(self._operator, msisdn))

    async def verify_code(self, msisdn: str, code: str) -> None:
        """Use a one-time password up: CodeWrong or TooManyCodes where it is not right."""
        await self._connections.call(asking.verify_code(self._operator, msisdn, code))

    async def receipt(self, identifier: str) -> dict[str, object]:
        """Look up how a ticket's amounts came about: the signed document, for `acca verify`."""
        return await self._connections.call(asking.receipt(identifier))

    async def events(self, after: int = 0, limit: int = 100) -> EventsPage:
        """Pull the deliveries that follow a cursor."""
        return await self._connections.call(asking.events(after, limit))

    async def each_event(self, after: int = 0) -> AsyncIterator[StreamEvent]:
        """Go through the deliveries that follow a cursor, up to the last that there is now."""
        while (page := await self.events(after, PAGE_EVENTS)).events:
            for event in page.events:
                yield event
            after = _further(after, page)


def _key(given: str | None, means: Means) -> str:
    return means.new_key() if given is None else given


def _further(after: int, page: EventsPage) -> int:
    if page.next <= after:
        raise Unreadable("the page after this one would be the same again")
    return page.next
