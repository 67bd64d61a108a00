"""Change settings of an operator: several at once, all of them or none."""

from collections.abc import Sequence

from acca.core.operating import require_reason
from acca.core.operator import judge_operator
from acca.core.setting import Asked, change_settings, differences
from acca.store.connection import Database
from acca.store.operator_settings import append_operator_settings, get_operator_settings
from acca.store.operators import get_operator_for_update


async def set_operator(
    database: Database, name: str, asked: Sequence[Asked], who: str, reason: str | None = None
) -> dict[str, str]:
    """Change settings and return those that differ now, as texts; BadSettings names all defects."""
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator_for_update(writer, name)
        before = await get_operator_settings(writer, operator.id)
        after = change_settings(before, asked, judge_operator)
        require_reason(before, after, reason)
        changed = differences(before, after)
        await append_operator_settings(writer, operator.id, changed, who, reason)
        return changed
