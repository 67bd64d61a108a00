"""The commands, in groups: arguments become values here, and answers become text."""

from acca.cli import (
    auditing,
    cards,
    database,
    deliveries,
    events,
    held_tickets,
    importing,
    jackpots,
    measuring,
    money,
    operators,
    platform,
    providers,
    reconciling,
    results,
    serving,
    signing,
    templates,
    tickets,
    trying,
    verifying,
)
from acca.cli.app import app

__all__ = [
    "app",
    "auditing",
    "cards",
    "database",
    "deliveries",
    "events",
    "held_tickets",
    "importing",
    "jackpots",
    "main",
    "measuring",
    "money",
    "operators",
    "platform",
    "providers",
    "reconciling",
    "results",
    "serving",
    "signing",
    "templates",
    "tickets",
    "trying",
    "verifying",
]


def main() -> None:
    """Run the command that the process was started with."""
    app()
