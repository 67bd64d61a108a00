"""Answers: a value, or whatever went wrong on the way to one, becomes status, headers and bytes."""

import re
from typing import NamedTuple

import msgspec

from acca.api.bodies import BodyTooSlow
from acca.api.rates import TooManyRequests
from acca.core.placing import NoTaxProfile
from acca.core.refusals import IdempotencyKeyReused, NotAllowed, NotSigned, Refusal
from acca.flows.place_tickets import Busy
from acca.store.unusable import DatabaseUnusable
from acca.wire.defects import Defective, TooLarge, render_defects
from acca.wire.words import SENTENCE_LENGTH_MAX

JSON = b"application/json"
CLOSE = (b"connection", b"close")
RETRY_AFTER_SECONDS = 1

_STATUSES: dict[type[Refusal], int] = {NotSigned: 403, NotAllowed: 403, IdempotencyKeyReused: 409}
_PASSING = ("08", "25", "28", "3D", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that tell of the server or of others at work, and of nothing in the request:
connection, transaction cut off or read-only, log-in, database gone, serialization, resources,
locks, an operator's intervention, the system."""

_DRIVERS_OWN = ("InterfaceError", "InternalClientError")
_CLOSED = re.compile(r"\bclos(ed|ing)\b|\breleased\b|cannot switch to state")


class Answer(NamedTuple):
    """What goes back to the caller; `date` and `x-request-id` are added to all."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    media: bytes = JSON


def refusing(status: int, code: int, message: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Make an answer in the form `{code, message}`."""
    told = {"code": code, "message": message[:SENTENCE_LENGTH_MAX]}
    return Answer(status, msgspec.json.encode(told), headers)


def answer_failure(failure: Exception, call_id: str) -> Answer:
    """Answer what kept a request from its value; a bug names the request, and nothing of itself."""
    if isinstance(failure, Refusal):
        return refusing(_STATUSES.get(type(failure), 400), failure.code, failure.message)
    return (
        _answer_document(failure)
        or _answer_haste(failure)
        or refusing(500, 500, f"Something went wrong in request {call_id}")
    )


def _answer_document(failure: Exception) -> Answer | None:
    """Answer what is wrong with a body or with the parameters."""
    match failure:
        case TooLarge():
            return refusing(413, 413, str(failure))
        case Defective():
            return Answer(422, render_defects(failure.defects))
        case BodyTooSlow():
            return refusing(408, 408, str(failure), CLOSE)
        case _:
            return None


def _answer_haste(failure: Exception) -> Answer | None:
    """Answer what may be asked again in a while."""
    match failure:
        case TooManyRequests():
            return refusing(429, 429, str(failure), _wait(failure.wait_seconds))
        case Busy() | NoTaxProfile():
            return refusing(503, 503, str(failure), _wait(RETRY_AFTER_SECONDS))
        case _ if is_out_of_reach(failure):
            wait = _wait(RETRY_AFTER_SECONDS)
            return refusing(503, 503, "Acca cannot take this request now; try again", wait)
        case _:
            return None


def _wait(seconds: int) -> tuple[bytes, bytes]:
    return b"retry-after", str(seconds).encode()


def not_found() -> Answer:
    """Answer a path that leads nowhere."""
    return refusing(404, 404, "There is nothing at this path")


def wrong_method(allowed: str) -> Answer:
    """Answer a method that the path does not have."""
    return refusing(405, 405, f"Allowed here: {allowed}", (b"allow", allowed.encode()))


def is_out_of_reach(fault: BaseException | None) -> bool:
    """Tell whether a fault, or one that led to it, is that the database cannot be worked with."""
    while fault is not None:
        if isinstance(fault, OSError | DatabaseUnusable):
            return True
        state = getattr(fault, "sqlstate", None)
        if isinstance(state, str) and state.startswith(_PASSING):
            return True
        # The driver has no class of its own for a connection that it finds closed, or that is lost
        # while it prepares to use it.
        if type(fault).__name__ in _DRIVERS_OWN and _CLOSED.search(str(fault)):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
