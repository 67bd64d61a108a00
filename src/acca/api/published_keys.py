"""`/.well-known/acca-keys.json`: the public keys that receipts are checked with, for anyone."""

from collections.abc import Sequence

from acca.api.answers import Answer
from acca.api.calls import Call
from acca.api.measures import Measures
from acca.api.routes import Route
from acca.api.tagged import Tagged, answer_tagged, tag
from acca.engine import Engine
from acca.flows.rotate_signing_key import make_first_key
from acca.store.signing_keys import list_signing_keys
from acca.wire.ed25519 import KEY_BYTES
from acca.wire.receipts import render_keys

PATH = "/.well-known/acca-keys.json"
_AGE_SECONDS_MAX = 0.8
"""Whoever asks again and again must not take connections away from tickets."""
_HEADERS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, x-request-id, retry-after"),
)
_CACHED = (b"cache-control", b"public, max-age=300")


class PublishedKeys:
    """The keys as this process read them last."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Engine = engine
        self._read: float = 0
        self._tagged: Tagged | None = None

    async def get(self, call: Call) -> Answer:
        """Show the public keys, the oldest first."""
        now = self._engine.monotonic()
        if self._tagged is None or now - self._read > _AGE_SECONDS_MAX:
            self._tagged, self._read = tag(await self._render(), _CACHED), now
        return answer_tagged(call, self._tagged)

    async def _render(self) -> bytes:
        async with self._engine.database.reader() as reader:
            keys = await list_signing_keys(reader)
        if not keys:
            await make_first_key(self._engine.database, self._engine.random_bytes(KEY_BYTES))
            async with self._engine.database.writer() as writer:
                keys = await list_signing_keys(writer)
        return render_keys(keys)


def key_routes(engine: Engine, _measures: Measures) -> Sequence[Route]:
    """List the one route of the keys."""
    return [Route(PATH, {"GET": PublishedKeys(engine).get}, _HEADERS)]
