"""What is wrong with a receipt whose inputs do not fit each other, and where that stands."""

Pointer = tuple[str | int, ...]
"""Names of members and places in lists, from the outside in."""


class Contradiction(Exception):
    """Inputs of a receipt do not fit each other; its sentence follows the name of the place."""

    def __init__(self, at: Pointer, sentence: str) -> None:
        self.at: Pointer = at
        self.sentence: str = sentence
        super().__init__(f"/{'/'.join(map(str, at))} {sentence}")


class NotDecided(Contradiction):
    """The results that are told do not decide the ticket."""
