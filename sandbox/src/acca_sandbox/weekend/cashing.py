"""Players who cash out: a few, some of them before the matches and some while one is under way."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from acca_client.conversation import draw_key
from acca_client.engine import AsyncEngine
from acca_client.errors import CashOutNotAvailable, CashOutValueChanged
from acca_client.placing import Accumulator
from acca_sandbox.storm.crowd import Heard, Way

CASHED_OUT = 0.03
"""Of the tickets that can be, so many are cashed out."""
_EARLY = 0.5


class Chosen(NamedTuple):
    """The ids of the tickets whose players want to cash out: before the matches, and during one."""

    early: Sequence[str]
    late: Sequence[str]


@dataclass(slots=True)
class CashOuts:
    """What became of the wishes to cash out; the cents are those that players receive."""

    done: int = 0
    refused: int = 0
    price_cents: int = 0
    paid_cents: int = 0


def choose(heard: Iterable[Heard], seed: int) -> Chosen:
    """Choose some of the placed accumulators; the same seed chooses the same wishes."""
    early: list[str] = []
    late: list[str] = []
    for each in heard:
        dice = Random(f"{seed}/cash-out/{each.wish.number}")  # noqa: S311 - the same on each run
        is_wanted, is_early = dice.random() < CASHED_OUT, dice.random() < _EARLY
        is_open = isinstance(each.wish.request, Accumulator) and each.wish.way is not Way.LEAVE
        if is_wanted and is_open:
            (early if is_early else late).extend(sorted(each.placed))
    return Chosen(early, late)


class CashDesk:
    """Players who look at their tickets, and take what is offered."""

    def __init__(self, engine: AsyncEngine, clients: int) -> None:
        self.done: CashOuts = CashOuts()
        self._engine: AsyncEngine = engine
        self._clients: int = clients

    async def cash_out(self, tickets: Iterable[str]) -> None:
        """Cash tickets out, as many at once as there are clients."""
        waiting = iter(tickets)
        async with asyncio.TaskGroup() as group:
            for _ in range(self._clients):
                _ = group.create_task(self._go_through(waiting))

    async def _go_through(self, waiting: Iterator[str]) -> None:
        for id_ in waiting:
            try:
                offer = await self._engine.cash_out_offer(id_)
                ticket = await self._engine.cash_out(
                    id_, offer.amount_cents, idempotency_key=draw_key()
                )
            except (CashOutNotAvailable, CashOutValueChanged):
                self.done.refused += 1
                continue
            self.done.done += 1
            self.done.price_cents += ticket.amounts.price_cents
            self.done.paid_cents += ticket.amounts.net_payout_cents
