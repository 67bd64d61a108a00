"""Give an operator a tax profile, from a day of its own on."""

from acca.core.operating import TaxesRefused
from acca.core.tax_profiles import AskedProfile, place_profile
from acca.store.clock import read_clock
from acca.store.connection import Database
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import get_operator_for_update
from acca.store.tax_profiles import StoredProfile, append_tax_profile


async def tax_operator(
    database: Database, name: str, asked: AskedProfile, who: str
) -> StoredProfile:
    """Add a profile; one of the same first day, type and class is replaced by it."""
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator_for_update(writer, name)
        settings = await get_operator_settings(writer, operator.id)
        now = (await read_clock(writer)).now
        profile = place_profile(asked, now, settings.time_zone)
        if profile.valid_to is not None and profile.valid_to < profile.valid_from:
            raise TaxesRefused("A tax profile does not end before it begins.")
        stored = StoredProfile(profile, None if asked.preset is None else asked.preset.name)
        await append_tax_profile(writer, operator.id, stored, who)
        return stored
