"""Processes of a data directory: found by where they stand, and ended when nobody owns them."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil

Tell = Callable[[str], None]
"""Where a wait says what it waits for."""

_PROGRAMS = {"postgres", "initdb"}
FAST_STOP_SECONDS_MAX = 60.0
_LEAVE_SECONDS_MAX = 5.0


class PidFile(NamedTuple):
    """What a server writes about itself into its data directory."""

    pid: int
    port: int
    sockets: str
    ready: bool


def read_pid_file(data: Path) -> PidFile | None:
    """Read the server's own notice; `None` when there is none, or only half of it yet."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, _, _, port, sockets = lines[:5]
        ready = [line.strip() for line in lines[7:8]] == ["ready"]
        return PidFile(int(pid), int(port), sockets, ready)
    except (FileNotFoundError, ValueError):
        return None


def processes_in(directory: Path) -> list[int]:
    """List the server's processes in a data directory, which each of them has as its own."""
    place = str(directory.resolve())
    return [
        process.pid
        for process in psutil.process_iter()
        if _name(process) in _PROGRAMS and _directory(process) == place
    ]


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""


def _directory(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


def running_server(data: Path) -> PidFile | None:
    """Return the notice of a server that does run; a notice alone may be stale."""
    notice = read_pid_file(data)
    return notice if notice and notice.pid in processes_in(data) else None


def end_processes(data: Path, tell: Tell) -> None:
    """End what a killed owner left: the server as gently as it lets us, then its orphans.

    The caller holds the home, so whoever is here belongs to nobody. A postmaster.pid that remains
    is stale and may name a stranger's process by now, at which PostgreSQL would refuse to start.
    """
    left = running_server(data)
    if left:
        tell(f"stopping the database that an earlier Acca left running (process {left.pid})")
        _send([left.pid], signal.SIGINT)
        if not _gone(data, FAST_STOP_SECONDS_MAX):
            _send([left.pid], signal.SIGQUIT)
    # Without their server the rest leave by themselves; one in a long computation may not.
    for sign in (signal.SIGQUIT, signal.SIGKILL):
        if not _gone(data, _LEAVE_SECONDS_MAX):
            _send(processes_in(data), sign)
    while not _gone(data, _LEAVE_SECONDS_MAX):
        tell(f"waiting for processes of {data} to end")
    (data / "postmaster.pid").unlink(missing_ok=True)


def _gone(data: Path, seconds_max: float) -> bool:
    deadline = time.monotonic() + seconds_max
    while processes_in(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _send(pids: list[int], sign: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            continue
