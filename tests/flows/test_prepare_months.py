import asyncio
import datetime as dt

from acca.flows.advance_clock import advance_by
from acca.flows.prepare_months import prepare_months

PARENTS = 4


async def test_two_duties_at_once_make_each_month_once(database):
    made = await asyncio.gather(prepare_months(database), prepare_months(database))
    assert [0, 3 * PARENTS] == sorted(made)


async def test_a_jump_of_a_sandbox_makes_the_months_after_it(sandbox):
    await prepare_months(sandbox)
    await advance_by(sandbox, dt.timedelta(days=400))
    assert 3 * PARENTS == await prepare_months(sandbox)
    assert 0 == await prepare_months(sandbox)
