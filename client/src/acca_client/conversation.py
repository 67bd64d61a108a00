"""One call from its first try to its last, without any input or output of its own.

`Caller.converse` tells a driver what to send and how long to wait, and is told what came back; the
drivers are in `acca_client.transport`.
"""

import re
import secrets
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from acca_client.documents import Malformed, Members, array, integer, parse, text
from acca_client.errors import (
    AccaError,
    Defect,
    Invalid,
    NotAuthentic,
    TooLarge,
    TooManyRequests,
    Unavailable,
    Unreached,
    Unreadable,
    refused,
)
from acca_client.signature import (
    Credentials,
    offers_version_2,
    request_headers,
    request_headers_v2,
)

Value = TypeVar("Value")

_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?", re.ASCII)
"""Paths that no HTTP client writes in another way: version 2 signs them."""

_REFUSALS = frozenset({400, 403, 404, 405, 409})
_SERVER_FAULTS = range(500, 600)


def unix_seconds() -> int:
    """Tell the time of this machine."""
    return int(time.time())  # noqa: TID251 - the default of an argument


def draw_key() -> str:
    """Draw an idempotency key that nobody else draws."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call goes on: in all, at each try, and between the tries, in seconds.

    Acca answers within 9 s, so that a try should wait longer than that.
    """

    total_seconds: float = 30.0
    try_seconds: float = 12.0
    pause_seconds: float = 0.2
    pause_seconds_max: float = 3.0
    retry_after_seconds_max: float = 10.0

    def pause(self, error: AccaError, tries: int, chance: float) -> float:
        """Tell how long to wait after so many failed tries; `chance` is from 0 to 1."""
        backoff = min(self.pause_seconds_max, self.pause_seconds * 2.0 ** min(tries - 1, 30))
        asked = error.retry_after if isinstance(error, Unavailable | TooManyRequests) else None
        return min(asked or 0.0, self.retry_after_seconds_max) + backoff * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True)
class Means:
    """What a call takes from its surroundings: clocks, dice, and new idempotency keys."""

    now: Callable[[], int] = unix_seconds
    new_key: Callable[[], str] = draw_key
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = secrets.SystemRandom().random


@dataclass(frozen=True, slots=True)
class Call(Generic[Value]):
    """What is asked of Acca, and how its answer is read; safe to send more than once."""

    method: str
    path: str
    read: Callable[[object], Value]
    body: bytes = b""
    idempotency_key: str | None = None
    shelf: "Shelf[Value] | None" = None


class Shelf(Generic[Value]):
    """What was answered last to one call, with its etag; asked with it, Acca need not repeat it."""

    def __init__(self) -> None:
        self._kept: tuple[str, Value] | None = None

    def etag(self) -> str | None:
        """Tell the etag of what is kept."""
        return None if self._kept is None else self._kept[0]

    def keep(self, etag: str | None, value: Value) -> Value:
        """Keep an answer that has an etag."""
        if etag is not None:
            self._kept = etag, value
        return value

    def value(self) -> Value | None:
        """Return what is kept."""
        return None if self._kept is None else self._kept[1]


@dataclass(frozen=True, slots=True)
class Send:
    """A request for the driver to send; `path` with its query, exactly as on the request line."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait, before the driver asks for the next step."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; the names of the headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing whole came back; the sentence says why."""

    reason: str


Step = Send | Pause
Talk = Generator[Step, Reply | Lost | None, Value]


