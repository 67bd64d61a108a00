"""Commands of operators: `operator`, with its settings, limits, taxes and keys."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from acca.boot import new_secret, person
from acca.cli.app import PARTIES, app, reader
from acca.cli.keys import NameArgument, make_key_commands, show_keys, tell_key
from acca.cli.money import (
    BaseOption,
    ExtOption,
    FormulaOption,
    WhtOption,
    override_terms,
)
from acca.cli.opened import on_database
from acca.cli.settings import (
    AskedArguments,
    minute,
    show_changes,
    show_settings,
    show_table,
    tell_changed,
)
from acca.core.finance import TaxTerms, render_percent
from acca.core.keys import DOCUMENTED_SECRET, Holder, Key
from acca.core.limits import LimitsOf
from acca.core.money import parse_amount_cents, parse_currency
from acca.core.numbers import Malformed, Rounding
from acca.core.operating import parse_reason
from acca.core.operator import OperatorSettings
from acca.core.setting import Asked, differences, parse_asked, render_settings
from acca.core.tax_profiles import (
    DISCLAIMER,
    AskedProfile,
    TaxPreset,
    parse_player_class,
    parse_preset,
)
from acca.core.ticket import TicketType
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.set_operator import set_operator
from acca.flows.tax_operator import tax_operator
from acca.store.clock import read_clock
from acca.store.connection import Database
from acca.store.keys import list_keys
from acca.store.operator_limits import list_operator_limits
from acca.store.operator_settings import get_operator_settings, list_operator_setting_changes
from acca.store.operators import Operator, get_operator, list_operators
from acca.store.setting_changes import SettingChange
from acca.store.tax_profiles import StoredProfile, list_tax_profiles

operator = typer.Typer(no_args_is_help=True, help="Who sells bets: settings, limits, taxes, keys.")
app.add_typer(operator, name="operator", rich_help_panel=PARTIES)
operator.add_typer(make_key_commands(Holder.OPERATOR), name="key")


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "is not a day such as 2026-08-01"
        raise Malformed(message) from None


PresetOption = Annotated[
    TaxPreset | None,
    typer.Option(
        parser=reader(parse_preset), metavar="PRESET", help="Taxes; `acca taxes` lists them."
    ),
]
TypeOption = Annotated[
    TicketType | None, typer.Option("--type", help="Only tickets of this type; else of every one.")
]


@operator.command()
def add(
    name: NameArgument,
    settings: Annotated[
        list[Asked] | None,
        typer.Argument(
            parser=reader(parse_asked), metavar="NAME=VALUE…", help="Any other settings."
        ),
    ] = None,
    display_name: Annotated[str | None, typer.Option(help="The name that people read.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Such as Africa/Nairobi.")] = None,
    currency: Annotated[
        list[str] | None, typer.Option(help="Such as KES; may be repeated.")
    ] = None,
    pam_url: Annotated[str | None, typer.Option(help="The operator's wallet.")] = None,
    sms_url: Annotated[str | None, typer.Option(help="The operator's SMS receiver.")] = None,
    tax: PresetOption = None,
    documented_key: Annotated[
        bool, typer.Option("--documented-key", help="In a sandbox: the key of all samples.")
    ] = False,
) -> None:
    """Enrol an operator, and print the secret of its first key."""
    options = {
        "display_name": display_name,
        "time_zone": time_zone,
        "currencies": ",".join(currency or ()) or None,
        "pam_url": pam_url,
        "sms_url": sms_url,
    }
    asked = [Asked(option, text) for option, text in options.items() if text is not None]
    enrolment = Enrolment(name, [*asked, *(settings or ())], tax)
    secret = DOCUMENTED_SECRET if documented_key else new_secret()
    made = on_database(lambda opened: enrol_operator(opened, enrolment, secret, person()))
    typer.echo(f"added   {made.operator.name}")
    tell_key(made.key)
    if tax is not None:
        _tell_preset(tax)


@operator.command("list")
def list_all() -> None:
    """List all operators."""
    table = Table("Operator", "Name", "Time zone", "Currencies", "Ticket types")
    for found, settings in on_database(_list):
        texts = render_settings(settings)
        shown = ("display_name", "time_zone", "currencies", "ticket_types")
        table.add_row(found.name, *(texts[each] for each in shown))
    show_table(table)


@operator.command()
def show(name: NameArgument) -> None:
    """Show an operator: settings, limits, taxes, and keys with their secrets masked."""
    whole = on_database(lambda opened: _read(opened, name))
    title = f"{name}, enrolled {minute(whole.operator.created)} UTC"
    show_settings(title, whole.settings)
    _show_limits(whole.limits)
    _show_taxes(whole.taxes)
    show_keys(whole.keys, whole.now)


@operator.command("set")
def set_several(
    name: NameArgument,
    settings: AskedArguments,
    reason: Annotated[
        str | None,
        typer.Option(parser=reader(parse_reason), metavar="TEXT", help="Kept with the change."),
    ] = None,
) -> None:
    """Change settings of an operator, all that are named or none."""
    changed = on_database(lambda opened: set_operator(opened, name, settings, person(), reason))
    tell_changed(changed)


@operator.command()
def history(name: NameArgument) -> None:
    """Show who changed which setting of an operator, and when."""
    show_changes(on_database(lambda opened: _read_changes(opened, name)))


@operator.command()
def limit(
    name: NameArgument,
    limits: AskedArguments,
    ticket_type: Annotated[
        list[TicketType] | None,
        typer.Option("--type", help="Only tickets of this type; may be repeated."),
    ] = None,
    currency: Annotated[
        list[str] | None,
        typer.Option(
            parser=reader(parse_currency),
            metavar="CODE",
            help="Only this currency; may be repeated.",
        ),
    ] = None,
) -> None:
    """Change limits of an operator, for all its tickets or those of a type and currency."""
    asked = AskedLimits(limits, ticket_type or (), currency or ())
    changed = on_database(lambda opened: limit_operator(opened, name, asked, person()))
    _show_limits(changed)


@operator.command()
def tax(
    name: NameArgument,
    preset: PresetOption = None,
    first_day: Annotated[
        date | None,
        typer.Option(
            "--from", parser=reader(_parse_day), metavar="DAY", help="The first day; else today."
        ),
    ] = None,
    day_after: Annotated[
        date | None,
        typer.Option(
            "--to", parser=reader(_parse_day), metavar="DAY", help="The day after; else no end."
        ),
    ] = None,
    ticket_type: TypeOption = None,
    player_class: Annotated[
        str | None,
        typer.Option(
            "--class",
            parser=reader(parse_player_class),
            metavar="SLUG",
            help="Only players whom the wallet flags so, as `tax_SLUG`.",
        ),
    ] = None,
    ext: ExtOption = None,
    ext_formula: FormulaOption = None,
    wht: WhtOption = None,
    wht_base: BaseOption = None,
    wht_threshold: Annotated[
        int | None,
        typer.Option(
            parser=reader(parse_amount_cents), metavar="CENTS", help="No withholding up to this."
        ),
    ] = None,
    on_excess: Annotated[
        bool, typer.Option("--on-excess", help="Withhold only of what exceeds the threshold.")
    ] = False,
    rounding: Annotated[Rounding | None, typer.Option(help="How cents are rounded.")] = None,
) -> None:
    """Give an operator taxes from a day on, of its own time zone: a preset, or terms."""
    if preset is None and ext is None and wht is None:
        message = "Name a preset, or --ext and --wht; no tax at all is the preset `none`."
        raise typer.BadParameter(message)
    terms = override_terms(preset.terms if preset else TaxTerms(), ext, ext_formula, wht, wht_base)
    terms = replace(
        terms,
        wht_threshold_cents=wht_threshold or terms.wht_threshold_cents,
        wht_on_excess=on_excess or terms.wht_on_excess,
        rounding=rounding or terms.rounding,
    )
    asked = AskedProfile(terms, preset, first_day, day_after, ticket_type, player_class)
    _show_taxes([on_database(lambda opened: tax_operator(opened, name, asked, person()))])
    if preset is not None:
        _tell_preset(preset)


def _tell_preset(preset: TaxPreset) -> None:
    """Say what a preset stands on; that a law has ended does not keep an operator from it."""
    ended = "" if preset.valid_to is None else f" (in force until {preset.valid_to})"
    typer.echo(f"taxes   {preset.name}: {preset.source}{ended}; {DISCLAIMER}")


class _Whole(NamedTuple):
    operator: Operator
    settings: OperatorSettings
    limits: list[LimitsOf]
    taxes: list[StoredProfile]
    keys: list[Key]
    now: datetime


async def _list(opened: Database) -> list[tuple[Operator, OperatorSettings]]:
    async with opened.reader() as reads:
        found = await list_operators(reads)
        return [(each, await get_operator_settings(reads, each.id)) for each in found]


async def _read(opened: Database, name: str) -> _Whole:
    async with opened.reader() as reads:
        found = await get_operator(reads, name)
        return _Whole(
            found,
            await get_operator_settings(reads, found.id),
            await list_operator_limits(reads, found.id),
            await list_tax_profiles(reads, found.id),
            await list_keys(reads, Holder.OPERATOR, found.id),
            (await read_clock(reads)).now,
        )


async def _read_changes(opened: Database, name: str) -> list[SettingChange]:
    async with opened.reader() as reads:
        found = await get_operator(reads, name)
        return await list_operator_setting_changes(reads, found.id)


def _show_limits(limits: list[LimitsOf]) -> None:
    table = Table("Type", "Currency", "Limits that are not the default")
    for ticket_type, currency, values in limits:
        changed = differences(type(values)(), values)
        shown = "\n".join(f"{name}={text}" for name, text in changed.items())
        table.add_row(ticket_type.value, currency, shown)
    show_table(table)


def _show_taxes(taxes: list[StoredProfile]) -> None:
    table = Table("From (UTC)", "To", "Type", "Class", "Excise %", "Withholding %", "Preset")
    for profile, preset in taxes:
        terms, ticket_type = profile.terms, profile.ticket_type
        table.add_row(
            minute(profile.valid_from.astimezone(UTC)),
            "" if profile.valid_to is None else minute(profile.valid_to.astimezone(UTC)),
            "every" if ticket_type is None else ticket_type.value,
            profile.player_class or "every",
            f"{render_percent(terms.ext_rate)} {terms.ext_formula.value}",
            f"{render_percent(terms.wht_rate)} of {terms.wht_base.value}",
            preset or "",
        )
    show_table(table)
