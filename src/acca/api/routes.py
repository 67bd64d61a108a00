"""From ASGI to endpoints: one handler for each path, which always answers, numbers and measures.

Endpoints see a Call and return an Answer; what they raise becomes one here. Nothing of the
framework stands between, as parsing and rendering are ours.
"""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPMethod, HTTPStatus
from typing import NamedTuple, cast

from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException, NotFoundException
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler, asgi
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from acca.api.answers import Answer, answer_failure, not_found, refusing, wrong_method
from acca.api.bodies import let_flow_by
from acca.api.calls import Call, CallerGone, Incoming
from acca.api.measures import Measures
from acca.engine import Engine

_NOWHERE = "nowhere"
"""The route, for measurements, of requests that match none."""
_METHODS = frozenset(HTTPMethod)
_ANY_METHOD = list(HttpMethod)
_PREFIX_BYTES = 4

Endpoint = Callable[[Call], Awaitable[Answer]]


class Route(NamedTuple):
    """A path, its methods, and headers that stand on all its answers."""

    path: str
    endpoints: Mapping[str, Endpoint]
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Desk:
    """Where every request of a process is numbered, answered and measured."""

    def __init__(self, engine: Engine, measures: Measures) -> None:
        self._engine: Engine = engine
        self._measures: Measures = measures
        self._prefix: str = engine.random_bytes(_PREFIX_BYTES).hex()
        self._numbers: itertools.count[int] = itertools.count(1)

    def handler(self, route: Route) -> ASGIRouteHandler | HTTPRouteHandler:
        """Make the handler of a route."""

        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            # The server speaks nothing but HTTP: websockets are off.
            await self.answer(route, cast("HTTPScope", scope), receive, send)

        if "{" not in route.path:
            return asgi(route.path, copy_scope=False)(handle)

        # The framework hands a path with parts to no ASGI handler, but takes an application as
        # the answer of one of HTTP.
        async def hand_over() -> ASGIApp:
            return handle

        return HTTPRouteHandler(route.path, http_method=_ANY_METHOD)(hand_over)

    async def answer(self, route: Route, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer one request, unless its caller went away."""
        begun = self._engine.monotonic()
        call = Call(scope, Incoming(receive), self._next_id())
        try:
            answer = await self._ask(route, call)
        except CallerGone:
            return
        self._note(route.path, call.method, answer, self._engine.monotonic() - begun)
        await _send(send, call, _completed(answer, call.id, route.headers))

    def answer_nowhere(self, method: str, fault: Exception) -> Answer:
        """Answer what matches no route, or what the framework itself stumbles over."""
        call_id = self._next_id()
        answer = _answer_of(fault, call_id)
        if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self._engine.log.error("a request failed", request=call_id, exc_info=fault)
        self._note(_NOWHERE, method, answer, 0)
        return _completed(answer, call_id)

    def _next_id(self) -> str:
        return f"{self._prefix}-{next(self._numbers):x}"

    def _note(self, route: str, method: str, answer: Answer, seconds: float) -> None:
        known = method if method in _METHODS else "other"
        self._measures.note_request(route, known, answer.status, seconds)

    async def _ask(self, route: Route, call: Call) -> Answer:
        endpoint = route.endpoints.get(call.method)
        if endpoint is None:
            return wrong_method(", ".join(route.endpoints))
        try:
            return await endpoint(call)
        except CallerGone:
            raise
        except Exception as failure:  # noqa: BLE001 - whoever asks is answered, whatever happened
            answer = answer_failure(failure, call.id)
            self._log(route, call, answer, failure)
            return answer

    def _log(self, route: Route, call: Call, answer: Answer, failure: Exception) -> None:
        log = self._engine.log.bind(request=call.id, route=route.path, status=answer.status)
        match answer.status:
            case 500:
                log.error("a request failed", exc_info=failure)
            case 503:
                log.warning("a request found no database", fault=repr(failure))
            case _:
                log.debug("a request was refused", why=str(failure))


def _answer_of(fault: Exception, call_id: str) -> Answer:
    if isinstance(fault, NotFoundException):
        return not_found()
    if isinstance(fault, HTTPException):
        return refusing(fault.status_code, fault.status_code, fault.detail)
    return answer_failure(fault, call_id)


def _completed(answer: Answer, call_id: str, more: tuple[tuple[bytes, bytes], ...] = ()) -> Answer:
    number = (b"x-request-id", call_id.encode())
    status, body, headers, media = answer
    return Answer(status, body, (number, *headers, *more), media)


async def send_answer(send: Send, answer: Answer) -> None:
    """Send an answer to a caller that sends nothing any more."""
    await _send_head(send, answer)
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _send(send: Send, call: Call, answer: Answer) -> None:
    if call.body.whole:
        await send_answer(send, answer)
        return
    await _send_head(send, answer)
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    await let_flow_by(call)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_head(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.media),
        (b"content-length", b"%d" % len(answer.body)),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
