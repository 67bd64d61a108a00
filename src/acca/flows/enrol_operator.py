"""Enrol an operator: its name, first settings, first key and, if asked, its taxes."""

from collections.abc import Sequence
from typing import NamedTuple

from acca.core.keys import DOCUMENTED_SECRET, Holder, Key, Secret
from acca.core.operating import KeyRefused, NameTaken, require_reason
from acca.core.operator import OperatorSettings, judge_operator
from acca.core.setting import Asked, change_settings, differences
from acca.core.tax_profiles import AskedProfile, TaxPreset, place_profile
from acca.store.clock import read_clock
from acca.store.connection import Database
from acca.store.keys import insert_key
from acca.store.operator_settings import append_operator_settings
from acca.store.operators import Operator, insert_operator
from acca.store.tax_profiles import StoredProfile, append_tax_profile


class Enrolment(NamedTuple):
    """What is asked for."""

    name: str
    settings: Sequence[Asked] = ()
    taxes: TaxPreset | None = None


class Enrolled(NamedTuple):
    """What was made."""

    operator: Operator
    settings: OperatorSettings
    key: Key


async def enrol_operator(
    database: Database, enrolment: Enrolment, secret: Secret, who: str
) -> Enrolled:
    """Enrol an operator whole, or raise why not and leave nothing."""
    defaults = OperatorSettings()
    settings = change_settings(defaults, enrolment.settings, judge_operator)
    require_reason(defaults, settings, None)
    async with database.writer() as writer, writer.transaction():
        operator = await insert_operator(writer, enrolment.name, who)
        if operator is None:
            raise NameTaken(Holder.OPERATOR, enrolment.name)
        await append_operator_settings(writer, operator.id, differences(defaults, settings), who)
        if secret == DOCUMENTED_SECRET and not (await read_clock(writer)).sandbox:
            raise KeyRefused("Everybody knows the documentation's key; only a sandbox takes it.")
        key = await insert_key(writer, Holder.OPERATOR, operator.id, secret, who)
        if enrolment.taxes is not None:
            taxes = _place(enrolment.taxes, operator, settings)
            await append_tax_profile(writer, operator.id, taxes, who)
        return Enrolled(operator, settings, key)


def _place(preset: TaxPreset, operator: Operator, settings: OperatorSettings) -> StoredProfile:
    asked = AskedProfile(preset.terms, preset)
    profile = place_profile(asked, operator.created, settings.time_zone)
    return StoredProfile(profile, preset.name)
