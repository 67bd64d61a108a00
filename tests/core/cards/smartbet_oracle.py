"""Every combination of a small field, tried one by one, by the rules of spec 2 alone."""

from itertools import combinations, product
from math import prod

from acca.core.finance import pay_out
from acca.core.odds import total_odds


def all_wins(field, eligible, band, wanted):
    """Give rank, win and selections of every combination that keeps to the limits."""
    events = []
    for row, event in enumerate(field.events.tolist()):
        bets = [
            (event, int(field.starts[row]), bet, odds, chance)
            for bet, odds, chance in zip(
                field.bets[row].tolist(),
                field.odds[row].tolist(),
                field.chances[row].tolist(),
                strict=True,
            )
            if eligible[row] and odds > 100 and band.lowest <= odds <= band.highest
        ]
        if bets:
            events.append(bets)
    most = min(len(events), wanted.events_max)
    for size in range(wanted.events_min, most + 1):
        for some in combinations(events, size):
            for legs in product(*some):
                total = total_odds([leg[3] for leg in legs], wanted.terms.rounding)
                paid = pay_out(wanted.charge, total, wanted.terms, wanted.cap_cents)
                if wanted.odds_max is not None and total > wanted.odds_max:
                    continue
                if (
                    wanted.gross_max_cents is not None
                    and paid.uncapped_cents > wanted.gross_max_cents
                ):
                    continue
                yield paid.net_cents, legs


def best_of_all(field, eligible, band, wanted):
    """Choose the best selections as (event, bet) in order of start, or the nearest win in cents."""
    best, nearest = None, 0
    for net, legs in all_wins(field, eligible, band, wanted):
        if net < wanted.win_cents:
            nearest = max(nearest, net)
            continue
        told = sorted(legs, key=lambda leg: (leg[1], leg[0]))
        chance = prod(leg[4] for leg in told)
        is_near = net * 100 <= wanted.win_cents * 105
        first = (0, -chance) if is_near else (1, net)
        ids = sorted(leg[0] for leg in legs)
        rank = (*first, len(legs), max(leg[1] for leg in legs), ids)
        if best is None or rank < best[0]:
            best = rank, [(leg[0], leg[2]) for leg in told], net, chance
    return best[1:] if best is not None else nearest
