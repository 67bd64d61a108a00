"""Jackpots are settled all tickets together: judged, counted, shared out, paid, each step once.

A step ends when nothing of it is left to be done: tickets are counted and settled in chunks like
any others. Only then the jackpot, which is held, takes the next step.
"""

from collections.abc import Sequence
from functools import reduce

from acca.core.jackpot_judging import Decided, DrawDue, Refunded, Waiting, judge_card
from acca.core.jackpot_settling import Tally, add_tallies, prize_tiers
from acca.core.operating import OperatingRefused
from acca.core.public_draw import Drawn, commit_to, hold_draw
from acca.store import jackpots
from acca.store.connection import Database, Writer
from acca.store.jackpots import HeldJackpot
from acca.store.operators import get_operator


class DrawRefused(OperatingRefused):
    """Nothing was drawn, and the sentence says why."""


async def judge_jackpots(database: Database) -> int:
    """Judge the jackpot that is due the longest; tell whether there was one."""
    async with database.writer() as writer, writer.transaction():
        held = await jackpots.get_due_for_update(writer)
        if held is None:
            return 0
        await _judge(writer, held)
        return 1


async def _judge(writer: Writer, held: HeldJackpot) -> None:
    board = await jackpots.read_board(writer, held)
    verdict = judge_card(held.body, board.seen, board.now, board.drawn)
    if isinstance(verdict, DrawDue):
        seed = await _find_seed(writer, held)
        if seed is None:
            # Whoever holds the seed has to draw; until then nobody can.
            await jackpots.put_off(writer, held, None)
            return
        drawn = hold_draw(seed, held.card, verdict.places, verdict.scores)
        await jackpots.add_drawn(writer, held.operator, held.card, drawn)
        board = await jackpots.read_board(writer, held)
        verdict = judge_card(held.body, board.seen, board.now, board.drawn)
        assert not isinstance(verdict, DrawDue), "what is drawn is drawn once"
    if isinstance(verdict, Waiting):
        await jackpots.put_off(writer, held, verdict.until)
    elif verdict == await jackpots.read_outcome(writer, held.operator, held.card):
        await jackpots.put_off(writer, held, None)
    else:
        if isinstance(verdict, Refunded):
            await jackpots.give_back_pool(writer, held)
        await jackpots.add_version(writer, held, verdict)


async def _find_seed(writer: Writer, held: HeldJackpot) -> bytes | None:
    if held.commitment is None:
        return None
    return await jackpots.find_seed(writer, held.operator, held.commitment)


async def advance_jackpots(database: Database) -> int:
    """Take the next step of a jackpot whose tickets are all counted, or settled; tell if any."""
    async with database.writer() as writer, writer.transaction():
        held = await jackpots.get_done_for_update(writer)
        if held is None:
            return 0
        if held.step == "settle":
            await jackpots.finish(writer, held)
        else:
            await _share_out(writer, held)
        return 1


async def _share_out(writer: Writer, held: HeldJackpot) -> None:
    outcome = await jackpots.read_outcome(writer, held.operator, held.card)
    assert isinstance(outcome, Decided), "only what is decided is counted"
    counted = _add_up(await jackpots.read_tallies(writer, held), len(held.body.tiers))
    pool = await jackpots.read_pool(writer, held)
    prizes = prize_tiers(held.body, outcome.prize_rate, counted, pool.carried_in_cents)
    await jackpots.add_prizes(writer, held, prizes, pool)


def _add_up(tallies: Sequence[Tally], tiers: int) -> Tally:
    return reduce(add_tallies, tallies, Tally(0, (0,) * tiers))


async def make_seed(database: Database, operator: str, seed: bytes, who: str) -> str:
    """Keep the seed of a public draw, and return the commitment that a card has to show."""
    async with database.writer() as writer:
        found = await get_operator(writer, operator)
        commitment = commit_to(seed)
        await jackpots.add_seed(writer, found.id, commitment, seed, who)
        return commitment


async def enter_drawn(
    database: Database, operator: str, card: str, drawn: Sequence[Drawn], who: str
) -> None:
    """Keep outcomes that were drawn elsewhere, as facts of a card beside the results."""
    async with database.writer() as writer, writer.transaction():
        found = await get_operator(writer, operator)
        if not await jackpots.wake_jackpot(writer, found.id, card):
            raise DrawRefused(f"{operator} has no jackpot {card} that can still be judged.")
        known = {one.place for one in await jackpots.read_drawn(writer, found.id, card)}
        again = sorted({one.place for one in drawn} & known)
        if again:
            raise DrawRefused(f"Already drawn, and that stays: {', '.join(map(str, again))}.")
        await jackpots.add_drawn(writer, found.id, card, drawn, who)


async def judge_jackpot(database: Database, operator: str, card: str) -> None:
    """Judge one jackpot at once, and hold its draw where that is due."""
    async with database.writer() as writer, writer.transaction():
        found = await get_operator(writer, operator)
        held = await jackpots.get_for_update(writer, found.id, card)
        if held is None:
            raise DrawRefused(f"{operator} has no jackpot {card} that can still be judged.")
        if held.step == "wait":
            await _judge(writer, held)
