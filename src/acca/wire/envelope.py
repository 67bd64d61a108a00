"""Envelopes of what is sent to operators: a word, then `data` whose shape the word tells."""

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

import msgspec

from acca.core.numbers import Malformed
from acca.wire.defects import Defect, Defective, defects_under
from acca.wire.document import BODY_BYTES_MAX, Document, missing, parse_by, read, write
from acca.wire.tokens import Json


class Message(Document, frozen=True, kw_only=True):
    """The data of something sent; `WORD` is the action or type that names it."""

    WORD: ClassVar[str]


AnyMessage = TypeVar("AnyMessage", bound=Message)


class Envelope(Generic[AnyMessage]):
    """The envelopes of one direction: the member that holds the word, and all that it may hold."""

    def __init__(self, member: str, forms: Iterable[type[AnyMessage]]) -> None:
        self.member: str = member
        self.forms: dict[str, type[AnyMessage]] = {form.WORD: form for form in forms}

    def render(self, message: AnyMessage) -> bytes:
        """Render a message in its envelope: the bytes that are signed and sent."""
        return msgspec.json.encode({self.member: message.WORD, "data": write(message)})

    def parse(self, body: bytes, bytes_max: int = BODY_BYTES_MAX) -> AnyMessage:
        """Read a message from its envelope."""
        return parse_by(self._read, body, bytes_max)

    def _read(self, token: Json) -> AnyMessage:
        if type(token) is not dict:
            raise Malformed("has to be an object")
        absent = [missing(name) for name in (self.member, "data") if name not in token]
        if absent:
            raise Defective(absent)
        word = token[self.member]
        form = self.forms.get(word) if type(word) is str else None
        if form is None:
            sentence = f"has to be one of {', '.join(self.forms)}"
            raise Defective([Defect((self.member,), sentence, "word")])
        try:
            return read(form, token["data"])
        except Malformed as malformed:
            raise Defective(defects_under(("data",), malformed, "object")) from None
