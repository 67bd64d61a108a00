"""What Acca is told from outside, read once from the environment that boot.py hands over."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Config(NamedTuple):
    """Where the data lies: on a server of the operator's, or in a home of our own.

    `measures_folder` is where the processes of one `acca serve` share what they measure;
    `allow_private` lets wallets have addresses that the internet does not reach.
    """

    home: Path
    database_url: str | None
    measures_folder: str | None = None
    allow_private: bool = False


def read_config(environment: Mapping[str, str], *, root: bool) -> Config:
    """Read the variables that are ours; an empty value is none."""
    home = environment.get("ACCA_HOME")
    return Config(
        home=Path(home) if home else default_home(environment, root=root),
        database_url=environment.get("DATABASE_URL") or None,
        measures_folder=environment.get("PROMETHEUS_MULTIPROC_DIR") or None,
        allow_private=environment.get("ACCA_ALLOW_PRIVATE") == "1",
    )


def default_home(environment: Mapping[str, str], *, root: bool) -> Path:
    """Return where a user's data belongs, and the system's own when root runs us."""
    if root:
        return Path("/var/lib/acca")
    told = Path(environment.get("XDG_DATA_HOME", ""))
    # The XDG specification has relative paths ignored.
    own = Path(environment.get("HOME", "~")).expanduser() / ".local" / "share"
    data = told if told.is_absolute() else own
    return data / "acca"
