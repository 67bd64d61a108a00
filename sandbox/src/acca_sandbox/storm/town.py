"""A whole sandbox of real processes: Acca, a wallet, an operator and a provider."""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import NamedTuple

from acca_sandbox.storm.control import WalletControl
from acca_sandbox.storm.processes import Acca, Group, start_wallet, stop

OPERATOR, PROVIDER, TAX = "site", "simulator", "kenya-2023"
_REASON = "the reference wallet carries all of it out"
_SECRET = re.compile(r"^secret  (\S+)$", re.MULTILINE)
_SETTINGS = ("create_timeout=8s", "requests_per_second_max=100000")
"""The create time-out is the shortest that fits: a late answer is soon too late."""


class Town(NamedTuple):
    """What runs, and how to speak to it."""

    group: Group
    wallet: WalletControl
    wallet_url: str
    key: str
    feed_key: str
    folder: Path


@contextlib.asynccontextmanager
async def run_town(
    commands: Path, parent: Path, players: int, seed: int, *settings: str
) -> AsyncGenerator[Town]:
    """Run a sandbox in a new folder below `parent`, which is removed at the end.

    The operator has `settings` beside those that a crowd needs.
    """
    folder = parent / f"acca-storm-{secrets.token_hex(4)}"
    folder.mkdir()
    # Where root starts the database, its server has a user of its own, who passes through.
    folder.chmod(0o711)
    async with contextlib.AsyncExitStack() as stack:
        _ = stack.callback(shutil.rmtree, folder, ignore_errors=True)
        group = Group(Acca(commands, _environment(folder)), folder)
        _ = stack.push_async_callback(group.stop)
        await group.start()
        options = (f"--players={players}", f"--seed={seed}", "--clock")
        yield await _furnish(stack, group, folder, options, settings)


def _environment(folder: Path) -> dict[str, str]:
    # A database of the user's own must not be touched.
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "ACCA_HOME": str(folder / "home"), "COLUMNS": "100"}


async def _furnish(
    stack: contextlib.AsyncExitStack,
    group: Group,
    folder: Path,
    options: Sequence[str],
    settings: Sequence[str],
) -> Town:
    acca = group.acca
    asked = "--currency", "KES", "--time-zone", "Africa/Nairobi", "--tax", TAX
    key = await _enrol(acca, "operator", OPERATOR, *asked, *_SETTINGS)
    process, urls = await start_wallet(
        acca, folder, ("--operator", OPERATOR, "--key", key, *options)
    )
    _ = stack.push_async_callback(stop, process)
    named = [f"{name}={urls[name]}" for name in ("pam_url", "sms_url")]
    _ = await acca.run("operator", "set", OPERATOR, *named, *settings, "--reason", _REASON)
    wallet = WalletControl(urls["url"])
    _ = stack.push_async_callback(wallet.close)
    feed_key = await _enrol(acca, "provider", PROVIDER)
    return Town(group, wallet, urls["url"], key, feed_key, folder)


async def _enrol(acca: Acca, *arguments: str) -> str:
    kind, *rest = arguments
    said = _SECRET.search(await acca.run(kind, "add", *rest))
    assert said is not None, "the secret of the first key is printed"
    return said[1]
