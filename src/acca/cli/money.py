"""Commands that show the arithmetic of money: `finance`, `settle`, `taxes`."""

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from acca.cli.app import MONEY, app, reader
from acca.cli.legs import Leg, parse_leg
from acca.core.finance import (
    Charge,
    ExciseFormula,
    Payout,
    TaxTerms,
    WithholdingBase,
    charge,
    parse_percent,
    pay_out,
    render_percent,
)
from acca.core.money import parse_amount_cents, render_units
from acca.core.numbers import Malformed, render_fixed
from acca.core.odds import parse_odds, total_odds
from acca.core.settling import Terms, VoidRefund, settle_accumulator
from acca.core.tax_profiles import DISCLAIMER, PRESETS, parse_preset
from acca.wire.bc import FinanceDetails
from acca.wire.document import render


def _parse_terms(text: str) -> TaxTerms:
    return parse_preset(text).terms


def _parse_price(text: str) -> int:
    return parse_amount_cents(text, 1)


PriceOption = Annotated[
    int | None,
    typer.Option(parser=reader(_parse_price), metavar="CENTS", help="All that the player pays."),
]
StakeOption = Annotated[
    int | None,
    typer.Option(
        parser=reader(_parse_price),
        metavar="CENTS",
        help="The stake itself where excise is exclusive; else the older name of --price.",
    ),
]
CapOption = Annotated[
    int | None,
    typer.Option(parser=reader(_parse_price), metavar="CENTS", help="The most that is paid."),
]
TaxOption = Annotated[
    TaxTerms | None,
    typer.Option(
        parser=reader(_parse_terms), metavar="PRESET", help="Taxes; `acca taxes` lists them."
    ),
]
ExtOption = Annotated[
    int | None,
    typer.Option(parser=reader(parse_percent), metavar="PERCENT", help="Excise, over --tax."),
]
WhtOption = Annotated[
    int | None,
    typer.Option(parser=reader(parse_percent), metavar="PERCENT", help="Withholding, over --tax."),
]
FormulaOption = Annotated[ExciseFormula | None, typer.Option(help="How the excise is found.")]
BaseOption = Annotated[WithholdingBase | None, typer.Option(help="What the withholding is of.")]


@app.command(rich_help_panel=MONEY)
def finance(
    odds: Annotated[
        list[int],
        typer.Option(parser=reader(parse_odds), metavar="ODDS", help="One for each leg."),
    ],
    price: PriceOption = None,
    stake: StakeOption = None,
    tax: TaxOption = None,
    ext: ExtOption = None,
    ext_formula: FormulaOption = None,
    wht: WhtOption = None,
    wht_base: BaseOption = None,
    cap: CapOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what the API's calculator answers.")
    ] = False,
) -> None:
    """Show what a ticket costs, what the taxes take and what it pays."""
    terms = override_terms(tax or TaxTerms(), ext, ext_formula, wht, wht_base)
    charged = _charge(price, stake, terms)
    total = total_odds(odds, terms.rounding)
    paid = pay_out(charged, total, terms, cap)
    if as_json:
        typer.echo(render(_finance_details(charged, total, paid, terms)))
        return
    _print_amounts(
        "Ticket", charged, terms, total, (paid.gross_cents, paid.wht_cents, paid.net_cents)
    )
    if paid.gross_cents < paid.uncapped_cents:
        typer.echo(f"Capped: without the cap it would pay {render_units(paid.uncapped_cents)}.")


