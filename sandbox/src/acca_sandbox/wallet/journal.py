"""The journal: each change as a JSON line that the system holds before the call is answered.

It outlives the process, not the machine: a line is handed to the system, not forced to the disk.
"""

import fcntl
import io
from collections.abc import Generator
from pathlib import Path

import msgspec

from acca_sandbox.wallet.changes import Change, read_change, write_change


class JournalUnfit(Exception):
    """A journal that cannot be opened; the sentence says why."""


class Journal:
    """Appends changes to a file; opening it gives back what was written."""

    def __init__(self, path: Path) -> None:
        self._file: io.FileIO = io.FileIO(path, "a+")
        self.broken: bool = False
        """Whether a line could not be written; nothing that follows would be true."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            self._file.close()
            raise JournalUnfit(f"{path} is in use by another wallet") from held

    def read_all(self) -> Generator[Change]:
        """Read every whole line; a last one that was torn by a crash is cut off.

        Its call was never answered, so that it will come again.
        """
        _ = self._file.seek(0)
        whole = 0
        with open(self._file.fileno(), "rb", closefd=False) as lines:
            for number, line in enumerate(lines, 1):
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                yield _read(number, line)
        _ = self._file.truncate(whole)

    def append(self, change: Change) -> None:
        """Write a change; it is with the system when this returns."""
        line = write_change(change)
        self.broken = True
        written = self._file.write(line)
        if written != len(line):
            raise OSError("the journal took a part of a line only")
        self.broken = False

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _read(number: int, line: bytes) -> Change:
    try:
        return read_change(line)
    except msgspec.DecodeError as wrong:
        raise JournalUnfit(f"line {number} of the journal is damaged: {wrong}") from wrong
