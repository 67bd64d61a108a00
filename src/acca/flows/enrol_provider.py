"""Enrol a provider: its name and first key."""

from typing import NamedTuple

from acca.core.keys import Holder, Key, Secret
from acca.core.operating import NameTaken
from acca.store.connection import Database
from acca.store.keys import insert_key
from acca.store.providers import Provider, insert_provider


class EnrolledProvider(NamedTuple):
    """What was made."""

    provider: Provider
    key: Key


async def enrol_provider(
    database: Database, name: str, secret: Secret, who: str
) -> EnrolledProvider:
    """Enrol a provider, or raise NameTaken."""
    async with database.writer() as writer, writer.transaction():
        provider = await insert_provider(writer, name, who)
        if provider is None:
            raise NameTaken(Holder.PROVIDER, name)
        key = await insert_key(writer, Holder.PROVIDER, provider.id, secret, who)
        return EnrolledProvider(provider, key)
