from datetime import timedelta

from acca.flows.forget_batches import CHUNK, forget_batches

FILL = """INSERT INTO feed_batch (provider, sha256, taken, answer)
    SELECT $1, sha256(number::text::bytea), now() - $2::interval, ''
    FROM generate_series($3::integer, $4::integer) AS number"""


async def test_batches_of_last_week_are_forgotten_and_younger_ones_kept(database, provider):
    async with database.writer() as writer:
        for age, first, last in ((169, 1, 2 * CHUNK + 1), (167, 0, 0)):
            await writer.run(FILL, provider, timedelta(hours=age), first, last)
    assert 2 * CHUNK + 1 == await forget_batches(database)
    assert 0 == await forget_batches(database)
    async with database.reader() as reader:
        assert 1 == await reader.value("SELECT count(*) FROM feed_batch")
