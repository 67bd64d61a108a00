"""The closing table of a weekend."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from acca_sandbox.storm.plan import Answered
from acca_sandbox.storm.showing import counted, money
from acca_sandbox.weekend.cashing import CashOuts
from acca_sandbox.weekend.plan import Sales, WeekendReport

_RESULTS = ("won", "cashed out", "lost", "void", "pending")
_ROWS = ("placed", *_RESULTS, "turnover", "excise", "withholding", "paid out", "GGR")
_CAPTION = """Amounts in KES, turnover without void tickets.
GGR = turnover - excise - winnings and cash-outs before withholding."""


def show_weekend(console: Console, report: WeekendReport) -> None:
    """Show what was sold and paid, what was told, what went wrong, and that no cent is missing."""
    console.print(_sales(report.sales))
    table = Table("The weekend", "", show_header=False)
    for name, figure in _figures(report):
        table.add_row(name, figure)
    console.print(table)
    if not report.audit_is_clean:
        console.print(report.audit, markup=False, highlight=False)


def _sales(sales: dict[str, Sales]) -> Table:
    """Lay types out as columns: the greatest amounts fit into a terminal of eighty characters."""
    table = Table("", *sales, "all", caption=_CAPTION, padding=0)
    for column in table.columns[1:]:
        column.justify = "right"
    table.columns[-1].style = "bold"
    columns = [_column(each) for each in (*sales.values(), _total(sales.values()))]
    for name, *figures in zip(_ROWS, *columns, strict=True):
        table.add_row(name, *figures, end_section=name == _RESULTS[-1])
    return table


def _column(sales: Sales) -> list[str]:
    amounts = (
        sales.turnover_cents,
        sales.excise_cents,
        sales.withholding_cents,
        sales.paid_out_cents,
        sales.ggr_cents,
    )
    results = (f"{sales.results[each]:,}" for each in _RESULTS)
    return [f"{sales.placed:,}", *results, *(money(each).removesuffix(" KES") for each in amounts)]


def _total(sales: Iterable[Sales]) -> Sales:
    rows = list(sales)
    results: Counter[str] = Counter()
    for each in rows:
        results.update(each.results)
    return Sales(
        sum(each.placed for each in rows),
        results,
        sum(each.turnover_cents for each in rows),
        sum(each.excise_cents for each in rows),
        sum(each.withholding_cents for each in rows),
        sum(each.paid_out_cents for each in rows),
    )


def _figures(report: WeekendReport) -> list[tuple[str, str]]:
    answered = report.answered
    told = sum(report.deliveries.values())
    half, most = (_percentile(answered.seconds, share) for share in (50, 99))
    return [
        ("matches", f"{report.matches:,}"),
        ("cards", counted(report.cards)),
        ("tickets placed", f"{answered.placed:,} at {_rate(answered):,.0f} /s"),
        ("a create lasts", f"p50 {half * 1000:,.0f} ms, p99 {most * 1000:,.0f} ms"),
        ("refused", f"{sum(answered.refused.values()):,}"),
        ("lines that dropped", f"{report.dropped:,}, each asked again with the same key"),
        ("cashed out", _cash_outs(report.cashed_out)),
        ("results corrected", "\n".join(report.corrected) or "none"),
        ("deliveries", f"{told:,}: {counted(report.deliveries)}"),
        ("told again", f"{max(report.calls - told, 0):,} of {report.calls:,} calls"),
        ("faults survived", counted(report.faults)),
        ("calls that broke a rule", f"{report.violations:,}"),
        ("still on their way", f"{report.left:,}"),
        ("ledger difference", money(report.difference_cents)),
        ("audit", "0 violations of I1-I6" if report.audit_is_clean else "VIOLATIONS"),
    ]


def _cash_outs(made: CashOuts) -> str:
    paid, price = money(made.paid_cents), money(made.price_cents)
    return f"{made.done:,}: {paid} for what cost {price}; {made.refused:,} not available"


def _percentile(ordered: Sequence[float], share: int) -> float:
    return ordered[(len(ordered) - 1) * share // 100] if ordered else 0.0


def _rate(answered: Answered) -> float:
    return len(answered.seconds) / max(answered.lasted_seconds, 1e-9)
