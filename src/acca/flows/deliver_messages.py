"""What the journal has to tell reaches wallets and SMS receivers: in order, at least once.

A lane is leased, its entries are sent one after another, and each step is saved before the next
one. Who dies keeps its lease for a while; then another sends the same entry again, and the wallet
knows it by its number.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from acca.core.delivering import OUTCOME_ACTIONS, Course, Step, Tried, plan_step
from acca.core.keys import Holder, valid_keys
from acca.core.ticket_facts import Lane, Sent
from acca.outbound.answer import Answer
from acca.outbound.wallets import Delivery, Target, Wallets
from acca.store.clock import read_clock
from acca.store.connection import Database, Reader
from acca.store.deliveries import (
    Due,
    LeasedLane,
    Stepped,
    give_back,
    lease_lanes,
    list_due_operators,
    save_steps,
)
from acca.store.door import Door
from acca.store.keys import list_keys
from acca.store.tellers import read_tellers

_LEASE = timedelta(seconds=45)
_MARGIN_SECONDS = 3.0
"""No call is begun that could outlast its lease."""
_SMS_AT_ONCE = 32
_LOOK_SECONDS = 0.05
_BREAKER_WAIT = timedelta(seconds=5)
_JITTER = 1000


class Tools(NamedTuple):
    """What delivering needs of its process."""

    database: Database
    wallets: Wallets
    monotonic: Callable[[], float]
    draw: Callable[[int], bytes]


class _Held(NamedTuple):
    """A lane in hand, to whom it speaks, and until when in seconds of this process."""

    leased: LeasedLane
    target: Target
    until: float


class Deliverer:
    """Delivers in one process, to each operator as much at once as it can bear."""

    def __init__(self, tools: Tools) -> None:
        self._tools: Tools = tools
        self._running: dict[asyncio.Task[None], tuple[int, Lane]] = {}
        self._saving: Door[Stepped, bool] = Door(self._save_many)

    async def deliver(self, seconds: float) -> bool:
        """Lease and send what is due, for so long or until nothing is; tell whether there is more.

        What is under way goes on: `drain` waits for it.
        """
        until = self._tools.monotonic() + seconds
        while self._tools.monotonic() < until:
            leased = await self._lease(Lane.PAM) + await self._lease(Lane.SMS)
            if not leased and not self._running:
                return False
            if not leased:
                _ = await asyncio.wait(
                    self._running, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
        return True

    async def drain(self) -> None:
        """Wait for what is under way."""
        while self._running:
            _ = await asyncio.wait(self._running)

    async def _lease(self, lane: Lane) -> int:
        async with self._tools.database.reader() as reader:
            due = await list_due_operators(reader, lane)
            targets = await _read_targets(reader, due) if due else {}
        free = {operator: self._free(operator, lane, targets[operator]) for operator in targets}
        free = {operator: number for operator, number in free.items() if number > 0}
        if not free:
            return 0
        at = self._tools.monotonic()
        async with self._tools.database.writer() as writer:
            leased = await lease_lanes(writer, lane, free, _LEASE)
        for one in leased:
            held = _Held(one, targets[one.key.operator], at + _LEASE.total_seconds())
            task = asyncio.create_task(self._work(held))
            self._running[task] = one.key.operator, lane
            task.add_done_callback(self._end)
        return len(leased)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        if not task.cancelled() and (fault := task.exception()) is not None:
            # The lease ends by itself, and the lane is taken again.
            task.get_loop().call_exception_handler({"message": "a delivery", "exception": fault})

    def _free(self, operator: int, lane: Lane, target: Target) -> int:
        """Tell how many more lanes of an operator may be taken in hand."""
        taken = Counter(self._running.values())[operator, lane]
        if lane is Lane.SMS:
            return _SMS_AT_ONCE - taken
        if target.settings.pam_url is None:
            return 0
        return self._tools.wallets.capacity(target.operator) - taken

    async def _work(self, held: _Held) -> None:
        """Send the entries of a lane, as long as it is ours."""
        leased = held.leased
        for place, due in enumerate(leased.entries):
            is_over = place == len(leased.entries) - 1
            attempts = leased.attempts + 1 if place == 0 else 1
            if not await self._tell(held, due, attempts, is_over=is_over):
                return
        # Still ours after the last entry: there are more by now, or there was none to send.
        await self._give_back(leased, timedelta(0))

    async def _tell(self, held: _Held, due: Due, attempts: int, *, is_over: bool) -> bool:
        leased, target = held.leased, held.target
        sent = None
        if leased.lane is Lane.SMS and target.settings.sms_url is None:
            step = Step(Course.NEXT)
        else:
            call_seconds = target.settings.call_timeout.total_seconds() + _MARGIN_SECONDS
            if self._tools.monotonic() + call_seconds > held.until:
                await self._give_back(leased, timedelta(0))
                return False
            delivery_id = f"{leased.key.id.hex()}-{due.n}"
            delivery = Delivery(leased.lane, due.body, delivery_id, attempts)
            answer = await self._tools.wallets.deliver(target, delivery)
            if _was_spared(answer) and self._tools.wallets.is_open(target.operator):
                await self._give_back(leased, _BREAKER_WAIT)
                return False
            step = self._judge(leased, due, attempts, answer, target)
            sent = _sent(leased, due, attempts, answer)
        ends = due.action in OUTCOME_ACTIONS
        saved = await self._saving.enter(Stepped(leased, due.n, step, is_over, ends, sent))
        return saved and step.course is Course.NEXT

    def _judge(
        self, leased: LeasedLane, due: Due, attempts: int, answer: Answer, target: Target
    ) -> Step:
        tried = Tried(
            due.action,
            attempts,
            leased.now - due.at,
            answer.verdict,
            answer.http_status,
            answer.retry_after_seconds,
        )
        jitter = int.from_bytes(self._tools.draw(4)) % (2 * _JITTER + 1) - _JITTER
        return plan_step(tried, jitter, discard_404_is_done=target.settings.discard_404_is_done)

    async def _give_back(self, leased: LeasedLane, delay: timedelta) -> None:
        async with self._tools.database.writer() as writer:
            await give_back(writer, leased, delay)

    async def _save_many(self, steps: Sequence[Stepped]) -> list[bool]:
        async with self._tools.database.writer() as writer:
            return await save_steps(writer, steps)


def _was_spared(answer: Answer) -> bool:
    return not answer.was_sent and answer.http_status is None and answer.duration_ms == 0


def _sent(leased: LeasedLane, due: Due, attempts: int, answer: Answer) -> Sent:
    return Sent(
        key=leased.key,
        n=due.n,
        number=attempts,
        is_late=False,
        verdict=answer.verdict.value,
        http_status=answer.http_status,
        duration_ms=answer.duration_ms,
        answer=answer.body,
    )


async def _read_targets(reader: Reader, operators: Sequence[int]) -> dict[int, Target]:
    """Read to whom operators' lanes speak, with the newest key; who has none is not spoken to."""
    told = await read_tellers(reader, operators)
    now = (await read_clock(reader)).now
    targets: dict[int, Target] = {}
    for operator, (teller, settings) in told.items():
        keys = valid_keys(await list_keys(reader, Holder.OPERATOR, operator), now)
        with contextlib.suppress(IndexError):
            targets[operator] = Target(teller.operator, settings, keys[0].secret.text)
    return targets
