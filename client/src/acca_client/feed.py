"""What a provider tells of events, odds and results: sent in signed batches to `/feed`.

Entries are the documented objects, `{"kind": "odds", "event": …, "version": …, …}`, with odds as
`Decimal` or integers. A batch may safely be sent again: an older version never overwrites a newer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import httpx2

from acca_client.conversation import Call, Caller, Means, Patience, read_defect
from acca_client.documents import Malformed, Members, array, integer, text, write
from acca_client.errors import Defect
from acca_client.signature import Credentials
from acca_client.transport import AsyncConnections, SyncConnections

ENTRIES_MAX = 1_000
"""How many entries go in one batch."""

BATCH_BYTES_MAX = 3_670_016
"""How long a batch may become, 3.5 MiB; a longer entry goes alone, for the server to judge."""

Entry = Mapping[str, object]

_HEAD, _TAIL = b'{"entries":[', b"]}"
_PATH = "/feed"
_PATIENCE = Patience(total_seconds=120.0, try_seconds=60.0)
"""A batch may take longer than a ticket."""
_MEANS = Means()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the entry at `index` of those that were sent.

    `verdict` is `applied`, `unchanged`, `stale`, `suspicious`, `refused` (`message` says why) or
    `defective` (`detail` says why). `event` is the provider's key, `event_id` Acca's id of it.
    """

    index: int
    verdict: str
    message: str | None
    event: str | None
    event_id: int | None = None
    detail: tuple[Defect, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Batch:
    """The bytes of one request, the index of its first entry, and how many there are."""

    body: bytes
    first: int
    count: int


def batches(entries: Sequence[Entry]) -> Iterator[Batch]:
    """Write entries in their order, into as few batches as the limits allow."""
    gathered: list[bytes] = []
    first, length = 0, len(_HEAD + _TAIL)
    for index, entry in enumerate(entries):
        written = write(entry)
        full = len(gathered) >= ENTRIES_MAX or length + len(written) > BATCH_BYTES_MAX
        if gathered and full:
            yield _batch(gathered, first)
            gathered, first, length = [], index, len(_HEAD + _TAIL)
        gathered.append(written)
        length += len(written) + 1
    if gathered:
        yield _batch(gathered, first)


def _batch(written: Sequence[bytes], first: int) -> Batch:
    return Batch(_HEAD + b",".join(written) + _TAIL, first, len(written))


def _call(batch: Batch) -> Call[list[Verdict]]:
    def read(token: object) -> list[Verdict]:
        told = Members(token, "answer").take("verdicts", array(_read_verdict))
        if [verdict.index for verdict in told] != list(range(batch.count)):
            raise Malformed("the verdicts are not those of the entries")
        return [_moved(verdict, batch.first) for verdict in told]

    return Call("POST", _PATH, read, batch.body)


def _read_verdict(token: object, place: str) -> Verdict:
    members = Members(token, place)
    return Verdict(
        index=members.take("entry", integer),
        verdict=members.take("verdict", text),
        message=members.maybe("message", text),
        event=members.maybe("event", text),
        event_id=members.maybe("event_id", integer),
        detail=members.maybe("detail", array(read_defect)) or (),
    )


def _moved(told: Verdict, first: int) -> Verdict:
    return Verdict(
        told.index + first, told.verdict, told.message, told.event, told.event_id, told.detail
    )


class FeedClient:
    """Sends entries in the name of a provider; blocks until their verdicts are there."""

    def __init__(
        self,
        base_url: str,
        provider: str,
        key: str,
        *,
        patience: Patience = _PATIENCE,
        means: Means = _MEANS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        caller = Caller(base_url, Credentials(provider, key), patience, means)
        self._connections: SyncConnections = SyncConnections(caller, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def send(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Send entries in their order, and return one verdict for each; AccaError on failure.

        After a failure it is safe to send all of them again.
        """
        return [
            verdict
            for batch in batches(entries)
            for verdict in self._connections.call(_call(batch))
        ]


class AsyncFeedClient:
    """Sends entries in the name of a provider, on asyncio."""

    def __init__(
        self,
        base_url: str,
        provider: str,
        key: str,
        *,
        patience: Patience = _PATIENCE,
        means: Means = _MEANS,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        caller = Caller(base_url, Credentials(provider, key), patience, means)
        self._connections: AsyncConnections = AsyncConnections(caller, transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    async def send(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Send entries in their order, and return one verdict for each; AccaError on failure.

        After a failure it is safe to send all of them again.
        """
        return [
            verdict
            for batch in batches(entries)
            for verdict in await self._connections.call(_call(batch))
        ]
