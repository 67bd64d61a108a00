"""What came back of a call: accepted, declined or unreached; nothing that is answered raises."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import msgspec

from acca.core.delivery import Verdict

BODY_BYTES_MAX = 64 * 1024
"""Longer answers are cut off, and then are none."""


class Answer(NamedTuple):
    """The verdict on a call, and the answer as far as it was read.

    `was_sent` tells that bytes may have reached the other side. `late` is the answer that is still
    waited for after the time was up, where the caller wants it. `was_tried` is false where the call
    was spared: the breaker is open, there was no place in time, or there is no URL.
    """

    verdict: Verdict
    http_status: int | None = None
    body: bytes = b""
    duration_ms: int = 0
    retry_after_seconds: int | None = None
    was_sent: bool = False
    late: "asyncio.Task[Answer] | None" = None
    was_tried: bool = True

    @classmethod
    def unsent(cls) -> "Answer":
        """Make the answer of a call that was not made."""
        return cls(Verdict.UNREACHED, was_tried=False)

    @property
    def text(self) -> str:
        """Tell the message of an answer: its member `message` if it is an object, else its text."""
        try:
            return msgspec.json.decode(self.body, type=_Said).message
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return self.body.decode("utf-8", "replace")


class _Said(msgspec.Struct):
    message: str


def parse_retry_after(text: str | None, unix_seconds: int) -> int | None:
    """Read a `retry-after` header: seconds, or a date; None where it says nothing."""
    if text is None:
        return None
    if text.isascii() and text.isdecimal():
        return int(text[:9])
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return max(int((at - datetime.fromtimestamp(unix_seconds, UTC)).total_seconds()), 0)
