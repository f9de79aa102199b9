"""The list of people whose voices are saved: model, and how one of them is drawn and renamed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QStyleOptionViewItem,
    QWidget,
)

from app.voices import Person
from ui.delegates.list_row import Index, ListRowDelegate, name_field, write_line
from ui.people.texts import advice, facts
from ui.text import hint, translate
from ui.theme import scaled

LINES = 2.9
ADVISED_LINES = 4.1
"""Height of a row in lines of text, without and with advice."""

PERSON = Qt.ItemDataRole.UserRole + 1
ADVICE = Qt.ItemDataRole.UserRole + 2


class PeopleModel(QStandardItemModel):
    """The people by alphabet. ``renamed`` tells who shall be called how."""

    renamed = Signal(int, str)

    def show_people(self, people: Iterable[Person], model: str | None) -> None:
        """List these; ``model`` hears meetings now."""
        self.clear()
        for person in people:
            item = QStandardItem(person.name)
            said = advice(person, model)
            item.setData(person, PERSON)
            item.setData(said, ADVICE)
            described = ", ".join(filter(None, (person.name, facts(person), said)))
            item.setData(described, Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(hint(described))
            self.appendRow(item)

    def person(self, index: Index) -> Person:
        """The person of a row."""
        return cast(Person, index.data(PERSON))

    def setData(
        self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)
    ) -> bool:
        """A name that was typed goes to the library first, and comes back from there."""
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not name:
            return False
        if name != self.person(index).name:
            self.renamed.emit(self.person(index).id, name)
        return True


class PersonDelegate(ListRowDelegate):
    """Draws a person in two lines, name and facts, and a third one where advice is needed."""

    margin = 4

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Lines of text and some air."""
        lines = ADVISED_LINES if index.data(ADVICE) else LINES
        return QSize(0, round(lines * option.fontMetrics.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        person, said = cast(Person, index.data(PERSON)), str(index.data(ADVICE) or "")
        colours, line = self._theme.colours, _first_line(option, said)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_state(painter, option)
        painter.setFont(scaled(option.font, 1.0, option.font.Weight.DemiBold))
        painter.setPen(QColor(colours.text))
        write_line(painter, line, person.name)
        painter.setFont(scaled(option.font, 0.9))
        for text, colour in ((facts(person), colours.muted), (said, colours.warning)):
            line = line.translated(0, line.height() + 2)
            painter.setPen(QColor(colour))
            write_line(painter, line, text)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field for the name."""
        return name_field(parent, translate("PersonDelegate", "Name of the person"))

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Keep the field on the name."""
        line = _first_line(option, str(index.data(ADVICE) or ""))
        editor.setGeometry(line.adjusted(-9, -3, 9, 3))


def _first_line(option: QStyleOptionViewItem, said: str) -> QRect:
    height = QFontMetrics(option.font).height()
    inner = option.rect.adjusted(16, 0, -16, 0)
    above = round(1.5 * height) + 2 if said else height
    return QRect(inner.left(), inner.center().y() - above, inner.width(), height)
