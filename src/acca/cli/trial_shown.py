"""What a dry run of a result is printed as, for people and for programs."""

import msgspec
from rich.console import Console
from rich.table import Table

from acca.core.money import render_units
from acca.flows.enter_results import Trial


def show_trial(trial: Trial, title: str) -> None:
    """Print the figures of a dry run, who would have to give back, and the mark."""
    console = Console()
    figures, owing, mark = trial.supposed
    table = Table("What would happen", "", title=title)
    table.columns[1].justify = "right"
    for name, figure in figures.items():
        shown = render_units(figure) if ": cents" in name else f"{figure:,}"
        table.add_row(name.replace(": cents ", ": "), shown)
    console.print(table)
    if owing:
        players = Table("Player", "Operator", "Has to give back", title="Greatest first")
        players.columns[2].justify = "right"
        for each in owing:
            players.add_row(
                each.player, each.operator, f"{render_units(each.cents)} {each.currency}"
            )
        console.print(players)
        console.print("Balances are the wallet's: whether they suffice is not known here.")
    for each in trial.jackpots:
        said = f"{each.tickets:,} tickets of jackpot {each.card} of {each.operator}"
        console.print(f"{said} are judged with their card, not here.")
    console.print(f"To commit just this: --as-shown {mark}")


def render_trial(trial: Trial) -> str:
    """Write a dry run as one JSON object; amounts in cents."""
    told = {
        "mark": trial.supposed.mark,
        "figures": trial.supposed.figures,
        "owing": [each._asdict() for each in trial.supposed.owing],
        "jackpots": [each._asdict() for each in trial.jackpots],
    }
    return msgspec.json.encode(told).decode()
