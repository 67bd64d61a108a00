"""Which tickets a list holds: the filters of `GET /be/tickets`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice

from acca_client.documents import Malformed
from acca_client.testing.book import Kept
from acca_client.testing.order import TYPES

_LIMIT, _LIMIT_MAX = 10, 10_000
_SHOWN_WHEN_ASKED = {"new", "cancelled"}

Query = Mapping[str, Sequence[str]]


def listed(tickets: Iterable[Kept], query: Query) -> list[Kept]:
    """List the tickets that fit a query, in the order given."""
    limit = whole(query, "limit", _LIMIT, range(1, _LIMIT_MAX + 1))
    if not set(query.get("skip_types", ())) <= set(TYPES):
        raise Malformed(f"query.skip_types has to be one of {', '.join(TYPES)}")
    return list(islice(_fitting(tickets, query), limit))


def whole(query: Query, name: str, default: int, allowed: range) -> int:
    """Read an integer of a query."""
    spelled = _one(query, name)
    if spelled is None:
        return default
    if not spelled.isdecimal() or int(spelled) not in allowed:
        raise Malformed(f"query.{name} has to be from {allowed[0]} to {allowed[-1]}")
    return int(spelled)


def _fitting(tickets: Iterable[Kept], query: Query) -> Iterator[Kept]:
    before, status = _one(query, "before"), _one(query, "status")
    after_created, before_created = _time(query, "created_after"), _time(query, "created_before")
    for kept in tickets:
        order = kept.struck.order
        fits = (
            (before is None or kept.id < before)
            and (kept.status == status if status else kept.status not in _SHOWN_WHEN_ASKED)
            and _one(query, "result") in {None, kept.result}
            and _one(query, "user_id") in {None, kept.user_id}
            and order.type not in query.get("skip_types", ())
            and kept.code.startswith((_one(query, "code_prefix") or "").upper())
            and (after_created is None or kept.created >= after_created)
            and (before_created is None or kept.created < before_created)
        )
        if fits:
            yield kept


def _one(query: Query, name: str) -> str | None:
    return query[name][0] if name in query else None


def _time(query: Query, name: str) -> datetime | None:
    spelled = _one(query, name)
    try:
        return None if spelled is None else datetime.fromisoformat(spelled).replace(tzinfo=UTC)
    except ValueError:
        raise Malformed(f"query.{name} has to be a time") from None
