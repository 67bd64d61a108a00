"""A storm's report as tables."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from acca_client.errors import REFUSALS
from acca_client.journal import TimelineEntry
from acca_sandbox.storm.plan import StormReport


def show_report(console: Console, report: StormReport) -> None:
    """Show what clients were told, what went wrong meanwhile, and what stands in the end."""
    table = Table("What", "Figure", show_lines=False)
    for name, figure in (*_answers(report), *_troubles(report), *_standing(report)):
        table.add_row(name, figure)
    console.print(table)
    for finding in report.reckoned.findings:
        console.print(finding, markup=False, highlight=False)


def show_timeline(console: Console, timeline: Sequence[TimelineEntry]) -> None:
    """Show all that happened to a ticket."""
    table = Table("Entry", "When (UTC)", "What", "Status", "Told", "Answers")
    for entry in timeline:
        answers = ", ".join(
            f"{'late ' if each.is_late else ''}{each.verdict} {each.http_status or ''}".rstrip()
            for each in entry.attempts
        )
        told = entry.action or ""
        when = f"{entry.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(entry.n), when, entry.kind, entry.status, told, answers)
    console.print(table)


def money(cents: int) -> str:
    """Write an amount of cents."""
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{units:,}.{rest:02} KES"


def counted(counts: Counter[str]) -> str:
    """Write counts with their names, the most frequent first."""
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common()) or "none"


def _answers(report: StormReport) -> list[tuple[str, str]]:
    answered = report.answered
    refused = {f"{code} {_word(code)}": count for code, count in answered.refused.items()}
    rate = len(answered.seconds) / answered.lasted_seconds
    half, most = (_percentile(answered.seconds, share) for share in (50, 99))
    return [
        ("tickets placed", f"{answered.placed:,}"),
        ("refused", counted(Counter(refused))),
        ("nobody knows", f"{answered.unknown:,}"),
        ("a create lasts", f"p50 {half * 1000:,.0f} ms, p99 {most * 1000:,.0f} ms"),
        ("creates", f"{rate:,.0f} /s for {answered.lasted_seconds:,.1f} s"),
        ("calls tried again", f"{answered.retries:,} of {answered.calls:,}"),
    ]


def _troubles(report: StormReport) -> list[tuple[str, str]]:
    return [
        ("faults of the wallet", counted(report.faults)),
        ("processes killed", counted(report.kills)),
    ]


def _standing(report: StormReport) -> list[tuple[str, str]]:
    reckoned = report.reckoned
    return [
        ("tickets by status", counted(reckoned.statuses)),
        ("turnover", money(reckoned.turnover_cents)),
        ("debits in the wallet", money(reckoned.debits_cents)),
        ("discards carried out", f"{reckoned.discards:,}"),
        ("promises and money", f"{len(reckoned.findings)} violations"),
        ("audit", "0 violations" if report.audit_is_clean else "VIOLATIONS"),
    ]


def _word(code: int) -> str:
    return REFUSALS[code].__name__ if code in REFUSALS else "?"


def _percentile(ordered: Sequence[float], share: int) -> float:
    return ordered[(len(ordered) - 1) * share // 100] if ordered else 0.0
