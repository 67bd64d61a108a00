"""One-time passwords are made and sent at once, and again until they expire (spec 5).

A code is kept hashed, and sent from memory: it stands in no journal, and a process that dies takes
with it what the SMS receiver has not taken yet; the player asks for another.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from acca.core.delivery import Verdict
from acca.core.one_time import SALT_BYTES, VALID, ask, keep, make_code, normalise, pause_seconds
from acca.core.operator import Feature
from acca.core.refusals import FeatureOff, TooManyCodes
from acca.core.ticket_facts import Lane
from acca.outbound.wallets import Delivery, Target, Wallets
from acca.store.connection import Database
from acca.store.one_time import count_sent, get_number_for_update, save_number
from acca.store.rules import OperatorRules
from acca.wire.sms import NOTIFICATIONS, Otp

_CODE_BYTES, _NAME_BYTES = 16, 8


class Unsent(NamedTuple):
    """A code that nobody took until it expired: to whom it was to go, how often it was tried."""

    operator: str
    msisdn: str
    tries: int


@dataclass(frozen=True)
class Tools:
    """What sending needs of its process; `report` is told of what could not be sent."""

    database: Database
    wallets: Wallets
    monotonic: Callable[[], float]
    draw: Callable[[int], bytes]
    report: Callable[[Unsent], None]


class CodeSender:
    """Sends the codes of one process."""

    def __init__(self, tools: Tools) -> None:
        self._tools: Tools = tools
        self._sending: set[asyncio.Task[None]] = set()

    async def send(self, rules: OperatorRules, msisdn: str, target: Target) -> int:
        """Make a code for a number and begin to send it; tell for how many seconds it is valid.

        Raises FeatureOff, and TooManyCodes where number or operator have had too many.
        """
        settings = rules.rules.settings
        require_codes(rules)
        number, draw = normalise(msisdn), self._tools.draw
        code = make_code(draw(_CODE_BYTES), settings.otp_digits)
        async with self._tools.database.writer() as writer, writer.transaction():
            known, now = await get_number_for_update(writer, rules.operator.id, number)
            after = ask(known, keep(draw(SALT_BYTES), number, code, now), now)
            # Counted last: what the number may not have costs the operator nothing.
            if after is None or not await count_sent(
                writer, rules.operator.id, settings.otp_per_hour_max
            ):
                raise TooManyCodes
            await save_number(writer, rules.operator.id, number, after)
        task = asyncio.create_task(self._deliver(target, msisdn, code))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return int(VALID.total_seconds())

    async def drain(self) -> None:
        """Give up what is still being sent: the process ends."""
        for task in self._sending:
            _ = task.cancel()
        _ = await asyncio.gather(*self._sending, return_exceptions=True)

    async def _deliver(self, target: Target, msisdn: str, code: str) -> None:
        body = NOTIFICATIONS.render(Otp(code=code, msisdn=msisdn))
        name = f"otp-{self._tools.draw(_NAME_BYTES).hex()}"
        until = self._tools.monotonic() + VALID.total_seconds()
        tries = 0
        try:
            while True:
                tries += 1
                delivery = Delivery(Lane.SMS, body, name, tries)
                answer = await self._tools.wallets.deliver(target, delivery)
                if answer.verdict is Verdict.ACCEPTED:
                    return
                pause = pause_seconds(tries)
                if self._tools.monotonic() + pause >= until:
                    break
                await asyncio.sleep(pause)
        except asyncio.CancelledError:
            self._tools.report(Unsent(target.operator, msisdn, tries))
            raise
        self._tools.report(Unsent(target.operator, msisdn, tries))


def require_codes(rules: OperatorRules) -> None:
    """Raise FeatureOff where an operator has no one-time passwords."""
    settings = rules.rules.settings
    if Feature.OTP not in settings.features or settings.sms_url is None:
        raise FeatureOff(feature="OTP")
