"""The real season in kick-off order, and random tickets over it from one seed."""

import csv
import os
import pathlib
import random
from datetime import UTC, datetime
from math import prod
from typing import NamedTuple

from oracle.jackpots import Step, Tier, told_by
from oracle.markets import VOID, Ended, first_scorers, outcome
from oracle.money import Profile

BESIDE = pathlib.Path(__file__).parents[3] / "shared" / "data"
DATA = pathlib.Path(os.environ.get("ACCA_DATA", BESIDE)) / "football-data.co.uk"
TICKETS = 50_000
ENDINGS = ("played",) * 92 + ("abandoned",) * 5 + ("cancelled",) * 2 + ("postponed",)
"""The files tell only of matches that were played; the seed lets one in twelve end otherwise."""
ACCUMULATORS = ("quicktip", "quickbet", "smartbet")
TYPES = ACCUMULATORS * 6 + ("superbet", "jackpot")
FORMULAS = ("inclusive", "exclusive", "deducted", "none")
POLICIES = (
    "public_draw",
    "count_as_correct",
    "reserves",
    "reduce",
    "refund_all",
    "void_selection",
)
VOID_RULES = ("void_all", "lower", "count_as_correct")


class Match(NamedTuple):
    """A match of the files: its key names league, day, home and away."""

    key: tuple[str, str, str, str]
    kick_off: datetime
    ended: Ended


class Bet(NamedTuple):
    """A bet of the constant table."""

    id: int
    market: str
    line: str | None
    code: str


class Superbet(NamedTuple):
    """A card of questions about one match; the prizes are by number of correct answers."""

    questions: tuple[tuple[int, ...], ...]
    prizes: tuple[int, ...]
    void_rule: str


class Jackpot(NamedTuple):
    """A card of 1/X/2 on each event; the tiers are for none, one, two … wrong."""

    code: str
    seed: bytes
    steps: tuple[Step, ...]
    reserves: tuple[tuple[str, str, str, str], ...]
    carried_in: int
    events: tuple[tuple[str, str, str, str], ...]
    line_price: int
    tiers: tuple[Tier, ...]
    pays_all: bool
    carries: bool


class Ticket(NamedTuple):
    """A ticket as plain data; `picks` are the codes of each event of a jackpot, reserves last."""

    type: str
    events: tuple[tuple[str, str, str, str], ...]
    bets: tuple[int, ...]
    odds: tuple[int, ...]
    amount: int
    names_stake: bool
    profile: Profile
    cap: int | None
    void_refund: str
    card: Superbet | Jackpot | None = None
    picks: tuple[str, ...] = ()


def read_season():
    """Read every match that has a score, in kick-off order; its teams break ties."""
    matches = [
        match_of(row)
        for path in sorted(DATA.glob("*.csv"))
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        if row["FTHG"]
    ]
    return sorted(matches, key=lambda match: (match.kick_off, match.key))


