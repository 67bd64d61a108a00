"""`openapi.json` and `docs` of each API: the protocol as a document and as a page, for anyone."""

from collections.abc import Sequence
from importlib.metadata import version

from acca.api.answers import Answer
from acca.api.calls import Call
from acca.api.measures import Measures
from acca.api.pages.reading import render_page
from acca.api.routes import Endpoint, Route
from acca.engine import Engine
from acca.wire.bc_openapi import bc_service
from acca.wire.be_openapi import be_service
from acca.wire.openapi import Service, render_document

HTML = b"text/html; charset=utf-8"
_HEADERS = (
    (b"cache-control", b"public, max-age=300"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def document_routes(_engine: Engine, _measures: Measures) -> Sequence[Route]:
    """List the routes of the documents; they are made here, once, and served from memory."""
    told = version("acca")
    return [route for service in (be_service(told), bc_service(told)) for route in _routes(service)]


def _routes(service: Service) -> tuple[Route, Route]:
    page = render_page(service)
    policy = (b"content-security-policy", page.policy.encode())
    document, shown = Answer(200, render_document(service)), Answer(200, page.body, media=HTML)
    return (
        Route(f"{service.base}/openapi.json", {"GET": _serve(document)}, _HEADERS),
        Route(f"{service.base}/docs", {"GET": _serve(shown)}, (*_HEADERS, policy)),
    )


def _serve(answer: Answer) -> Endpoint:
    async def serve(_: Call) -> Answer:
        return answer

    return serve
