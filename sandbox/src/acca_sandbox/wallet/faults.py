"""Faults that a wallet can be told to have: by action, with a probability, from seeded dice.

Money stays honest: a fault that answers 200 has done the call, one that answers anything else
before `drop` or `late` has not.

kind         done?  what the caller sees
slow         yes    the true answer, after `seconds`
error        no     500
cut          no     a closed connection
drop         yes    a closed connection
late         yes    the true answer, `seconds` after it was done
duplicate    twice  the answer of the second time
decline      no     400 with `code` and `message`
html         if 200 a page in HTML, with `status`
empty        yes    200 without a body
wrong_shape  yes    200 with JSON that is not what was asked for
huge         yes    200 with a body of 100 MB
"""

import random
from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal[
    "slow",
    "error",
    "cut",
    "drop",
    "late",
    "duplicate",
    "decline",
    "html",
    "empty",
    "wrong_shape",
    "huge",
]


class Fault(Struct, frozen=True, kw_only=True):
    """One fault; `times` bounds how often it happens, `action` may be `*` or `sms`."""

    kind: Kind
    action: str = "*"
    probability: Annotated[float, Meta(ge=0, le=1)] = 1
    times: Annotated[int, Meta(ge=1)] | None = None
    seconds: Annotated[float, Meta(ge=0, le=3600)] = 1
    status: Annotated[int, Meta(ge=200, le=599)] = 200
    code: int = 1000
    message: str = "Declined on demand"


class Faults:
    """The faults in force, and how often each has happened."""

    def __init__(self) -> None:
        self.in_force: list[Fault] = []
        self.happened: list[int] = []
        self._dice: random.Random = random.Random(0)  # noqa: S311 - seeded on purpose

    def set(self, faults: list[Fault], seed: int) -> None:
        """Replace the faults in force and begin their dice anew."""
        self.in_force = faults
        self.happened = [0] * len(faults)
        self._dice = random.Random(seed)  # noqa: S311 - seeded on purpose

    def draw(self, action: str) -> Fault | None:
        """Return the fault that this call has; the first one whose dice say so."""
        for place, fault in enumerate(self.in_force):
            if fault.action not in {action, "*"} or self.happened[place] == fault.times:
                continue
            if self._dice.random() < fault.probability:
                self.happened[place] += 1
                return fault
        return None
