"""The short way in: requests for paths without parts go to their routes past the framework.

It takes only what the framework would hand over as it is; all that is odd goes there.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import cast

from litestar import Litestar
from litestar.types import HTTPScope, Receive, Scope, Send

from acca.api.answers import Answer
from acca.api.routes import Desk, Route, send_answer

_PLAIN_HOST = re.compile(rb"[0-9A-Za-z.:-]*", re.ASCII)
"""Fewer hosts than the framework lets pass."""

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Nowhere = Callable[[HTTPScope, Exception], Answer]


def build_lane(app: Litestar, desk: Desk, routes: Iterable[Route], nowhere: Nowhere) -> Application:
    """Put the short way before the framework, for those of its routes that have plain paths."""
    plain = {route.path: route for route in routes if "{" not in route.path}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        route = plain.get(scope["path"])
        # The server speaks nothing but HTTP: websockets are off.
        head = cast("HTTPScope", scope)
        if route is None or not _is_plain(head):
            await app(scope, receive, send)
        else:
            await answer_plain(route, head, receive, send)

    async def answer_plain(route: Route, scope: HTTPScope, receive: Receive, send: Send) -> None:
        try:
            await desk.answer(route, scope, receive, send)
        except Exception as fault:  # noqa: BLE001 - as the framework does it for all other paths
            await send_answer(send, nowhere(scope, fault))

    return answer


def _is_plain(scope: HTTPScope) -> bool:
    for name, value in scope["headers"]:
        if name == b"host":
            return _PLAIN_HOST.fullmatch(value) is not None
    return False
