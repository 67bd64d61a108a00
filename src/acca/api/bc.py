"""The routes of the Bet Card API: unsigned, for browsers of any origin, polled by every phone."""

from collections.abc import Mapping, Sequence

from acca.api.answers import Answer
from acca.api.bc_cards import Cards
from acca.api.bc_composing import Composing
from acca.api.bc_offer import Offer
from acca.api.bc_operators import Operators
from acca.api.calls import Call
from acca.api.measures import Measures
from acca.api.routes import Endpoint, Route
from acca.core.ticket import TicketType
from acca.engine import Engine

PATHS: Mapping[TicketType, str] = {
    TicketType.JACKPOT: "/bc/jackpots",
    TicketType.QUICKTIP: "/bc/quicktips",
    TicketType.SMARTBET: "/bc/smartbets",
    TicketType.QUICKBET: "/bc/quickbets",
    TicketType.SUPERBET: "/bc/superbets",
}
_OPEN_TO_ALL = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, x-request-id, retry-after"),
)
_PREFLIGHT_SECONDS = b"86400"


def bc_routes(engine: Engine, _measures: Measures) -> Sequence[Route]:
    """List the routes of the Bet Card API."""
    operators = Operators(engine)
    offer = Offer(engine.database, engine.monotonic)
    cards = Cards(engine, operators, offer)
    composing = Composing(engine, operators, offer, cards)
    more: dict[TicketType, dict[str, Endpoint]] = {
        TicketType.SMARTBET: {"POST": composing.smartbet},
        TicketType.JACKPOT: {"POST": composing.jackpot},
    }
    routes = [_route("/bc/calculator/finance-details", {"GET": composing.finance_details})]
    for type_, path in PATHS.items():
        routes.append(_route(path, {"GET": cards.lister(type_)}))
        one = {"GET": cards.shower(type_), **more.get(type_, {})}
        routes.append(_route(f"{path}/{{code:str}}", one))
    return routes


def _route(path: str, endpoints: Mapping[str, Endpoint]) -> Route:
    methods = ", ".join((*endpoints, "OPTIONS")).encode()
    preflight = Answer(
        204,
        b"",
        (
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", b"content-type, if-none-match"),
            (b"access-control-max-age", _PREFLIGHT_SECONDS),
        ),
    )

    async def allow(_: Call) -> Answer:
        return preflight

    return Route(path, {**endpoints, "OPTIONS": allow}, _OPEN_TO_ALL)
