"""What the double offers: six matches with odds, and a card of each product on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from acca_client.testing.finance import total_odds

ZONE = timezone(timedelta(hours=3))
"""The operator's zone."""

CURRENCY = "KES"
LINES_MAX = 100
SUPERBET_CENTS, JACKPOT_CENTS = 5_000, 2_000
PRIZE_CENTS, BONUS_PRIZES_CENTS = 100_000_000, (5_000_000, 100_000)
PRIZES = ({"correct": 2, "amount": 20_000},)
_RULES: Mapping[str, object] = {
    "prize_kinds": ("shared_amount", "fixed_per_line", "fixed_per_line"),
    "highest_tier_only": True,
    "carries_over": False,
    "void_rules": (
        {
            "policy": "refund_all",
            "threshold": 2,
            "after_hours": None,
            "max_events": None,
            "prize_factors": None,
        },
    ),
    "reserves": (),
    "commitment": None,
}
STAKES_CENTS, WINS_CENTS, RISKS = (2_000, 5_000), (10_000, 100_000), ("1.25-1.99", "1.25-4.99")

_FIRST_EVENT = 100_001
_ODDS = (("1.95", "3.4", "4.1"), ("1.5", "4", "7"), ("2.1", "3.3", "3.6"), ("1.25", "6", "11"))
_TEAMS = (
    "Harbour Rovers", "Lake City", "Hill United", "Old Mill", "Station Athletic", "River Town",
    "Green Valley", "North Gate", "Bridge Wanderers", "Sandy Point", "Forest End", "Castle Park",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bet:
    """A bet as every match has it."""

    id: int
    code: str
    name: str
    market: str
    market_name: str


_RESULT = ("MRFT", "Match Result Full Time")
_BOTH = ("BTTSFT", "Both Teams To Score Full Time")
BETS: Mapping[int, Bet] = {
    bet.id: bet
    for bet in (
        Bet(1, "1", "Home", *_RESULT),
        Bet(2, "X", "Draw", *_RESULT),
        Bet(3, "2", "Away", *_RESULT),
        Bet(101, "Y", "Yes", *_BOTH),
        Bet(111, "N", "No", *_BOTH),
    )
}
RESULT_BETS = (1, 2, 3)
QUESTIONS = (RESULT_BETS, (101, 111))


@dataclass(slots=True)
class Match:
    """A match as it stands now."""

    id: int
    starts: datetime
    home: str
    away: str
    odds: dict[int, Decimal]
    suspended: set[int] = field(default_factory=set[int])
    is_closed: bool = False


class Offer:
    """Matches of an operator, the first a day from now, and the cards on them."""

    def __init__(self, operator: str, now: datetime) -> None:
        self._operator: str = operator
        self._opens: datetime = now
        self.matches: dict[int, Match] = {
            _FIRST_EVENT + number: _match(number, now) for number in range(len(_TEAMS) // 2)
        }
        self.codes: dict[str, str] = {
            "quicktips": "A1B2C1",
            "quickbets": "A1B2C2",
            "smartbets": "A1B2C3",
            "superbets": "A1B2C4",
            "jackpots": "A1B2C5",
        }

    def card(self, product: str) -> dict[str, object]:
        """Show the card of a product."""
        return {**self._head(product), **self._body(product)}

    def leg(self, event: int, bet: int) -> dict[str, object]:
        """Show a match with one bet of it, as cards do."""
        return self._shown(event, {"bet": self._bet(event, bet)})

    def choice(self, event: int, bets: Sequence[int] = RESULT_BETS) -> dict[str, object]:
        """Show a match with bets to choose from, as cards do."""
        return self._shown(event, {"bets": [self._bet(event, bet) for bet in bets]})

    def events_of(self, product: str) -> list[int]:
        """Tell the matches of a card, in its order."""
        counts = {"quicktips": 3, "superbets": 1, "jackpots": 4}
        return list(self.matches)[: counts.get(product)]

    def _head(self, product: str) -> dict[str, object]:
        starts = [self.matches[event].starts for event in self.events_of(product)]
        closes = max(starts) if product in {"smartbets", "quickbets"} else min(starts)
        return {
            "code": self.codes[product],
            "title": f"The {product} of the day",
            "description": None,
            "sitename": None,
            "domain": None,
            "preview_img": None,
            "operator": self._operator,
            "currency": CURRENCY,
            **times("opens", self._opens),
            **times("closes", closes),
            "updated": spell(self._opens),
        }

    def _body(self, product: str) -> dict[str, object]:
        events = self.events_of(product)
        choices = [self.choice(event) for event in events]
        match product:
            case "quicktips":
                tips = [self._tip(event) for event in events]
                odds = total_odds([self.matches[event].odds[1] for event in events])
                risk = {"risk": "medium", "probability": Decimal("15.84")}
                return {"total_odds": odds, **risk, "events": tips}
            case "quickbets":
                limits = {"min_events": 1, "max_events": len(events)}
                return {"prices": STAKES_CENTS, **limits, "events": choices}
            case "smartbets":
                wishes = {"stakes": STAKES_CENTS, "wins": WINS_CENTS, "risks": RISKS}
                return {**wishes, "max_events": len(events), "events_count": len(events)}
            case "superbets":
                questions = [_question(bets) for bets in QUESTIONS]
                head = {"event": self._shown(events[0], {}), "questions": questions}
                return {**head, "price": SUPERBET_CENTS, "prizes": PRIZES}
            case _:
                prizes = {"prize": PRIZE_CENTS, "bonus_prizes": BONUS_PRIZES_CENTS}
                lines = {"price": JACKPOT_CENTS, **prizes, "max_lines": LINES_MAX}
                return {**lines, "events": choices, "rules": _RULES}

    def _tip(self, event: int) -> dict[str, object]:
        tip = {"bet": self._bet(event, 1), "tip_reason": "Strong at home"}
        return self._shown(event, tip)

    def _shown(self, event: int, bets: Mapping[str, object]) -> dict[str, object]:
        match = self.matches[event]
        teams = {"home_team": (match.home, 1), "away_team": (match.away, 2)}
        return {
            **times("starts", match.starts),
            "category": {
                "league_id": 3,
                "league_slug": "football/kenya/premier-league",
                "league_name": "Premier League",
                "country_id": 2,
                "country_slug": "kenya",
                "country_name": "Kenya",
            },
            **{
                side: {"slug": _slug(name), "name": name, "id": event * 10 + number}
                for side, (name, number) in teams.items()
            },
            **bets,
            "id": event,
        }

    def _bet(self, event: int, bet: int) -> dict[str, object]:
        shown = BETS[bet]
        return {
            "id": shown.id,
            "bet_code": shown.code,
            "bet_name": shown.name,
            "market_code": shown.market,
            "market_name": shown.market_name,
            "line_code": None,
            "line_name": None,
            "odds": self.matches[event].odds[bet],
            "updated": self._opens.replace(tzinfo=None).isoformat(timespec="seconds"),
        }


def times(name: str, instant: datetime) -> dict[str, object]:
    """Tell an instant in UTC, and in the operator's zone beside it."""
    return {name: spell(instant), f"operator_time_{name}": spell(instant, ZONE)}


def spell(instant: datetime, zone: timezone = UTC) -> str:
    """Write an instant as Acca does."""
    return instant.astimezone(zone).replace(tzinfo=None).isoformat(timespec="microseconds")


def _match(number: int, now: datetime) -> Match:
    odds = {1 + place: Decimal(each) for place, each in enumerate(_ODDS[number % len(_ODDS)])}
    return Match(
        id=_FIRST_EVENT + number,
        starts=now.replace(microsecond=0) + timedelta(days=1, hours=number),
        home=_TEAMS[2 * number],
        away=_TEAMS[2 * number + 1],
        odds={**odds, 101: Decimal("1.8"), 111: Decimal("1.95")},
    )


def _question(bets: Sequence[int]) -> dict[str, object]:
    first = BETS[bets[0]]
    return {
        "market_code": first.market,
        "market_name": first.market_name,
        "line_code": None,
        "line_name": None,
        "bets": [
            {"id": bet, "bet_code": BETS[bet].code, "bet_name": BETS[bet].name} for bet in bets
        ],
    }


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