class Caller:
    """Who calls, where to, and what it has learnt of the other side."""

    def __init__(
        self, base_url: str, credentials: Credentials | None, patience: Patience, means: Means
    ) -> None:
        origin, prefix = _split(base_url)
        self.origin: str = origin
        self._prefix: str = prefix
        if credentials is not None:
            _check_visible("the operator's name", credentials.operator_name)
        self._credentials: Credentials | None = credentials
        self._patience: Patience = patience
        self.means: Means = means
        self.version: int = 1

    def converse(self, call: Call[Value]) -> Talk[Value]:
        """Go through the tries of a call; return what its answer says, or raise an AccaError.

        Every try has the same body and idempotency key, and a timestamp of its own.
        """
        monotonic = self.means.monotonic
        end = monotonic() + self._patience.total_seconds
        tries, relearnt = 0, False
        while True:
            version, left = self.version, max(end - monotonic(), 0.0)
            timeout_seconds = min(self._patience.try_seconds, left)
            outcome = yield self._request(call, version, timeout_seconds)
            self._learn(outcome)
            try:
                return _value(call, outcome)
            except AccaError as error:
                error.idempotency_key = call.idempotency_key
                if isinstance(error, NotAuthentic) and version != self.version and not relearnt:
                    relearnt = True  # the operator may be set to version 2 only
                    continue
                tries += 1
                pause = self._patience.pause(error, tries, self.means.chance())
                if not error.again or monotonic() + pause >= end:
                    raise
            yield Pause(pause)

    def _request(self, call: Call[Value], version: int, timeout_seconds: float) -> Send:
        now, path = self.means.now(), self._prefix + call.path
        if self._credentials is None:
            headers: dict[str, str] = {}
        elif version == 1:
            headers = request_headers(self._credentials, now, call.body)
        else:
            headers = request_headers_v2(self._credentials, now, call.method, path, call.body)
        if call.shelf is not None and (etag := call.shelf.etag()) is not None:
            headers["if-none-match"] = etag
        if call.body:
            headers["content-type"] = "application/json"
        if call.idempotency_key is not None:
            headers["idempotency-key"] = call.idempotency_key
        return Send(call.method, path, headers, call.body, timeout_seconds)

    def _learn(self, outcome: Reply | Lost | None) -> None:
        if isinstance(outcome, Reply) and "signature-versions" in outcome.headers:
            self.version = 2 if offers_version_2(outcome.headers) else 1


def check_key(key: str) -> str:
    """Check that an idempotency key can be sent: 1 to 255 visible ASCII characters."""
    _check_visible("an idempotency key", key)
    return key


def _check_visible(what: str, value: str) -> None:
    visible = value.isascii() and value.isprintable() and " " not in value
    if not visible or len(value) not in range(1, 256):
        raise ValueError(f"{what} has to be 1 to 255 visible ASCII characters")


def _split(base_url: str) -> tuple[str, str]:
    parts = urlsplit(base_url)
    plain = not (parts.query or parts.fragment or "@" in parts.netloc or parts.port == 0)
    plain = plain and _PREFIX.fullmatch(parts.path) is not None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise ValueError("the base URL has to be such as https://host or https://host/prefix")
    return f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")


def _value(call: Call[Value], outcome: Reply | Lost | None) -> Value:
    assert outcome is not None, "the driver answers a Send with what came back"
    if isinstance(outcome, Lost):
        raise Unreached(outcome.reason)
    if outcome.status == 304 and call.shelf is not None:  # noqa: PLR2004 - as it was
        kept = call.shelf.value()
        if kept is not None:
            return kept
    try:
        token = parse(outcome.body)
        if outcome.status == 200:  # noqa: PLR2004 - the one status of success
            value = call.read(token)
            return value if call.shelf is None else call.shelf.keep(_etag(outcome), value)
        raise _error(outcome, token)
    except Malformed as malformed:
        raise _unreadable(outcome, str(malformed)) from None


def _unreadable(reply: Reply, reason: str) -> AccaError:
    """Judge an answer without the documented body by its status alone."""
    known = _by_status(reply)
    if known is not None:
        return known
    sentence = f"answered {reply.status}, and {reason}"
    cut = reply.status == 200 and reason == "the body is not JSON"  # noqa: PLR2004
    return Unreached(sentence) if cut else Unreadable(sentence)


def _error(reply: Reply, token: object) -> AccaError:
    known = _by_status(reply)
    if known is not None:
        return known
    if reply.status == 422:  # noqa: PLR2004 - defects instead of a code
        return Invalid(Members(token, "answer").take("detail", array(read_defect)))
    if reply.status not in _REFUSALS:
        return Unreadable(f"answered {reply.status}")
    members = Members(token, "answer")
    code, message = members.take("code", integer), members.take("message", text)
    return refused(code, message, reply.headers.get("refused-because"))


def _by_status(reply: Reply) -> AccaError | None:
    match reply.status:
        case 413:
            return TooLarge("the body is above the limit of its path")
        case 429:
            return TooManyRequests("too many requests", _retry_after(reply))
        case 503:
            return Unavailable("not available now", _retry_after(reply))
        case status if status in _SERVER_FAULTS:
            return Unreached(f"answered {status}")
        case _:
            return None


def _etag(reply: Reply) -> str | None:
    return reply.headers.get("etag")


def _retry_after(reply: Reply) -> float | None:
    spelled = reply.headers.get("retry-after", "")
    return float(spelled) if spelled.isascii() and spelled.isdecimal() else None


def read_defect(token: object, place: str) -> Defect:
    """Read one defect of a request."""
    members = Members(token, place)
    return Defect(
        members.take("loc", array(_step)), members.take("msg", text), members.take("type", text)
    )


def _step(token: object, place: str) -> str | int:
    return token if isinstance(token, str) else integer(token, place)
