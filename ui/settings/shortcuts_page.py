"""The table of all commands and their keys."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from ui.banner import announce
from ui.settings.form import Page
from ui.settings.keeper import Keeper
from ui.settings.keys_edit import KeysEdit
from ui.settings.shortcuts import Shortcuts
from ui.theme import Theme


class ShortcutsPage(Page):
    """Each command with a field that takes the keys as they are pressed."""

    def __init__(self, keeper: Keeper, theme: Theme, shortcuts: Shortcuts) -> None:
        super().__init__(keeper, theme)
        self._shortcuts = shortcuts
        self.heading.setText(self.tr("Shortcuts"))
        self.text(
            self.tr(
                "Go to a field and press the keys that the command shall have. They hold at once. "
                "Backspace leaves the command without keys."
            )
        )
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.column.addWidget(self.problem)
        self.fields: dict[str, KeysEdit] = {}
        self.resets: dict[str, QPushButton] = {}
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 8, 0, 8)
        self._grid.setColumnStretch(0, 1)
        for name in shortcuts.actions_:
            self._add(name)
        self.column.addWidget(table)
        self.all = QPushButton(self.tr("Reset &all"))
        self.all.clicked.connect(self._reset_all)
        self.column.addWidget(self.all)
        self.end()
        shortcuts.changed.connect(self._show)
        self._show()

    def _add(self, name: str) -> None:
        row = self._grid.rowCount()
        title = self._shortcuts.title(name)
        field = self.fields[name] = KeysEdit()
        field.setAccessibleName(self.tr("Keys of {command}").format(command=title))
        field.chosen.connect(lambda: self._assign(name))
        reset = self.resets[name] = QPushButton(self.tr("Reset"))
        reset.setAccessibleName(self.tr("Reset the keys of {command}").format(command=title))
        reset.setObjectName("quiet")
        reset.clicked.connect(lambda: self._tell(self._shortcuts.reset(name)))
        self._grid.addWidget(QLabel(title), row, 0)
        self._grid.addWidget(field, row, 1)
        self._grid.addWidget(reset, row, 2)

    def _assign(self, name: str) -> None:
        self._tell(self._shortcuts.assign(name, self.fields[name].keys()))

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._tell("")

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if problem:
            self.ensureWidgetVisible(self.problem)
            announce(self, problem)
        self._show()

    def _show(self) -> None:
        for name, field in self.fields.items():
            field.show_keys(self._shortcuts.keys(name))
            default = self._shortcuts.is_default(name)
            self.resets[name].setEnabled(not default)
        self.all.setEnabled(any(not self._shortcuts.is_default(name) for name in self.fields))
