"""The deployment's signing key: made where there is none, and replaced by another."""

from acca.core.signing_key import PublicKey
from acca.store.connection import Database
from acca.store.signing_keys import (
    hold_signing_keys,
    list_signing_keys,
    read_key_in_force,
    replace_signing_key,
)
from acca.wire.ed25519 import key_id, public_of

AT_FIRST_NEED = "at first need"


async def make_first_key(database: Database, private: bytes, who: str = AT_FIRST_NEED) -> None:
    """Add a key unless there is one; of two who come at once the second finds that of the first."""
    async with database.writer() as writer, writer.transaction():
        await hold_signing_keys(writer)
        if await read_key_in_force(writer) is None:
            public = public_of(private)
            await replace_signing_key(writer, key_id(public), public, private, who)


async def rotate_signing_key(database: Database, private: bytes, who: str) -> list[PublicKey]:
    """Let another key sign from now on; return all public ones, the new one last."""
    async with database.writer() as writer, writer.transaction():
        await hold_signing_keys(writer)
        public = public_of(private)
        await replace_signing_key(writer, key_id(public), public, private, who)
        return await list_signing_keys(writer)
