"""Change settings of the platform: several at once, all of them or none."""

from collections.abc import Sequence

from acca.core.platform import judge_platform
from acca.core.setting import Asked, change_settings, differences
from acca.store.connection import Database
from acca.store.platform_settings import append_platform_settings, get_platform_settings_for_update


async def set_platform(database: Database, asked: Sequence[Asked], who: str) -> dict[str, str]:
    """Change settings and return those that differ now, as texts; BadSettings names all defects."""
    async with database.writer() as writer, writer.transaction():
        before = await get_platform_settings_for_update(writer)
        changed = differences(before, change_settings(before, asked, judge_platform))
        await append_platform_settings(writer, changed, who)
        return changed
