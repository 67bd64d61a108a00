"""What the double answers with: status, body and headers, of a value or of what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acca_client.documents import Malformed, write
from acca_client.errors import Refused
from acca_client.testing.refusing import status_of

OFFER = {"signature-versions": "1, 2", "content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def told(value: object) -> Told:
    """Answer with a value."""
    return Told(200, write(value), OFFER)


def told_refusal(refusal: Refused) -> Told:
    """Answer a refusal, with its slug if it has one."""
    because = {} if refusal.because is None else {"refused-because": refusal.because}
    told_ = {"code": refusal.code, "message": refusal.message}
    return Told(status_of(refusal), write(told_), {**OFFER, **because})


def told_defect(malformed: Malformed) -> Told:
    """Answer what is wrong with a request; the double finds one defect at a time."""
    place, _, message = str(malformed).partition(" ")
    loc = [int(step) if step.isdigit() else step for step in _steps(place)]
    defect = {"loc": loc, "msg": message, "type": "value_error"}
    return Told(422, write({"detail": [defect]}), OFFER)


def told_status(status: int, message: str, **headers: str) -> Told:
    """Answer in the form of a refusal whose code is the status."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Told(status, write({"code": status, "message": message}), {**OFFER, **names})


def _steps(place: str) -> list[str]:
    return place.replace("[", ".").replace("]", "").split(".")
