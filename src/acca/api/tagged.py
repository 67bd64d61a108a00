"""Answers with a tag of their content: whoever has one already is told that it is unchanged."""

import hashlib
from typing import NamedTuple

from acca.api.answers import Answer
from acca.api.calls import Call


class Tagged(NamedTuple):
    """An answer, its tag, and what is said to those who have it."""

    etag: str
    answer: Answer
    unchanged: Answer


def tag(body: bytes, *headers: tuple[bytes, bytes]) -> Tagged:
    """Tag an answer by its bytes."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = (*headers, (b"etag", etag.encode()))
    return Tagged(etag, Answer(200, body, told), Answer(304, b"", told))


def answer_tagged(call: Call, tagged: Tagged) -> Answer:
    """Answer that nothing changed to a caller that has this very answer."""
    for told in call.values(b"if-none-match"):
        if tagged.etag in told or told.strip() == "*":
            return tagged.unchanged
    return tagged.answer
