"""Differences of a reconciliation as they are written: rows of CSV, lines of JSON, repairs."""

from acca.core.holding import Told
from acca.core.reconciling import Deed, Difference, Kind, Step

COLUMNS: tuple[str, ...] = (
    "ticket_id",
    "line",
    "currency",
    "differs",
    "cents",
    "status",
    "paid_in",
    "paid_out",
    "our_status",
    "our_paid_in",
    "our_paid_out",
    "repair",
)
_CENTS = {Deed.DEBIT, Deed.GIVE_BACK, Deed.CREDIT, Deed.TAKE_BACK}
_WORDS = {Deed.BOOK, Deed.CORRECT}


def render_row(operator: str, difference: Difference) -> dict[str, object]:
    """Write a difference by the names of COLUMNS; what a side does not have is None.

    `status`, `paid_in` and `paid_out` are the list's, `our_…` what the wallet should show.
    """
    listed, ours = difference.listed, difference.ours
    theirs = (None,) * 4
    if listed is not None:
        theirs = listed.line, listed.status.value, listed.in_cents, listed.out_cents
    should = (None,) * 3 if ours is None else (ours.statuses[0].value, *ours[1:])
    return {
        "ticket_id": difference.id.hex(),
        "line": theirs[0],
        "currency": difference.currency,
        "differs": " ".join(_slug(kind) for kind in difference.kinds),
        "cents": sum(difference.cents),
        **dict(zip(COLUMNS[5:8], theirs[1:], strict=True)),
        **dict(zip(COLUMNS[8:11], should, strict=True)),
        "repair": render_repair(operator, difference),
    }


def render_repair(operator: str, difference: Difference) -> str:
    """Write what repairs a difference, step by step."""
    ticket = difference.id.hex()
    return "; ".join(_step(operator, ticket, step) for step in difference.steps)


def _slug(kind: Kind) -> str:
    return kind.value.replace(" ", "-")


def _step(operator: str, ticket: str, step: Step) -> str:
    deed = step.deed
    if deed in _CENTS:
        return f"{deed.value} {step.cents:,} cents"
    if deed in _WORDS:
        return f"{deed.value} {step.word}"
    if not step.entries:
        return deed.value
    named = ", ".join(_entry(ticket, entry) for entry in step.entries)
    again = f" --from {step.entries[0].n}" if deed is Deed.SEND_AGAIN else ""
    return f"{deed.value} {named}: acca deliveries replay {operator} {ticket}{again}"


def _entry(ticket: str, entry: Told) -> str:
    """Name an entry by its `delivery-id` and its action."""
    return f"{ticket}-{entry.n} {entry.action.value}"
