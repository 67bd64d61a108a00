"""A small HTTP client that sends whatever it is told to, byte for byte, and a signed batch."""

import asyncio
import contextlib
from typing import NamedTuple

import msgspec
from api.engines import NOW

from acca.core.keys import Secret
from acca_client.signature import Credentials, request_headers, request_headers_v2

SECRET = Secret(f"{1:064x}")
CREDENTIALS = Credentials("goals", SECRET.text)
JSON = ("content-type", "application/json")
ALIVE = b'{"entries":[{"kind":"alive"}]}'


class Response(NamedTuple):
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return msgspec.json.decode(self.body)


async def ask(port, method, path, headers=(), body=b""):
    """Send a request on a connection of its own, and read the answer to its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    told = [("host", "acca"), ("connection", "close"), *headers]
    if "content-length" not in dict(told):
        told.append(("content-length", str(len(body))))
    head = "".join(f"{name}: {value}\r\n" for name, value in told)
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    try:
        return _parse(await asyncio.wait_for(reader.read(), 30))
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def _parse(raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    headers = dict(field.split(": ", 1) for field in fields)
    return Response(int(line.split()[1]), headers, body)


def signed(body, credentials=CREDENTIALS, at=NOW, **changes):
    """List the headers of a batch; a change to None leaves a header out."""
    headers = {**request_headers(credentials, at, body), "content-type": JSON[1]}
    for name, value in changes.items():
        headers[name.replace("_", "-")] = value
    return [(name, value) for name, value in headers.items() if value is not None]


def signed_v2(body, path, method="POST", credentials=CREDENTIALS):
    return [*request_headers_v2(credentials, NOW, method, path, body).items(), JSON]


async def feed(port, body=ALIVE, headers=None, path="/feed"):
    return await ask(port, "POST", path, signed(body) if headers is None else headers, body)
