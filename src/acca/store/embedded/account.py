"""The system user that runs the server: ourselves, or as root a user made for it."""

import os
import pwd
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from acca.store.embedded.launcher import ENVIRONMENT
from acca.store.unusable import HomeUnusable, NoServerAccount

SERVER_USER = "acca-postgres"
_ADVICE = "start Acca as another user, or give it a server of yours in DATABASE_URL."


class Account(NamedTuple):
    """Whom a program runs as; `None` is whoever runs us."""

    uid: int | None = None
    gid: int | None = None

    def run(
        self, *command: str | Path, directory: Path, given: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program to its end, out of reach of the terminal's Ctrl-C."""
        return subprocess.run(  # noqa: S603 - a list of ours, no shell
            command,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.gid is None else [],
            cwd=directory,
            env=ENVIRONMENT,
            input=given,
            capture_output=True,
            check=False,
            start_new_session=True,
        )


def server_account(name: str = SERVER_USER) -> Account:
    """Choose who runs the server; as root, PostgreSQL refuses, so make sure of a user for it."""
    if os.geteuid() != 0:
        return Account()
    account = _find(name) or _create(name)
    _try_out(account, name)
    return account


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _create(name: str, attempts: int = 10) -> Account:
    """Create a system user; two engines may try at once, and one of them finds a locked file."""
    said = ""
    for _ in range(attempts):
        said = _useradd(name)
        if account := _find(name):
            return account
        time.sleep(0.1)
    raise NoServerAccount(
        f"PostgreSQL does not run as root, and its own user {name} cannot be made ({said})",
        f"make a system user of that name, {_ADVICE}",
    )


def _useradd(name: str) -> str:
    command = ("useradd", "--system", "--user-group", "--no-create-home")
    try:
        done = Account().run(
            *command, "--home-dir", "/", "--shell", "/bin/false", name, directory=Path("/")
        )
    except OSError as fault:
        return f"useradd: {fault.strerror}"
    return done.stderr.decode(errors="replace").strip()


def _try_out(account: Account, name: str) -> None:
    try:
        _ = account.run("true", directory=Path("/"))
    except OSError as fault:
        raise NoServerAccount(
            f"PostgreSQL does not run as root, and we may not become {name} ({fault.strerror})",
            _ADVICE,
        ) from fault


def require_way_in(directory: Path, account: Account) -> None:
    """Refuse a directory that the server's user cannot enter, and name what bars the way."""
    if account.uid is None or _can_enter(directory, account):
        return
    barred = next(
        step for step in (*reversed(directory.parents), directory) if not _can_enter(step, account)
    )
    raise HomeUnusable(
        f"The user {SERVER_USER}, who runs the database, cannot enter {barred}",
        f"run `chmod o+x {barred}`, or choose another home than {directory}.",
    )


def _can_enter(directory: Path, account: Account) -> bool:
    return account.run("test", "-x", directory, directory=Path("/")).returncode == 0
