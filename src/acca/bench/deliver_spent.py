"""Processor time of the processes that deliver: this one, the server of the database, the wallet.

It reads what Linux tells of processes; elsewhere it finds nothing but this one.
"""

import os
import resource
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PROCESSES = Path("/proc")
_PARENT, _USER, _SYSTEM = 1, 11, 12
"""Places in the line that tells of a process, after its name."""
_ENDED = 13, 14
"""The same of its children that have ended."""


class Spent(NamedTuple):
    """Seconds of a processor."""

    engine: float
    postgres: float
    wallet: float

    def since(self, before: "Spent") -> "Spent":
        """Tell what was spent since an earlier look."""
        return Spent(*(now - then for now, then in zip(self, before, strict=True)))


def look(postgres: int, wallet: int) -> Spent:
    """Look what this process, a server with all its children, and a wallet have spent."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    told = dict(_processes())
    children: defaultdict[int, list[int]] = defaultdict(list)
    for number, fields in told.items():
        children[int(fields[_PARENT])].append(number)
    whole = _seconds(told.get(postgres), (_USER, _SYSTEM, *_ENDED))
    waiting = children[postgres]
    while waiting:
        number = waiting.pop()
        whole += _seconds(told[number], (_USER, _SYSTEM, *_ENDED))
        waiting += children[number]
    return Spent(own.ru_utime + own.ru_stime, whole, _seconds(told.get(wallet), (_USER, _SYSTEM)))


def _processes() -> Iterator[tuple[int, list[str]]]:
    if not _PROCESSES.exists():
        return
    for folder in _PROCESSES.iterdir():
        if folder.name.isdecimal():
            try:
                line = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                # It ended while we looked.
                continue
            yield int(folder.name), line.rpartition(")")[2].split()


def _seconds(fields: list[str] | None, places: tuple[int, ...]) -> float:
    if fields is None:
        return 0.0
    return sum(int(fields[place]) for place in places) / os.sysconf("SC_CLK_TCK")
