"""The views of which pictures are drawn, each as somebody at the window would bring it about."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self
from unittest import mock

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.audio import devices, inputs
from app.audio.devices import InputDevice
from app.audio.sources import FileSource
from app.silence import MUTED
from app.stretch import Samples
from engine.events import Gap, GapReason, Remark, Subject
from engine.timeline import to_samples
from tests.gui import picture_home
from ui.devices import Found
from ui.level_meter import LOWEST_DBFS
from ui.live import Live, Phase, Told
from ui.main_window import MainWindow

MICROPHONE = InputDevice(0, "Desk microphone", 1, 48_000, True, "ALSA")
SHOWN_S = 36.0
"""How much of the sample meeting has been heard in the picture."""
PLAYED_S = 21.0
REVIEWED_ROW, MENU_ROW, MENU_WORD = 6, 7, 2
LIVE = {"live", "gap", "paused"}


class Silent:
    """Loudspeakers that play nothing."""

    latency_s = 0.0

    def __call__(self, rate: int) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def write(self, samples: Samples) -> None:
        time.sleep(0.02)

    def drain(self) -> None:
        pass


class Studio:
    """Brings about one view after the other; ``keep`` takes a name and what is drawn."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        wanted: Callable[[str], bool],
        keep: Callable[[str, QWidget, list[QWidget]], None],
    ) -> None:
        self._app = app
        self._window = window
        self._wanted = wanted
        self._keep = keep

    def beginning(self) -> None:
        """The window before anything is recorded."""
        window = self._window
        self._begin()
        window.preferences.start()
        self._settle()
        self._shoot("first-run")
        window.frame.show_advice()
        self._shoot("empty")
        window.devices.found = Found(())
        window.devices.changed.emit()
        self._shoot("no-microphone")

    def everything(self) -> None:
        """The window of somebody who has used it for a while."""
        self._begin()
        self._library()
        self._review()
        self._correction()
        self._dialogs()
        if any(self._wanted(name) for name in LIVE):
            self._live()

    def wait(self, until: Callable[[], bool], seconds: float = 120.0) -> None:
        """Let the window live until something holds."""
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not get there")
            self._app.processEvents()
            time.sleep(0.01)

    def _begin(self) -> None:
        window = self._window
        window.show()
        window.desk.open_library()
        window.devices.found = Found((MICROPHONE,))
        window.devices.changed.emit()
        window.reviewer.player.output = Silent()

    def _library(self) -> None:
        window, panel = self._window, self._window.frame.library
        shown = panel.isVisible()
        window.actions_.library.setChecked(True)
        window.importer.panel.show_jobs(*picture_home.jobs())
        window.importer.panel.list.setCurrentIndex(window.importer.panel.model.index(1, 0))
        self._shoot("import")
        window.importer.panel.show_jobs([], {})
        panel.search.setText("people")
        panel.filters.setChecked(True)
        panel.filter.person.setCurrentIndex(panel.filter.person.findData("Sarah"))
        self._shoot("library")
        panel.clear_search()
        panel.filters.setChecked(False)
        window.actions_.library.setChecked(shown)

    def _review(self) -> None:
        window = self._window
        page, actions = window.frame.page, window.actions_.review
        meetings = window.frame.library.meetings()
        window.desk.open(next(each.id for each in meetings if each.title == picture_home.TITLE))
        drawing = window.reviewer._drawing
        self.wait(lambda: drawing is None or not drawing.is_alive())
        actions.notes.setChecked(True)
        page.timeline.sought.emit(to_samples(PLAYED_S))
        page.view.setFocus()
        self._shoot("review")
        actions.notes.setChecked(False)
        page.finder.ask()
        page.finder.text.setText("people")
        self._shoot("find")
        page.finder.leave()
        for row in (6, 7, 8):
            index = page.view.turns().index(row, 0)
            page.view.selectionModel().select(
                index, page.view.selectionModel().SelectionFlag.Select
            )
        page.export.click()
        assert window.exporter.dialog is not None
        self._shoot("export", window.exporter.dialog)
        window.exporter.dialog.reject()

    def _correction(self) -> None:
        window = self._window
        view = window.frame.page.view
        view.setCurrentIndex(view.turns().index(REVIEWED_ROW, 0))
        window.commands.words.open()
        self._shoot("correction")
        window.commands.words.close()
        view.setCurrentIndex(view.turns().index(MENU_ROW, 0))
        row = view.turns().turn_row(view.currentIndex())
        assert row is not None
        box = view.typesetter.word_box(row, view.visualRect(view.currentIndex()), MENU_WORD)
        menu = view.context_menu(box.center())
        self._pop_up("turn-menu", menu, view.viewport(), box.bottomLeft())

    def _dialogs(self) -> None:
        window = self._window
        people, bin_ = window.people, window.librarian.bin
        people.show()
        self._shoot("people", people.dialog)
        people.dialog.close()
        window.librarian.show_bin()
        self._shoot("bin", bin_)
        bin_.close()
        self._again()
        dialog = window.preferences.dialog
        names = ("settings", "engine", "models", "appearance", "shortcuts", "privacy")
        for name, page in zip(names, dialog.pages(), strict=True):
            dialog.show_page(page)
            self._settle()
            self._shoot(name if name in ("settings", "models") else f"settings-{name}", dialog)
        dialog.close()

    def _again(self) -> None:
        importer, current = self._window.importer, self._window.desk.current
        if current is not None:
            importer.ask_model(current.summary.id)
            if importer.dialog is not None:
                self._shoot("transcribe-again", importer.dialog)
                importer.dialog.close()

    def _live(self) -> None:
        """The sample meeting, spoken into a microphone."""
        window = self._window
        with (
            mock.patch.object(inputs, "find_input", return_value=MICROPHONE),
            mock.patch.object(inputs, "MicrophoneSource", _spoken),
            mock.patch.object(devices, "refresh", return_value=True),
        ):
            window.recording.begin(lambda: [inputs.microphone(None)], picture_home.TITLE)
            live = window.recording.live
            assert live is not None
            self.wait(lambda: live.run is not None and live.elapsed_s > SHOWN_S / 2)
            for number, name in enumerate(picture_home.NAMES[:2], 1):
                window.commands.rename(number, name)
            self.wait(lambda: live.elapsed_s > SHOWN_S and _speaking(live))
            self._shoot("live")
            gap = Gap(to_samples(12.0), to_samples(0.4), GapReason.OVERRUN)
            window.recording.take([Told(live, gap)])
            self._shoot("gap")
            window.recording.take([Told(live, Remark(Subject.SILENCE, MUTED))])
            window.recording.toggle_pause()
            self.wait(lambda: window.recording.phase is Phase.PAUSED)
            self.wait(lambda: window.frame.bar.meter.shown_dbfs <= LOWEST_DBFS)
            self._shoot("paused")
            window.recording.stop()
            self.wait(lambda: not window.recording.busy)

    def _shoot(self, name: str, shown: QWidget | None = None) -> None:
        if self._wanted(name):
            self._settle()
            self._keep(name, shown or self._window, [])

    def _pop_up(
        self, name: str, menu: QMenu, beside: QWidget, point: QPoint, right: bool = False
    ) -> None:
        """With a menu, which is a window of its own to the system."""
        if self._wanted(name):
            place = beside.mapToGlobal(point)
            menu.popup(place)
            self._settle()
            least = self._window.mapToGlobal(self._window.rect().bottomLeft()).y() - menu.height()
            # The screen that is not there is smaller than the window, so it is placed anew.
            menu.move(place.x() - (menu.width() if right else 0), min(place.y(), least - 8))
            self._keep(name, self._window, [menu])
        menu.close()

    def _settle(self) -> None:
        """Wait for what is done in other threads, and for what is drawn a moment later."""
        until = time.monotonic() + 0.3
        self.wait(lambda: time.monotonic() > until)
        self.wait(lambda: not self._window.preferences.chores.busy)


def draw(shown: QWidget, above: list[QWidget], to: str) -> None:
    """Save a picture of a widget with what pops up above it, as small as a PNG can be."""
    picture = shown.grab()
    painter = QPainter(picture)
    for each in above:
        painter.drawPixmap(shown.mapFromGlobal(each.mapToGlobal(QPoint())), each.grab())
    painter.end()
    picture.toImage().convertToFormat(QImage.Format.Format_RGB888).save(to, quality=0)


def _spoken(device: InputDevice) -> FileSource:
    source = FileSource(picture_home.SAMPLE)
    source.name = device.name
    return source


def _speaking(live: Live) -> bool:
    """Whether somebody is in the middle of a turn."""
    turns = live.model.transcript.turns.values()
    return any(turn.end is None and len(turn.words) > 3 for turn in turns)
