"""Uses the window with a long meeting, in a process of its own, and looks at the clock.

``python -m tests.bench.window_user TURNS`` prints, as JSON, how long each thing took.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QStyledItemDelegate, QWidget

from app.paths import library_path, recordings_dir
from app.store import Library
from engine.events import TurnEvent
from tests.bench.measuring import REPEATS
from tests.bench.talk import talks, transcript_of
from tests.gui.scripted import ScriptedSource
from tests.scripted_engine import ScriptedEngine
from ui.application import build_window
from ui.bridge import Bridge
from ui.live import Phase, Told
from ui.main_window import MainWindow

FRAMES = 150
TALKS = 20
LETTERS = "the mee"
Times = list[tuple[float, float]]
"""Seconds by the wall clock, and of the processor in the thread of the window."""


class Painted(QObject):
    """Tells whether a widget was painted since it was asked last."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._seen = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._seen = self._seen or event.type() == QEvent.Type.Paint
        return False

    def wait(self) -> None:
        """Let the window live until it is painted."""
        while not self._seen:
            QApplication.processEvents()
        self._seen = False


class User:
    """Does things in the window and looks at the clock."""

    def __init__(self, window: MainWindow, turns: int) -> None:
        self.window = window
        self.view = window.frame.page.view
        self._turns = turns
        self._rows = Painted(self.view.viewport())
        self._time = Painted(window.frame.page.timeline)
        self.times: dict[str, Times] = {}

    def everything(self) -> dict[str, Times]:
        """All measures of a meeting that is in the library, then of one that is live."""
        for _ in range(REPEATS + 1):
            self._open(1)
            self._take("open", partial(self._open, 0))
        self._let_settle("settle")
        self.times["open"].pop(0)
        self._scroll()
        self._draw_timeline()
        self._find()
        self._append()
        return self.times

    def _take(self, name: str, action: Callable[[], object]) -> None:
        wall, processor = time.perf_counter(), time.thread_time()
        action()
        taken = time.perf_counter() - wall, time.thread_time() - processor
        self.times.setdefault(name, []).append(taken)

    def _open(self, row: int) -> None:
        """Click on a meeting, until its turns are on the screen."""
        listed = self.window.frame.library.list
        place = listed.visualRect(listed.model().index(row, 0)).center()
        QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
        self._rows.wait()
        assert self.view.turns().rowCount() > 0

    def _let_settle(self, name: str = "") -> None:
        """Until the height of every row is known; each step is a frame that somebody may see."""
        while self.view.measuring:
            self._take(name or "-", QApplication.processEvents)

    def _scroll(self) -> None:
        for _ in range(FRAMES):
            self._take("wheel", partial(self._turn_wheel, -120))
        bar, dice = self.view.verticalScrollBar(), random.Random(0)
        for _ in range(FRAMES):
            self._take("jump", partial(self._go_to, dice.randrange(bar.maximum())))

    def _turn_wheel(self, angle: int) -> None:
        place = QPointF(self.view.viewport().rect().center())
        above = self.view.viewport().mapToGlobal(place)
        keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
        phase, none = Qt.ScrollPhase.NoScrollPhase, QPoint()
        turned = QWheelEvent(place, above, none, QPoint(0, angle), buttons, keys, phase, False)
        QApplication.sendEvent(self.view.viewport(), turned)
        self._rows.wait()

    def _go_to(self, value: int) -> None:
        self.view.verticalScrollBar().setValue(value)
        self._rows.wait()

    def _draw_timeline(self) -> None:
        for number in range(FRAMES):
            self._take("timeline", partial(self._zoom, 1 / 1.5 if number % 20 < 10 else 1.5))

    def _zoom(self, factor: float) -> None:
        self.window.frame.page.timeline.zoom(factor)
        self._time.wait()

    def _find(self) -> None:
        """Letter by letter, until it is counted and marked."""
        finder = self.window.frame.page.finder
        finder.ask()
        for end in range(1, len(LETTERS) + 1):
            finder.text.setText(LETTERS[:end])
            self._take("find", self._search)
        finder.leave()

    def _search(self) -> None:
        """Each slice is a frame that somebody may see."""
        finder = self.window.frame.page.finder
        self._take("search", finder.search)
        while finder.searching:
            self._take("search", QApplication.processEvents)
        self._rows.wait()

    def _append(self) -> None:
        """What an engine says goes into a live meeting that is as long already."""
        window, words = self.window, talks(1)
        before: list[TurnEvent] = []
        window.recording.begin(lambda: ScriptedSource(1.0), "Live")
        wait(lambda: window.recording.phase is Phase.RECORDING)
        for talk in islice(words, self._turns):  # most of a meeting at once, then the rest live
            before += talk.at_once()
        self._tell(before)
        self._let_settle()
        for talk in islice(words, TALKS):
            for event in talk.events():
                self._take("both", partial(self._tell_and_paint, [event]))
        window.leave()
        wait(lambda: not window.recording.busy)

    def _tell_and_paint(self, events: list[TurnEvent]) -> None:
        self._take("append", partial(self._tell, events))
        self._take("paint", QApplication.processEvents)

    def _tell(self, events: list[TurnEvent]) -> None:
        live = self.window.recording.live
        assert live is not None
        self.window.recording.take([Told(live, event) for event in events])


def wait(until: Callable[[], bool]) -> None:
    while not until():
        QApplication.processEvents()


def fill(turns: int) -> None:
    """A long meeting, and an earlier short one."""
    with Library(library_path()) as library:
        for day, size in ((1, 20), (2, turns)):
            path = recordings_dir() / f"{day}.wav"
            meeting = library.create_meeting(f"Day {day}", path, datetime(2026, 1, day, tzinfo=UTC))
            transcript = transcript_of(size)
            library.save_turns(meeting.id, transcript)
            library.finish_meeting(meeting.id, transcript.duration / 16_000)


def bare_list(turns: int) -> Times:
    """The same turns as plain lines in Qt's own list, until they are painted."""
    from PySide6.QtCore import QStringListModel

    texts = [turn.text for turn in transcript_of(turns).ordered()]
    times: Times = []
    for _ in range(REPEATS + 1):
        view = QListView()
        view.setItemDelegate(QStyledItemDelegate(view))
        view.resize(800, 600)
        wall, processor = time.perf_counter(), time.thread_time()
        view.setModel(QStringListModel(texts, view))
        view.show()
        Painted(view.viewport()).wait()
        times.append((time.perf_counter() - wall, time.thread_time() - processor))
        view.close()
        view.deleteLater()
    return times[1:]


def main(turns: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["CROSSTALK_HOME"] = home
        fill(turns)
        app = QApplication([])
        bridge = Bridge(app)
        window = build_window(app, bridge, lambda: lambda: ScriptedEngine([]))
        window.show()
        window.desk.open_library()
        QApplication.processEvents()
        times = User(window, turns).everything()
        window.close()
        bridge.close()
        times["bare"] = bare_list(turns)
        print(json.dumps(times))


if __name__ == "__main__":
    main(int(sys.argv[1]))
