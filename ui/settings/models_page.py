"""The models on this computer: look at them, get more, choose one, remove one."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
)

from app import model_store
from app.model_store import StoredModel
from app.models import DEFAULT_NAME, SUFFIX
from ui.meeting_list import size_text
from ui.settings.chores import Chores
from ui.settings.download_dialog import DownloadDialog
from ui.settings.form import Page
from ui.settings.keeper import Keeper
from ui.settings.measures import measure
from ui.text import figure
from ui.theme import Theme

LIST_LINES = 5


class ModelsPage(Page):
    """``listed`` carries what is installed; ``is_recording`` tells whether a model is at work."""

    listed = Signal(list)

    def __init__(
        self, keeper: Keeper, theme: Theme, chores: Chores, is_recording: Callable[[], bool]
    ) -> None:
        super().__init__(keeper, theme)
        self._chores = chores
        self._is_recording = is_recording
        self._models: list[StoredModel] = []
        self._select_later = ""
        self.heading.setText(self.tr("Models"))
        self.list = QListWidget()
        self.use = QPushButton(self.tr("&Use this model"))
        self.remove = QPushButton(self.tr("&Remove…"))
        self.facts = QLabel()
        self.problem = QLabel()
        self.file = QPushButton(self.tr("Install from a &file…"))
        self.folder = QPushButton(self.tr("Install from a f&older…"))
        self.download = QPushButton(self.tr("&Download…"))
        self.dialog = DownloadDialog(theme, chores, self)
        self._configure()
        self._lay_out()

    def shown(self) -> None:
        """Look what is installed."""
        self._chores.do("models", model_store.stored_models, self.show_models, self._complain)

    def show_models(self, models: list[StoredModel]) -> None:
        """List these models."""
        chosen = self._chosen_name()
        self._models = models
        self.list.clear()
        for each in models:
            item = QListWidgetItem(self._line(each))
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            self.list.addItem(item)
        names = [each.name for each in models]
        in_use = model_store.chosen_name(self.keeper.settings)
        wanted = chosen if chosen in names else in_use
        self.list.setCurrentRow(names.index(wanted) if wanted in names else 0)
        self._show_facts()
        self.listed.emit(models)

    def install(self, source: Path) -> None:
        """Install from a file or a folder, in a thread: models are large."""
        self._complain("")
        self.facts.setText(self.tr("Installing…"))
        self._chores.do(
            "install", lambda: model_store.install(source), self._installed, self._complain
        )

    def ask(self) -> QMessageBox | None:
        """Ask whether to remove the selected model."""
        model = self._current()
        if model is None or model.shipped:
            return None
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Remove a model"), "", parent=self)
        box.setText(
            self.tr("Remove the model “{name}” from this computer?").format(name=model.name)
        )
        box.setInformativeText(self._consequence(model))
        remove = box.addButton(self.tr("&Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("&Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove.clicked.connect(lambda: self._remove(model.name))
        box.open()
        return box

    def _consequence(self, model: StoredModel) -> str:
        if model.name != model_store.chosen_name(self.keeper.settings):
            return self.tr("Meetings that were transcribed with it stay as they are.")
        if self._is_recording():
            return self.tr(
                "A meeting is being recorded with it. It goes on with this model to its end; the "
                "next one uses “{name}”."
            ).format(name=DEFAULT_NAME)
        return self.tr("It is the one in use: from then on that is “{name}”.").format(
            name=DEFAULT_NAME
        )

    def _remove(self, name: str) -> None:
        self._complain("")
        self._chores.do(
            "remove", lambda: model_store.remove(name), lambda _: self._gone(name), self._complain
        )

    def _gone(self, name: str) -> None:
        if self.keeper.settings.model == name:
            self.keeper.change("model", None)
        self.shown()

    def _use(self) -> None:
        if (model := self._current()) is not None and not model.problem:
            self.keeper.change("model", None if model.name == DEFAULT_NAME else model.name)

    def _installed(self, names: list[str]) -> None:
        self._select_later = names[0]
        self._chores.do("models", model_store.stored_models, self._show_new, self._complain)

    def _show_new(self, models: list[StoredModel]) -> None:
        self.show_models(models)
        for row, each in enumerate(models):
            if each.name == self._select_later:
                self.list.setCurrentRow(row)

    def _current(self) -> StoredModel | None:
        row = self.list.currentRow()
        return self._models[row] if 0 <= row < len(self._models) else None

    def _chosen_name(self) -> str:
        model = self._current()
        return model.name if model else ""

    def _line(self, model: StoredModel) -> str:
        parts = [model.name, size_text(model.size_bytes)]
        if model.name == model_store.chosen_name(self.keeper.settings):
            parts.append(self.tr("in use"))
        if model.problem:
            parts.append(self.tr("cannot be used"))
        return "  ·  ".join(parts)

    def _follow(self, name: str) -> None:
        if name == "model":
            for row, each in enumerate(self._models):
                self.list.item(row).setText(self._line(each))
            self._show_facts()

    def _show_facts(self) -> None:
        model = self._current()
        used = model is not None and model.name == model_store.chosen_name(self.keeper.settings)
        self.use.setEnabled(model is not None and not used and not model.problem)
        self.remove.setEnabled(model is not None and not model.shipped)
        if model is not None:
            self.facts.setText(self._facts(model))

    def _facts(self, model: StoredModel) -> str:
        card = model.card
        figures = [f"{measure(what)}: {figure(value)}" for what, value in card.figures.items()]
        rows = [
            (self.tr("Problem"), model.problem),
            (self.tr("What for"), card.description),
            (self.tr("Language"), card.language),
            (self.tr("Limits"), card.limits),
            (self.tr("Measured"), "\n".join(figures)),
            (self.tr("Learned from"), card.training_data),
            (self.tr("Licence"), card.licence),
            (self.tr("Version"), " · ".join(filter(None, (card.version, card.created)))),
            (self.tr("File"), str(model.path)),
        ]
        cells = "".join(
            f"<tr><td style='padding-right:16px'>{escape(what)}</td>"
            f"<td>{escape(text).replace(chr(10), '<br>')}</td></tr>"
            for what, text in rows
            if text
        )
        return f"<table cellspacing='0' cellpadding='3'>{cells}</table>"

    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._show_facts()

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Install a model"), str(Path.home()), f"*{SUFFIX}"
        )
        if path:
            self.install(Path(path))

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(
            self, self.tr("Install all models of a folder"), str(Path.home())
        )
        if path:
            self.install(Path(path))

    def _configure(self) -> None:
        self.list.setAccessibleName(self.tr("Installed models"))
        self.list.setObjectName("boxed")
        self.list.setFixedHeight(LIST_LINES * round(1.9 * self.fontMetrics().height()))
        self.list.currentRowChanged.connect(self._show_facts)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem.setObjectName("problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.use.clicked.connect(self._use)
        self.remove.clicked.connect(self.ask)
        self.file.clicked.connect(self._choose_file)
        self.folder.clicked.connect(self._choose_folder)
        self.download.clicked.connect(self.dialog.begin)
        self.dialog.installed.connect(lambda name: self._installed([name]))
        self.keeper.changed.connect(self._follow)

    def _lay_out(self) -> None:
        self.text(
            self.tr(
                "A model turns speech into words and turns. Crosstalk never looks for models by "
                "itself: you install them from a file, or from an address that you enter."
            )
        )
        self.column.addWidget(self.list)
        for buttons in ((self.use, self.remove), (self.file, self.folder, self.download)):
            row = QHBoxLayout()
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            self.column.addLayout(row)
        self.column.addWidget(self.problem)
        self.column.addSpacing(8)
        self.column.addWidget(self.facts)
        self.end()
