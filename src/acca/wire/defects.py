"""What is wrong with a document: every defect at once, in the form of the 422 body (spec 1)."""

from collections.abc import Iterable

import msgspec

from acca.core.numbers import Malformed

Place = tuple[str | int, ...]
"""Where a defect stands: names of members and places in lists, from the outside in."""

DEFECTS_MAX = 100
"""No more defects than these are reported of one document."""


class Defect(msgspec.Struct, frozen=True):
    """One defect: its place, a sentence that follows the place's name, and one word for programs.

    Beside the word of the value that was expected (`integer`, `odds`, `time`, …) the words are
    `missing`, `duplicate`, `name`, `json` and `encoding`.
    """

    loc: Place
    msg: str
    type: str


class Detail(msgspec.Struct, frozen=True):
    """The body of a 422."""

    detail: tuple[Defect, ...]


class Defective(Malformed):
    """A document that cannot be read, with all that is wrong with it."""

    def __init__(self, defects: Iterable[Defect]) -> None:
        self.defects: tuple[Defect, ...] = tuple(defects)[:DEFECTS_MAX]
        super().__init__("; ".join(_sentence(defect) for defect in self.defects))


class TooLarge(Malformed):
    """A body above its limit (413)."""


def defects_under(place: Place, malformed: Malformed, word: str) -> tuple[Defect, ...]:
    """Tell the defects of a value that stands at a place; `word` names what was expected there."""
    if isinstance(malformed, Defective):
        return tuple(Defect(place + one.loc, one.msg, one.type) for one in malformed.defects)
    return (Defect(place, str(malformed), word),)


def render_defects(defects: Iterable[Defect]) -> bytes:
    """Render the body of a 422."""
    return msgspec.json.encode(Detail(tuple(defects)))


def parse_defects(body: bytes) -> tuple[Defect, ...]:
    """Read the body of a 422; Malformed if it is none."""
    try:
        return msgspec.json.decode(body, type=Detail).detail
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Malformed(f"is not the body of a 422: {error}") from error


def _sentence(defect: Defect) -> str:
    return f"{'.'.join(map(str, defect.loc))} {defect.msg}".strip()
