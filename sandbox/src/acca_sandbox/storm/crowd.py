"""The crowd: clients that wish for tickets, each with a token that serves once, and what they hear.

A client never gives a wish up before it knows: after no answer it asks again with the same key.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import NamedTuple

import httpx2

from acca_client.conversation import Patience, draw_key
from acca_client.engine import AsyncEngine
from acca_client.errors import Refused, TooManyRequests, Unavailable, Unreached
from acca_client.placing import Accumulator, Request
from acca_client.tickets import Ticket
from acca_sandbox.storm.plan import Answered
from acca_sandbox.storm.season import Offered, draw_picks

PATIENCE = Patience(total_seconds=60.0)
"""Acca may be started again meanwhile."""
_ASKED_MAX = 3
_LEGS_MAX = 6
_PRICES_CENTS = (500, 1_000, 1_500, 2_000)
_TAG = "wish-"


class Way(Enum):
    """How a client goes about a wish."""

    CREATE = "create"
    LEAVE = "reserve and never pay"
    PAY = "reserve and pay"
    TWICE = "create twice at once with one key"
    RIVAL = "create twice at once with two keys"


WAYS = (Way.CREATE, Way.LEAVE, Way.PAY, Way.TWICE, Way.RIVAL)
OFTEN = (80, 4, 6, 5, 5)
"""How often a client goes each of the ways."""


class Wish(NamedTuple):
    """A ticket that somebody wants; its number is told to Acca as the tag `rtag`."""

    number: int
    request: Request
    way: Way


@dataclass
class Heard:
    """What a client heard of a wish; the tickets' ids, the codes of refusals."""

    wish: Wish
    placed: set[str] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)
    unknown: int = 0
    seconds: list[float] = field(default_factory=list)


class Counting(httpx2.AsyncHTTPTransport):
    """Connections that count what is sent over them."""

    def __init__(self, connections: int) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=connections)
        super().__init__(limits=limits)
        self.sent: int = 0

    async def handle_async_request(  # pyright: ignore[reportImplicitOverride] - from 3.12 on
        self, request: httpx2.Request
    ) -> httpx2.Response:
        """Count a request and send it."""
        self.sent += 1
        return await super().handle_async_request(request)


def tag_of(number: int) -> str:
    """Make the tag by which a wish is found again."""
    return f"{_TAG}{number}"


def number_of(tag: str | None) -> int | None:
    """Read the number of a wish from its tag."""
    return int(tag.removeprefix(_TAG)) if tag and tag.startswith(_TAG) else None


def make_wishes(seed: int, offered: Sequence[Offered], tokens: Sequence[str]) -> Iterator[Wish]:
    """Make one wish for each token."""
    rng = Random(seed)  # noqa: S311 - the same on each run
    for number, token in enumerate(tokens):
        request = Accumulator(
            token=token,
            price_cents=rng.choice(_PRICES_CENTS),
            currency="KES",
            source="mobile",
            type="quickbet",
            rtag=tag_of(number),
            picks=draw_picks(rng, offered, rng.randint(1, _LEGS_MAX)),
        )
        (way,) = rng.choices(WAYS, OFTEN)
        yield Wish(number, request, way)


class Crowd:
    """Clients that share an engine and a heap of wishes."""

    def __init__(self, engine: AsyncEngine, transport: Counting) -> None:
        self.heard: list[Heard] = []
        self._engine: AsyncEngine = engine
        self._transport: Counting = transport
        self._calls: int = 0
        self._moved: asyncio.Event = asyncio.Event()

    async def until_answered(self, number: int) -> None:
        """Wait until so many wishes are answered."""
        while len(self.heard) < number:
            self._moved.clear()
            _ = await self._moved.wait()

    async def ask_all(self, wishes: Iterator[Awaitable[Wish]], clients: int) -> Answered:
        """Ask for all that is wished, as many at once as there are clients."""
        begun, sent = time.perf_counter(), self._transport.sent
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                _ = group.create_task(self._go_through(wishes))
        lasted = time.perf_counter() - begun
        seconds = sorted(each for heard in self.heard for each in heard.seconds)
        return Answered(
            placed=sum(len(heard.placed) for heard in self.heard),
            refused=Counter(code for heard in self.heard for code in heard.refused),
            unknown=sum(heard.unknown for heard in self.heard),
            seconds=seconds,
            lasted_seconds=lasted,
            calls=self._calls,
            retries=self._transport.sent - sent - self._calls,
        )

    async def _go_through(self, wishes: Iterator[Awaitable[Wish]]) -> None:
        for coming in wishes:
            heard = Heard(await coming)
            await self._ask(heard)
            self.heard.append(heard)
            self._moved.set()

    async def _ask(self, heard: Heard) -> None:
        key = draw_key()
        match heard.wish.way:
            case Way.CREATE:
                _ = await self._place(heard, key)
            case Way.TWICE:
                _ = await asyncio.gather(self._place(heard, key), self._place(heard, key))
            case Way.RIVAL:
                _ = await asyncio.gather(self._place(heard, key), self._place(heard, draw_key()))
            case Way.LEAVE | Way.PAY:
                ticket = await self._place(heard, key)
                if ticket is not None and heard.wish.way is Way.PAY:
                    _ = await self._try(heard, draw_key(), ticket)

    async def _place(self, heard: Heard, key: str) -> Ticket | None:
        begun = time.perf_counter()
        ticket = await self._try(heard, key, None)
        heard.seconds.append(time.perf_counter() - begun)
        return ticket

    async def _try(self, heard: Heard, key: str, reserved: Ticket | None) -> Ticket | None:
        """Ask until the answer is known; a refusal is one."""
        for _ in range(_ASKED_MAX):
            self._calls += 1
            try:
                ticket = await self._call(heard.wish, key, reserved)
            except Refused as refusal:
                heard.refused.append(refusal.code)
                return None
            except (Unreached, Unavailable, TooManyRequests):
                continue
            heard.placed.add(ticket.id)
            return ticket
        heard.unknown += 1
        return None

    async def _call(self, wish: Wish, key: str, reserved: Ticket | None) -> Ticket:
        if reserved is not None:
            return await self._engine.paid(reserved.id, idempotency_key=key)
        if wish.way in {Way.LEAVE, Way.PAY}:
            return await self._engine.reserve(wish.request, idempotency_key=key)
        return await self._engine.create(wish.request, idempotency_key=key)
