"""A private directory for the server's socket: short, as a socket's path holds 107 bytes."""

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Generator
from pathlib import Path

from acca.store.embedded.account import Account
from acca.store.unusable import HomeUnusable

_PARENT = Path("/") / "tmp"
"""Not TMPDIR, which may be long."""


@contextlib.contextmanager
def socket_directory(home: Path, account: Account, parent: Path = _PARENT) -> Generator[Path]:
    """Make a directory that nobody else can enter, and take it and the socket away afterwards.

    The server trusts whoever reaches its socket, so the directory is always a new one.
    """
    _remove_stale(home, account, parent)
    made = parent / f"{_prefix(home)}{secrets.token_hex(4)}"
    # Made by the server's user, so that nothing here has to be given away.
    done = account.run("mkdir", "-m", "700", made, directory=Path("/"))
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise HomeUnusable(f"The directory {made} for the database's socket cannot be made", said)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _prefix(home: Path) -> str:
    """Name a home's directories, so that those of a killed engine are found again."""
    return f"acca-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}-"


def _remove_stale(home: Path, account: Account, parent: Path) -> None:
    owner = os.geteuid() if account.uid is None else account.uid
    for stale in parent.glob(f"{_prefix(home)}*"):
        seen = stale.lstat()
        if stat.S_ISDIR(seen.st_mode) and seen.st_uid == owner:
            shutil.rmtree(stale, ignore_errors=True)
