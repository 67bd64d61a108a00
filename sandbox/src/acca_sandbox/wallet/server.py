"""The wallet over HTTP: a bare ASGI application, because load tests lean on its one hot path.

`POST /pam` and `POST /sms` are Acca's side, signed; `/control/*` is ours, unsigned; all else is
pages for people.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from acca_sandbox.clock import VirtualClock
from acca_sandbox.wallet.asked import Asked
from acca_sandbox.wallet.control import Control
from acca_sandbox.wallet.faults import Fault, Faults
from acca_sandbox.wallet.pages import Pages
from acca_sandbox.wallet.wallet import OK, Answer, Request, Wallet, say

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_BODY_MAX = 1 << 20
_HUGE_CHUNKS, _HUGE_CHUNK = 100, b" " * 1_000_000
_JSON = (b"content-type", b"application/json")
_HTML = (b"content-type", b"text/html; charset=utf-8")
_LINES = (b"content-type", b"application/x-ndjson")
_SECURITY = (
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; form-action 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
_CONNECTION = "acca.connection"
_PAGE = b"<!doctype html><title>Maintenance</title><p>We are back soon.</p>"
_FROM_ERRORS = 400


class Closable(HttpToolsProtocol):
    """HTTP that lets the application close a connection without an answer."""

    def on_message_begin(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self,
    ) -> None:
        """Hand the connection to the application with each request."""
        super().on_message_begin()
        self.scope["extensions"] = {_CONNECTION: {"transport": self.transport}}


class WalletApp:
    """Answers the requests of Acca and of the control API."""

    def __init__(self, wallet: Wallet, faults: Faults, clock: VirtualClock | None = None) -> None:
        self._wallet: Wallet = wallet
        self._faults: Faults = faults
        self._control: Control = Control(wallet, faults)
        self._pages: Pages = Pages(wallet, faults, clock)
        self._stopping: asyncio.Event = asyncio.Event()

    def stop(self) -> None:
        """End every pause of a fault, so that the server can end."""
        self._stopping.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _read(receive)
        if body is None:
            await _send(send, say(413, 413, "The body is too long"))
        elif scope["path"] in {"/pam", "/sms"}:
            await self._answer_acca(scope, body, receive, send)
        elif scope["path"].startswith("/control/"):
            await self._answer_control(scope, body, send)
        else:
            await self._answer_browser(scope, body, send)

    async def _answer_browser(self, scope: Message, body: bytes, send: Send) -> None:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        headers = dict(scope["headers"])
        asked = Asked(scope["method"], scope["path"], query, headers, body)
        page = await self._pages.answer(asked)
        more = [] if page.location is None else [(b"location", page.location.encode())]
        kind = (b"content-type", page.content_type)
        length = (b"content-length", b"%d" % len(page.body))
        start = {"type": "http.response.start", "status": page.status}
        await send({**start, "headers": [kind, length, *_SECURITY, *more]})
        await send({"type": "http.response.body", "body": page.body})

    async def _answer_acca(self, scope: Message, body: bytes, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await _send(send, say(405, 405, "Only POST is answered here"))
            return
        wallet = self._wallet
        take = wallet.receive_call if scope["path"] == "/pam" else wallet.receive_sms
        request = take(dict(scope["headers"]), body)
        if isinstance(request, Answer):
            wallet.calls["refused"] += 1
            await _send(send, request)
            return
        wallet.calls[request.action] += 1
        fault = self._faults.draw(request.action) if self._faults.in_force else None
        if fault is None:
            await _send(send, request.do())
        else:
            self._note(fault, request.action, dict(scope["headers"]))
            await self._fail(fault, request, _Exchange(scope, receive, send))

    async def _answer_control(self, scope: Message, body: bytes, send: Send) -> None:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        path = scope["path"].removeprefix("/control/")
        answer = self._control.answer(scope["method"], path, query, body)
        lines = path == "export" and answer.status == OK.status
        await _send(send, answer, _LINES if lines else _JSON)

    def _note(self, fault: Fault, action: str, headers: Mapping[bytes, bytes]) -> None:
        delivery_id, attempt = headers.get(b"delivery-id", b""), headers.get(b"attempt", b"")
        told = self._wallet.now_ms(), action, fault.kind
        if action.startswith("ticket_"):
            self._wallet.heard.add_fault(delivery_id, attempt, told)

    async def _fail(self, fault: Fault, request: Request, exchange: "_Exchange") -> None:
        if fault.kind in {"slow", "late"}:
            await self._fail_in_time(fault, request, exchange)
        elif fault.kind in {"cut", "drop"}:
            if fault.kind == "drop":
                _ = request.do()
            await exchange.close()
        else:
            await _fail_in_words(fault, request, exchange.send)

    async def _fail_in_time(self, fault: Fault, request: Request, exchange: "_Exchange") -> None:
        if fault.kind == "slow":
            await self._pause(fault.seconds)
            answer = request.do()
        else:
            answer = request.do()
            await self._pause(fault.seconds)
        await _send(exchange.send, answer)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                _ = await self._stopping.wait()
        except TimeoutError:
            return


class _Exchange:
    """A request that is not going to be answered as it should be."""

    def __init__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.send: Send = send
        self._scope: Message = scope
        self._receive: Receive = receive

    async def close(self) -> None:
        """Close the connection, and return when it is closed."""
        self._scope["extensions"][_CONNECTION]["transport"].close()
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _fail_in_words(fault: Fault, request: Request, send: Send) -> None:
    match fault.kind:
        case "error":
            await _send(send, say(500, 500, "Failed on demand"))
        case "decline":
            await _send(send, say(400, fault.code, fault.message))
        case "html":
            if fault.status < _FROM_ERRORS:
                _ = request.do()
            await _send(send, Answer(fault.status, _PAGE), _HTML)
        case "duplicate":
            _ = request.do()
            await _send(send, request.do())
        case "huge":
            _ = request.do()
            await _send_huge(send)
        case _:
            _ = request.do()
            wrong = b"" if fault.kind == "empty" else b'["player",{"id":17}]'
            await _send(send, Answer(200, wrong))


async def _read(receive: Receive) -> bytes | None:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _BODY_MAX:
            return None
    return body


async def _send(send: Send, answer: Answer, content_type: tuple[bytes, bytes] = _JSON) -> None:
    length = (b"content-length", b"%d" % len(answer.body))
    headers = [content_type, length]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _send_huge(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [_JSON]})
    for _ in range(_HUGE_CHUNKS):
        await send({"type": "http.response.body", "body": _HUGE_CHUNK, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
