"""The home's lock: one owner at a time, for the owner's whole life."""

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from acca.store.unusable import DatabaseInUse


@contextlib.contextmanager
def hold_home(home: Path) -> Generator[None]:
    """Hold the home's lock; the file stays, since unlinking it would let two owners in."""
    # Python opens close-on-exec: were the server to inherit the lock, it would outlive its owner.
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _lock(descriptor, home)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, home: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # The holder writes its number right after locking, so for an instant there may be none.
        holder = os.read(descriptor, 20).decode() or "unknown"
        raise DatabaseInUse(
            f"The database in {home} is in use by another Acca (process {holder})",
            "stop that one, or give this one another home.",
        ) from None
    os.ftruncate(descriptor, 0)
    _ = os.pwrite(descriptor, str(os.getpid()).encode(), 0)
