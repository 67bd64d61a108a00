"""An engine of its own that places one ticket and says when it is about to call the wallet."""

import asyncio
import json
import sys
import time
from secrets import token_bytes

from placing_made import MACHINE, order_of_a_ticket

from acca.core.refusals import Refusal
from acca.flows.place_tickets import Placer, Tools
from acca.outbound.wallets import Wallets
from acca.store.connection import open_database
from acca.store.rules import read_operator_rules

PAUSE_SECONDS = 0.5
"""So long it stands before its call: whoever stops it there has the time for it."""


class Watch:
    """The monotonic clock, which stands at the check that comes right before the wallet's call."""

    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.calls == 3:
            say("written")
            time.sleep(PAUSE_SECONDS)
        return time.monotonic()


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(url, token, events):
    async with open_database(url) as database:
        async with database.reader() as reader:
            rules = await read_operator_rules(reader, "site")
        wallets = Wallets(MACHINE, allow_private=True)
        placer = Placer(Tools(database, wallets, Watch(), token_bytes))
        try:
            placed = await placer.place(order_of_a_ticket(rules, events, token))
            say(type(placed.refusal).__name__)
        except Refusal as refused:
            say(type(refused).__name__)
        await wallets.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
