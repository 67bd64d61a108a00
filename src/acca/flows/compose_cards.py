"""Copy templates for operators: each day of an operator's own, or at once on request.

A copy is noted in the transaction that publishes its cards, which holds the operator: whoever
comes second finds it made, and a process that dies leaves nothing of it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.board import BoardEvent
from acca.core.cards.card import CardState
from acca.core.cards.refused import CardAmbiguous, CardFaulty
from acca.core.operator import OperatorSettings
from acca.core.ticket import TicketType
from acca.store.board import list_board_versions, read_board_events
from acca.store.card_moves import Owner, close_held, hold_card, publish_held, write_card
from acca.store.cards import StoredCard
from acca.store.clock import read_clock
from acca.store.connection import Database, Reader, Writer
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import Operator, get_operator, get_operator_for_update, list_operators
from acca.store.templates import (
    Due,
    insert_copies,
    is_copied,
    list_copied,
    list_copies,
    list_templates,
)
from acca.wire.card_files import CardFile
from acca.wire.template_files import (
    QuicktipTemplate,
    SmartbetTemplate,
    TemplateFile,
    Weekday,
)
from acca.wire.template_filling import Scene, fill_template

WHO = "acca"
TIPSTER = QuicktipTemplate(name="tipster", type=TicketType.QUICKTIP)
"""The template of the tips that are published by themselves, unless one of its name says else."""
_WEEKDAYS = tuple(Weekday)
_EVENTS_AT_ONCE = 200
_DAYS_REPLACED = 14

DrawCode = Callable[[], str]


class Composed(NamedTuple):
    """The cards of a template that an operator has got, and why others were not made."""

    cards: tuple[StoredCard, ...]
    refused: tuple[str, ...]


class _By(NamedTuple):
    """Who makes cards, and whether they are published or left as drafts."""

    who: str
    publishes: bool


class _Seller(NamedTuple):
    """An operator, and what it has set."""

    operator: Operator
    settings: OperatorSettings


class _Task(NamedTuple):
    """A template that is due for an operator."""

    due: Due
    seller: _Seller
    template: TemplateFile


async def compose_due(database: Database, draw: DrawCode) -> int:
    """Make the copies that are due; tell how many cards that were."""
    async with database.reader() as reader:
        now = (await read_clock(reader)).now
        tasks = await _list_due(reader, now)
        board = await _read_board(reader) if tasks else {}
    made = 0
    for task in tasks if board else ():
        files = await asyncio.to_thread(_fill, task.template, task.seller.settings, board, now)
        if files:
            made += len((await _write(database, task, files, draw)).cards)
    return made


async def compose_now(
    database: Database, name: str, template: TemplateFile, draw: DrawCode, who: str
) -> Composed:
    """Make an operator's copies of a template at once, whether or not it has some of today."""
    async with database.reader() as reader:
        now = (await read_clock(reader)).now
        operator = await get_operator(reader, name)
        settings = await get_operator_settings(reader, operator.id)
        board = await _read_board(reader)
    files = await asyncio.to_thread(_fill, template, settings, board, now)
    async with database.writer() as writer, writer.transaction():
        _ = await get_operator_for_update(writer, name)
        owner = Owner(operator.id, settings)
        return await _add(writer, owner, files, draw, _By(who, template.publish))


async def _list_due(reader: Reader, now: datetime) -> list[_Task]:
    kept = {each.name: each.file for each in await list_templates(reader) if each.file is not None}
    tasks: list[_Task] = []
    for operator in await list_operators(reader):
        seller = _Seller(operator, await get_operator_settings(reader, operator.id))
        tasks.extend(_due_to(seller, kept.values(), now))
        if seller.settings.tipster and TIPSTER.name not in kept:
            tasks.extend(_due_to(seller, [TIPSTER], now))
    copied = await list_copied(reader, [task.due for task in tasks])
    return [task for task in tasks if (task.due.operator, task.due.template) not in copied]


def _due_to(seller: _Seller, templates: Iterable[TemplateFile], now: datetime) -> Iterator[_Task]:
    local = now.astimezone(seller.settings.time_zone)
    for template in templates:
        if (
            template.type in seller.settings.ticket_types
            and (template.operators is None or seller.operator.name in template.operators)
            and _WEEKDAYS[local.weekday()] in template.weekdays
            and local.time() >= template.at
        ):
            yield _Task(Due(seller.operator.id, template.name, local.date()), seller, template)


async def _read_board(reader: Reader) -> dict[int, BoardEvent]:
    ids = sorted(await list_board_versions(reader))
    board: dict[int, BoardEvent] = {}
    for first in range(0, len(ids), _EVENTS_AT_ONCE):
        read = await read_board_events(reader, ids[first : first + _EVENTS_AT_ONCE])
        board |= {id_: event for id_, (_, event) in read.items()}
    return board


def _fill(
    template: TemplateFile,
    settings: OperatorSettings,
    board: dict[int, BoardEvent],
    now: datetime,
) -> list[CardFile]:
    currencies = sorted(settings.currencies if template.currency is None else {template.currency})
    scenes = (Scene(board, now, settings, currency) for currency in currencies)
    return [file for scene in scenes for file in fill_template(template, scene)]


async def _write(
    database: Database, task: _Task, files: Sequence[CardFile], draw: DrawCode
) -> Composed:
    due, seller, template = task
    async with database.writer() as writer, writer.transaction():
        _ = await get_operator_for_update(writer, seller.operator.name)
        if await is_copied(writer, due):
            return Composed((), ())
        owner = Owner(due.operator, seller.settings)
        made = await _add(writer, owner, files, draw, _By(WHO, template.publish))
        if made.cards:
            if isinstance(template, SmartbetTemplate) and template.publish:
                await _close_older(writer, due)
            await insert_copies(writer, due, [card.code for card in made.cards])
        return made


async def _add(
    writer: Writer, owner: Owner, files: Iterable[CardFile], draw: DrawCode, by: _By
) -> Composed:
    """Write cards and publish them; what a rule refuses is left out, and the reason told."""
    cards: list[StoredCard] = []
    refused: list[str] = []
    for file in files:
        try:
            async with writer.transaction():
                card = await write_card(writer, owner, file, draw, by.who)
                if by.publishes:
                    placed = await hold_card(writer, owner.operator, card.code)
                    await publish_held(writer, placed, by.who)
        except (CardFaulty, CardAmbiguous) as fault:
            refused.append(f"{file.title}: {fault}")
        else:
            cards.append(card)
    return Composed(tuple(cards), tuple(refused))


async def _close_older(writer: Writer, due: Due) -> None:
    """Close what an operator still has open of a template: the new copies stand in its place."""
    for code in await list_copies(writer, due.operator, due.template, _DAYS_REPLACED):
        placed = await hold_card(writer, due.operator, code)
        if placed.state in {CardState.SCHEDULED, CardState.OPEN}:
            await close_held(writer, placed, WHO)
