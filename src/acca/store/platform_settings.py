"""The settings of the platform: versions that are only ever added, the last one in force."""

from collections.abc import Mapping

from acca.core.platform import PlatformSettings
from acca.core.setting import read_settings
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.store.setting_changes import SettingChange, parse_setting_change, parse_settings

_QUERIES = load_queries("platform_settings.sql")


async def get_platform_settings(reader: Reader) -> PlatformSettings:
    """Read the settings of the platform as they are in force."""
    rows = await reader.rows(_QUERIES["list_platform_settings"])
    return read_settings(PlatformSettings, parse_settings(rows))


async def get_platform_settings_for_update(writer: Writer) -> PlatformSettings:
    """Read the settings of the platform and be alone with them until the transaction ends."""
    await writer.run(_QUERIES["hold_platform_settings"])
    return await get_platform_settings(writer)


async def list_platform_setting_changes(reader: Reader) -> list[SettingChange]:
    """List every change of the platform's settings, the newest first."""
    rows = await reader.rows(_QUERIES["list_platform_setting_changes"])
    return [parse_setting_change(row) for row in rows]


async def append_platform_settings(writer: Writer, texts: Mapping[str, str], who: str) -> None:
    """Append the next versions of some settings; the transaction is alone with them."""
    await writer.run(_QUERIES["append_platform_settings"], list(texts), list(texts.values()), who)
