import asyncio
import datetime as dt

import pytest

from acca.core.keys import Holder, Secret, valid_keys
from acca.core.operating import HolderUnknown, KeyRefused
from acca.flows.advance_clock import advance_by
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.enrol_provider import enrol_provider
from acca.flows.rotate_key import add_key, retire_key
from acca.store.clock import read_clock
from acca.store.keys import list_keys

WHO = "a test"
HOUR, AT_ONCE = dt.timedelta(hours=1), dt.timedelta()


@pytest.fixture(params=Holder)
async def held(request, sandbox):
    """Enrol one of each, and return it with its kind: rotation is the same."""
    if request.param is Holder.OPERATOR:
        made = await enrol_operator(sandbox, Enrolment("acme"), secret(1), WHO)
        return request.param, made.operator.id
    made = await enrol_provider(sandbox, "acme", secret(1), WHO)
    return request.param, made.provider.id


def secret(number):
    return Secret(f"{number:064x}")


async def valid_of(database, held):
    async with database.reader() as reader:
        keys = await list_keys(reader, *held)
        return [key.number for key in valid_keys(keys, (await read_clock(reader)).now)]


async def test_a_key_is_rotated_without_a_gap(sandbox, held):
    await add_key(sandbox, held[0], "acme", secret(2), WHO)
    assert [2, 1] == await valid_of(sandbox, held)
    await retire_key(sandbox, held[0], "acme", 1, HOUR, WHO)
    assert [2, 1] == await valid_of(sandbox, held)
    await advance_by(sandbox, HOUR)
    assert [2] == await valid_of(sandbox, held)
    assert 3 == (await add_key(sandbox, held[0], "acme", secret(3), WHO)).number


async def test_however_many_are_added_at_once_two_are_valid(sandbox, held):
    adding = (add_key(sandbox, held[0], "acme", secret(n), WHO) for n in range(2, 8))
    found = await asyncio.gather(*adding, return_exceptions=True)
    refused = [each for each in found if isinstance(each, KeyRefused)]
    assert (5, [2, 1]) == (len(refused), await valid_of(sandbox, held))
    assert "Keys 1 and 2 are valid" in str(refused[0])


async def test_of_two_that_retire_each_others_key_one_is_refused(sandbox, held):
    await add_key(sandbox, held[0], "acme", secret(2), WHO)
    both = await asyncio.gather(
        *(retire_key(sandbox, held[0], "acme", number, AT_ONCE, WHO) for number in (1, 2)),
        return_exceptions=True,
    )
    assert 1 == sum(isinstance(each, KeyRefused) for each in both)
    assert 1 == len(await valid_of(sandbox, held))


async def test_a_key_that_is_not_there_or_gone_is_not_retired(sandbox, held):
    with pytest.raises(KeyRefused, match="the last one that stays valid"):
        await retire_key(sandbox, held[0], "acme", 1, AT_ONCE, WHO)
    await add_key(sandbox, held[0], "acme", secret(2), WHO)
    await retire_key(sandbox, held[0], "acme", 1, AT_ONCE, WHO)
    with pytest.raises(KeyRefused, match="retired already"):
        await retire_key(sandbox, held[0], "acme", 1, AT_ONCE, WHO)
    with pytest.raises(KeyRefused, match="There is no key 7"):
        await retire_key(sandbox, held[0], "acme", 7, AT_ONCE, WHO)


@pytest.mark.parametrize("holder", Holder)
async def test_nobodys_keys_are_not_rotated(database, holder):
    with pytest.raises(HolderUnknown, match=f"There is no {holder.value} nobody"):
        await add_key(database, holder, "nobody", secret(1), WHO)
