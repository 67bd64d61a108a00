"""The settings of an operator: versions that are only ever added, the last one in force."""

from collections.abc import Mapping

from acca.core.operator import OperatorSettings
from acca.core.setting import read_settings
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.store.setting_changes import SettingChange, parse_setting_change, parse_settings

_QUERIES = load_queries("operator_settings.sql")


async def get_operator_settings(reader: Reader, operator_id: int) -> OperatorSettings:
    """Read the settings of one operator as they are in force."""
    rows = await reader.rows(_QUERIES["list_operator_settings"], operator_id)
    return read_settings(OperatorSettings, parse_settings(rows))


async def list_operator_setting_changes(reader: Reader, operator_id: int) -> list[SettingChange]:
    """List every change of one operator's settings, the newest first."""
    rows = await reader.rows(_QUERIES["list_operator_setting_changes"], operator_id)
    return [parse_setting_change(row) for row in rows]


async def append_operator_settings(
    writer: Writer, operator_id: int, texts: Mapping[str, str], who: str, reason: str | None = None
) -> None:
    """Append the next versions of some settings; the transaction holds the operator."""
    names, values = list(texts), list(texts.values())
    query = _QUERIES["append_operator_settings"]
    await writer.run(query, operator_id, names, values, reason, who)
