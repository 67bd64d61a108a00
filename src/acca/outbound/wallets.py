"""Wallets and SMS receivers of all operators: signed calls, each behind a breaker of its own."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import NamedTuple

from acca.core import breaker as rules
from acca.core import concurrency
from acca.core.breaker import Breaker, Position
from acca.core.concurrency import Limit
from acca.core.confirming import PlayerKnown
from acca.core.delivery import Verdict
from acca.core.numbers import Malformed
from acca.core.operator import OperatorSettings, WebhookBlanks
from acca.core.ticket_facts import Lane
from acca.outbound.addresses import Resolve, resolve
from acca.outbound.answer import Answer
from acca.outbound.caller import Caller, CallerSettings, Machine
from acca.wire.pam import CALLS, Identify, Ping, parse_identify_answer
from acca.wire.signature import sign, without_blanks

_REUSED_MAX = 10_000
_CLASS_FLAG = "tax_"
_PING_ALIVE_BELOW = 500
_MILLISECOND = timedelta(milliseconds=1)


class Target(NamedTuple):
    """An operator as it is called: `secret` is its newest key."""

    operator: str
    settings: OperatorSettings
    secret: str


class Player(NamedTuple):
    """What the wallet says of a player; `player_class` chooses the tax profile."""

    known: PlayerKnown
    currency: str
    player_class: str | None


class Delivery(NamedTuple):
    """A journal entry as it is sent: its id is the same at every attempt."""

    lane: Lane
    body: bytes
    delivery_id: str
    attempt: int


class _Found(NamedTuple):
    """A caller as it was found for settings: for the very same ones it is found at once."""

    judged: OperatorSettings
    settings: CallerSettings
    caller: Caller


class _Line:
    """What is kept for one operator: its breaker, its limit and who waits for a place."""

    def __init__(self) -> None:
        self.breaker: Breaker = Breaker()
        self.limit: Limit = Limit()
        self.running: int = 0
        self.waiting: OrderedDict[object, asyncio.Future[None]] = OrderedDict()
        self.probe: asyncio.Task[None] | None = None
        self.target: Target | None = None


class Wallets:
    """Calls the wallets of one process's operators; nothing they do raises."""

    def __init__(
        self, machine: Machine, *, allow_private: bool, resolve_name: Resolve = resolve
    ) -> None:
        self._machine: Machine = machine
        self._allow_private: bool = allow_private
        self._resolve: Resolve = resolve_name
        self._callers: dict[tuple[str, Lane], _Found] = {}
        self._replaced: list[Caller] = []
        self._lines: dict[str, _Line] = {}
        self._reused: OrderedDict[tuple[str, str], tuple[float, Player]] = OrderedDict()

    async def close(self) -> None:
        """Give up probes, late answers and connections."""
        for line in self._lines.values():
            if line.probe is not None:
                _ = line.probe.cancel()
        for caller in (*self._replaced, *(found.caller for found in self._callers.values())):
            await caller.close()

    def meet(self, target: Target) -> None:
        """Note where an operator is to be called from now on, also to see whether it is there."""
        self._line(target.operator).target = target

    def capacity(self, operator: str) -> int:
        """Tell how many calls an operator's wallet can bear at once; none where it is off."""
        line = self._line(operator)
        if line.breaker.position is Position.CLOSED:
            return line.limit.calls
        return int(line.breaker.position is Position.TRIAL)

    def is_open(self, operator: str) -> bool:
        """Tell whether calls to an operator's wallet are spared."""
        return self._line(operator).breaker.position is Position.OPEN

    async def identify(self, target: Target, token: str) -> Player | Verdict:
        """Ask the wallet whose token it is: a player, or why there is none."""
        reused = self._find_reused(target, token)
        if reused is not None:
            return reused
        body = CALLS.render(Identify(operator=target.operator, token=token))
        if target.settings.webhook_blanks is WebhookBlanks.REMOVE:
            body = without_blanks(body)
        seconds = target.settings.identify_timeout.total_seconds()
        answer = await self._guarded(
            target,
            seconds,
            lambda caller, left: caller.call(body, self._signed(target, body), left),
        )
        if answer.verdict is not Verdict.ACCEPTED:
            return answer.verdict
        try:
            told = parse_identify_answer(answer.body)
        except Malformed:
            return Verdict.UNREACHED
        classes = sorted(
            name.removeprefix(_CLASS_FLAG)
            for name, is_on in (told.feature_flags or {}).items()
            if is_on and name.startswith(_CLASS_FLAG)
        )
        known = PlayerKnown(told.player_id, told.msisdn)
        player = Player(known, told.currency, classes[0] if classes else None)
        self._keep_for_reuse(target, token, player)
        return player

    async def call_once(
        self, target: Target, body: bytes, delivery_id: str, timeout_seconds: float
    ) -> Answer:
        """Tell of a new ticket, once; an answer that is late is waited for in `late`."""
        told = {"delivery-id": delivery_id, "attempt": "1"}
        return await self._guarded(
            target,
            timeout_seconds,
            # Signed when its turn has come: the timestamp is that of the attempt.
            lambda caller, left: caller.call_and_follow(
                body, self._signed(target, body) | told, left
            ),
        )

    async def deliver(self, target: Target, delivery: Delivery) -> Answer:
        """Send a journal entry to the wallet or the SMS receiver."""
        body = delivery.body
        told = {"delivery-id": delivery.delivery_id, "attempt": str(delivery.attempt)}
        seconds = target.settings.call_timeout.total_seconds()
        if delivery.lane is Lane.SMS:
            told["operator-name"] = target.operator
            caller = self._caller(target, Lane.SMS)
            if caller is None:
                return Answer.unsent()
            return await caller.call(body, self._signed(target, body) | told, seconds)
        return await self._guarded(
            target,
            seconds,
            lambda caller, left: caller.call(body, self._signed(target, body) | told, left),
        )

    async def ping(self, target: Target) -> Answer:
        """Ask whether the wallet is there at all: unsigned, any answer below 500 is life."""
        caller = self._caller(target, Lane.PAM)
        if caller is None:
            return Answer.unsent()
        body = CALLS.render(Ping(operator=target.operator))
        seconds = target.settings.identify_timeout.total_seconds()
        return await caller.call(body, {"content-type": "application/json"}, seconds)

    def _signed(self, target: Target, body: bytes) -> dict[str, str]:
        timestamp = str(self._machine.unix_seconds())
        return {
            "content-type": "application/json",
            "timestamp": timestamp,
            "signature": sign(target.secret, timestamp, body),
        }

    def _line(self, operator: str) -> _Line:
        line = self._lines.get(operator)
        if line is None:
            line = self._lines[operator] = _Line()
        return line

    def _caller(self, target: Target, lane: Lane) -> Caller | None:
        """Find the caller of a URL; a changed setting makes a new one, the old one runs out."""
        settings = target.settings
        found = self._callers.get((target.operator, lane))
        if found is not None and found.judged is settings:
            return found.caller
        url = settings.pam_url if lane is Lane.PAM else settings.sms_url
        if url is None:
            return None
        wanted = CallerSettings(url, settings.connect_timeout, self._allow_private)
        if found is None or found.settings != wanted:
            if found is not None:
                # It may still wait for an answer that is late.
                self._replaced.append(found.caller)
            caller = Caller(wanted, self._machine, self._resolve)
        else:
            caller = found.caller
        self._callers[target.operator, lane] = _Found(settings, wanted, caller)
        return caller

    async def _guarded(
        self,
        target: Target,
        seconds: float,
        call: Callable[[Caller, float], Coroutine[object, object, Answer]],
    ) -> Answer:
        """Call the wallet unless its breaker is open, with as many others as it can bear."""
        caller, line = self._caller(target, Lane.PAM), self._line(target.operator)
        line.target = target
        if caller is None or line.breaker.position is Position.OPEN:
            return Answer.unsent()
        began = self._machine.monotonic()
        if not await _take_place(line, seconds):
            return Answer.unsent()
        try:
            if self.is_open(target.operator):
                # It opened while this call waited for its place.
                return Answer.unsent()
            left = seconds - (self._machine.monotonic() - began)
            answer = await call(caller, left)
            self._learn(target, line, answer)
            return answer
        finally:
            _leave_place(line)

    def _learn(self, target: Target, line: _Line, answer: Answer) -> None:
        line.limit = concurrency.after_call(line.limit, answer.verdict, answer.duration_ms)
        failures_max = target.settings.breaker_failures
        line.breaker = rules.after_call(line.breaker, answer.verdict, failures_max, self._now_ms())
        if line.breaker.position is Position.OPEN and line.probe is None:
            line.probe = asyncio.create_task(self._probe(target, line))

    async def _probe(self, target: Target, line: _Line) -> None:
        """Ping until the wallet answers, or patience is over; then let one call try."""
        settings = target.settings
        try:
            while line.breaker.position is Position.OPEN:
                await asyncio.sleep(settings.breaker_probe_interval.total_seconds())
                answer = await self.ping(line.target or target)
                status = answer.http_status
                line.breaker = rules.after_ping(
                    line.breaker,
                    settings.breaker_patience // _MILLISECOND,
                    self._now_ms(),
                    is_alive=status is not None and status < _PING_ALIVE_BELOW,
                )
        finally:
            line.probe = None

    def _now_ms(self) -> int:
        return int(self._machine.monotonic() * 1000)

    def _find_reused(self, target: Target, token: str) -> Player | None:
        reuse = target.settings.identify_reuse
        kept = None if reuse is None else self._reused.get((target.operator, token))
        if reuse is None or kept is None:
            return None
        at, player = kept
        young = self._machine.monotonic() - at < reuse.total_seconds()
        return player if young else None

    def _keep_for_reuse(self, target: Target, token: str, player: Player) -> None:
        if target.settings.identify_reuse is None:
            return
        self._reused[target.operator, token] = self._machine.monotonic(), player
        while len(self._reused) > _REUSED_MAX:
            _ = self._reused.popitem(last=False)


async def _take_place(line: _Line, seconds: float) -> bool:
    """Wait for one of the places that the wallet can bear, at most for as long as the call may."""
    allowed = 1 if line.breaker.position is Position.TRIAL else line.limit.calls
    if line.running < allowed and not line.waiting:
        line.running += 1
        return True
    if line.breaker.position is Position.TRIAL:
        return False
    name, turn = object(), asyncio.get_running_loop().create_future()
    line.waiting[name] = turn
    try:
        async with asyncio.timeout(seconds):
            await turn
    except BaseException as ended:
        _ = line.waiting.pop(name, None)
        if turn.done() and not turn.cancelled():
            _leave_place(line)
        if isinstance(ended, TimeoutError):
            return False
        raise
    return True


def _leave_place(line: _Line) -> None:
    line.running -= 1
    while line.waiting and line.running < line.limit.calls:
        _, turn = line.waiting.popitem(last=False)
        if not turn.done():
            line.running += 1
            turn.set_result(None)
