"""The names that operators and providers are given, and what those who run Acca are refused.

    OperatingRefused
    ├── HolderUnknown     no operator, or provider, has the name
    ├── NameTaken         another one has it
    ├── ReasonMissing     a wallet is trusted with updates or netting, and nobody says why
    ├── LimitsRefused     the limits are for a currency that the operator does not sell in
    ├── TaxesRefused      the time of a tax profile ends before it begins
    ├── KeyRefused        a third valid key, the last one, none of that number, everybody's
    └── TemplateUnknown   no template of cards has the name

Settings that cannot be set are a BadSettings (core.setting), with every defect.
"""

import re

from acca.core.keys import Holder
from acca.core.numbers import Malformed
from acca.core.operator import Clawback, OperatorSettings

NAME_LENGTH_MAX = 64
REASON_LENGTH_MAX = 500
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


class OperatingRefused(Exception):
    """Nothing was changed, and the sentence says why."""


class HolderUnknown(OperatingRefused):
    """Nobody has the name."""

    def __init__(self, holder: Holder, name: str) -> None:
        super().__init__(f"There is no {holder.value} {name}.")


class NameTaken(OperatingRefused):
    """Somebody else has the name."""

    def __init__(self, holder: Holder, name: str) -> None:
        super().__init__(f"The {holder.value} {name} exists already.")


class ReasonMissing(OperatingRefused):
    """What is asked for is done only with a reason."""


class LimitsRefused(OperatingRefused):
    """The limits would hold for no ticket."""


class TaxesRefused(OperatingRefused):
    """The tax profile would hold for no ticket."""


class KeyRefused(OperatingRefused):
    """The key was neither added nor retired."""


class TemplateUnknown(OperatingRefused):
    """No template of cards has the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no template {name}.")


def parse_name(text: str) -> str:
    """Read the name of an operator or provider: a slug, such as `acme-kenya`."""
    if len(text) > NAME_LENGTH_MAX or _NAME.fullmatch(text) is None:
        raise Malformed(
            f"is not a slug of at most {NAME_LENGTH_MAX} characters, such as acme-kenya"
        )
    return text


def parse_reason(text: str) -> str:
    """Read why something is done: a line that is kept with it."""
    if not (text.isprintable() and 1 <= len(text.strip()) <= len(text) <= REASON_LENGTH_MAX):
        raise Malformed(f"is not a line of 1 to {REASON_LENGTH_MAX} characters")
    return text


def require_reason(before: OperatorSettings, after: OperatorSettings, reason: str | None) -> None:
    """Refuse to trust a wallet with more than before without saying why."""
    trusted = after.update_types - before.update_types
    if trusted and reason is None:
        types = ", ".join(sorted(each.value for each in trusted))
        raise ReasonMissing(
            f"Set update_types with a reason: how is the wallet known to carry out {types}?"
        )
    nets = after.clawback is Clawback.NET and before.clawback is not Clawback.NET
    if nets and reason is None:
        raise ReasonMissing(
            "Set clawback with a reason: how is the wallet known to net against the next win?"
        )
