"""What a browser asks of the wallet's pages, and what it is answered."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d\d))?", re.ASCII)
_DIGITS_MAX = 12
_OWN_SITES = {"", "same-origin", "none"}


class Page(NamedTuple):
    """What a browser is answered."""

    status: int
    body: bytes
    content_type: bytes = b"text/html; charset=utf-8"
    location: str | None = None


class View(NamedTuple):
    """What is to be rendered: a template, and the values that it shows."""

    template: str
    values: Mapping[str, object]


class Done(NamedTuple):
    """What came of a form: where the browser goes on, and what was done, in words."""

    path: str
    sentence: str


class Asked(NamedTuple):
    """What a browser asks."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    body: bytes

    @property
    def is_own(self) -> bool:
        """Tell whether a form was sent by a page of this very server, as far as browsers tell."""
        origin = self._header(b"origin")
        return self._header(b"sec-fetch-site") in _OWN_SITES and (
            not origin or urlsplit(origin).netloc == self._header(b"host")
        )

    @property
    def here(self) -> str:
        """Return the page that is asked for, without what is true of one visit only."""
        kept = {name: each for name, each in self.query.items() if name not in {"live", "done"}}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def number(self, name: str, default: int = 0) -> int:
        """Read a whole number of the query."""
        return whole(self.query[name], name) if name in self.query else default

    def _header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


class Wrong(Exception):
    """A page or a form that cannot be answered; the sentence says why."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status: int = status


def whole(text: str, name: str) -> int:
    """Read a whole number that is not negative."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise Wrong(f"The {name} is a whole number.")
    return int(text)


def cents(text: str) -> int:
    """Read an amount as people write it, `250` or `250.50`."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise Wrong("An amount is written as 250 or 250.50, and is below 1,000,000,000.")
    return int(found[1]) * 100 + int(found[2] or 0)
