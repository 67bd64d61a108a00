"""Kill -9, spread evenly over the tickets of a storm."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import cycle

from acca_sandbox.storm.plan import StormPlan, Victim
from acca_sandbox.storm.processes import Group

_LOOK_SECONDS = 0.02


async def kill_now_and_then(
    plan: StormPlan, group: Group, until_answered: Callable[[int], Awaitable[None]]
) -> Counter[str]:
    """Kill each time that another share of the tickets is answered; tell who was killed."""
    killed: Counter[str] = Counter()
    victims = cycle(plan.victims)
    for number in range(plan.kills if plan.victims else 0):
        due = plan.tickets * (number + 1) // (plan.kills + 1)
        await until_answered(due)
        victim = next(victims)
        await kill(group, victim)
        killed[victim.value] += 1
    return killed


async def kill(group: Group, victim: Victim) -> None:
    """Kill one process of a kind, and have again what does not come back by itself."""
    match victim:
        case Victim.PARENT:
            await group.kill_parent()
        case Victim.DATABASE:
            await group.kill_database()
        case Victim.API | Victim.WORKER:
            await _kill_one(group, victim)


async def _kill_one(group: Group, victim: Victim) -> None:
    while True:
        if group.kill_one(victim.value):
            return
        # It is away still since the last time.
        await asyncio.sleep(_LOOK_SECONDS)
