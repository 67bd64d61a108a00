"""Why a card is not made, published or closed.

CardRefused
├── CardFaulty       something on it is wrong; every fault has its sentence
├── CardUnknown      the operator has no card of that code
├── CardElsewhere    its life does not allow that move now
└── CardAmbiguous    a bet without a code could belong to it or to another
"""

from collections.abc import Sequence

from acca.core.cards.card import CardState


class CardRefused(Exception):
    """Nothing was changed, and the sentence says why."""


class CardFaulty(CardRefused):
    """The card cannot be offered as it is."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(f"The card is refused: {fault}." for fault in faults))


class CardUnknown(CardRefused):
    """There is no such card."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The operator has no bet card {code}.")


class CardElsewhere(CardRefused):
    """The card is in another state than the move needs."""

    def __init__(self, code: str, state: CardState, needed: str) -> None:
        super().__init__(f"The bet card {code} is {state.value}, and has to be {needed}.")


class CardAmbiguous(CardRefused):
    """Players' bets could not be told apart."""

    def __init__(self, code: str, other: str) -> None:
        super().__init__(
            f"The bet card {code} asks what {other} asks, of the same event at the same price."
        )
