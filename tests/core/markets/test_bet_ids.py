"""Bet ids are for ever: tickets, odds and feeds name bets by nothing else."""

from hashlib import sha256

import pytest

from acca.core.markets.market import BET_ID_MAX
from acca.core.markets.sports import SPORTS

EVERY_SPORT = pytest.mark.parametrize("sport", SPORTS.values(), ids=SPORTS)

FROZEN = {
    "football": {
        "MRFT": (3, "9e93a0e18a28c03f"),
        "DCFT": (3, "9973ed585f10e62b"),
        "DNBFT": (2, "8a9e444be75557bb"),
        "BTTSFT": (2, "eb8c2b43ab509235"),
        "OEFT": (2, "38140c96e8d168ea"),
        "MRHT": (3, "37c9653f41b40096"),
        "DCHT": (3, "d23172ead5ed561a"),
        "MR2H": (3, "ce4ade8bff73381a"),
        "HTFT": (9, "07d9bcb341970bcc"),
        "HWTN": (2, "dace4ec957afa56b"),
        "AWTN": (2, "9b3107cbb72fd4b9"),
        "HCS": (2, "c7a47d4473953b20"),
        "ACS": (2, "2f90828851580962"),
        "FTSFT": (3, "788acb5a034f4732"),
        "OUFT": (50, "92fd31843b7c9b49"),
        "OUHT": (10, "f262680a32d0c313"),
        "OU2H": (10, "dd53e547e11456e8"),
        "HTOU": (12, "7c161dcc07b2aa57"),
        "ATOU": (12, "4d4feb5ed2fbab3c"),
        "TGFT": (28, "14bec2ad5996e605"),
        "AHFT": (50, "76f4f5f538e7f06a"),
        "EHFT": (18, "f9c973002c80498e"),
        "CSFT": (39, "59f5d6d5f41dd9de"),
    },
    "basketball": {
        "MWOT": (2, "4a9d4eace1ca9f48"),
        "MRQ1": (3, "9413d2c4a7efdf68"),
        "MRQ2": (3, "355989b039f51188"),
        "MRQ3": (3, "4caa27c7a64cf291"),
        "MRQ4": (3, "706c7ad9dbb145c4"),
        "OUOT": (802, "f4212b7b67039a01"),
        "HCOT": (402, "691c90cc0696a34e"),
        "OUQ1": (242, "d96e051cc9938649"),
        "OUQ2": (242, "5bedd5d8c61d3bd7"),
        "OUQ3": (242, "fa9fa9d3be3d9835"),
        "OUQ4": (242, "5b1d0ea060c4db37"),
    },
    "tennis": {
        "MW": (2, "0eb2385fda9107ca"),
        "SB": (10, "7d6b9ec84b6feb29"),
        "NS": (5, "443359697bbf0716"),
        "W1S": (2, "3b78403c4f18d2cc"),
        "OUG": (194, "c125f285879beda6"),
        "HCG": (146, "763ac1f9e6af6a41"),
    },
}
"""Of each market how many bets it has had, and the digest of (id, market, line, code) of those.

To append bets, raise the number and renew the digest. A digest whose number stays must stay.
"""


def digest(bets):
    lines = [f"{bet.id} {bet.market} {bet.line} {bet.code}\n" for bet in bets]
    return sha256("".join(lines).encode()).hexdigest()[:16]


def bets_of(sport, market):
    return sorted(
        (bet for bet in sport.bets.values() if bet.market == market), key=lambda bet: bet.id
    )


@EVERY_SPORT
def test_the_ids_of_all_bets_are_as_they_have_ever_been(sport):
    for market, (number, frozen) in FROZEN[sport.code].items():
        assert (market, frozen) == (market, digest(bets_of(sport, market)[:number]))


@EVERY_SPORT
def test_every_bet_is_frozen(sport):
    numbers = {market: number for market, (number, _) in FROZEN[sport.code].items()}
    assert numbers == {market.code: len(bets_of(sport, market.code)) for market in sport.markets}


@EVERY_SPORT
def test_the_ids_of_markets_do_not_meet(sport):
    reserved = [id_ for market in sport.markets for id_ in market.ids]
    assert len(set(reserved)) == len(reserved)
    assert 1 <= min(reserved) < max(reserved) <= BET_ID_MAX


@EVERY_SPORT
def test_every_bet_is_found_by_its_codes(sport):
    for bet in sport.bets.values():
        assert bet is sport.bet(bet.market, bet.line, bet.code)
        assert bet is sport.bets[bet.id]


def test_the_ids_of_sports_are_as_they_have_ever_been():
    assert {"football": 1, "basketball": 2, "tennis": 3} == {
        code: sport.id for code, sport in SPORTS.items()
    }
