"""One-time passwords are checked: each try counts, however many come at once (spec 5)."""

from acca.core.one_time import Checked, check, fits, normalise
from acca.core.operator import Feature
from acca.core.refusals import CodeWrong, FeatureOff, TooManyCodes
from acca.store.connection import Database
from acca.store.one_time import forget_numbers, get_number_for_update, save_number
from acca.store.rules import OperatorRules


async def check_code(database: Database, rules: OperatorRules, msisdn: str, code: str) -> None:
    """Use a code up, or raise CodeWrong or TooManyCodes; the number is held meanwhile."""
    if Feature.OTP not in rules.rules.settings.features:
        raise FeatureOff(feature="OTP")
    number, operator = normalise(msisdn), rules.operator.id
    async with database.writer() as writer, writer.transaction():
        known, now = await get_number_for_update(writer, operator, number)
        after, checked = check(known, now, is_right=fits(known.code, number, code))
        await save_number(writer, operator, number, after)
    # Raised only now: a wrong try that is not written would be free.
    if checked is Checked.TOO_MANY:
        raise TooManyCodes
    if checked is Checked.WRONG:
        raise CodeWrong


async def forget_codes(database: Database) -> int:
    """Forget numbers that nobody has used for days: a duty of every hour."""
    async with database.writer() as writer:
        await forget_numbers(writer)
    return 0
