"""What a change of a setting left behind, for people who ask who did it."""

from datetime import datetime
from typing import NamedTuple

import asyncpg


class SettingChange(NamedTuple):
    """One version of one setting: its text, who set it, when, and why if that was said."""

    name: str
    version: int
    value: str
    reason: str | None
    created: datetime
    who: str


def parse_setting_change(row: asyncpg.Record) -> SettingChange:
    """Read a version from its row."""
    return SettingChange(
        row["name"], row["version"], row["value"], row["reason"], row["created"], row["who"]
    )


def parse_settings(rows: list[asyncpg.Record]) -> dict[str, str]:
    """Read the texts in force by name."""
    return {row["name"]: row["value"] for row in rows}
