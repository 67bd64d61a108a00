"""How many calls to one wallet may run at once: more while it answers well, less when it fails."""

from typing import NamedTuple

from acca.core.delivery import Verdict

START, LEAST, MOST = 32, 2, 512
_STEPS = 1024
_CALLS_MEANT = 64
"""The usual duration is that of about so many calls."""
_SLOWER = 3
"""A call that takes so many times the usual is a sign that the wallet has enough."""


class Limit(NamedTuple):
    """The calls that may run at once, in 1024ths; `usual_ms` is how long one takes, in 64ths."""

    running: int = START * _STEPS
    usual_ms: int = 0

    @property
    def calls(self) -> int:
        """Tell how many calls may run."""
        return self.running // _STEPS


def after_call(limit: Limit, verdict: Verdict, duration_ms: int) -> Limit:
    """Adapt the limit to a call: one more for a full round of good ones.

    Half a call less where one was lost at once: a wallet that fails now and then is not overrun. A
    quarter less where one was lost after long, as that is what being overrun looks like.
    """
    usual = limit.usual_ms or duration_ms * _CALLS_MEANT
    is_slow = duration_ms * _CALLS_MEANT > _SLOWER * usual
    if verdict is Verdict.UNREACHED:
        step = -limit.running // 4 if is_slow else -_STEPS // 2
    else:
        usual += (duration_ms * _CALLS_MEANT - usual) // _CALLS_MEANT
        step = _STEPS * _STEPS // limit.running or 1
        step = -step if is_slow else step
    running = min(max(limit.running + step, LEAST * _STEPS), MOST * _STEPS)
    return Limit(running, usual)
