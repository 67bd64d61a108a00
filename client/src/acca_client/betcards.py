"""The Bet Card API: what an operator offers, and what is composed for a player; nothing is signed.

Lists and cards are kept with their etag, so that asking again costs little while nothing changed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Self, TypedDict, TypeVar, Unpack, cast
from urllib.parse import quote, urlencode

import httpx2

from acca_client.asking import spelled
from acca_client.card_reading import (
    read_composed,
    read_filled,
    read_finance,
    read_jackpot,
    read_quickbet,
    read_quicktip,
    read_smartbet,
    read_superbet,
)
from acca_client.cards import (
    Composed,
    Filled,
    Finance,
    JackpotCard,
    QuickbetCard,
    QuicktipCard,
    SmartbetCard,
    SuperbetCard,
)
from acca_client.conversation import Call, Caller, Means, Patience, Shelf
from acca_client.documents import Reader, array, write
from acca_client.placing import Pick
from acca_client.transport import AsyncConnections, SyncConnections

Value = TypeVar("Value")

_PATIENCE = Patience()
_MEANS = Means()
_SHELVES_MAX = 1_000


class CardFilters(TypedDict, total=False):
    """Which cards are listed: those with an event that fits all of it, at most `limit`."""

    league_id: int
    country_id: int
    starts_before: datetime
    starts_after: datetime
    limit: int


class _Asking:
    """Each call as a value, and what was answered to the ones that are asked again and again."""

    def __init__(self, operator: str) -> None:
        self._operator: str = operator
        self._shelves: dict[str, object] = {}

    def cards(
        self, product: str, read: Reader[Value], filters: CardFilters
    ) -> Call[tuple[Value, ...]]:
        asked = {name: spelled(value) for name, value in filters.items()}
        path = f"/bc/{product}?{urlencode({'operator': self._operator, **asked})}"
        return self._kept(path, lambda token: array(read)(token, "answer"))

    def card(self, product: str, code: str, read: Reader[Value]) -> Call[Value]:
        return self._kept(_path(product, code), lambda token: read(token, "answer"))

    def _kept(self, path: str, read: Callable[[object], Value]) -> Call[Value]:
        if path not in self._shelves and len(self._shelves) >= _SHELVES_MAX:
            self._shelves.clear()
        shelf = cast("Shelf[Value]", self._shelves.setdefault(path, Shelf[Value]()))
        return Call("GET", path, read, shelf=shelf)

    def finance(self, price_cents: int, odds: Sequence[Decimal]) -> Call[Finance]:
        asked: list[tuple[str, object]] = [("operator", self._operator), ("price", price_cents)]
        query = urlencode([*asked, *(("odds", format(each, "f")) for each in odds)])
        return Call("GET", f"/bc/calculator/finance-details?{query}", read_finance)


def _path(product: str, code: str) -> str:
    if code in {"", ".", ".."}:
        raise ValueError("a card is named by its code")
    return f"/bc/{product}/{quote(code, safe='')}"


def _compose(
    code: str, wished: Mapping[str, object], exclude: Sequence[int], seed: int | None
) -> Call[Composed]:
    wish = {**wished, "exclude": list(exclude), **({} if seed is None else {"seed": seed})}
    return Call("POST", _path("smartbets", code), read_composed, write(wish))


def _fill(
    code: str, strategy: str, lines: int, keep: Sequence[Pick], seed: int | None
) -> Call[Filled]:
    wish: Mapping[str, object] = {
        "strategy": strategy,
        "lines": lines,
        "keep": [{"id": pick.event, "bet": pick.bet} for pick in keep],
        **({} if seed is None else {"seed": seed}),
    }
    return Call("POST", _path("jackpots", code), read_filled, write(wish))


class BetCards:
    """Cards of an operator; each call blocks until it is answered. Threads may share it."""

    def __init__(
        self,
        base_url: str,
        operator: str,
        *,
        patience: Patience = _PATIENCE,
        means: Means = _MEANS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        caller = Caller(base_url, None, patience, means)
        self._asking: _Asking = _Asking(operator)
        self._connections: SyncConnections = SyncConnections(caller, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def quicktips(self, **filters: Unpack[CardFilters]) -> tuple[QuicktipCard, ...]:
        """List the accumulators that are tipped now."""
        return self._connections.call(self._asking.cards("quicktips", read_quicktip, filters))

    def quicktip(self, code: str) -> QuicktipCard:
        """Look up a quicktip card."""
        return self._connections.call(self._asking.card("quicktips", code, read_quicktip))

    def quickbets(self, **filters: Unpack[CardFilters]) -> tuple[QuickbetCard, ...]:
        """List the coupons."""
        return self._connections.call(self._asking.cards("quickbets", read_quickbet, filters))

    def quickbet(self, code: str) -> QuickbetCard:
        """Look up a coupon."""
        return self._connections.call(self._asking.card("quickbets", code, read_quickbet))

    def smartbets(self, **filters: Unpack[CardFilters]) -> tuple[SmartbetCard, ...]:
        """List the cards that smartbets are composed from."""
        return self._connections.call(self._asking.cards("smartbets", read_smartbet, filters))

    def smartbet(self, code: str) -> SmartbetCard:
        """Look up a smartbet card."""
        return self._connections.call(self._asking.card("smartbets", code, read_smartbet))

    def superbets(self, **filters: Unpack[CardFilters]) -> tuple[SuperbetCard, ...]:
        """List the superbets."""
        return self._connections.call(self._asking.cards("superbets", read_superbet, filters))

    def superbet(self, code: str) -> SuperbetCard:
        """Look up a superbet card."""
        return self._connections.call(self._asking.card("superbets", code, read_superbet))

    def jackpots(self, **filters: Unpack[CardFilters]) -> tuple[JackpotCard, ...]:
        """List the jackpots."""
        return self._connections.call(self._asking.cards("jackpots", read_jackpot, filters))

    def jackpot(self, code: str) -> JackpotCard:
        """Look up a jackpot card."""
        return self._connections.call(self._asking.card("jackpots", code, read_jackpot))

    def compose(
        self,
        code: str,
        stake_cents: int,
        win_cents: int,
        risk: str,
        exclude: Sequence[int] = (),
        *,
        seed: int | None = None,
    ) -> Composed:
        """Have a smartbet composed that wins at least so much; `exclude` names events.

        The same seed composes the same again while the offer does not change.
        """
        wished = {"stake": stake_cents, "win": win_cents, "risk": risk}
        return self._connections.call(_compose(code, wished, exclude, seed))

    def fill(
        self,
        code: str,
        strategy: str = "weighted",
        lines: int = 1,
        keep: Sequence[Pick] = (),
        seed: int | None = None,
    ) -> Filled:
        """Have a jackpot filled: `random`, `weighted`, `favourites` or `outsiders`."""
        return self._connections.call(_fill(code, strategy, lines, keep, seed))

    def finance(self, price_cents: int, odds: Sequence[Decimal]) -> Finance:
        """Ask what a ticket at such odds costs and pays."""
        return self._connections.call(self._asking.finance(price_cents, odds))


class AsyncBetCards:
    """Cards of an operator, on asyncio."""

    def __init__(
        self,
        base_url: str,
        operator: str,
        *,
        patience: Patience = _PATIENCE,
        means: Means = _MEANS,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        caller = Caller(base_url, None, patience, means)
        self._asking: _Asking = _Asking(operator)
        self._connections: AsyncConnections = AsyncConnections(caller, transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    async def quicktips(self, **filters: Unpack[CardFilters]) -> tuple[QuicktipCard, ...]:
        """List the accumulators that are tipped now."""
        return await self._connections.call(self._asking.cards("quicktips", read_quicktip, filters))

    async def quicktip(self, code: str) -> QuicktipCard:
        """Look up a quicktip card."""
        return await self._connections.call(self._asking.card("quicktips", code, read_quicktip))

    async def quickbets(self, **filters: Unpack[CardFilters]) -> tuple[QuickbetCard, ...]:
        """List the coupons."""
        return await self._connections.call(self._asking.cards("quickbets", read_quickbet, filters))

    async def quickbet(self, code: str) -> QuickbetCard:
        """Look up a coupon."""
        return await self._connections.call(self._asking.card("quickbets", code, read_quickbet))

    async def smartbets(self, **filters: Unpack[CardFilters]) -> tuple[SmartbetCard, ...]:
        """List the cards that smartbets are composed from."""
        return await self._connections.call(self._asking.cards("smartbets", read_smartbet, filters))

    async def smartbet(self, code: str) -> SmartbetCard:
        """Look up a smartbet card."""
        return await self._connections.call(self._asking.card("smartbets", code, read_smartbet))

    async def superbets(self, **filters: Unpack[CardFilters]) -> tuple[SuperbetCard, ...]:
        """List the superbets."""
        return await self._connections.call(self._asking.cards("superbets", read_superbet, filters))

    async def superbet(self, code: str) -> SuperbetCard:
        """Look up a superbet card."""
        return await self._connections.call(self._asking.card("superbets", code, read_superbet))

    async def jackpots(self, **filters: Unpack[CardFilters]) -> tuple[JackpotCard, ...]:
        """List the jackpots."""
        return await self._connections.call(self._asking.cards("jackpots", read_jackpot, filters))

    async def jackpot(self, code: str) -> JackpotCard:
        """Look up a jackpot card."""
        return await self._connections.call(self._asking.card("jackpots", code, read_jackpot))

    async def compose(
        self,
        code: str,
        stake_cents: int,
        win_cents: int,
        risk: str,
        exclude: Sequence[int] = (),
        *,
        seed: int | None = None,
    ) -> Composed:
        """Have a smartbet composed that wins at least so much; `exclude` names events.

        The same seed composes the same again while the offer does not change.
        """
        wished = {"stake": stake_cents, "win": win_cents, "risk": risk}
        return await self._connections.call(_compose(code, wished, exclude, seed))

    async def fill(
        self,
        code: str,
        strategy: str = "weighted",
        lines: int = 1,
        keep: Sequence[Pick] = (),
        seed: int | None = None,
    ) -> Filled:
        """Have a jackpot filled: `random`, `weighted`, `favourites` or `outsiders`."""
        return await self._connections.call(_fill(code, strategy, lines, keep, seed))

    async def finance(self, price_cents: int, odds: Sequence[Decimal]) -> Finance:
        """Ask what a ticket at such odds costs and pays."""
        return await self._connections.call(self._asking.finance(price_cents, odds))
