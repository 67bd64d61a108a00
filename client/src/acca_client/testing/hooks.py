"""Webhooks of the double: bytes and headers as Acca sends them, and what tests do with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import httpx2

from acca_client.documents import write
from acca_client.signature import WINDOW_SECONDS, sign

_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One attempt to deliver a webhook; `body` and `headers` are what arrives.

    Give them to your own handler, or `post` them. `n` is the number of its ticket's delivery.
    """

    action: str
    body: bytes
    key: str = field(repr=False)
    clock: Callable[[], int] = field(repr=False)
    signed_at: int | None
    ticket_id: str | None = None
    n: int | None = None
    attempt: int = 1
    operator_name: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Tell the headers of this attempt; those of a ping have no signature."""
        headers = {"content-type": "application/json"}
        if self.signed_at is not None:
            headers["timestamp"] = str(self.signed_at)
            headers["signature"] = sign(self.key, self.signed_at, self.body)
        if self.operator_name is not None:
            headers["operator-name"] = self.operator_name
        if self.n is not None:
            headers["delivery-id"] = f"{self.ticket_id}-{self.n}"
            headers["attempt"] = str(self.attempt)
        return headers

    def again(self) -> "Hook":
        """Make the next attempt: the same body and number, signed anew."""
        return replace(self, attempt=self.attempt + 1, signed_at=self.clock())

    def stale(self, seconds: int = WINDOW_SECONDS + 1) -> "Hook":
        """Make one that was well signed, but so long ago: to be refused."""
        return replace(self, signed_at=self.clock() - seconds)

    def forged(self) -> "Hook":
        """Make one that is signed with a key that is not the operator's: to be refused."""
        return replace(self, key=f"not-{self.key}")

    def post(self, url: str, client: httpx2.Client | None = None) -> httpx2.Response:
        """Send it, as Acca does: redirects are not followed; only 200 is good."""
        send = httpx2.post if client is None else client.post
        return send(
            url,
            content=self.body,
            headers=self.headers,
            timeout=_TIMEOUT_SECONDS,
            follow_redirects=False,
        )


def with_late_repeats(hooks: Sequence[Hook]) -> list[Hook]:
    """Arrange hooks of a ticket as badly as they may arrive: after each, all so far once more.

    A wallet that carries each out once, and in order, ends as without the repeats.
    """
    arriving: list[Hook] = []
    for place, hook in enumerate(hooks):
        arriving.append(hook)
        arriving += [earlier.again() for earlier in reversed(hooks[: place + 1])]
    return arriving


def body_of(kind: str, word: str, data: Mapping[str, object]) -> bytes:
    """Write the body of a webhook; `kind` is `action` to the wallet, `type` of an SMS."""
    return write({kind: word, "data": data})
