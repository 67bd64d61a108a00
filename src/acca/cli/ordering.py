"""Byte strings put in order in a file of their own: as many as there are, in a few megabytes."""

import heapq
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import IO

RUN = 20_000
"""So many are put in order at once; each run is read again through a window of its own."""
_WINDOW_BYTES = 32 * 1024
_LENGTH_BYTES = 4


class Ordered:
    """Runs in a file, each in order; read as one, as often as wanted."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] = file
        self._ends: list[int] = [0]
        self._held: list[bytes] = []
        self.count: int = 0

    def add(self, one: bytes) -> None:
        """Take one more."""
        self._held.append(one)
        self.count += 1
        if len(self._held) >= RUN:
            self.flush()

    def flush(self) -> None:
        """Write what is held as a run; to be done before the reading."""
        self._held.sort()
        _ = self._file.seek(self._ends[-1])
        for one in self._held:
            _ = self._file.write(len(one).to_bytes(_LENGTH_BYTES) + one)
        self._ends.append(self._file.tell())
        self._held.clear()

    def __iter__(self) -> Iterator[bytes]:
        """Give all in order."""
        assert not self._held, "what is held is written before the reading"
        runs = zip(self._ends, self._ends[1:], strict=False)
        return heapq.merge(*(self._read(first, end) for first, end in runs))

    def _read(self, first: int, end: int) -> Iterator[bytes]:
        window = b""
        while first < end or window:
            _ = self._file.seek(first)
            piece = self._file.read(min(_WINDOW_BYTES, end - first))
            assert piece, "a run ends with a whole string"
            first += len(piece)
            whole, window = _split(window + piece)
            yield from whole


def _split(window: bytes) -> tuple[list[bytes], bytes]:
    """Split a window into what is whole in it, and the rest."""
    found: list[bytes] = []
    at = 0
    while len(window) - at >= _LENGTH_BYTES:
        begins = at + _LENGTH_BYTES
        ends = begins + int.from_bytes(window[at:begins])
        if ends > len(window):
            break
        found.append(window[begins:ends])
        at = ends
    return found, window[at:]


@contextmanager
def ordered(many: Iterable[bytes]) -> Generator[Ordered]:
    """Put byte strings in order, in a file that is gone in the end."""
    with tempfile.TemporaryFile() as file:
        found = Ordered(file)
        for one in many:
            found.add(one)
        found.flush()
        yield found
