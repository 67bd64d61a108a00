"""Commands of jackpots: `jackpot`."""

import re
from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from acca.boot import person, random_bytes
from acca.cli.app import PARTIES, app, fail, reader
from acca.cli.opened import on_database
from acca.cli.settings import minute, show_table
from acca.core.jackpot_judging import Decided, Refunded
from acca.core.money import render_units
from acca.core.numbers import Malformed
from acca.core.public_draw import SEED_BYTES, Drawn, Sign, commit_to, draw
from acca.flows.forecast_jackpot import forecast_jackpot
from acca.flows.settle_jackpots import DrawRefused, enter_drawn, judge_jackpot, make_seed
from acca.store.connection import Database
from acca.store.jackpots import (
    PoolEntry,
    Told,
    find_seed,
    list_pool,
    read_drawn,
    read_outcome,
    read_told,
)
from acca.store.operators import get_operator

_SIGNS = re.compile(r"(\d{1,3})=([1X2])", re.ASCII)
_SEED = re.compile(r"[0-9a-f]{64}", re.ASCII)

OperatorArgument = Annotated[str, typer.Argument(metavar="OPERATOR", help="Whose card it is.")]
CardArgument = Annotated[str, typer.Argument(metavar="CARD", help="The card's code.")]
LimitOption = Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")]


def _parse_drawn(text: str) -> tuple[int, Sign]:
    found = _SIGNS.fullmatch(text)
    if found is None:
        message = "has to be a place on the card and 1, X or 2, such as 3=X"
        raise Malformed(message)
    return int(found[1]), Sign(found[2])


def _parse_seed(text: str) -> bytes:
    if _SEED.fullmatch(text.lower()) is None:
        message = "has to be 64 hex digits"
        raise Malformed(message)
    return bytes.fromhex(text)


_read_sign = reader(_parse_drawn)
DrawnArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PLACE=SIGN...", help="What was drawn: places on the card from 1, and 1, X or 2."
    ),
]
SeedOption = Annotated[
    bytes, typer.Option(parser=reader(_parse_seed), help="The seed as it was published.")
]

jackpot = typer.Typer(no_args_is_help=True, help="Jackpots: draws, outcomes, prizes, pools.")
app.add_typer(jackpot, name="jackpot", rich_help_panel=PARTIES)


@jackpot.command("forecast")
def forecast_card(
    operator: OperatorArgument,
    card: CardArgument,
    lines: Annotated[int, typer.Option(min=1, max=10**9, help="Lines that are sold.")] = 100_000,
    weighted: Annotated[
        int, typer.Option(min=0, max=100, help="Percent of them picked by probability.")
    ] = 80,
) -> None:
    """Tell what a jackpot is expected to pay, tier by tier, by the present odds."""
    found = on_database(
        lambda opened: forecast_jackpot(opened, operator, card.upper(), lines, weighted / 100)
    )
    table = Table("Wrong", "Best line", "A line", "Anybody", "Winners", "Pays")
    for column in table.columns:
        column.justify = "right"
    for tier in found.tiers:
        chances = [f"{chance:.3g}" for chance in (tier.favourite, tier.line, tier.won)]
        paid = render_units(round(tier.payout_cents))
        table.add_row(str(tier.wrong), *chances, f"{tier.winners:,.2f}", paid)
    show_table(table)
    paid = render_units(round(found.payout_cents))
    typer.echo(f"Expected to pay {paid}, {found.ratio:.1%} of what {lines:,} lines bring.")


@jackpot.command()
def seed(operator: OperatorArgument) -> None:
    """Make the seed of a public draw, keep it, and print the commitment for the card's file."""
    made = random_bytes(SEED_BYTES)
    typer.echo(on_database(lambda opened: make_seed(opened, operator, made, person())))


@jackpot.command("draw")
def hold(operator: OperatorArgument, card: CardArgument) -> None:
    """Hold the public draw of a card, or print it if it was held: seed, scores and outcomes."""
    found = on_database(lambda opened: _hold(opened, operator, card.upper()))
    if not found.drawn:
        fail("No event of the card is to be drawn, or not yet.")
    if found.seed is not None:
        typer.echo(f"commitment {commit_to(found.seed)}")
        typer.echo(f"seed {found.seed.hex()}")
    for one in found.drawn:
        typer.echo(f"{one.place}={one.sign.value}  over {one.scores or 'no scores'}")


