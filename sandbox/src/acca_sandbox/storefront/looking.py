"""Pages around the bets: a player's tickets, who plays, and what time it is."""

import datetime as dt

from acca_sandbox.storefront.desk import Answer, Asked, Desk, see_other
from acca_sandbox.storefront.shop import Session
from acca_sandbox.storefront.slips import Unreadable

_TICKETS_SHOWN = 20
_MATCH, _DAY = dt.timedelta(hours=2), dt.timedelta(days=1)


class Looking:
    """Shows tickets, and lets a player be another one at another time."""

    def __init__(self, desk: Desk) -> None:
        self._desk: Desk = desk

    async def tickets(self, request: Asked) -> Answer:
        """Show the player's tickets, the newest first."""
        seen = self._desk.see(request)
        found = await self._desk.shop.engine.tickets(
            user_id=seen.session.player, limit=_TICKETS_SHOWN
        )
        return await self._desk.page(request, "tickets.html", tickets=found)

    async def choose(self, request: Asked) -> Answer:
        """Play as somebody else."""
        seen, fields = await self._desk.form(request)
        player = dict(fields).get("player")
        if player not in self._desk.shop.players():
            raise Unreadable("There is no such player.")
        seen.session.player, seen.session.token = str(player), None
        return see_other("/")

    async def jump(self, request: Asked) -> Answer:
        """Move the virtual clock: to the next kick-off, to full time, or a day on."""
        seen, fields = await self._desk.form(request)
        clock = self._desk.shop.clock
        if clock is None:
            raise Unreadable("The clock of this shop cannot be moved.")
        now = await clock.now()
        match dict(fields).get("to"):
            case "kick-off":
                _ = await clock.advance_to(await self._next_start(seen.session, now))
            case "full-time":
                _ = await clock.advance(_MATCH)
            case "day":
                _ = await clock.advance(_DAY)
            case _:
                raise Unreadable("Say where to move the clock.")
        return see_other("/tickets")

    async def _next_start(self, session: Session, now: dt.datetime) -> dt.datetime:
        """Find the next kick-off of the player's tickets, else of what is on offer."""
        held = await self._desk.shop.engine.tickets(
            user_id=session.player, status="open", limit=_TICKETS_SHOWN
        )
        starts = [leg.event.starts for ticket in held for leg in ticket.legs]
        cards = await self._desk.shop.cards.quickbets()
        offered = [choice.event.starts for card in cards for choice in card.choices]
        for known in (starts, offered):
            if to_come := [start for start in known if start > now]:
                return min(to_come)
        raise Unreadable("No match is to come.")
