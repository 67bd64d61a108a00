"""How amounts and times are written on the pages."""

import datetime as dt


def money(cents: int, currency: str) -> str:
    """Write an amount with its currency."""
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{currency} {units:,}.{rest:02}"


def amount(cents: int) -> str:
    """Write an amount whose currency is plain."""
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{units:,}.{rest:02}"


def when(at_ms: int) -> str:
    """Write a moment of the machine's time, in UTC."""
    return f"{dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC):%d %b %H:%M:%S}"


def many(count: int, one: str) -> str:
    """Write a number of things."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
