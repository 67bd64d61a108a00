"""Receipts of tickets as an API process signs them, and receipts that somebody changed."""

import json
from typing import NamedTuple

from acca.core.receipt_sources import make_receipt
from acca.core.signing_key import PublicKey, SigningKey
from acca.core.ticket_facts import Key
from acca.flows import settle_tickets
from acca.flows.judge_postponements import judge_postponements
from acca.flows.settle_jackpots import advance_jackpots, judge_jackpots
from acca.store.receipts import read_sources
from acca.store.tickets import get_tickets
from acca.wire.ed25519 import key_id, public_of
from acca.wire.receipts import seal

PRIVATE = bytes(range(32))
PUBLIC = public_of(PRIVATE)


class Keyed(NamedTuple):
    """A key that signs, and what a verifier knows of it."""

    signing: SigningKey
    published: dict


def keyed(valid_from, private=PRIVATE):
    public = public_of(private)
    named = PublicKey(key_id(public), public, valid_from)
    return Keyed(SigningKey(named, private), {named.id: public})


async def settle_all(database):
    """Do all that the duties of a worker do for results, until nothing is left."""
    await judge_postponements(database)
    while (
        await settle_tickets.list_job(database)
        or await settle_tickets.settle_chunk(database)
        or await judge_jackpots(database)
        or await advance_jackpots(database)
    ):
        pass


async def receipts_of(database, keys):
    """Read the receipts of tickets of one operator out of one snapshot."""
    async with database.snapshot() as reader:
        tickets = await get_tickets(reader, keys)
        sources = await read_sources(reader, [tickets[key] for key in keys])
    return [make_receipt(source) for source in sources]


async def receipt_of(database, ticket):
    (receipt,) = await receipts_of(database, [Key(*ticket.facts.key)])
    return receipt


def sealed(receipt, private=PRIVATE):
    return seal(receipt, keyed(receipt.ticket.created, private).signing)


def with_digit_changed(body, dice):
    """Change one digit of a text."""
    place = dice.choice([place for place, byte in enumerate(body) if 48 <= byte <= 57])
    other = dice.choice([digit for digit in range(48, 58) if digit != body[place]])
    return body[:place] + bytes([other]) + body[place + 1 :]


def altered_place(body, altered):
    """Tell where a body differs from the genuine one, None where it is no JSON, or renamed."""
    try:
        was, is_ = (dict(_leaves(json.loads(one))) for one in (body, altered))
    except json.JSONDecodeError:
        return None
    if was.keys() != is_.keys():
        return None
    (place,) = [place for place, leaf in was.items() if is_[place] != leaf]
    return place.removeprefix("/receipt")


def _leaves(tree, at=""):
    if isinstance(tree, dict | list):
        items = tree.items() if isinstance(tree, dict) else enumerate(tree)
        for step, inner in items:
            yield from _leaves(inner, f"{at}/{step}")
    else:
        yield at, tree
