"""The commands, in groups: arguments become values here, and answers become text."""

from acca.cli.app import app
from acca.cli.money import finance, settle, taxes

__all__ = ["app", "finance", "main", "settle", "taxes"]


def main() -> None:
    """Run the command that the process was started with."""
    app()
