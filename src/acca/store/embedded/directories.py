"""The home on disk: who owns which directory, and a data directory that is whole or not there.

- `home/`: lock, postgres.log, sometimes a copy of the programs;
- `home/database/`: of the server's user alone;
- `home/database/data/`: PostgreSQL's, under the name `making-*` until it is complete.
"""

import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import BinaryIO

from acca.store.embedded.account import Account
from acca.store.embedded.processes import Tell, end_processes
from acca.store.unusable import DatabaseDidNotStart, DatabaseOfAnotherVersion, HomeUnusable

SUPERUSER = "acca"
DATABASE = "acca"
_LOGS_KEPT = 5


def data_directory(home: Path) -> Path:
    """Return where PostgreSQL's files of a home lie."""
    return home / "database" / "data"


def make_home(home: Path) -> None:
    """Create the home if it is missing; one that exists keeps its mode and its owner."""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        if not home.is_dir():
            home.mkdir(mode=0o700)
            # As root the server's user has to pass through, whatever the umask is.
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as fault:
        raise HomeUnusable(
            f"The home {home} cannot be made ({fault.strerror})", "choose another one."
        ) from fault


def make_server_directory(home: Path, account: Account) -> None:
    """Create the directory that the server's user owns and nobody else may enter."""
    directory = data_directory(home).parent
    directory.mkdir(mode=0o700, exist_ok=True)
    wanted = os.geteuid() if account.uid is None else account.uid
    owner = directory.stat().st_uid
    if owner not in {wanted, os.geteuid()}:
        raise HomeUnusable(
            f"{directory} belongs to user {owner}, and the database would run as user {wanted}",
            "start Acca as the user who made it, or give it another home.",
        )
    if account.uid is not None and account.gid is not None:
        os.chown(directory, account.uid, account.gid, follow_symlinks=False)


def make_data_directory(
    home: Path, programs: Path, account: Account, *, version: int, durable: bool
) -> Path:
    """Return the data directory, made by initdb under another name if there is none."""
    data = data_directory(home)
    if data.is_dir() and any(data.iterdir()):
        _require_version(data, version)
        return data
    making = data.with_name(f"making-{secrets.token_hex(4)}")
    _initialise(making, programs, account, version=version, durable=durable)
    _ = making.rename(data)
    _sync_directory(data.parent)
    return data


def remove_half_made(home: Path, tell: Tell) -> None:
    """Remove what an initdb left that was killed, and the initdb that outlived its engine."""
    for making in data_directory(home).parent.glob("making-*"):
        end_processes(making, tell)
        shutil.rmtree(making)


def _require_version(data: Path, version: int) -> None:
    try:
        found = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise HomeUnusable(
            f"{data} is not empty and holds no database",
            "move it away, or choose another home.",
        ) from None
    if found != str(version):
        raise DatabaseOfAnotherVersion(
            f"The database in {data} was made by PostgreSQL {found}, and this Acca runs {version}",
            f"bring it over with pg_upgrade, or with pg_dump {found} and psql into a new home.",
        )


def _initialise(
    making: Path, programs: Path, account: Account, *, version: int, durable: bool
) -> None:
    # Standing in the directory, a left-over initdb is found by it (`processes_in`).
    _must(account.run("mkdir", "-m", "700", making, directory=making.parent))
    _must(
        account.run(
            programs / "initdb",
            f"--pgdata={making}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            *_locale(version),
            "--data-checksums",
            # Whoever starts this directory by hand opens no port to the world.
            "--auth-local=trust",
            "--auth-host=reject",
            "--set=listen_addresses=",
            "--set=unix_socket_permissions=0700",
            *(() if durable else ("--no-sync",)),
            directory=making,
        )
    )
    _create_database(making, programs, account, durable=durable)


def _locale(version: int) -> tuple[str, ...]:
    """Choose C.UTF-8: from 17 on PostgreSQL's own, whose order no system library can change."""
    if version >= 17:  # noqa: PLR2004 - the version that brought it
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    return ("--locale=C.UTF-8",)


def _create_database(making: Path, programs: Path, account: Account, *, durable: bool) -> None:
    """Create the one database by a server without network, before the directory gets its name."""
    settings = ("-c", "exit_on_error=on", *(() if durable else ("-F",)))
    done = account.run(
        *(programs / "postgres", "--single", "-j", *settings, "-D", making, "postgres"),
        directory=making,
        given=f"CREATE DATABASE {DATABASE}".encode(),
    )
    _must(done)


def _must(done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip()[-1000:]
        raise DatabaseDidNotStart("The database cannot be made", last)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rotate_log(home: Path) -> Path:
    """Move the logs of earlier starts one on, and return the name for this start's."""
    log = home / "postgres.log"
    names = [log, *(log.with_name(f"{log.name}.{n}") for n in range(1, _LOGS_KEPT + 1))]
    for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
        if newer.exists():
            _ = newer.replace(older)
    return log


def open_log(log: Path) -> BinaryIO:
    """Open a log that only we may read; statements in it can hold a player's data."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    return os.fdopen(os.open(log, flags, 0o600), "ab")
