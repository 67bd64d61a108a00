"""Seeded players and tokens: the same dice give the same people."""

import random
from collections.abc import Generator

from acca_sandbox.wallet.changes import PlayerAdded, TokenAdded
from acca_sandbox.wallet.ledger import Ledger
from acca_sandbox.wallet.wallet import Wallet

_LANGUAGES = ("en", "sw", "fr", "pt")
_PHONE_NUMBERS = 10**8


def add_players(
    wallet: Wallet, ledger: Ledger, count: int, balance_cents: int, currency: str
) -> list[TokenAdded]:
    """Add players with a lasting token each."""
    dice = wallet.dice(ledger)
    first = len(ledger.players) + 1
    tokens: list[TokenAdded] = []
    for number in range(first, first + count):
        player = _player(dice, ledger.operator, number, wallet.now_ms(), (balance_cents, currency))
        token = TokenAdded(ledger.operator, player.player_id, _draw_token(dice), single_use=False)
        wallet.change(player)
        wallet.change(token)
        tokens.append(token)
    return tokens


def add_tokens(
    wallet: Wallet, ledger: Ledger, player_id: str, count: int, *, single_use: bool
) -> Generator[TokenAdded]:
    """Add fresh tokens for a player."""
    dice = wallet.dice(ledger)
    for _ in range(count):
        token = TokenAdded(ledger.operator, player_id, _draw_token(dice), single_use)
        wallet.change(token)
        yield token


def _player(
    dice: random.Random, operator: str, number: int, at_ms: int, opening: tuple[int, str]
) -> PlayerAdded:
    balance_cents, currency = opening
    return PlayerAdded(
        at_ms=at_ms,
        operator=operator,
        player_id=f"player-{number}",
        currency=currency,
        balance_cents=balance_cents,
        lang=dice.choice(_LANGUAGES),
        msisdn=f"+2547{dice.randrange(_PHONE_NUMBERS):08d}",
        feature_flags={"sms": dice.random() < 1 / 2},
    )


def _draw_token(dice: random.Random) -> str:
    return f"{dice.getrandbits(128):032x}"
