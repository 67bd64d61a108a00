"""The page of one ticket: its amounts, what it is worth now, and the cash-out for that."""

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus

from acca_client.cashing_out import CashOutOffer
from acca_client.conversation import draw_key
from acca_client.errors import (
    CashOutNotAvailable,
    CashOutValueChanged,
    FeatureOff,
    Unavailable,
    Unreached,
)
from acca_client.tickets import Ticket
from acca_sandbox.storefront import words
from acca_sandbox.storefront.desk import Answer, Asked, Desk, Missing, see_other
from acca_sandbox.storefront.slips import Unreadable

_CENTS = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
_PLACED = "Placed. Good luck!"


class TicketPage:
    """Shows one ticket of the player, and cashes it out."""

    def __init__(self, desk: Desk) -> None:
        self._desk: Desk = desk

    async def look(self, request: Asked) -> Answer:
        """Show a ticket, with all that happened to it."""
        ticket = await self._find(request)
        if "placed" in request.query_params:
            return await self._show(request, ticket, good=_PLACED)
        if ticket.is_cashed_out and "cashed" in request.query_params:
            net = words.money(ticket.amounts.net_payout_cents, ticket.currency)
            return await self._show(request, ticket, good=f"Cashed out: you receive {net}.")
        return await self._show(request, ticket)

    async def cash_out(self, request: Asked) -> Answer:
        """Cash a ticket out, once however often the form is sent; a new value is only shown."""
        _, fields = await self._desk.form(request)
        amount, key = _read_acceptance(dict(fields))
        try:
            return await self._cash_out(request, amount, key)
        except (Unreached, Unavailable):
            return await self._desk.page(
                request, "unknown.html", fields=[("amount", str(amount)), ("key", key)],
                action=request.url.path, what="Your ticket may have been cashed out",
                never="cashed out twice",
            )  # fmt: skip

    async def _cash_out(self, request: Asked, amount: int, key: str) -> Answer:
        ticket = await self._find(request)
        try:
            _ = await self._desk.shop.engine.cash_out(ticket.id, amount, idempotency_key=key)
        except CashOutValueChanged:
            return await self._show(request, ticket, was_cents=amount)
        except CashOutNotAvailable:
            # Results may have decided it meanwhile: look again.
            ticket = await self._find(request)
            return await self._show(request, ticket, news="It was not cashed out.")
        return see_other(f"/tickets/{ticket.id}?cashed=1")

    async def _find(self, request: Asked) -> Ticket:
        """Find the ticket of a path, which has to be the player's."""
        player = self._desk.see(request).session.player
        ticket = await self._desk.shop.engine.ticket(str(request.path_params["id"]))
        if ticket.user_id != player:
            raise Missing("There is no such ticket of yours.")
        return ticket

    async def _show(
        self,
        request: Asked,
        ticket: Ticket,
        *,
        good: str = "",
        news: str = "",
        was_cents: int | None = None,
    ) -> Answer:
        engine = self._desk.shop.engine
        timeline, told, worth = await asyncio.gather(
            engine.timeline(ticket.id), engine.explain(ticket.id), self._ask_worth(ticket)
        )
        offer, why_not = worth
        if was_cents is not None:
            news = words.tell_changed(was_cents, offer, ticket.currency)
        return await self._desk.page(
            request, "ticket.html", HTTPStatus.OK, ticket=ticket, timeline=timeline, told=told,
            offer=offer, why_not=why_not, good=good, news=news, key=draw_key(),
            lines=words.explain_ticket(ticket),
            offered=words.explain_offer(offer, ticket.currency) if offer else [],
        )  # fmt: skip

    async def _ask_worth(self, ticket: Ticket) -> tuple[CashOutOffer | None, str]:
        """Ask what an open ticket is worth, or why that is not told; nothing in a shop without."""
        if ticket.status != "open":
            return None, ""
        try:
            return await self._desk.shop.engine.cash_out_offer(ticket.id), ""
        except CashOutNotAvailable as refusal:
            return None, words.advise(refusal)
        except FeatureOff:
            return None, ""


def _read_acceptance(fields: Mapping[str, object]) -> tuple[int, str]:
    amount, key = fields.get("amount"), fields.get("key")
    if not (isinstance(amount, str) and _CENTS.fullmatch(amount)):
        raise Unreadable("The form does not say for how much.")
    if not (isinstance(key, str) and key):
        raise Unreadable("The form has no key.")
    return int(amount), key
