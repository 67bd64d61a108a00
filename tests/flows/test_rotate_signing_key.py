import asyncio

import asyncpg
import pytest
from receipts_seen import PRIVATE, PUBLIC
from settling_made import rows_changed
from ticket_lives import rows

from acca.flows.rotate_signing_key import make_first_key, rotate_signing_key
from acca.store.signing_keys import list_signing_keys, read_key_in_force
from acca.wire.ed25519 import key_id, public_of

OTHER = b"\1" * 32


async def in_force(database):
    async with database.reader() as reader:
        return await read_key_in_force(reader)


async def test_a_database_has_no_key_before_one_is_needed(database):
    assert None is await in_force(database)
    await make_first_key(database, PRIVATE)
    key = await in_force(database)
    assert (key_id(PUBLIC), PUBLIC, PRIVATE) == (key.public.id, key.public.public, key.private)


async def test_of_many_who_need_the_first_key_at_once_one_makes_it(database):
    privates = [bytes([number]) * 32 for number in range(8)]
    await asyncio.gather(*(make_first_key(database, private) for private in privates))
    assert [(1,)] == await rows(database, "SELECT count(*) FROM signing_key")


async def test_another_key_signs_from_now_on_and_the_old_one_stays_published(database):
    await make_first_key(database, PRIVATE)
    listed = await rotate_signing_key(database, OTHER, "test")
    assert [PUBLIC, public_of(OTHER)] == [key.public for key in listed]
    assert [False, True] == [key.retired is None for key in listed]
    assert OTHER == (await in_force(database)).private
    await make_first_key(database, PRIVATE)
    assert OTHER == (await in_force(database)).private


async def test_what_made_a_retired_key_sign_is_forgotten(database):
    await make_first_key(database, PRIVATE)
    await rotate_signing_key(database, OTHER, "test")
    query = "SELECT private_key FROM signing_key ORDER BY valid_from"
    assert [(None,), (OTHER,)] == await rows(database, query)


async def test_many_who_rotate_at_once_leave_one_key_that_signs(database):
    privates = [bytes([number]) * 32 for number in range(1, 6)]
    await asyncio.gather(*(rotate_signing_key(database, one, "test") for one in privates))
    async with database.reader() as reader:
        keys = await list_signing_keys(reader)
    assert (5, 1) == (len(keys), sum(key.retired is None for key in keys))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM signing_key",
        "UPDATE signing_key SET private_key = NULL",
        "UPDATE signing_key SET id = '0'",
    ],
)
async def test_no_key_is_deleted_or_changed_by_hand(database, statement):
    await make_first_key(database, PRIVATE)
    with pytest.raises(asyncpg.PostgresError):
        await rows_changed(database, statement)
