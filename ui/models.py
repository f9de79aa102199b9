"""The turn list as a Qt model: one meeting's transcript, changed in place as events come."""

from __future__ import annotations

from collections.abc import Iterable
from operator import is_

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from app.corrections import Patch
from app.transcript import ChangeKind, Transcript, Turn
from engine.events import Event, Gap, SpeakerRevised, TurnStarted
from ui import rows
from ui.rows import Entry, GapRow, Row, TurnRow
from ui.text import describe

MOST_MOVED = 100
"""More rows that come or go with one edit are shown anew all together."""
Index = QModelIndex | QPersistentModelIndex


class TurnListModel(QStandardItemModel):
    """Turns and gaps ordered by start; applies events to its own copy of the transcript.

    Rows live in standard items because Qt asks each selected row what may be done with it: that
    must not reach Python when all of them are selected.
    """

    refreshed = Signal(int, int)  # first and last row that may need another height
    refilled = Signal()  # all rows were replaced

    def __init__(self, transcript: Transcript | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._rows: list[Row] = []
        self._longest = 0
        self._speaking: int | None = None
        self.show_transcript(transcript or Transcript())

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript, which from now on belongs to the model."""
        self.transcript = transcript
        self._refill()

    def apply(self, events: Iterable[Event | Patch]) -> None:
        """Apply events and edits in order, then show what they changed, each row once."""
        touched: set[int] = set()
        gaps: list[Gap] = []
        for event in events:
            if isinstance(event, Patch):
                self._show(sorted(touched), gaps)
                touched.clear()
                gaps.clear()
                event.apply(self.transcript)
                self.show_patch(event)
                continue
            change = self.transcript.apply(event)
            if change is None:
                continue
            if isinstance(event, TurnStarted | SpeakerRevised):
                self._speaking = None
            if change.kind is ChangeKind.RESET:
                self._refill()
                touched.clear()
                gaps.clear()
            elif isinstance(event, Gap):
                gaps.append(event)
            elif change.turn is not None:
                touched.add(change.turn)
        self._show(sorted(touched), gaps)

    def show_patch(self, patch: Patch) -> None:
        """Show an edit that the transcript has already; rows that stay keep their selection."""
        self._speaking = None
        numbers = set(patch.numbers)
        touched = [row for row, entry in enumerate(self._entries) if _number(entry) in numbers]
        moved = [row for row in touched if self._is_elsewhere(row)]
        changed = [self.transcript.turns[n] for n in numbers if n in self.transcript.turns]
        if len(moved) + len(changed) - len(touched) > MOST_MOVED:
            self._refill()
            return
        edges = [edge for row in touched for edge in _edges(self._rows[row])]
        for row in reversed(moved):
            self._take_out(row)
        for turn in changed:
            self._longest = max(self._longest, rows.extent(turn))
            self._insert(turn)
            edges += [turn.start, turn.until]
        self._refresh_between(edges)
        self._refresh_people({change.number for change in patch.speakers})

    @property
    def speaking(self) -> int:
        """How many people have turns; asked after every event, so it is counted only if need be."""
        if self._speaking is None:
            self._speaking = len({turn.speaker for turn in self.transcript.turns.values()})
        return self._speaking

    def row(self, row: int) -> Row:
        """What a row says."""
        return self._rows[row]

    def rows(self) -> list[Row]:
        """What all rows say now."""
        return list(self._rows)

    def turn_row(self, index: Index) -> TurnRow | None:
        """The turn of an index; None for a gap or no row at all."""
        row = self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None
        return row if isinstance(row, TurnRow) else None

    def row_of_turn(self, number: int) -> int:
        """The row of a turn; -1 if it is not there (any more)."""
        turn = self.transcript.turns.get(number)
        row = len(self._entries) if turn is None else rows.position(self._entries, turn)
        return row if row < len(self._entries) and self._entries[row] is turn else -1

    def _refill(self) -> None:
        self._speaking = None
        transcript = self.transcript
        entries: list[Entry] = [*transcript.turns.values(), *transcript.gaps]
        entries.sort(key=rows.key)
        self._longest = max(map(rows.extent, entries), default=0)
        if len(entries) == len(self._entries) and all(map(is_, entries, self._entries)):
            self._refresh(range(len(entries)))
            return
        self._entries = entries
        self._rows = self._build(range(len(entries)))
        self.clear()
        root = self.invisibleRootItem()
        root.appendRows([self._item(row) for row in self._rows])
        self.refilled.emit()

    def _show(self, numbers: list[int], gaps: list[Gap]) -> None:
        changed: list[Entry] = [self.transcript.turns[number] for number in numbers]
        changed += gaps
        if not changed:
            return
        self._longest = max(self._longest, *map(rows.extent, changed))
        for entry in changed:
            self._insert(entry)
        self._refresh(self._affected(changed))

    def _insert(self, entry: Entry) -> None:
        """Put an entry into its place, unless it is there."""
        row = rows.position(self._entries, entry)
        if row < len(self._entries) and self._entries[row] is entry:
            return
        self._entries.insert(row, entry)
        shown = self._build(range(row, row + 1))
        self._rows[row:row] = shown
        self.insertRow(row, self._item(shown[0]))

    def _is_elsewhere(self, row: int) -> bool:
        """Whether the turn of a row is gone, or begins at another moment than is shown."""
        entry, shown = self._entries[row], self._rows[row]
        assert isinstance(entry, Turn)
        assert isinstance(shown, TurnRow)
        return (
            self.transcript.turns.get(entry.number) is not entry
            or entry.number != shown.number
            or entry.start != shown.start
        )

    def _refresh_between(self, edges: list[int]) -> None:
        if edges:
            near = rows.touched(self._entries, min(edges), max(edges), self._longest)
            self._refresh(range(max(0, near.start - 1), min(near.stop + 1, len(self._entries))))

    def _refresh_people(self, speakers: set[int]) -> None:
        """Show others' names: where they speak, and where somebody speaks at the same time."""
        concerned = [row for row, shown in enumerate(self._rows) if _people(shown) & speakers]
        for row in concerned:
            (new,) = self._build(range(row, row + 1))
            if new != self._rows[row]:
                self._replace(row, new)
        if concerned:
            self.refreshed.emit(concerned[0], concerned[-1])

    def _take_out(self, row: int) -> None:
        del self._entries[row], self._rows[row]
        self.removeRow(row)

    def _affected(self, changed: list[Entry]) -> range:
        """The rows to build anew: what changed, what it overlapped before, what it overlaps now."""
        start = min(entry.start for entry in changed)
        end = max(entry.start + rows.extent(entry) for entry in changed)
        for entry in changed:
            before = self._rows[rows.position(self._entries, entry)]
            if isinstance(before, TurnRow):
                end = max(end, before.until)
        near = rows.touched(self._entries, start, end, self._longest)
        return range(near.start, min(near.stop + 1, len(self._entries)))

    def _refresh(self, affected: range) -> None:
        """Build rows anew, and replace those that came out different."""
        for row, new in zip(affected, self._build(affected), strict=True):
            if new != self._rows[row]:
                self._replace(row, new)
        if affected:
            self.refreshed.emit(affected.start, affected.stop - 1)

    def _replace(self, row: int, new: Row) -> None:
        self._rows[row] = new
        blocked = self.blockSignals(True)
        self.item(row).setData(describe(new), Qt.ItemDataRole.DisplayRole)
        self.blockSignals(blocked)
        index = self.index(row, 0)
        self.dataChanged.emit(index, index)

    def _build(self, affected: range) -> list[Row]:
        return rows.build_rows(self._entries, affected, self.transcript.speakers, self._longest)

    def _item(self, row: Row) -> QStandardItem:
        item = QStandardItem(describe(row))
        item.setFlags(_flags(row))
        return item


def _number(entry: Entry) -> int | None:
    return entry.number if isinstance(entry, Turn) else None


def _people(row: Row) -> set[int]:
    return (
        {row.speaker, *(each.speaker for each in row.overlaps)}
        if isinstance(row, TurnRow)
        else set()
    )


def _edges(row: Row) -> tuple[int, int]:
    return (row.start, row.until) if isinstance(row, TurnRow) else (row.gap.start, row.gap.start)


def _flags(row: Row) -> Qt.ItemFlag:
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    return flags if isinstance(row, GapRow) else flags | Qt.ItemFlag.ItemIsEditable
