"""A betslip as it travels through forms: what is picked, spelled so that nothing is kept here."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol, TypeGuard

from acca_client.placing import Accumulator, Jackpot, Pick, Request, Superbet

Kind = Literal["quicktip", "quickbet", "smartbet", "superbet", "jackpot"]
KINDS: Sequence[Kind] = ("quicktip", "quickbet", "smartbet", "superbet", "jackpot")

PRICE_MAX = 10**9
_PICK = re.compile(r"(\d{1,9}):(\d{1,5}):(\d{1,6}(?:\.\d{1,2})?)", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_MONEY = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)
_CODE = re.compile(r"[0-9A-F]{6}", re.ASCII)
_ANY_ODDS = Decimal(1000)


class Form(Protocol):
    """The fields of a form, each with all of its values."""

    def multi_items(self) -> Sequence[tuple[str, object]]:
        """List names and values in their order."""
        ...


class Unreadable(ValueError):
    """A form that says nothing that can be placed; the sentence says why."""


class Slip(NamedTuple):
    """What a player is about to place."""

    kind: Kind
    code: str
    price_cents: int
    picks: tuple[Pick, ...] = ()
    event: int = 0
    bets: tuple[int, ...] = ()
    prize_cents: int = 0
    bonus_prizes_cents: tuple[int, ...] = ()

    def fields(self) -> list[tuple[str, str]]:
        """Spell the slip as hidden fields."""
        said = [("kind", str(self.kind)), ("code", self.code)]
        said.append(("price", f"{self.price_cents // 100}.{self.price_cents % 100:02}"))
        said += [("pick", f"{pick.event}:{pick.bet}:{pick.odds:.2f}") for pick in self.picks]
        if self.kind == "superbet":
            said.append(("event", str(self.event)))
            said += [("answer", str(bet)) for bet in self.bets]
        if self.kind == "jackpot":
            said.append(("prize", str(self.prize_cents)))
            said += [("bonus", str(cents)) for cents in self.bonus_prizes_cents]
        return said


def read_slip(fields: Sequence[tuple[str, object]]) -> Slip:
    """Read a slip from the fields of a form; names such as `pick-17` are picks too."""
    values: dict[str, list[str]] = {}
    for name, value in fields:
        if isinstance(value, str) and value:
            values.setdefault(name.partition("-")[0], []).append(value)
    kind = _one(values, "kind")
    if not _is_kind(kind):
        raise Unreadable("Nothing that can be bet on was chosen.")
    code = _one(values, "code")
    if not _CODE.fullmatch(code):
        raise Unreadable("The code of a card has six digits.")
    slip = Slip(
        kind,
        code,
        read_money(_one(values, "price")),
        tuple(map(_read_pick, values.get("pick", ()))),
        _number(_one(values, "event") or "0"),
        tuple(map(_number, values.get("answer", ()))),
        _number(_one(values, "prize") or "0"),
        tuple(map(_number, values.get("bonus", ()))),
    )
    if not (slip.bets if kind == "superbet" else slip.picks):
        raise Unreadable("Pick at least one bet.")
    return slip


def read_money(text: str) -> int:
    """Read an amount that a person wrote, such as `50` or `12.50`, as cents."""
    found = _MONEY.fullmatch(text.replace(",", "").strip())
    if found is None:
        raise Unreadable("Say how much you pay, such as 50 or 12.50.")
    cents = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if not 0 < cents <= PRICE_MAX:
        raise Unreadable("Say how much you pay, such as 50 or 12.50.")
    return cents


def request_of(slip: Slip, token: str, currency: str, *, any_odds: bool = False) -> Request:
    """Make the request of a slip; with `any_odds` a quote answers with the present ones."""
    difference = _ANY_ODDS if any_odds else Decimal(0)
    if slip.kind == "superbet":
        return Superbet(
            token=token, price_cents=slip.price_cents, currency=currency, source="mobile",
            event=slip.event, bets=slip.bets, betcard_code=slip.code,
        )  # fmt: skip
    if slip.kind == "jackpot":
        return Jackpot(
            token=token, price_cents=slip.price_cents, currency=currency, source="mobile",
            picks=slip.picks, betcard_code=slip.code, prize_cents=slip.prize_cents,
            bonus_prizes_cents=slip.bonus_prizes_cents, odds_diff=difference,
        )  # fmt: skip
    return Accumulator(
        token=token, price_cents=slip.price_cents, currency=currency, source="mobile",
        type=slip.kind, picks=slip.picks, betcard_code=slip.code, odds_diff=difference,
    )  # fmt: skip


def _is_kind(text: str) -> TypeGuard[Kind]:
    return text in KINDS


def _one(values: Mapping[str, list[str]], name: str) -> str:
    return values.get(name, [""])[-1]


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Unreadable("A number of the form is none.")
    return int(text)


def _read_pick(text: str) -> Pick:
    found = _PICK.fullmatch(text)
    if found is None:
        raise Unreadable("A pick of the form is none.")
    return Pick(int(found[1]), int(found[2]), Decimal(found[3]))
