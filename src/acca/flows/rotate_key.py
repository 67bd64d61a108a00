"""Rotate the keys of an operator or a provider: add one, and retire the other later."""

from datetime import timedelta

from acca.core.keys import Holder, Key, Secret, why_it_stays, why_none_is_added
from acca.core.operating import KeyRefused
from acca.store import keys
from acca.store.clock import read_clock
from acca.store.connection import Database, Writer
from acca.store.operators import get_operator_for_update
from acca.store.providers import get_provider_for_update


async def add_key(database: Database, holder: Holder, name: str, secret: Secret, who: str) -> Key:
    """Add a key, which signs from now on; the older one stays valid until it is retired."""
    async with database.writer() as writer, writer.transaction():
        holder_id = await _hold(writer, holder, name)
        present = await keys.list_keys(writer, holder, holder_id)
        _judge(why_none_is_added(present, (await read_clock(writer)).now))
        return await keys.insert_key(writer, holder, holder_id, secret, who)


async def retire_key(
    database: Database, holder: Holder, name: str, number: int, delay: timedelta, who: str
) -> Key:
    """Retire a key after a delay; until its end has come, it may be set anew."""
    async with database.writer() as writer, writer.transaction():
        holder_id = await _hold(writer, holder, name)
        present = await keys.list_keys(writer, holder, holder_id)
        now = (await read_clock(writer)).now
        _judge(why_it_stays(present, number, now))
        return await keys.retire_key(writer, holder, holder_id, number, now + delay, who)


async def _hold(writer: Writer, holder: Holder, name: str) -> int:
    if holder is Holder.OPERATOR:
        return (await get_operator_for_update(writer, name)).id
    return (await get_provider_for_update(writer, name)).id


def _judge(why_not: str | None) -> None:
    if why_not is not None:
        raise KeyRefused(why_not)
