"""Acca and the wallet as real processes, started as a user starts them."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

_READY_SECONDS_MAX = 90.0
_STOP_SECONDS_MAX = 60.0
_LOOK_SECONDS = 0.05
_PORT = re.compile(r"^ready  http://[^ ]*:(\d+)  ", re.MULTILINE)


class StormFailed(Exception):
    """A process or a command of the storm failed; the sentence says which, and what it said."""


class Acca(NamedTuple):
    """The folder of the commands, and the environment that names a home."""

    commands: Path
    environment: Mapping[str, str]

    async def run(self, *arguments: str) -> str:
        """Run one command of `acca` to its end and return what it printed."""
        done = await self.try_to(*arguments)
        if done.returncode:
            raise StormFailed(f"acca {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    async def try_to(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of `acca` to its end, whatever that is."""
        return await asyncio.to_thread(self._run, arguments)

    def start(self, command: Sequence[str], output: Path) -> subprocess.Popen[bytes]:
        """Start a command in the background; what it says goes into files beside `output`."""
        program, *rest = command
        errors = output.with_suffix(".err")
        with output.open("wb") as out, errors.open("ab") as err:
            return subprocess.Popen(
                [self.commands / program, *rest], env=self.environment, stdout=out, stderr=err
            )

    def _run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.commands / "acca", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


async def stop(process: subprocess.Popen[bytes]) -> None:
    """Tell a process to end, and wait until it has."""
    process.terminate()
    try:
        _ = await asyncio.to_thread(process.wait, _STOP_SECONDS_MAX)
    finally:
        process.kill()
        _ = process.wait()


async def start_wallet(
    acca: Acca, folder: Path, options: Sequence[str]
) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """Start a reference wallet with a journal; return it with its addresses."""
    output = folder / "wallet.out"
    command = ["acca-sandbox", "wallet", "--journal", str(folder / "wallet.jsonl"), *options]
    process = acca.start(command, output)
    urls: dict[str, str] = json.loads(await _first_line(process, output))
    return process, urls


async def _first_line(process: subprocess.Popen[bytes], output: Path) -> str:
    """Wait for a process to print its first line, the one that says that it is ready."""
    deadline = time.monotonic() + _READY_SECONDS_MAX
    while "\n" not in (said := _read(output)):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            _ = process.wait()
            raise StormFailed(_read(output.with_suffix(".err"))[-2000:].strip())
        await asyncio.sleep(_LOOK_SECONDS)
    return said


def _read(file: Path) -> str:
    return file.read_text()


class Group:
    """`acca serve`, which may be killed, in parts or as a whole, and started again."""

    def __init__(self, acca: Acca, folder: Path) -> None:
        self.port: int = 0
        self.acca: Acca = acca
        self._output: Path = folder / "serve.out"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it is ready, always at the port that it had first."""
        command = ["acca", "serve", "--sandbox", "--port", str(self.port)]
        self._process = self.acca.start(command, self._output)
        found = _PORT.search(await _first_line(self._process, self._output))
        assert found is not None, "its first line says where it listens"
        self.port = int(found[1])

    async def stop(self) -> None:
        """Let it end as a user does."""
        if self._process is not None:
            await stop(self._process)

    def kill_one(self, role: str) -> bool:
        """Kill one process of a role, if there is one just now."""
        found = [each for each in self._family() if _plays(each, role)]
        for victim in found[:1]:
            victim.kill()
        return bool(found)

    async def kill_parent(self) -> None:
        """Kill the parent, and start it again when all that was below it has gone."""
        process, family = self._running(), self._family()
        process.kill()
        _ = process.wait()
        await self._begin_again(family)

    async def kill_database(self) -> None:
        """Kill the embedded server; the parent ends by itself, and is started again."""
        process, family = self._running(), self._family()
        servers = {each.pid: each for each in family if _name(each) == "postgres"}
        for postmaster in servers.values():
            if postmaster.ppid() not in servers:
                postmaster.kill()
        _ = await asyncio.to_thread(process.wait, _STOP_SECONDS_MAX)
        await self._begin_again(family)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it has been started"
        return self._process

    def _family(self) -> list[psutil.Process]:
        return psutil.Process(self._running().pid).children(recursive=True)

    async def _begin_again(self, family: Sequence[psutil.Process]) -> None:
        _, left = await asyncio.to_thread(psutil.wait_procs, family, _STOP_SECONDS_MAX)
        if left:
            raise StormFailed(f"{len(left)} processes outlived their parent.")
        await self.start()


def _plays(process: psutil.Process, role: str) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return "--child-of" in words and role in words


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""
