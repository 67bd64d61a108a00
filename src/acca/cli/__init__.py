"""The commands, in groups: arguments become values here, and answers become text."""

from acca.cli import (
    cards,
    database,
    events,
    importing,
    measuring,
    money,
    operators,
    platform,
    providers,
    results,
    signing,
    trying,
)
from acca.cli.app import app

__all__ = [
    "app",
    "cards",
    "database",
    "events",
    "importing",
    "main",
    "measuring",
    "money",
    "operators",
    "platform",
    "providers",
    "results",
    "signing",
    "trying",
]


def main() -> None:
    """Run the command that the process was started with."""
    app()
