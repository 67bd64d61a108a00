"""The deployment's own keys: one signs receipts, the public ones of all are kept for ever."""

import asyncpg

from acca.core.signing_key import PublicKey, SigningKey
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("signing_keys.sql")


async def hold_signing_keys(writer: Writer) -> None:
    """Let nobody else make a key until the transaction ends."""
    _ = await writer.value(_QUERIES["hold_signing_keys"])


async def read_key_in_force(reader: Reader) -> SigningKey | None:
    """Read the key that signs, None in a database that has none yet."""
    row = await reader.row(_QUERIES["read_key_in_force"])
    return None if row is None else SigningKey(_parse(row), row["private_key"])


async def list_signing_keys(reader: Reader) -> list[PublicKey]:
    """List the public part of all keys, the oldest first."""
    return [_parse(row) for row in await reader.rows(_QUERIES["list_signing_keys"])]


async def replace_signing_key(
    writer: Writer, id_: str, public: bytes, private: bytes, who: str
) -> None:
    """Retire the key that signs, if there is one, and add another; the transaction holds them."""
    await writer.run(_QUERIES["retire_signing_key"])
    await writer.run(_QUERIES["insert_signing_key"], id_, public, private, who)


def _parse(row: asyncpg.Record) -> PublicKey:
    return PublicKey(row["id"], row["public_key"], row["valid_from"], row["retired"])
