"""What Acca tells beside tickets: their timelines and explanations, the stream of an operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from acca_client.documents import Malformed, Members, array, boolean, instant, integer, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send a journal entry; `answer` is the beginning of what came back.

    What is late came after the entry had its verdict, and changed nothing.
    """

    attempt: int
    is_late: bool
    at: datetime
    verdict: str
    http_status: int | None
    duration_ms: int
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One entry of a ticket's journal, and how the ticket stood then.

    `lane`, `action` and `body` are None for an entry that is sent nowhere.
    """

    n: int
    at: datetime
    operator_time_at: datetime
    kind: str
    status: str
    result: str
    actor: str | None
    lane: str | None
    action: str | None
    body: str | None
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEvent:
    """One journal entry of the operator's tickets; `body` is the exact text that was signed.

    `lane`, `action` and `body` are None for an entry that is sent nowhere.
    """

    number: int
    hash: str
    at: datetime
    operator_time_at: datetime
    ticket_id: str
    delivery_id: str
    kind: str
    status: str
    result: str
    lane: str | None
    action: str | None
    body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsPage:
    """A page of the stream; `next` is the cursor of the page after it.

    `head_number` and `head_hash` are the last link of the operator's hash chain.
    """

    events: tuple[StreamEvent, ...]
    next: int
    head_number: int
    head_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A ticket in words: a sentence for each leg, one for the money, and all of it in one SMS."""

    lang: str
    audience: str
    legs: tuple[str, ...]
    money: str
    sms: str


def read_timeline(token: object) -> tuple[TimelineEntry, ...]:
    """Read the timeline of a ticket."""
    return array(_entry)(token, "timeline")


def read_explanation(token: object) -> Explanation:
    """Read a ticket in words."""
    members = Members(token, "explanation")
    return Explanation(
        lang=members.take("lang", text),
        audience=members.take("audience", text),
        legs=members.take("legs", array(text)),
        money=members.take("money", text),
        sms=members.take("sms", text),
    )


def read_receipt(token: object) -> dict[str, object]:
    """Take a signed receipt as it came: whoever verifies it needs every member."""
    if not isinstance(token, dict):
        raise Malformed("the receipt is not an object")
    return cast("dict[str, object]", token)


def read_page(token: object) -> EventsPage:
    """Read a page of the stream."""
    members = Members(token, "page")
    head = members.take("head", Members)
    return EventsPage(
        events=members.take("events", array(_stream_event)),
        next=members.take("next", integer),
        head_number=head.take("number", integer),
        head_hash=head.take("hash", text),
    )


def _entry(token: object, place: str) -> TimelineEntry:
    members = Members(token, place)
    at = members.take("at", instant)
    return TimelineEntry(
        n=members.take("n", integer),
        at=at,
        operator_time_at=members.local("at", at),
        kind=members.take("kind", text),
        status=members.take("status", text),
        result=members.take("result", text),
        actor=members.maybe("actor", text),
        lane=members.maybe("lane", text),
        action=members.maybe("action", text),
        body=members.maybe("body", text),
        attempts=members.take("attempts", array(_attempt)),
    )


def _attempt(token: object, place: str) -> Attempt:
    members = Members(token, place)
    return Attempt(
        attempt=members.take("attempt", integer),
        is_late=members.take("is_late", boolean),
        at=members.take("at", instant),
        verdict=members.take("verdict", text),
        http_status=members.maybe("http_status", integer),
        duration_ms=members.take("duration_ms", integer),
        answer=members.maybe("answer", text),
    )


def _stream_event(token: object, place: str) -> StreamEvent:
    members = Members(token, place)
    at = members.take("at", instant)
    return StreamEvent(
        number=members.take("number", integer),
        hash=members.take("hash", text),
        at=at,
        operator_time_at=members.local("at", at),
        ticket_id=members.take("ticket_id", text),
        delivery_id=members.take("delivery_id", text),
        kind=members.take("kind", text),
        status=members.take("status", text),
        result=members.take("result", text),
        lane=members.maybe("lane", text),
        action=members.maybe("action", text),
        body=members.maybe("body", text),
    )