@app.command(rich_help_panel=MONEY)
def settle(
    leg: Annotated[
        list[Leg],
        typer.Option(
            parser=reader(parse_leg),
            metavar="ODDS:OUTCOME",
            help="One for each leg, such as 1.24:won, 1.90:OUFT/2.5/O@2-1, 3.10:HTFT/1/1@2-1ht1-0.",
        ),
    ],
    price: PriceOption = None,
    stake: StakeOption = None,
    tax: TaxOption = None,
    cap: CapOption = None,
    void_refund: Annotated[
        VoidRefund, typer.Option(help="What a full void gives back.")
    ] = VoidRefund.PRICE,
) -> None:
    """Settle an accumulator from the outcomes or the scores of its legs."""
    terms = tax or TaxTerms()
    charged = _charge(price, stake, terms)
    settled = settle_accumulator(
        [each.odds for each in leg],
        [each.outcome for each in leg],
        Terms(charged, terms, cap, void_refund),
    )
    if settled is None:
        typer.echo("pending: no leg is lost, and at least one is open")
        return
    amounts = (settled.gross_cents, settled.wht_cents, settled.net_cents)
    _print_amounts(f"Ticket {settled.result.value}", charged, terms, settled.settled_odds, amounts)


@app.command(rich_help_panel=MONEY)
def taxes() -> None:
    """List the tax presets, with their source."""
    table = Table(
        "Preset",
        "Country",
        "Excise %",
        "Withholding %",
        "Source",
        title=f"Tax presets: {DISCLAIMER}",
    )
    for preset in PRESETS:
        terms = preset.terms
        table.add_row(
            preset.name,
            preset.country,
            f"{render_percent(terms.ext_rate)} {terms.ext_formula.value}",
            f"{render_percent(terms.wht_rate)} of {terms.wht_base.value}",
            preset.source,
        )
    Console().print(table)


def _finance_details(
    charged: Charge, total_odds: int, paid: Payout, terms: TaxTerms
) -> FinanceDetails:
    return FinanceDetails(
        price_cents=charged.price_cents,
        total_odds=total_odds,
        stake_cents=charged.stake_cents,
        ext_rate=terms.ext_rate,
        ext_amount_cents=charged.ext_cents,
        ext_type=terms.ext_formula.ext_type,
        wht_rate=terms.wht_rate,
        wht_amount_cents=paid.wht_cents,
        gross_payout_cents=paid.gross_cents,
        net_payout_cents=paid.net_cents,
    )


def override_terms(
    terms: TaxTerms,
    ext: int | None,
    formula: ExciseFormula | None,
    wht: int | None,
    base: WithholdingBase | None,
) -> TaxTerms:
    """Replace what is given; an excise without a formula is inclusive."""
    if ext is not None:
        given = (
            ExciseFormula.INCLUSIVE
            if terms.ext_formula is ExciseFormula.NONE
            else terms.ext_formula
        )
        terms = replace(terms, ext_rate=ext, ext_formula=formula or given)
    elif formula is not None:
        terms = replace(terms, ext_formula=formula)
    wht_rate = terms.wht_rate if wht is None else wht
    return replace(terms, wht_rate=wht_rate, wht_base=base or terms.wht_base)


def _charge(price: int | None, stake: int | None, terms: TaxTerms) -> Charge:
    try:
        return charge(price, stake, terms)
    except Malformed as malformed:
        message = f"{malformed}."
        raise typer.BadParameter(message, param_hint="--price") from malformed


def _print_amounts(
    title: str, charged: Charge, terms: TaxTerms, odds: int, amounts: tuple[int, int, int]
) -> None:
    gross, wht, net = amounts
    table = Table("", "Cents", "Units", title=title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    rows = (
        ("Price (the player pays)", charged.price_cents),
        (
            f"  excise {render_percent(terms.ext_rate)} % {terms.ext_formula.ext_type.value}",
            charged.ext_cents,
        ),
        ("  stake", charged.stake_cents),
        (f"Gross payout at odds {render_fixed(odds, 2)}", gross),
        (f"  withholding {render_percent(terms.wht_rate)} % of {terms.wht_base.value}", wht),
        ("Net payout (the player gets)", net),
    )
    for label, cents in rows:
        table.add_row(label, str(cents), render_units(cents))
    Console().print(table)
