"""What telephone numbers were sent and have tried: held while it is judged, so that tries count."""

from datetime import datetime

from acca.core.one_time import Kept, Number
from acca.store.connection import Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("one_time.sql")
_NOTHING = (None, None, None)


async def get_number_for_update(
    writer: Writer, operator: int, msisdn: str
) -> tuple[Number, datetime]:
    """Hold a number until the transaction ends; tell what is known of it, and business time."""
    await writer.run(_QUERIES["begin_number"], operator, msisdn)
    row = await writer.row(_QUERIES["get_number_for_update"], operator, msisdn)
    assert row is not None, "a number that is begun has a row"
    code = None if row["digest"] is None else Kept(row["salt"], row["digest"], row["until"])
    asked, failed = tuple(row["asked"]), tuple(row["failed"])
    return Number(code, row["tries"], asked, failed, row["locked_until"]), row["now"]


async def save_number(writer: Writer, operator: int, msisdn: str, number: Number) -> None:
    """Write what is known of a number that is held."""
    code, tries, asked, failed, locked_until = number
    await writer.run(
        _QUERIES["save_number"],
        operator,
        msisdn,
        *(code or _NOTHING),
        tries,
        list(asked),
        list(failed),
        locked_until,
    )


async def count_sent(writer: Writer, operator: int, most: int) -> bool:
    """Count one more code of the operator's hour; tell whether it may have one."""
    return await writer.row(_QUERIES["count_sent"], operator, most) is not None


async def forget_numbers(writer: Writer) -> None:
    """Forget numbers that nobody has used for days."""
    await writer.run(_QUERIES["forget_numbers"])