def match_of(row):
    when = datetime.strptime(f"{row['Date']} {row['Time']}", "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
    key = row["Div"], row["Date"], row["HomeTeam"], row["AwayTeam"]
    return Match(key, when, Ended("played", goals(row, "FT"), goals(row, "HT")))


def goals(row, part):
    texts = row.get(f"{part}HG"), row.get(f"{part}AG")
    return tuple(int(float(text)) for text in texts) if all(texts) else None


def with_endings(matches, seed):
    """Let some matches stop early or not be played, and tell of some who scored first."""
    dice = random.Random(f"endings {seed}")
    return [match._replace(ended=ending_of(match.ended, dice)) for match in matches]


def ending_of(ended, dice):
    ending = dice.choice(ENDINGS)
    if ending in {"cancelled", "postponed"}:
        return Ended(ending)
    if ending == "abandoned":
        ended = stopped(ended, dice)
    return ended._replace(first=scorer_of(ended, dice))


def stopped(ended, dice):
    """Stop a match in either half, at a score that it passed."""
    if ended.ht is None or dice.random() < 0.3:
        return Ended("abandoned", reached((0, 0), ended.ht or ended.ft, dice))
    return Ended("abandoned", reached(ended.ht, ended.ft, dice), ended.ht)


def reached(start, end, dice):
    return tuple(dice.randint(low, high) for low, high in zip(start, end, strict=True))


def scorer_of(ended, dice):
    """Name the first scorer of every other match, as its scores allow."""
    scorers = [scorer for scorer in first_scorers(ended) if scorer != "none"]
    return dice.choice(scorers) if any(ended.ft) and dice.random() < 0.5 else None


def make_tickets(matches, bets, seed, count=TICKETS):
    """Make `count` tickets over the matches, with every bet of the table, from one seed."""
    dice = random.Random(f"tickets {seed}")
    cards = make_jackpot_cards(matches, seed)
    right = {match.key: told_by(match.ended) or "X" for match in matches}
    return [make_ticket(matches, bets, (cards, right), dice) for _ in range(count)]


def make_ticket(matches, bets, jackpots, dice):
    kind = dice.choice(TYPES)
    if kind == "jackpot":
        return make_jackpot(kind, *jackpots, dice)
    making = make_superbet if kind == "superbet" else make_accumulator
    return making(kind, matches, bets, dice)


def make_accumulator(kind, matches, bets, dice):
    chosen = dice.sample(matches, dice.choice((1, 1, 2, 2, 3, 4, 5, 6, dice.randint(7, 15))))
    return Ticket(
        kind,
        tuple(match.key for match in chosen),
        tuple(pick_bet(match, bets, dice).id for match in chosen),
        tuple(
            dice.choice((110, 150, dice.randint(101, 400), dice.randint(101, 9900))) for _ in chosen
        ),
        amount=dice.choice((1, 5, 100, dice.randint(1, 1_000_000))),
        **terms(dice),
    )


def pick_bet(match, bets, dice, *, to_pay=True):
    """Pick a bet of any market, each as likely; mostly one that pays, so that tickets do."""
    for _ in range(dice.choice((1, 6, 12))):
        bet = dice.choice(bets[dice.choice(tuple(bets))])
        told = outcome(match.ended, bet.market, bet.line, bet.code)
        if told is not None and (told.result == 1 or told == VOID) == to_pay:
            break
    return bet


def terms(dice):
    formula = dice.choice(FORMULAS)
    profile = Profile(
        0
        if formula == "none"
        else dice.choice((0, 50_000, 125_000, 150_000, dice.randint(1, 400_000))),
        formula,
        dice.choice((0, 50_000, 150_000, 200_000, 250_000, dice.randint(1, 400_000))),
        dice.choice(("net", "net_of_price", "gross")),
        dice.choice((0, 0, dice.randint(1, 50_000))),
        dice.random() < 0.5,
        dice.choice(("half_up", "half_even", "down")),
    )
    return {
        "names_stake": formula == "exclusive" and dice.random() < 0.5,
        "profile": profile,
        "cap": dice.choice((None, None, dice.randint(1, 100_000), dice.randint(1, 10_000_000))),
        "void_refund": dice.choice(("price", "stake")),
    }


def make_superbet(kind, matches, bets, dice):
    match = dice.choice(matches)
    markets = dice.sample(tuple(bets), dice.randint(3, 8))
    to_pay = dice.random() < 0.7
    answers = [pick_bet(match, {market: bets[market]}, dice, to_pay=to_pay) for market in markets]
    least = dice.choice((0, 100))
    prizes = tuple(sorted(dice.choice((least, dice.randint(1, 10_000_000))) for _ in answers))
    card = Superbet(tuple((each.id,) for each in answers), prizes, dice.choice(VOID_RULES))
    ids = tuple(answer.id for answer in answers)
    return Ticket(kind, (match.key,), ids, (), dice.randint(100, 5000), card=card, **terms(dice))


def make_jackpot_cards(matches, seed, count=100):
    """Make jackpot cards of 6 to 17 matches that follow each other in the season."""
    dice = random.Random(f"cards {seed}")
    return [make_jackpot_card(f"card-{number}", matches, dice) for number in range(count)]


def make_jackpot_card(code, matches, dice):
    size, start = dice.randint(6, 17), dice.randrange(len(matches) - 20)
    keys = [match.key for match in matches[start : start + 20]]
    steps = tuple(make_step(name, dice) for name in dice.sample(POLICIES, dice.randint(1, 3)))
    has_reserves = any(step.name == "reserves" for step in steps)
    return Jackpot(
        code,
        dice.randbytes(32),
        steps,
        tuple(keys[size : size + dice.randint(1, 3)] if has_reserves else ()),
        dice.choice((0, dice.randint(1, 10_000_000))),
        tuple(keys[:size]),
        dice.randint(1, 10_000),
        tuple(make_tier(dice) for _ in range(dice.randint(1, 5))),
        dice.random() < 0.3,
        dice.random() < 0.5,
    )


def make_step(name, dice):
    threshold = dice.randint(1, 3)
    if name == "public_draw":
        return Step(name, threshold, dice.randint(1, 4))
    factors = (1_000_000, *(dice.randint(1, 1_000_000) for _ in range(3)))
    return Step(name, threshold, factors=factors if name == "count_as_correct" else ())


def make_tier(dice):
    if dice.random() < 0.4:
        return Tier("shared_percent_of_pool", dice.randint(1, 200_000))
    kind = dice.choice(("fixed_per_line", "shared_amount"))
    return Tier(kind, dice.randint(0, 100_000_000))


def make_jackpot(kind, cards, right, dice):
    """Make a ticket on one of the cards, near the right codes, with a few combinations."""
    card = dice.choice(cards)
    doubled = dice.sample(card.events, dice.randint(0, 5))
    picks = tuple(
        "".join(sorted({guess(right[event], dice), *("X1" if event in doubled else "")}))
        for event in card.events
    )
    lines = prod(len(codes) for codes in picks)
    picks += tuple(guess(right[event], dice) for event in card.reserves)
    charged = terms(dice) | {"names_stake": False}
    return Ticket(
        kind, card.events, (), (), lines * card.line_price, card=card, picks=picks, **charged
    )


def guess(code, dice):
    return code if dice.random() < 0.85 else dice.choice("1X2")
