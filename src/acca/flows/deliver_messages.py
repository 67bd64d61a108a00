"""What the journal has to tell reaches wallets and SMS receivers: in order, at least once.

A lane is leased, its entries are sent one after another, and each step is saved before the next
one. Who dies keeps its lease for a while; then another sends the same entry again, and the wallet
knows it by its number.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from acca.core.delivering import Course, Step, Tried, closes_in, plan_step
from acca.core.delivery import Verdict
from acca.core.keys import Holder, valid_keys
from acca.core.ticket_facts import Lane, Sent
from acca.outbound.answer import Answer
from acca.outbound.wallets import Delivery, Target, Wallets
from acca.store.clock import read_clock
from acca.store.connection import Database, Reader
from acca.store.deliveries import (
    Bearing,
    Due,
    LeasedLane,
    Speaking,
    Stepped,
    give_back,
    lease_lanes,
    list_due_lanes,
    save_steps,
)
from acca.store.door import Door
from acca.store.keys import list_keys
from acca.store.tellers import read_tellers

_MARGIN = timedelta(seconds=3)
"""No call is begun that could outlast its lease by less than this."""
_TARGETS_SECONDS = 1.0
_SMS_AT_ONCE = 32
_LOOK_SECONDS = 0.05
_SPARED_WAIT = timedelta(seconds=5)
_NO_RECEIVER = b"not sent: the operator has no sms_url"
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
        self._running: set[asyncio.Task[None]] = set()
        self._taken: Counter[Speaking] = Counter()
        self._marks: dict[Speaking, int] = {}
        """So few are left in hand when more is to be leased: of those that had more."""
        self._low: asyncio.Event = asyncio.Event()
        self._targets: dict[int, Target] = {}
        self._targets_at: float = tools.monotonic()
        self._saving: Door[Stepped, bool] = Door(self._save_many)

    async def deliver(self, seconds: float) -> bool:
        """Lease and send what is due, for so long or until nothing is; tell whether there is more.

        What is under way goes on: `drain` waits for it.
        """
        until = self._tools.monotonic() + seconds
        while self._tools.monotonic() < until:
            # What ends while it is looked for more makes room that has to be looked at again.
            was_idle = not self._running
            self._low.clear()
            leased = await self._lease()
            if was_idle and not leased:
                return False
            if self._running:
                with contextlib.suppress(TimeoutError):
                    _ = await asyncio.wait_for(self._low.wait(), _LOOK_SECONDS)
        return True

    async def drain(self) -> None:
        """Wait for what is under way."""
        while self._running:
            _ = await asyncio.wait(self._running)

    async def _lease(self) -> int:
        async with self._tools.database.reader() as reader:
            due = await list_due_lanes(reader)
            targets = await self._find_targets(reader, {one.operator for one in due})
        bearing = {
            speaking: Bearing(free, 2 * target.settings.call_timeout + 2 * _MARGIN)
            for speaking in due
            if (target := targets.get(speaking.operator)) is not None
            and (free := self._free(speaking, target)) > 0
        }
        if not bearing:
            return 0
        at = self._tools.monotonic()
        async with self._tools.database.writer() as writer:
            leased = await lease_lanes(writer, bearing)
        self._mark(bearing, Counter(Speaking(one.key.operator, one.lane) for one in leased))
        for one in leased:
            speaking = Speaking(one.key.operator, one.lane)
            until = at + bearing[speaking].lasts.total_seconds()
            self._begin(speaking, _Held(one, targets[one.key.operator], until))
        return len(leased)

    def _mark(self, bearing: Mapping[Speaking, Bearing], leased: Counter[Speaking]) -> None:
        for speaking, one in bearing.items():
            if leased[speaking] == one.free:
                self._marks[speaking] = (self._taken[speaking] + one.free) // 2
            else:
                _ = self._marks.pop(speaking, None)

    def _begin(self, speaking: Speaking, held: _Held) -> None:
        task = asyncio.create_task(self._work(held))
        self._running.add(task)
        self._taken[speaking] += 1
        task.add_done_callback(partial(self._end, speaking))

    def _end(self, speaking: Speaking, task: asyncio.Task[None]) -> None:
        self._running.remove(task)
        self._taken[speaking] -= 1
        if not self._running or self._taken[speaking] == self._marks.get(speaking):
            self._low.set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            # The lease ends by itself, and the lane is taken again.
            task.get_loop().call_exception_handler({"message": "a delivery", "exception": fault})

    def _free(self, speaking: Speaking, target: Target) -> int:
        """Tell how many more lanes to take in hand: none while there is enough to send.

        As many again as can be sent at once wait in hand, so that no wallet waits for the database.
        """
        taken = self._taken[speaking]
        if speaking.lane is Lane.SMS:
            at_once = _SMS_AT_ONCE
        elif target.settings.pam_url is None:
            return 0
        else:
            at_once = self._tools.wallets.capacity(target.operator)
        if at_once <= 1:
            return at_once - taken
        return 2 * at_once - taken if taken <= at_once else 0

    async def _find_targets(self, reader: Reader, due: Collection[int]) -> dict[int, Target]:
        """Find to whom operators' lanes speak; what is set is read again after a second."""
        now = self._tools.monotonic()
        if now - self._targets_at >= _TARGETS_SECONDS:
            self._targets, self._targets_at = {}, now
        unknown = [operator for operator in due if operator not in self._targets]
        if unknown:
            self._targets.update(await _read_targets(reader, unknown))
            for operator in self._targets.keys() & set(unknown):
                self._tools.wallets.meet(self._targets[operator])
        return {operator: self._targets[operator] for operator in due if operator in self._targets}

    async def _work(self, held: _Held) -> None:
        """Send the entries of a lane, as long as it is ours."""
        leased = held.leased
        for place, due in enumerate(leased.entries):
            attempts = leased.attempts if place == 0 else 1
            if not await self._tell(held, due, attempts):
                return
        # Still ours after the last entry: there are more by now, or they wait for the wallet.
        await self._give_back(leased, timedelta(0) if leased.entries else _SPARED_WAIT)

    async def _tell(self, held: _Held, due: Due, attempts: int) -> bool:
        """Send an entry and save what became of it; tell whether the lane's next may follow."""
        leased, target = held.leased, held.target
        # A replay counts the attempts anew, for the schedule; their numbers only rise.
        number = max(attempts, due.tried + 1)
        if leased.lane is Lane.SMS and target.settings.sms_url is None:
            answer = Answer(Verdict.UNREACHED, body=_NO_RECEIVER)
            step = Step(Course.NEXT)
        else:
            if not self._outlasts_a_call(held):
                await self._give_back(leased, timedelta(0))
                return False
            delivery_id = f"{leased.key.id.hex()}-{due.n}"
            delivery = Delivery(leased.lane, due.body, delivery_id, number)
            answer = await self._tools.wallets.deliver(target, delivery)
            if not answer.was_tried:
                await self._give_back(leased, _SPARED_WAIT)
                return False
            step = self._judge(leased, due, attempts, answer, target)
        sent = _sent(leased, due, number, answer)
        saved = await self._saving.enter(Stepped(leased, due.n, step, closes_in(due.action), sent))
        return saved and step.course is Course.NEXT

    def _outlasts_a_call(self, held: _Held) -> bool:
        call = held.target.settings.call_timeout + _MARGIN
        return self._tools.monotonic() + call.total_seconds() <= held.until

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


def _sent(leased: LeasedLane, due: Due, number: int, answer: Answer) -> Sent:
    return Sent(
        key=leased.key,
        n=due.n,
        number=number,
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
