"""The catalogue as tests look at it: what stands of a provider's events, without any ids."""

from typing import NamedTuple

from acca.core.catalogue.offer import Offer
from acca.core.catalogue.standing import Standing
from acca.store.events import lock_events
from acca.store.odds import lock_offers
from acca.store.results import read_results


class Seen(NamedTuple):
    """One event as it is written."""

    id: int
    standing: Standing
    offer: Offer
    results: list


async def see(database, provider, *keys):
    """Read events by their keys, all that there are where none is named."""
    async with database.writer() as writer, writer.transaction():
        if not keys:
            rows = await writer.rows("SELECT key FROM event WHERE provider = $1", provider)
            keys = [row["key"] for row in rows]
        standings = await lock_events(writer, provider, keys)
        offers = await lock_offers(writer, provider, keys)
        return {
            key: Seen(
                each.id,
                each.standing,
                Offer(*map(list, offers[key].offer)),
                await read_results(writer, each.id),
            )
            for key, each in standings.items()
        }


async def see_one(database, provider, key="x1"):
    return (await see(database, provider, key))[key]


async def columns_of(database, event):
    """Read what an acceptance of tickets judges by."""
    async with database.reader() as reader:
        query = "SELECT state, stops, closed FROM event WHERE id = $1"
        return tuple(await reader.row(query, event))


async def add_provider(database, name):
    """Add a provider and return its id."""
    async with database.writer() as writer:
        query = "INSERT INTO provider (name, who) VALUES ($1, 'a test') RETURNING id"
        return await writer.value(query, name)