@jackpot.command()
def verify(
    card: CardArgument,
    drawn: DrawnArgument,
    seed: SeedOption,
    commitment: Annotated[str, typer.Option(help="What the card showed from the beginning.")],
    scores: Annotated[str, typer.Option(help="Scores that it was drawn over: 1:2-1,2:0-0")] = "",
) -> None:
    """Check a public draw, without a database; status 1 if it is not what was promised."""
    if commit_to(seed) != commitment.lower():
        fail("The seed is not the one that the card committed to.")
    for place, sign in map(_read_sign, drawn):
        found = draw(seed, card.upper(), place, scores)
        if found is not sign:
            fail(f"Event {place} was drawn {found.value}, not {sign.value}.")
    typer.echo(f"{len(drawn)} drawn as promised: the seed fits, and gives these outcomes.")


@jackpot.command("enter")
def enter_signs(operator: OperatorArgument, card: CardArgument, drawn: DrawnArgument) -> None:
    """Enter outcomes that were drawn elsewhere; they stay, whatever is played later."""
    facts = [Drawn(place, sign, "") for place, sign in map(_read_sign, drawn)]
    on_database(lambda opened: enter_drawn(opened, operator, card.upper(), facts, person()))
    typer.echo(f"{len(facts)} entered.")


@jackpot.command()
def show(operator: OperatorArgument, card: CardArgument) -> None:
    """Show how the events of a card count, and how its prizes are shared out."""
    found = on_database(lambda opened: _show(opened, operator, card.upper()))
    if found is None:
        fail(f"{operator} has no jackpot {card.upper()}.")
    due = "" if found.told.due is None else f", looked at again {minute(found.told.due)} UTC"
    typer.echo(f"version {found.told.version}, {found.told.step}{due}")
    if isinstance(found.outcome, Refunded):
        typer.echo(f"refunded: {found.outcome.reason.value}")
    elif found.outcome is not None:
        _show_outcome(found.outcome)
        _show_prizes(found.told)


@jackpot.command()
def pool(operator: OperatorArgument, limit: LimitOption = 50) -> None:
    """List what rounds left to each other and took, the newest first."""
    entries = on_database(lambda opened: _read_pool(opened, operator, limit))
    table = Table("When (UTC)", "Jackpot", "Card", "Version", "What", "Amount")
    for one in entries:
        amount = f"{render_units(one.cents)} {one.currency}"
        table.add_row(minute(one.at), one.title, one.card, str(one.version), one.kind, amount)
    show_table(table)


def _show_outcome(outcome: Decided) -> None:
    table = Table("Place", "Event", "Counts", "Outcome", "Reserve")
    for number, place in enumerate(outcome.places, 1):
        sign = "" if place.sign is None else place.sign.value
        reserve = "" if place.reserve is None else str(place.reserve)
        table.add_row(str(number), str(place.event), place.how.value, sign, reserve)
    show_table(table)


def _show_prizes(told: Told) -> None:
    table = Table("Wrong", "Lines", "A line", "Remainder", "Carried over", "Kept")
    for wrong, tier in enumerate(told.prizes.tiers):
        amounts = tier.per_line_cents, *tier[3:]
        table.add_row(str(wrong), f"{tier.lines:,}", *map(render_units, amounts))
    show_table(table)


class _Draw(NamedTuple):
    seed: bytes | None
    drawn: tuple[Drawn, ...]


async def _hold(opened: Database, operator: str, card: str) -> _Draw:
    before = await _read_draw(opened, operator, card)
    if before.drawn:
        return before
    await judge_jackpot(opened, operator, card)
    return await _read_draw(opened, operator, card)


async def _read_draw(opened: Database, operator: str, card: str) -> _Draw:
    async with opened.reader() as connection:
        found = await get_operator(connection, operator)
        told = await read_told(connection, found.id, card)
        if told is None:
            raise DrawRefused(f"{operator} has no jackpot {card}.")
        drawn = await read_drawn(connection, found.id, card)
        if told.commitment is None or not drawn:
            return _Draw(None, drawn)
        return _Draw(await find_seed(connection, found.id, told.commitment), drawn)


class _Shown(NamedTuple):
    told: Told
    outcome: Decided | Refunded | None


async def _show(opened: Database, operator: str, card: str) -> _Shown | None:
    async with opened.reader() as connection:
        found = await get_operator(connection, operator)
        told = await read_told(connection, found.id, card)
        if told is None:
            return None
        return _Shown(told, await read_outcome(connection, found.id, card))


async def _read_pool(opened: Database, operator: str, limit: int) -> list[PoolEntry]:
    async with opened.reader() as connection:
        return await list_pool(connection, operator, limit)
