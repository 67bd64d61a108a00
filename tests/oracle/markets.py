"""Every football market computed the slow way from the rules alone, to hold the engine against."""

from fractions import Fraction
from functools import cache
from itertools import product
from typing import NamedTuple

ONE, HALF = Fraction(1), Fraction(1, 2)


class Ended(NamedTuple):
    """How a match ended: "played", "abandoned", "cancelled" or "postponed".

    `ft` and `ht` are (home, away) goals; of an abandoned match `ft` is the score when it stopped,
    and `ht` is None if its first half was not finished. `first` is "1", "2", "none" or None.
    """

    ending: str
    ft: tuple[int, int] | None = None
    ht: tuple[int, int] | None = None
    first: str | None = None


class Leg(NamedTuple):
    """The triple of a leg's outcome: result, void factor, dead-heat factor."""

    result: int
    void: Fraction
    dead_heat: Fraction = ONE

    def factor(self, odds):
        """Return what one unit of stake becomes, for odds in hundredths."""
        return self.void + (1 - self.void) * self.result * Fraction(odds, 100) * self.dead_heat


WON, LOST = Leg(1, Fraction(0)), Leg(0, Fraction(0))
HALF_WON, HALF_LOST = Leg(1, HALF), Leg(0, HALF)
VOID = Leg(0, ONE)

BY_HALVES = {2: WON, 1: HALF_WON, 0: VOID, -1: HALF_LOST, -2: LOST}
"""Outcomes by the sum of both halves of a bet, each 1 won, 0 given back, -1 lost."""


def sign(number):
    return (number > 0) - (number < 0)


def won_if(holds):
    return 1 if holds else -1


def winner(home, away):
    return "2X1"[sign(home - away) + 1]


def side_of(goals, code, line):
    ahead = sign(4 * sum(goals) - line)
    return ahead if code == "O" else -ahead


def one_of_three(goals, code, _line):
    return won_if(winner(*goals) == code)


def two_of_three(goals, code, _line):
    return won_if(winner(*goals) in code)


def draw_no_bet(goals, code, _line):
    return 0 if winner(*goals) == "X" else won_if(winner(*goals) == code)


def both_score(goals, code, _line):
    return won_if(all(goals) == (code == "Y"))


def home_total(goals, code, line):
    return side_of(goals[:1], code, line)


def away_total(goals, code, line):
    return side_of(goals[1:], code, line)


def handicap(goals, code, line):
    ahead = sign(4 * (goals[0] - goals[1]) + line)
    return ahead if code == "1" else -ahead


def three_way_handicap(goals, code, line):
    return won_if(winner(4 * goals[0] + line, 4 * goals[1]) == code)


def odd_or_even(goals, code, _line):
    return won_if((sum(goals) % 2 == 1) == (code == "odd"))


def total_in_range(goals, code, _line):
    total = sum(goals)
    if code.endswith("+"):
        return won_if(total >= int(code[:-1]))
    low, _, high = code.partition("-")
    return won_if(int(low) <= total <= int(high or low))


def correct_score(goals, code, _line):
    if code.startswith("other"):
        return won_if(max(goals) > 5 and winner(*goals) == code[-1])
    return won_if("{}-{}".format(*goals) == code)


def win_to_nil(goals, code, _line):
    return won_if((goals[0] > 0 and goals[1] == 0) == (code == "Y"))


def clean_sheet(goals, code, _line):
    return won_if((goals[1] == 0) == (code == "Y"))


def swapped(rule):
    return lambda goals, code, line: rule(goals[::-1], code, line)


def half_and_full_time(both, code, _line):
    return won_if("/".join(winner(*goals) for goals in both) == code)


def first_to_score(first, code, _line):
    return won_if(first == code)


