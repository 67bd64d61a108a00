"""The floor under a ticket: its reading, signature, two calls and two saves in groups, no more.

Nothing is judged, rounded, limited, kept apart or recovered; it is what any engine has to do.
"""

import asyncio
import hmac
import os
import re
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import LiteralString, NamedTuple, cast

import asyncpg
import msgspec
import uvloop
from pyreqwest.client import Client, ClientBuilder

from acca.boot import calm_collector
from acca.store.queries import parse_queries

_FILE = "place_floor.sql"
_QUERIES = parse_queries(Path(__file__).with_name(_FILE).read_text(encoding="utf-8"), _FILE)
TABLES: tuple[LiteralString, ...] = tuple(
    _QUERIES[f"create_{each}"] for each in ("tickets", "states", "journal")
)
"""What makes the floor's own tables."""
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_TIMESTAMP = re.compile(rb"timestamp: *([0-9]+)", re.IGNORECASE)
_SIGNATURE = re.compile(rb"signature: *([0-9a-f]{64})", re.IGNORECASE)
_END = b"\r\n\r\n"
_HEAD = b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
_TIMEOUT = timedelta(seconds=10)


class Site(NamedTuple):
    """Where a server under measure works: its database, its wallet, and the operator's key."""

    url: str
    wallet: str
    key: str


class _Wish(msgspec.Struct):
    token: str
    price: int


class _Player(msgspec.Struct):
    player_id: str


class _Door:
    """Saves rows in groups: one save is under way, what comes meanwhile is the next."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", statement: str) -> None:
        self._pool: asyncpg.Pool[asyncpg.Record] = pool
        self._statement: str = statement
        self._waiting: list[tuple[tuple[object, ...], asyncio.Future[None]]] = []
        self._saving: asyncio.Task[None] | None = None

    async def save(self, *row: object) -> None:
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, saved))
        if self._saving is None:
            self._saving = asyncio.create_task(self._save_all())
        await saved

    async def _save_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            columns = map(list, zip(*(row for row, _ in batch), strict=True))
            _ = await self._pool.execute(self._statement, *columns)
            for _, saved in batch:
                saved.set_result(None)
        self._saving = None


class _Floor:
    """Places tickets with nothing but what has to be done."""

    def __init__(self, site: Site, pool: "asyncpg.Pool[asyncpg.Record]", client: Client) -> None:
        self._site: Site = site
        self._client: Client = client
        self._insert: _Door = _Door(pool, _QUERIES["insert_tickets"])
        self._update: _Door = _Door(pool, _QUERIES["open_tickets"])
        self._wishes: msgspec.json.Decoder[_Wish] = msgspec.json.Decoder(_Wish)
        self._players: msgspec.json.Decoder[_Player] = msgspec.json.Decoder(_Player)

    async def place(self, body: bytes) -> bytes:
        wish = self._wishes.decode(body)
        asked = b'{"action":"identify","data":{"token":"%b"}}' % wish.token.encode()
        player = self._players.decode(await self._call(asked)).player_id
        id_ = os.urandom(12)
        await self._insert.save(id_, player, body)
        told = b'{"action":"ticket_create","data":{"ticket_id":"%b"}}' % id_.hex().encode()
        _ = await self._call(told)
        await self._update.save(id_)
        return b'{"id":"%b","status":"open","price":%d}' % (id_.hex().encode(), wish.price)

    async def _call(self, body: bytes) -> bytes:
        timestamp = str(int(time.time()))  # noqa: TID251 - a process that is measured by itself
        signature = hmac.digest(self._site.key.encode(), timestamp.encode() + body, "sha256").hex()
        request = (
            self._client.post(self._site.wallet)
            .headers({"timestamp": timestamp, "signature": signature})
            .timeout(_TIMEOUT)
            .body_bytes(body)
            .build()
        )
        return bytes(await (await request.send()).bytes())

    def is_signed(self, head: bytes, body: bytes) -> bool:
        timestamp, signature = _TIMESTAMP.search(head), _SIGNATURE.search(head)
        if timestamp is None or signature is None:
            return False
        made = hmac.digest(self._site.key.encode(), timestamp[1] + body, "sha256").hex()
        return hmac.compare_digest(made.encode(), signature[1])


class _Talk(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, floor: _Floor) -> None:
        self._floor: _Floor = floor
        self._read: bytes = b""
        self._transport: asyncio.WriteTransport | None = None
        self._running: asyncio.Task[None] | None = None

    def connection_made(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, transport: asyncio.BaseTransport
    ) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, data: bytes
    ) -> None:
        self._read += data
        end = self._read.find(_END)
        found = _LENGTH.search(self._read, 0, end) if end >= 0 else None
        if found is None or len(self._read) < end + len(_END) + int(found[1]):
            return
        head, body = self._read[:end], self._read[end + len(_END) :]
        self._read = b""
        self._running = asyncio.create_task(self._answer(head, body))

    async def _answer(self, head: bytes, body: bytes) -> None:
        assert self._transport is not None, "what is read came over a connection"
        status, said = b"403 Forbidden", b"{}"
        if self._floor.is_signed(head, body):
            status, said = b"200 OK", await self._floor.place(body)
        self._transport.write(_HEAD % (status, len(said), said))


def serve_floor(site: Site, told: "Connection[int, None]") -> None:
    """Serve until the process is ended; tell the port."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(site, told))


async def _serve(site: Site, told: "Connection[int, None]") -> None:
    builder = ClientBuilder().no_proxy().http1_only().tcp_nodelay(enabled=True)
    pooled = asyncpg.create_pool(site.url, min_size=4, max_size=4)
    async with pooled as pool, builder.build() as client:
        floor = _Floor(site, pool, client)
        server = await asyncio.get_running_loop().create_server(
            lambda: _Talk(floor), "127.0.0.1", 0, backlog=1024
        )
        calm_collector()
        told.send(int(server.sockets[0].getsockname()[1]))
        await server.serve_forever()
