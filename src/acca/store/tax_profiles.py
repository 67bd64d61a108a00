"""The tax profiles of an operator: only ever added; a later one of the same place replaces."""

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase
from acca.core.numbers import Rounding
from acca.core.placing import NumberedProfile
from acca.core.tax_profiles import TaxProfile
from acca.core.ticket import TicketType
from acca.core.ticket_facts import Ticket
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("tax_profiles.sql")


class StoredProfile(NamedTuple):
    """A profile of an operator, and the name of the preset whose terms it took."""

    profile: TaxProfile
    preset: str | None


async def list_tax_profiles(reader: Reader, operator_id: int) -> list[StoredProfile]:
    """List the profiles of one operator by their beginning, without replaced ones."""
    rows = await reader.rows(_QUERIES["list_tax_profiles"], operator_id)
    return [_parse(row) for row in rows]


async def list_numbered_profiles(reader: Reader, operator_id: int) -> list[NumberedProfile]:
    """List the same profiles with their numbers, as tickets are struck under them."""
    rows = await reader.rows(_QUERIES["list_tax_profiles"], operator_id)
    return [NumberedProfile(row["number"], _parse(row).profile) for row in rows]


async def read_terms(
    reader: Reader, operator_id: int, numbers: Sequence[int]
) -> dict[int, TaxTerms]:
    """Read the terms of profiles by their numbers, replaced ones too: tickets keep theirs."""
    rows = await reader.rows(_QUERIES["read_terms"], operator_id, numbers)
    return {row["number"]: _parse_terms(row) for row in rows}


async def read_terms_of(
    reader: Reader, operator: int, tickets: Sequence[Ticket]
) -> dict[int, TaxTerms]:
    """Read the terms of the profiles that tickets of an operator were taxed by."""
    numbers = sorted({ticket.facts.tax_profile for ticket in tickets})
    return await read_terms(reader, operator, numbers)


async def append_tax_profile(
    writer: Writer, operator_id: int, stored: StoredProfile, who: str
) -> None:
    """Append a profile; the transaction holds the operator."""
    terms, valid_from, valid_to, ticket_type, player_class = stored.profile
    await writer.run(
        _QUERIES["append_tax_profile"],
        operator_id,
        who,
        stored.preset,
        valid_from,
        valid_to,
        None if ticket_type is None else ticket_type.value,
        player_class,
        terms.ext_rate,
        terms.ext_formula.value,
        terms.wht_rate,
        terms.wht_base.value,
        terms.wht_threshold_cents,
        terms.wht_on_excess,
        terms.rounding.value,
    )


def _parse(row: asyncpg.Record) -> StoredProfile:
    ticket_type = row["ticket_type"]
    profile = TaxProfile(
        _parse_terms(row),
        row["valid_from"],
        row["valid_to"],
        None if ticket_type is None else TicketType(ticket_type),
        row["player_class"],
    )
    return StoredProfile(profile, row["preset"])


def _parse_terms(row: asyncpg.Record) -> TaxTerms:
    return TaxTerms(
        ext_rate=row["ext_rate"],
        ext_formula=ExciseFormula(row["ext_formula"]),
        wht_rate=row["wht_rate"],
        wht_base=WithholdingBase(row["wht_base"]),
        wht_threshold_cents=row["wht_threshold_cents"],
        wht_on_excess=row["wht_on_excess"],
        rounding=Rounding(row["rounding"]),
    )
