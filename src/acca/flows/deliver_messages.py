"""What the journal has to tell reaches wallets and SMS receivers: in order, at least once.

A lane is leased, its entries are sent one after another, and each step is saved before the next
one. Who dies keeps its lease for a while; then another sends the same entry again, and the wallet
knows it by its number.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Callable, Collection, Coroutine, Sequence
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
)
from acca.store.delivery_saver import Saver, Unsaved
from acca.store.keys import list_keys
from acca.store.tellers import read_tellers

_MARGIN = timedelta(seconds=3)
"""No call is begun that could outlast its lease by less than this."""
_TARGETS_SECONDS = 1.0
_SMS_AT_ONCE = 32
_LOOK_SECONDS = 0.05
_PACE_SECONDS, _AHEAD_SECONDS = 0.1, 0.25
"""So long it is counted what is sent, and for so long there is to be enough in hand."""
_IN_HAND_MAX = 2_000
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


class _Hand:
    """What is in hand of an operator's lanes: waiting, being sent, or sent and not yet saved.

    `wanted` is how many are to wait, `low` at how many it is looked for more: none, where there
    were no more. `sent` counts since `since`, to tell how many are sent in a moment.
    """

    def __init__(self, now: float) -> None:
        self.waiting: deque[_Held] = deque()
        self.senders: int = 0
        self.unsaved: int = 0
        self.wanted: int = 0
        self.low: int = -1
        self.sent: int = 0
        self.since: float = now

    def see_saved(self) -> None:
        """See that a step was saved, or could not be."""
        self.unsaved -= 1

    def pace(self, now: float, at_once: int) -> None:
        """Want as many as are sent in a moment, at least as many again as can be sent at once."""
        passed = now - self.since
        if passed >= _PACE_SECONDS:
            ahead = int(self.sent / passed * _AHEAD_SECONDS)
            self.wanted, self.sent, self.since = ahead, 0, now
        self.wanted = min(max(self.wanted, 2 * at_once), max(_IN_HAND_MAX, 2 * at_once))


class Deliverer:
    """Delivers in one process, to each operator as much at once as it can bear."""

    def __init__(self, tools: Tools) -> None:
        self._tools: Tools = tools
        self._running: set[asyncio.Task[None]] = set()
        self._hands: dict[Speaking, _Hand] = {}
        self._low: asyncio.Event = asyncio.Event()
        self._targets: dict[int, Target] = {}
        self._targets_at: float = tools.monotonic()
        self._saver: Saver = Saver(tools.database, self._begin, _report)

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
        taken: Counter[Speaking] = Counter()
        for one in leased:
            speaking = Speaking(one.key.operator, one.lane)
            taken[speaking] += 1
            until = at + bearing[speaking].lasts.total_seconds()
            self._hands[speaking].waiting.append(_Held(one, targets[one.key.operator], until))
        for speaking, one in bearing.items():
            hand = self._hands[speaking]
            hand.low = hand.wanted // 2 if taken[speaking] == one.free else -1
            self._send_more(speaking, hand)
        return len(leased)

    def _free(self, speaking: Speaking, target: Target) -> int:
        """Tell how many more lanes to take in hand: none while there is enough to send.

        Some wait in hand, so that no wallet waits for the database. What the database does not
        save in time is in the way of more.
        """
        now = self._tools.monotonic()
        hand = self._hands.setdefault(speaking, _Hand(now))
        at_once = self._at_once(speaking, target)
        if at_once <= 1:
            return at_once - hand.senders - len(hand.waiting)
        hand.pace(now, at_once)
        idle = max(at_once - hand.senders, 0)
        left = len(hand.waiting) + hand.unsaved
        return hand.wanted + idle - left if left <= hand.wanted // 2 else 0

    def _at_once(self, speaking: Speaking, target: Target) -> int:
        if speaking.lane is Lane.SMS:
            return _SMS_AT_ONCE
        if target.settings.pam_url is None:
            return 0
        return self._tools.wallets.capacity(target.operator)

    def _send_more(self, speaking: Speaking, hand: _Hand) -> None:
        """Let as many send as the other side can bear, and as there is something for."""
        if not hand.waiting:
            return
        at_once = self._at_once(speaking, hand.waiting[0].target)
        # One at least, who finds out that nothing can be sent and gives it back.
        wanted = min(max(at_once, 1) - hand.senders, len(hand.waiting))
        for _ in range(wanted):
            hand.senders += 1
            self._begin(self._send(speaking, hand), partial(self._end, speaking, hand))

    def _begin(
        self,
        work: Coroutine[object, object, None],
        end: Callable[[asyncio.Task[None]], None] | None = None,
    ) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        if end is not None:
            task.add_done_callback(end)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._running.remove(task)
        if not self._running:
            self._low.set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            # Leases end by themselves, and the lanes are taken again.
            _report(fault)

    def _end(self, speaking: Speaking, hand: _Hand, task: asyncio.Task[None]) -> None:
        hand.senders -= 1
        if not task.cancelled():
            self._send_more(speaking, hand)

    async def _send(self, speaking: Speaking, hand: _Hand) -> None:
        """Send one lane in hand after another, as long as the other side can bear so many."""
        while hand.waiting:
            held = hand.waiting.popleft()
            if len(hand.waiting) == hand.low:
                self._low.set()
            await self._work(held, hand)
            hand.sent += 1
            at_once = self._at_once(speaking, held.target)
            if hand.senders > at_once:
                return
            if hand.senders < at_once:
                self._send_more(speaking, hand)

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

    async def _work(self, held: _Held, hand: _Hand) -> None:
        """Send the entries of a lane, as long as it is ours."""
        leased = held.leased
        if not leased.entries:
            # They wait for the wallet.
            await self._give_back([leased], _SPARED_WAIT)
        for place, due in enumerate(leased.entries):
            attempts = leased.attempts if place == 0 else 1
            stepped = await self._tell(held, hand, due, attempts)
            if stepped is None:
                return
            # Nobody waits for the last: what it makes of the lane is seen to when it is saved.
            is_last = place == len(leased.entries) - 1
            told = None if is_last else asyncio.get_running_loop().create_future()
            hand.unsaved += 1
            self._saver.save(Unsaved(stepped, hand.see_saved, told))
            if told is not None and not await told:
                return

    async def _tell(self, held: _Held, hand: _Hand, due: Due, attempts: int) -> Stepped | None:
        """Send an entry and tell what became of it; None where it was not sent."""
        leased, target = held.leased, held.target
        # A replay counts the attempts anew, for the schedule; their numbers only rise.
        number = max(attempts, due.tried + 1)
        if leased.lane is Lane.SMS and target.settings.sms_url is None:
            answer = Answer(Verdict.UNREACHED, body=_NO_RECEIVER)
            step = Step(Course.NEXT)
        else:
            if not self._outlasts_a_call(held):
                await self._give_back([leased], timedelta(0))
                return None
            delivery_id = f"{leased.key.id.hex()}-{due.n}"
            delivery = Delivery(leased.lane, due.body, delivery_id, number)
            answer = await self._tools.wallets.deliver(target, delivery)
            if not answer.was_tried:
                # No other would be sent either.
                spared = [leased, *(one.leased for one in hand.waiting)]
                hand.waiting.clear()
                await self._give_back(spared, _SPARED_WAIT)
                return None
            step = self._judge(leased, due, attempts, answer, target)
        sent = _sent(leased, due, number, answer)
        return Stepped(leased, due.n, step, closes_in(due.action), sent)

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
        if answer.verdict is Verdict.ACCEPTED:
            # Most are: no dice are thrown for what is done.
            return plan_step(tried, 0, discard_404_is_done=False)
        jitter = int.from_bytes(self._tools.draw(4)) % (2 * _JITTER + 1) - _JITTER
        return plan_step(tried, jitter, discard_404_is_done=target.settings.discard_404_is_done)

    async def _give_back(self, leased: Sequence[LeasedLane], delay: timedelta) -> None:
        async with self._tools.database.writer() as writer:
            await give_back(writer, leased, delay)


def _report(fault: BaseException) -> None:
    told = {"message": "a delivery", "exception": fault}
    asyncio.get_running_loop().call_exception_handler(told)


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
