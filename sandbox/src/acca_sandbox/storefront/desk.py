"""The desk behind every page: who asks, what a form brought, and how a page is rendered."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import State

from acca_sandbox.storefront import words
from acca_sandbox.storefront.shop import Session, Shop

Asked = Request[object, object, State]
Answer = Response[bytes]

_COOKIE = "acca-storefront"
_TEMPLATES = Path(__file__).parent / "templates"
SECURITY = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


_WORDS = {
    "money": words.money,
    "odds": words.odds,
    "when": words.when,
    "state": words.state,
    "percent": words.percent,
}


class Outdated(Exception):
    """A form that no page of this session has shown."""


class Missing(Exception):
    """Nothing is there; the sentence says what is not."""


class Seen(NamedTuple):
    """Who asks: the browser's key and its session."""

    key: str
    session: Session


class Desk:
    """Renders pages and reads forms."""

    def __init__(self, shop: Shop) -> None:
        self.shop: Shop = shop
        self._templates: Environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def see(self, request: Asked) -> Seen:
        """Find who asks; a new browser begins a session."""
        return Seen(*self.shop.sessions.find(request.cookies.get(_COOKIE)))

    async def form(self, request: Asked) -> tuple[Seen, Sequence[tuple[str, object]]]:
        """Read a form, which has to be of a page that this session was shown."""
        seen = self.see(request)
        fields = list((await request.form()).multi_items())
        if dict(fields).get("csrf") != seen.session.csrf:
            raise Outdated
        return seen, fields

    async def page(
        self, request: Asked, template: str, status: int = HTTPStatus.OK, **values: object
    ) -> Answer:
        """Render a page with what stands on all of them."""
        seen = self.see(request)
        shown = self._templates.get_template(template).render(
            **values,
            **_WORDS,
            path=request.url.path,
            session=seen.session,
            player=await self.shop.player(seen.session),
            players=self.shop.players(),
            now=await self.shop.now(),
            wallet_url=self.shop.wallet_url,
        )
        response = Response(
            shown.encode(),
            media_type="text/html; charset=utf-8",
            status_code=status,
            headers=SECURITY,
        )
        response.set_cookie(_COOKIE, seen.key, httponly=True, samesite="strict")
        return response


def see_other(path: str) -> Answer:
    """Send a browser on, after a form was taken."""
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers={"location": path, **SECURITY})
