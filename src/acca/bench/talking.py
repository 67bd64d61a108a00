"""A connection of a server that costs little beside its caller: whole requests in, bytes out."""

import asyncio
import re
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_END = b"\r\n\r\n"


class Talk(asyncio.Protocol):
    """Answers each request as soon as it is whole, by its head and its body."""

    def __init__(self, answer: Callable[[bytes, bytes], bytes]) -> None:
        self._answer: Callable[[bytes, bytes], bytes] = answer
        self._read: bytes = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, transport: asyncio.BaseTransport
    ) -> None:
        """Keep the way back."""
        # The loop's own class of a transport is no subclass of the one that it stands for.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, data: bytes
    ) -> None:
        """Answer what is whole by now."""
        assert self._transport is not None, "what is read came over a connection"
        self._read += data
        while (head := self._read.find(_END)) >= 0:
            found = _LENGTH.search(self._read, 0, head)
            begin = head + len(_END)
            whole = begin + (int(found[1]) if found else 0)
            if len(self._read) < whole:
                return
            self._transport.write(self._answer(self._read[:head], self._read[begin:whole]))
            self._read = self._read[whole:]
