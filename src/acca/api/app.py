"""The application of one process: its groups of routes, and an answer for all that is none."""

from collections.abc import Callable, Sequence

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.types import HTTPScope

from acca.api.answers import Answer
from acca.api.bc import bc_routes
from acca.api.be import be_routes
from acca.api.documents import document_routes
from acca.api.feed import feed_routes
from acca.api.health import health_routes
from acca.api.lane import Application, build_lane
from acca.api.measures import Measures
from acca.api.published_keys import key_routes
from acca.api.routes import Desk, Route
from acca.api.signing import OFFER
from acca.engine import Engine

AnyRequest = Request[object, object, State]
Group = Callable[[Engine, Measures], Sequence[Route]]

GROUPS: tuple[Group, ...] = (
    health_routes,
    feed_routes,
    be_routes,
    bc_routes,
    key_routes,
    document_routes,
)
"""Each group of paths makes its routes from the engine."""
_SIGNED = ("/be/", "/feed/")
"""Below these, version 2 is offered even where nothing is."""


def build_app(engine: Engine, measures: Measures, groups: Sequence[Group] = GROUPS) -> Application:
    """Build the application of a process."""
    desk = Desk(engine, measures)
    routes = [route for group in groups for route in group(engine, measures)]

    def answer_nowhere(scope: HTTPScope, fault: Exception) -> Answer:
        answer = desk.answer_nowhere(scope["method"], fault)
        if scope["path"].startswith(_SIGNED):
            return answer._replace(headers=(*answer.headers, OFFER))
        return answer

    def respond_nowhere(request: AnyRequest, fault: Exception) -> Response[bytes]:
        return _response(answer_nowhere(request.scope, fault))

    framework = Litestar(
        [desk.handler(route) for route in routes],
        exception_handlers={Exception: respond_nowhere},
        openapi_config=None,
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    return build_lane(framework, desk, routes, answer_nowhere)


def _response(answer: Answer) -> Response[bytes]:
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    return Response(
        answer.body,
        status_code=answer.status,
        media_type=answer.media.decode(),
        headers=headers,
    )
