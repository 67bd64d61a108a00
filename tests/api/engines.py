"""An engine for tests: real, but for a clock that stands still and a log that is kept."""

import secrets
import time

import structlog

from acca.engine import Engine
from acca.flows import deliver_messages, send_codes
from acca.flows.deliver_messages import Deliverer
from acca.flows.place_tickets import Placer, Tools
from acca.flows.send_codes import CodeSender
from acca.outbound.caller import Machine
from acca.outbound.wallets import Wallets

NOW = 1_780_000_000


def make_log(entries):
    """Make a log whose lines land in a list."""

    def keep(_, method, event):
        entries.append({**event, "level": method})
        raise structlog.DropEvent

    return structlog.wrap_logger(
        None, processors=[keep], wrapper_class=structlog.make_filtering_bound_logger(0)
    )


def make_engine(database, entries):
    """Make an engine whose log lines land in a list."""
    wallets = Wallets(Machine(lambda: NOW, time.monotonic), allow_private=True)
    placer = Placer(Tools(database, wallets, time.monotonic, secrets.token_bytes))
    log = make_log(entries)
    deliverer = Deliverer(
        deliver_messages.Tools(database, wallets, time.monotonic, secrets.token_bytes)
    )
    return Engine(
        database,
        lambda: NOW,
        time.monotonic,
        secrets.token_bytes,
        log,
        wallets,
        placer,
        deliverer,
        CodeSender(
            send_codes.Tools(database, wallets, time.monotonic, secrets.token_bytes, entries.append)
        ),
    )
