"""Jackpots: every line written out, prizes divided, voids judged, from the rules alone."""

import hashlib
import hmac
from collections import Counter
from fractions import Fraction
from itertools import product
from math import floor
from typing import NamedTuple

from oracle.markets import winner
from oracle.money import MILLION, pay, refund


class Tier(NamedTuple):
    """A prize: cents for "fixed_per_line" and "shared_amount", else millionths of the pool."""

    kind: str
    amount: int


class Step(NamedTuple):
    """A step of the void policy, which applies from `threshold` unplayed events on.

    `max_events` is the most that it settles; `factors` are on the prizes, in millionths, by the
    number of events that count as correct: 0, 1, 2 …
    """

    name: str
    threshold: int = 1
    max_events: int | None = None
    factors: tuple[int, ...] = ()


class Round(NamedTuple):
    """What settles a jackpot: the right codes of each place, and what the voids did.

    The codes of a place are those that are right: none if its pick is void, all three if every pick
    passes; `instead` names the reserve that stands in, by its place. `factor` is on every
    prize, in millionths.
    """

    right: tuple[str, ...]
    factor: int = MILLION
    is_refunded: bool = False
    instead: tuple[tuple[int, int], ...] = ()


class Booked(NamedTuple):
    """Where the money of a round goes: what each tier pays a line, and what is carried over."""

    per_line: tuple[int, ...]
    winners: tuple[int, ...]
    carried: int


def draw(seed, card_code, place, scores):
    """Return the publicly drawn outcome of the event at a place, counted from 1."""
    for counter in range(1000):
        message = f"{card_code}|{place}|{counter}|{scores}".encode()
        first = hmac.new(seed, message, hashlib.sha256).digest()[0]
        if first < 252:
            return "1X2"[first % 3]
    raise AssertionError("a thousand bytes of 252 or more")


def told(results):
    """Write the results of the events that were played, in the order of the card."""
    played = [(place, each) for place, each in enumerate(results, 1) if each.ending == "played"]
    return ",".join("{}:{}-{}".format(place, *each.ft) for place, each in played)


def judge(results, steps, size, reserves=(), seed=b"", card_code=""):
    """Judge every place of a card of `size` tiers by its results, or by the steps of its policy.

    Steps with a greater threshold come first. A step that cannot settle all that is left gives way
    to the next, but what a reserve stands in for is settled. What no step settles is a refund.
    """
    right = {place: told_by(each) for place, each in enumerate(results, 1)}
    unplayed = [place for place, code in right.items() if code is None]
    reached = [step for step in steps if step.threshold <= len(unplayed)]
    factor, instead = MILLION, {}
    for step in sorted(reached, key=lambda step: -step.threshold):
        left = [place for place in unplayed if right[place] is None]
        if not left or step.name == "refund_all":
            break
        if step.name == "reserves":
            played = [n for n, each in enumerate(reserves, 1) if told_by(each) is not None]
            instead = dict(zip(left, played, strict=False))
            right |= {place: told_by(reserves[n - 1]) for place, n in instead.items()}
        elif settles(step, len(left), len(results), size):
            right |= codes_by(step, left, lambda place: draw(seed, card_code, place, told(results)))
            factor = step.factors[len(left)] if step.factors else factor
    if None in right.values():
        return Round((), is_refunded=True)
    return Round(tuple(right.values()), factor, instead=tuple(instead.items()))


def settles(step, left, events, tiers):
    """Tell whether a step can settle what is left so that a prize can be both won and missed."""
    if step.max_events is not None and left > step.max_events:
        return False
    if step.name == "void_selection":
        return left < tiers
    if step.name == "public_draw":
        return True
    return events - left >= tiers and (step.name == "reduce" or left < len(step.factors))


def codes_by(step, left, drawn):
    if step.name == "public_draw":
        return {place: drawn(place) for place in left}
    return dict.fromkeys(left, "" if step.name == "void_selection" else "1X2")


def told_by(ended):
    """Return the code that the event itself tells: only one that was played tells any."""
    return winner(*ended.ft) if ended.ending == "played" else None


def lines_of(picks, judged):
    """Return every line of a ticket as it counts: one pick for each place.

    The picks of the reserves follow those of the card. Every line was paid for, so that each counts
    where they agree in all that matters.
    """
    size, instead = len(judged.right), dict(judged.instead)
    return [
        [
            picks[size + instead[place] - 1] if place in instead else pick
            for place, pick in enumerate(line, 1)
        ]
        for line in product(*picks[:size])
    ]


def misses(line, right):
    """Count the picks of a line that are not right."""
    return sum(pick not in list(codes) for pick, codes in zip(line, right, strict=True))


def tiers_reached(missed, tiers, *, pays_all):
    reached = range(missed, len(tiers))
    return list(reached) if pays_all else list(reached)[:1]


def pot(tier, pool, factor):
    """Return what a tier pays in all if shared, or to each line if fixed."""
    share = Fraction(factor, MILLION)
    if tier.kind == "shared_percent_of_pool":
        return floor(pool * Fraction(tier.amount, MILLION) * share)
    return floor(tier.amount * share)


def book(tickets, tiers, judged, pool, *, pays_all=False, carries=False, carried_in=0):
    """Count the winning lines of all tickets (lists of picks), and divide the prizes.

    What the last round carried over is added to the first prize that is shared.
    """
    lines = [line for picks in tickets for line in lines_of(picks, judged)]
    winners = Counter(
        tier
        for line in lines
        for tier in tiers_reached(misses(line, judged.right), tiers, pays_all=pays_all)
    )
    per_line, carried = [], 0
    for place, tier in enumerate(tiers):
        whole_pot = pot(tier, pool, judged.factor)
        if tier.kind == "fixed_per_line":
            per_line.append(whole_pot)
            continue
        whole_pot, carried_in = whole_pot + carried_in, 0
        share, rest = divmod(whole_pot, winners[place]) if winners[place] else (0, whole_pot)
        per_line.append(share)
        carried += rest if winners[place] or carries else 0
    counted = tuple(winners[place] for place in range(len(tiers)))
    return Booked(tuple(per_line), counted, carried + carried_in)


def settle_jackpot(picks, booked, judged, charged, profile, cap=None, **terms):
    """Settle one ticket of a round, line by line."""
    if judged.is_refunded:
        return refund(charged, terms.get("void_refund", "price"))
    pays_all = terms.get("pays_all", False)
    gross = sum(
        booked.per_line[tier]
        for line in lines_of(picks, judged)
        for tier in tiers_reached(misses(line, judged.right), booked.per_line, pays_all=pays_all)
    )
    return pay(gross, charged, profile, cap)
