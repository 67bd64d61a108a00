"""The table of duties: what a worker does, and how often."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from acca.core.cards.card import card_code
from acca.engine import Engine
from acca.flows.analyse_tables import analyse_tables
from acca.flows.check_codes import forget_codes
from acca.flows.close_tickets import close_tickets
from acca.flows.compose_cards import compose_due
from acca.flows.decide_approvals import decline_unapproved
from acca.flows.enter_results import forget_trials
from acca.flows.expire_reservations import expire_reservations
from acca.flows.forget_batches import forget_batches
from acca.flows.judge_postponements import judge_postponements
from acca.flows.number_stream import number_stream
from acca.flows.prepare_history import prepare_history
from acca.flows.prepare_months import prepare_months
from acca.flows.recover_tickets import recover_tickets
from acca.flows.settle_jackpots import advance_jackpots, judge_jackpots
from acca.flows.settle_tickets import list_job, look_for_work, settle_chunk, settle_opened
from acca.flows.suspend_silent import suspend_silent
from acca.store.connection import Database

_SECOND = 1.0
_LOOK_SECONDS = 0.05
"""From a result to the first wallet call it is looked three times, at most."""
_MINUTE_SECONDS = 60.0
_HOUR_SECONDS = 3600.0
_DAY_SECONDS = 24 * _HOUR_SECONDS

Work = Callable[[Engine], Awaitable[bool]]
"""Does a part, and tells whether more may be waiting: then it is called again at once."""


class Duty(NamedTuple):
    """What is done at the start of a worker and again on every beat.

    Workers of other processes do the same at the same time, so the work has to be safe for that.
    """

    name: str
    every_seconds: float
    work: Work


def _whole(flow: Callable[[Database], Awaitable[int]]) -> Work:
    """Make the work of a flow that does all there is at once."""

    async def work(engine: Engine) -> bool:
        _ = await flow(engine.database)
        return False

    return work


def _chunk(flow: Callable[[Database], Awaitable[int]]) -> Work:
    """Make the work of a flow that does the next few and tells how many."""

    async def work(engine: Engine) -> bool:
        return await flow(engine.database) > 0

    return work


async def _suspend_silent(engine: Engine) -> bool:
    silence = await suspend_silent(engine.database)
    if silence.stopped or silence.lifted:
        stopped, lifted = len(silence.stopped), len(silence.lifted)
        engine.log.warning("providers fell silent or came back", stopped=stopped, lifted=lifted)
    return False


async def _analyse_tables(engine: Engine) -> bool:
    await analyse_tables(engine.database)
    return False


async def _list_jobs(engine: Engine) -> bool:
    work = await look_for_work(engine.database)
    return work.jobs and await list_job(engine.database)


async def _settle(engine: Engine) -> bool:
    work = await look_for_work(engine.database)
    return work.chunks and await settle_chunk(engine.database)


async def _deliver(engine: Engine) -> bool:
    return await engine.deliverer.deliver(_SECOND)


async def _compose_cards(engine: Engine) -> bool:
    made = await compose_due(engine.database, lambda: card_code(engine.random_bytes))
    if made:
        engine.log.info("cards were composed", cards=made)
    return False


DUTIES: tuple[Duty, ...] = (
    Duty("suspend silent providers", _SECOND, _suspend_silent),
    Duty("recover tickets", _SECOND, _chunk(recover_tickets)),
    Duty("expire reservations", _SECOND, _chunk(expire_reservations)),
    Duty("decline unapproved tickets", _SECOND, _chunk(decline_unapproved)),
    Duty("list what has a result", _LOOK_SECONDS, _list_jobs),
    Duty("settle tickets", _LOOK_SECONDS, _settle),
    Duty("settle tickets that open late", _SECOND, _chunk(settle_opened)),
    Duty("judge jackpots", _SECOND, _chunk(judge_jackpots)),
    Duty("share out jackpots", _SECOND, _chunk(advance_jackpots)),
    Duty("judge postponements", _SECOND, _whole(judge_postponements)),
    Duty("close tickets", _SECOND, _chunk(close_tickets)),
    Duty("deliver messages", _LOOK_SECONDS, _deliver),
    Duty("compose cards", _MINUTE_SECONDS, _compose_cards),
    Duty("number the stream", _SECOND, _whole(number_stream)),
    Duty("analyse tables that fill", _SECOND, _analyse_tables),
    Duty("forget batches of feeds", _HOUR_SECONDS, _whole(forget_batches)),
    Duty("forget one-time passwords", _HOUR_SECONDS, _whole(forget_codes)),
    Duty("forget dry runs", _HOUR_SECONDS, _whole(forget_trials)),
    Duty("prepare the odds history", _DAY_SECONDS, _whole(prepare_history)),
    Duty("prepare months of tickets", _DAY_SECONDS, _whole(prepare_months)),
)
