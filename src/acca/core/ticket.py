"""The words of a ticket, as the documentation spells them (spec 3, field values)."""

from enum import Enum


class TicketType(Enum):
    """The five products."""

    QUICKTIP = "quicktip"
    SMARTBET = "smartbet"
    QUICKBET = "quickbet"
    SUPERBET = "superbet"
    JACKPOT = "jackpot"


class Source(Enum):
    """Where the player placed the ticket."""

    DESKTOP = "desktop"
    MOBILE = "mobile"
    ANDROID = "android"
    IPHONE = "iphone"
    USSD = "ussd"
    SMS = "sms"
    TELEGRAM = "telegram"


class Status(Enum):
    """Where a ticket stands; `calculating` is only ever read, never written (spec 6)."""

    NEW = "new"
    CANCELLED = "cancelled"
    RESERVED = "reserved"
    OPEN = "open"
    CALCULATING = "calculating"
    RESULTED = "resulted"
    CLOSED = "closed"


class TicketResult(Enum):
    """How a ticket ended."""

    PENDING = "pending"
    WON = "won"
    LOST = "lost"
    VOID = "void"
