"""The feed's trace: batches that were taken, with their answers, and who is alive."""

from datetime import timedelta
from typing import cast

from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("feed.sql")


async def read_answer(reader: Reader, provider: int, sha256: bytes) -> bytes | None:
    """Read the answer that a batch had, None if it was not taken before."""
    found = await reader.value(_QUERIES["read_answer"], provider, sha256)
    assert found is None or isinstance(found, bytes), "an answer is bytes"
    return found


async def add_batch(writer: Writer, provider: int, sha256: bytes, answer: bytes) -> bool:
    """Keep the answer of a batch; False where the same batch was taken meanwhile."""
    kept: object = await writer.value(_QUERIES["add_batch"], provider, sha256, answer)
    return kept is not None


async def note_alive(writer: Writer, provider: int) -> None:
    """Note that a provider was heard of just now."""
    await writer.run(_QUERIES["note_alive"], provider)


async def forget_batches(writer: Writer, kept: timedelta, limit: int) -> int:
    """Delete at most so many batches that are older; return how many there were."""
    return cast("int", await writer.value(_QUERIES["forget_batches"], kept, limit))