RULES = {
    "MRFT": ("ft", one_of_three),
    "DCFT": ("ft", two_of_three),
    "DNBFT": ("ft", draw_no_bet),
    "BTTSFT": ("ft", both_score),
    "OUFT": ("ft", side_of),
    "MRHT": ("ht", one_of_three),
    "DCHT": ("ht", two_of_three),
    "OUHT": ("ht", side_of),
    "MR2H": ("2h", one_of_three),
    "OU2H": ("2h", side_of),
    "HTFT": ("both", half_and_full_time),
    "CSFT": ("ft", correct_score),
    "AHFT": ("ft", handicap),
    "EHFT": ("ft", three_way_handicap),
    "OEFT": ("ft", odd_or_even),
    "TGFT": ("ft", total_in_range),
    "HTOU": ("ft", home_total),
    "ATOU": ("ft", away_total),
    "HWTN": ("ft", win_to_nil),
    "AWTN": ("ft", swapped(win_to_nil)),
    "HCS": ("ft", clean_sheet),
    "ACS": ("ft", swapped(clean_sheet)),
    "FTSFT": ("first", first_to_score),
}
"""Of each market: what of the match it looks at, and its rule for one half of a bet."""

NUMBERED = {"OUFT", "OUHT", "OU2H", "AHFT", "EHFT", "HTOU", "ATOU"}
"""Markets whose line is a number; it may fall between two, by quarters."""


@cache
def lines_of(market, line):
    """Return the lines that the halves of a bet stand on, in quarters; one if they are the same."""
    if market not in NUMBERED:
        return (line,)
    quarters = int(Fraction(line) * 4)
    return (quarters - 1, quarters + 1) if quarters % 2 else (quarters,)


def grown(goals, more):
    """Return the scores that can follow, by up to `more` goals of each team."""
    return [(goals[0] + home, goals[1] + away) for home, away in product(range(more + 1), repeat=2)]


def minus(goals, earlier):
    return goals[0] - earlier[0], goals[1] - earlier[1]


def plus(one, other):
    return one[0] + other[0], one[1] + other[1]


@cache
def views(ended, part):
    """Return every value that the part of the match can have; none where it is not known.

    A stopped match may go on by enough goals to turn every market that is not decided yet.
    """
    if part == "first":
        return first_scorers(ended)
    if ended.ending == "played":
        return [] if part != "ft" and ended.ht is None else [seen_in(part, ended.ht, ended.ft)]
    finals = grown(ended.ft, abs(ended.ft[0] - ended.ft[1]) + 8)
    if part == "ft":
        return finals
    if ended.ht is not None:
        return list({seen_in(part, ended.ht, final): None for final in finals})
    if part == "ht":
        return finals
    seconds = grown((0, 0), 8)
    return (
        seconds if part == "2h" else [(ht, plus(ht, second)) for ht in finals for second in seconds]
    )


def seen_in(part, ht, ft):
    """Return what a market that looks at a part sees of two known scores."""
    if part == "2h":
        return minus(ft, ht)
    return {"ft": ft, "ht": ht, "both": (ht, ft)}[part]


def first_scorers(ended):
    """Return who can have scored first, by the incident, else by what the scores tell."""
    if ended.first is not None:
        return [ended.first]
    for score in (ended.ht, ended.ft):
        if score is not None and any(score):
            return [side for side, scored in zip("12", score, strict=True) if scored]
    return ["none"] if ended.ending == "played" else ["none", "1", "2"]


@cache
def outcome(ended, market, line, code, *, waited_out=True):
    """Return the triple of a bet; None while it is not decided.

    What a stopped match has decided stands, and the rest is void: each half of a bet by itself. A
    postponed match is void once the operator's window is over (`waited_out`).
    """
    if ended.ending == "postponed":
        return VOID if waited_out else None
    if ended.ending == "cancelled":
        return VOID
    part, rule = RULES[market]
    possible = views(ended, part)
    if not possible:
        return None
    halves = [half_of(rule, possible, code, on) for on in lines_of(market, line)]
    return BY_HALVES[2 * halves[0] if len(halves) == 1 else sum(halves)]


def half_of(rule, possible, code, line):
    """Judge one half of a bet by every view: what they do not agree on is void."""
    told = rule(possible[0], code, line)
    return told if all(told == rule(view, code, line) for view in possible) else 0
