"""The storefront as an application: plain links and forms, which a little script makes quicker."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

import httpx2
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from acca_client.errors import AccaError, Refused
from acca_sandbox.storefront import words
from acca_sandbox.storefront.desk import SECURITY, Answer, Asked, Desk, Missing, Outdated
from acca_sandbox.storefront.looking import Looking
from acca_sandbox.storefront.selling import Selling
from acca_sandbox.storefront.shop import Shop
from acca_sandbox.storefront.slips import Unreadable
from acca_sandbox.storefront.ticket_page import TicketPage

_HERE = Path(__file__).parent
_TYPES = {
    "style.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_FILES = {name: (_HERE / name).read_bytes() for name in _TYPES}
_TOO_OLD = "This page is too old. Go back, load it again, and try once more."

Page = Callable[[Asked], Awaitable[Answer]]


def make_app(shop: Shop) -> Litestar:
    """Make the application of a shop."""
    desk = Desk(shop)
    selling, looking, ticket = Selling(desk), Looking(desk), TicketPage(desk)
    read: Method = "GET"
    sent: Method = "POST"
    routes: list[tuple[Method, str, Page]] = [
        (read, "/", selling.tips),
        (read, "/coupons", selling.coupons),
        (read, "/smart", selling.smart),
        (read, "/super", selling.superbets),
        (read, "/jackpot", selling.jackpot),
        (sent, "/slip", selling.slip),
        (sent, "/place", selling.place),
        (read, "/tickets", looking.tickets),
        (read, "/tickets/{id:str}", ticket.look),
        (sent, "/tickets/{id:str}/cash-out", ticket.cash_out),
        (sent, "/player", looking.choose),
        (sent, "/clock", looking.jump),
        (read, "/static/{name:str}", _static),
    ]
    handlers = [_route(desk, *route) for route in routes]
    return Litestar(route_handlers=handlers, openapi_config=None, logging_config=None)


def _route(desk: Desk, method: Method, path: str, page: Page) -> HTTPRouteHandler:
    async def answer(request: Asked) -> Response[bytes]:
        try:
            return await page(request)
        except (AccaError, Unreadable, Outdated, Missing, httpx2.HTTPError) as trouble:
            status, sentence = _apologise(trouble)
            return await desk.page(request, "sorry.html", status, sentence=sentence)

    return HTTPRouteHandler(path, http_method=method, status_code=HTTPStatus.OK)(answer)


def _apologise(trouble: Exception) -> tuple[HTTPStatus, str]:
    """Say why something was not done, and with which status."""
    match trouble:
        case Outdated():
            return HTTPStatus.FORBIDDEN, _TOO_OLD
        case Missing():
            return HTTPStatus.NOT_FOUND, str(trouble)
        case Unreadable():
            return HTTPStatus.BAD_REQUEST, str(trouble)
        case Refused():
            return HTTPStatus.BAD_REQUEST, words.advise(trouble)
        case AccaError():
            return HTTPStatus.BAD_GATEWAY, words.advise(trouble)
        case httpx2.HTTPError():
            return HTTPStatus.BAD_GATEWAY, "Your wallet is away. Try again in a moment."
        case _:
            raise trouble


async def _static(request: Asked) -> Answer:
    name = str(request.path_params["name"])
    if name not in _FILES:
        raise Missing("There is no such file.")
    headers = {"cache-control": "max-age=3600", **SECURITY}
    return Response(_FILES[name], media_type=_TYPES[name], headers=headers)
