"""An engine's placing as tests run it: real database, real wallet, orders for open events."""

import contextlib
import datetime as dt
import hashlib
import itertools
import secrets
import time
from typing import NamedTuple

from tickets_made import ODDS

from acca.core.cards.fitting import Pick
from acca.core.finance import TaxTerms
from acca.core.keys import Secret
from acca.core.placing import Wish
from acca.core.setting import Asked
from acca.core.tax_profiles import AskedProfile
from acca.core.ticket import Source, TicketType
from acca.core.ticket_facts import Buyer
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.place_tickets import Order, Placer, Seller, Tools
from acca.flows.tax_operator import tax_operator
from acca.outbound.caller import Machine
from acca.outbound.wallets import Wallets
from acca.store.rules import OperatorRules, read_operator_rules
from acca.store.tickets import Claim
from acca_sandbox.wallet.people import add_tokens
from acca_sandbox.wallet.running import RunningWallet, WalletOptions, run_wallet

_NUMBERS = itertools.count(1)
MACHINE = Machine(lambda: int(time.time()), time.monotonic)


def secret_of(name):
    """Tell the secret key of an operator of the tests."""
    return hashlib.sha256(name.encode()).hexdigest()


SECRET = secret_of("site")


def order_of_a_ticket(rules, events, token):
    """Order a quickbet of 10.00 on the home sides of events, by a new request."""
    number = next(_NUMBERS)
    wish = Wish(
        type=TicketType.QUICKBET,
        currency="KES",
        price_cents=1000,
        stake_cents=None,
        picks=tuple(Pick(event, 1, ODDS[1]) for event in events),
        odds_diff=0,
        card=None,
        prizes=None,
        has_atag=False,
    )
    return Order(
        seller=Seller(*rules.operator[:2], rules.rules, rules.keys[-1].secret.text),
        wish=wish,
        buyer=Buyer(Source.MOBILE, None, None, None, None),
        token=token,
        is_reservation=False,
        claim=Claim(number.to_bytes(32), number.to_bytes(32), dt.timedelta(minutes=5)),
        received=time.monotonic(),
    )


class Shop(NamedTuple):
    """An operator with its wallet, and the placer that sells for it."""

    rules: OperatorRules
    wallet: RunningWallet
    wallets: Wallets
    placer: Placer

    def token(self, player="player-1", *, single_use=True):
        """Make a token of a player."""
        (token,) = add_tokens(
            self.wallet.wallet, self.wallet.ledger, player, 1, single_use=single_use
        )
        return token.token

    def order(self, events, **changes):
        """Order a quickbet of 10.00 on the home sides of events, by a new request."""
        return order_of_a_ticket(self.rules, events, self.token())._replace(**changes)

    def engine(self, database):
        """Make one more engine for the same operator."""
        wallets = Wallets(MACHINE, allow_private=True)
        tools = Tools(database, wallets, MACHINE.monotonic, secrets.token_bytes)
        return self._replace(wallets=wallets, placer=Placer(tools))


@contextlib.asynccontextmanager
async def open_shop(database, name="site", **settings):
    """Enrol an operator without taxes whose wallet runs, and an engine that sells for it."""
    async with run_wallet(WalletOptions(operator=name, keys=[secret_of(name)])) as wallet:
        asked = {
            "currencies": "KES",
            "pam_url": wallet.pam_url,
            "sms_url": wallet.sms_url,
            **settings,
        }
        settings_asked = [Asked(key, value) for key, value in asked.items()]
        enrolment = Enrolment(name, settings_asked)
        await enrol_operator(database, enrolment, Secret(secret_of(name)), "test")
        first_day = dt.date(2020, 1, 1)
        await tax_operator(database, name, AskedProfile(TaxTerms(), first_day=first_day), "test")
        async with database.reader() as reader:
            rules = await read_operator_rules(reader, name)
        shop = Shop(rules, wallet, None, None).engine(database)
        try:
            yield shop
        finally:
            await shop.wallets.close()
            await shop.placer.drain()
