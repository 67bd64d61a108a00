"""A request as it came: its head as bytes, its body not read yet."""

from typing import NamedTuple
from urllib.parse import parse_qsl

from litestar.types import HTTPScope, Receive


class CallerGone(Exception):
    """The caller closed the connection before its request was whole."""


class Incoming:
    """The parts of a body as they come in."""

    def __init__(self, receive: Receive) -> None:
        self._receive: Receive = receive
        self.whole: bool = False

    async def next_part(self) -> bytes:
        """Wait for the next part; `whole` tells whether it was the last."""
        message = await self._receive()
        if message["type"] != "http.request":
            raise CallerGone
        self.whole = not message["more_body"]
        return message["body"]


class Call(NamedTuple):
    """One request, with the number that its answer and our log name it by."""

    scope: HTTPScope
    body: Incoming
    id: str

    @property
    def method(self) -> str:
        """Return the method as on the request line."""
        return self.scope["method"]

    @property
    def target(self) -> str:
        """Return the path with its query, exactly as on the request line.

        Bytes that are not UTF-8 stand in it as surrogate escapes.
        """
        path, query = self.scope["raw_path"], self.scope["query_string"]
        whole = path + b"?" + query if query else path
        return whole.decode("utf-8", "surrogateescape")

    def values(self, name: bytes) -> list[str]:
        """List every value of a header, whose name is given in lower case."""
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key == name]

    def pairs(self) -> list[tuple[str, str]]:
        """List the parameters of the query, by name and value, in their order."""
        query = self.scope["query_string"].decode("utf-8", "replace")
        return parse_qsl(query, keep_blank_values=True)

    def parameter(self, name: str) -> str:
        """Return a part of the path, by its name in the route."""
        return str(self.scope["path_params"][name])
