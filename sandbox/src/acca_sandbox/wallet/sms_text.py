"""The text that a player would read for an SMS notification, and how long it is on the air."""

from collections.abc import Mapping
from typing import NamedTuple

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIGNS = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà"
_BASIC = frozenset(_SIGNS + _LETTERS + _LETTERS.upper())
_ESCAPED = frozenset("^{}\\[~]|€\f")
_GSM_ALONE, _GSM_JOINED = 160, 153
_UCS2_ALONE, _UCS2_JOINED = 70, 67


class Length(NamedTuple):
    """How an SMS is sent: in which alphabet, how many units of it, in how many parts."""

    alphabet: str
    units: int
    parts: int


def write_sms(kind: str, data: Mapping[str, object]) -> str:
    """Write the text of an SMS as this operator words it."""
    match kind:
        case "otp":
            return f"Your code is {data.get('code', '')}. It is for you alone."
        case "ticket_status" if data.get("status") == "open":
            return f"Ticket {data.get('ticket_code', '')} is paid. Good luck!"
        case "ticket_status":
            return f"Ticket {data.get('ticket_code', '')}: {data.get('result', '')}."
        case "bet_result":
            return f"A bet of your ticket {data.get('ticket_id', '')}: {data.get('result', '')}."
        case _:
            return "; ".join(f"{name} {value}" for name, value in data.items())


def measure_sms(text: str) -> Length:
    """Measure a text: septets of GSM 03.38 if it can be written in them, else UCS-2 units."""
    escaped = sum(each in _ESCAPED for each in text)
    if all(each in _BASIC or each in _ESCAPED for each in text):
        units, alone, joined, alphabet = len(text) + escaped, _GSM_ALONE, _GSM_JOINED, "GSM-7"
    else:
        units = len(text.encode("utf-16-be", "surrogatepass")) // 2
        alone, joined, alphabet = _UCS2_ALONE, _UCS2_JOINED, "UCS-2"
    return Length(alphabet, units, 1 if units <= alone else -(-units // joined))
