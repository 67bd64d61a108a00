"""What smartbets are chosen from, as columns that are changed in place, event by event."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from acca.core.board import BoardEvent
from acca.core.cards.composing_field import Field, make_field, weigh
from acca.core.odds import ONE

_ROWS_FIRST, _WIDTH_FIRST = 64, 32


class FieldKept:
    """A row for each event of the board, its bets that can be had now; rows are used again."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}
        self._free: list[int] = []
        self.field: Field = make_field(_ROWS_FIRST, _WIDTH_FIRST)
        self._free.extend(reversed(range(_ROWS_FIRST)))

    def put(self, event: BoardEvent) -> None:
        """Write an event's row anew."""
        bets = [bet for bet in event.chances if event.takes(bet) and event.odds[bet] > ONE]
        self._widen(len(bets))
        row = self._rows.get(event.id)
        if row is None:
            self._lengthen()
            row = self._rows[event.id] = self._free.pop()
        field, count = self.field, len(bets)
        field.events[row] = event.id
        field.starts[row] = int(event.starts.timestamp())
        field.odds[row] = 0
        field.bets[row, :count] = bets
        field.odds[row, :count] = [event.odds[bet] for bet in bets]
        field.chances[row, :count] = [event.chances[bet] for bet in bets]
        weigh(field, slice(row, row + 1))

    def drop(self, event: int) -> None:
        """Leave out an event that is gone."""
        row = self._rows.pop(event)
        self.field.events[row] = 0
        self.field.odds[row] = 0
        self._free.append(row)

    def rows(self, events: Iterable[int]) -> NDArray[np.bool_]:
        """Mark the rows of some events."""
        chosen = np.zeros(len(self.field.events), dtype=np.bool_)
        chosen[[self._rows[event] for event in events if event in self._rows]] = True
        return chosen

    def _lengthen(self) -> None:
        if self._free:
            return
        length, width = self.field.odds.shape
        self._copy_to(make_field(2 * length, width))
        self._free.extend(reversed(range(length, 2 * length)))

    def _widen(self, count: int) -> None:
        length, width = self.field.odds.shape
        if count > width:
            self._copy_to(make_field(length, max(count, 2 * width)))

    def _copy_to(self, larger: Field) -> None:
        length, width = self.field.odds.shape
        for old, new in zip(self.field, larger, strict=True):
            if old.ndim == 1:
                new[:length] = old
            else:
                new[:length, :width] = old
        self.field = larger
