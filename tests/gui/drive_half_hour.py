"""Half an hour with the program, as a person spends it: python -m tests.gui.drive_half_hour ...

    first PLAYED IMPORTED FOLDER   from the welcome to a corrected, exported, searched library
    later FOLDER                   the next day: everything is there

What was seen goes to FOLDER/first.json and later.json, exports and pictures lie beside it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from app.exports import FORMATS
from app.jobs.job import JobState
from tests.gui.drive_window import (
    HEARING,
    MICROPHONE,
    act,
    choose_microphone,
    click,
    engine_status,
    live,
    rows,
    spoken,
    stop,
    wait,
)
from tests.gui.hands import (
    answering,
    choose_format,
    choose_turn,
    click_word,
    drop,
    press,
    save_as,
    type_,
)
from ui.application import run
from ui.live import Phase
from ui.main_window import MainWindow
from ui.settings.welcome_page import WelcomePage

PAUSED_MS = 1_000
SETTLE_MS = 60
NAME = "Zoë Ångström"
TYPED = "unmistakable"
NOTE = "ask about the budget"
OTHER_MODEL = "free-speech"

Seen = dict[str, Any]


class HalfHour:
    """One sitting. Each step is what a person would do next."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self.view = window.frame.page.view
        self.folder = folder
        self.seen: Seen = {"seconds": {}}

    def take(self, steps: list[Callable[[], None]]) -> Seen:
        """One step after the other; a picture and the time of each."""
        self.window.activateWindow()
        wait(self.window.isActiveWindow, "the window does not get the keyboard")
        for number, step in enumerate(steps):
            began = time.monotonic()
            step()
            live(SETTLE_MS)
            name = getattr(step, "__name__", "step")
            self.seen["seconds"][name] = round(time.monotonic() - began, 2)
            self.window.grab().save(str(self.folder / f"{number:02}-{name}.png"))
        self.seen["shown"] = rows(self.window)
        return self.seen

    def welcome(self) -> None:
        """The first page: does the microphone hear me?"""
        page = self._welcome_page()
        wait(page.isVisible, "there is no welcome")
        wait(lambda: "Ready" in page.engine.text(), "the engine is not found")
        choose_microphone(self.window)
        assert page.device.wanted == MICROPHONE  # both boxes speak of the same one

    def record(self, played: Path) -> None:
        """Record two voices, with a pause and a bookmark in the middle."""
        window, recording = self.window, self.window.recording
        click(self._welcome_page().record)
        wait(lambda: recording.phase is Phase.RECORDING, "nothing is recorded")
        with subprocess.Popen(["paplay", "--latency-msec=500", str(played)]) as player:
            wait(lambda: engine_status(window) in HEARING, "the engine does not run")
            wait(lambda: len(spoken(self.view)) > 0, "no turn appears")
            press("Ctrl+K")
            wait(window.frame.page.notes.isVisible, "no note can be written")
            type_(NOTE)
            press("Return")
            self.seen["while_recording"] = len(spoken(self.view))
            self.window.grab().save(str(self.folder / "01-while-recording.png"))
            player.wait()
        live(500)

    def pause(self) -> None:
        """Pause and go on."""
        recording = self.window.recording
        press("Ctrl+P")
        wait(lambda: recording.phase is Phase.PAUSED, "it does not pause")
        live(PAUSED_MS)
        self.seen["while_paused"] = self.window.frame.bar.status.text()
        press("Ctrl+P")
        wait(lambda: recording.phase is Phase.RECORDING, "it does not go on")
        live(PAUSED_MS)

    def stop(self) -> None:
        """Stop, and have everything written."""
        stop(self.window)
        self.seen["recorded"] = rows(self.window)

    def correct(self) -> None:
        """Another word at the end of the first turn."""
        choose_turn(self.view, self._row(0))
        press("F2")
        wait(lambda: self.window.commands.words.editor is not None, "no editor opens")
        type_(f" {TYPED}.")
        press("Return")
        wait(lambda: TYPED in self._text(0), "the words are as before")

    def name(self) -> None:
        """Who is that?"""
        choose_turn(self.view, self._row(0))
        press("Ctrl+Shift+R")
        type_(NAME)
        press("Return")
        wait(lambda: spoken(self.view)[0].name == NAME, "the name is as before")

    def reassign(self) -> None:
        """The second turn is somebody new's, and then not."""
        choose_turn(self.view, self._row(1))
        former = spoken(self.view)[1].speaker
        press("Ctrl+G")
        wait(lambda: QApplication.activePopupWidget() is not None, "nobody is offered")
        press("N")
        wait(lambda: spoken(self.view)[1].speaker != former, "it is the same person")
        press("Escape")
        press("Ctrl+Z")
        wait(lambda: spoken(self.view)[1].speaker == former, "it is not undone")

    def split_and_join(self) -> None:
        """One turn too few, and too many."""
        count = len(spoken(self.view))
        choose_turn(self.view, self._row(0))
        press("F2")
        for keys in ("Home", "Ctrl+Right", "Ctrl+Return"):
            live(SETTLE_MS)
            press(keys)
        wait(lambda: len(spoken(self.view)) == count + 1, "nothing is split")
        choose_turn(self.view, self._row(0))
        press("Ctrl+J")
        wait(lambda: len(spoken(self.view)) == count, "nothing is joined")
        press("Ctrl+Z")
        press("Ctrl+Z")
        wait(lambda: len(spoken(self.view)) == count, "it is not undone")

    def listen(self) -> None:
        """Hear a word again."""
        player = self.window.reviewer.player
        word = spoken(self.view)[1].words[1]
        click_word(self.view, self._row(1), 1)
        wait(lambda: player.playing and player.position > word.start, "nothing is played")
        press("Escape")
        wait(lambda: not player.playing, "it goes on for ever")

    def find(self) -> None:
        """Find a word in this meeting, and in all of them."""
        page, library = self.window.frame.page, self.window.frame.library
        press("Ctrl+F")
        type_(TYPED)
        wait(lambda: "1" in page.finder.count.text(), "it is not found here")
        self.seen["finds"] = page.finder.count.text()
        press("Escape")
        press("Ctrl+Shift+F")
        type_(TYPED[:6])
        wait(lambda: bool(library.found()), "it is not found in the library")
        press("Return")
        press("Return")
        wait(self.view.hasFocus, "the keyboard does not follow to the turn")
        self.seen["hits"] = [hit.snippet.text for hit in library.found()]
        library.clear_search()

    def retitle(self) -> None:
        """Call the meeting something."""
        press("Ctrl+Shift+N")
        type_("Monday")
        press("Return")
        wait(lambda: self.window.frame.page.title.text() == "Monday", "it is called as before")

    def export(self) -> None:
        """Every format, from the button, with a dialog for the name."""
        for target in FORMATS.values():
            path = self.folder / f"Monday-{target.name}{target.suffix}"
            choose, name = partial(choose_format, name=target.name), partial(save_as, path=path)
            with answering(choose, name):
                press("Ctrl+E")
                wait(path.exists, f"{path.name} was not written")
            self.window.activateWindow()
            wait(self.window.isActiveWindow, "the window does not get the keyboard back")

    def bring_in(self, path: Path) -> None:
        """Drop a file, and have it transcribed."""
        drop(self.window, path)
        self._await_jobs(1)
        self.seen["listed"] = [each.title for each in self.window.frame.library.meetings()]

    def agree(self) -> None:
        """Have voices recognised."""
        press("Ctrl+Shift+P")
        dialog = self.window.people.dialog
        wait(dialog.isVisible, "no people are shown")
        QTest.mouseClick(dialog.on, Qt.MouseButton.LeftButton, pos=dialog.on.rect().center() / 2)
        boxes = dialog.findChildren(QMessageBox)
        wait(lambda: boxes[0].isVisible(), "nobody is asked")
        (agree,) = [each for each in boxes[0].buttons() if "Recognise" in each.text()]
        QTest.mouseClick(agree, Qt.MouseButton.LeftButton)
        wait(lambda: self.window.people.on, "it is not on")
        click(dialog.close_)

    def again(self) -> None:
        """Transcribe the recording with the other model."""
        press("Ctrl+Shift+T")
        dialog = self.window.importer.dialog
        assert dialog is not None
        wait(dialog.isVisible, "no model is asked for")
        for _ in range(dialog.model.findData(OTHER_MODEL)):
            QTest.keyClick(dialog.model, Qt.Key.Key_Down)
        assert dialog.model.currentData() == OTHER_MODEL
        click(dialog.start)
        self._await_jobs(2)
        wait(lambda: TYPED in " ".join(map(self._text, range(self._count()))), "it is lost")

    def remember(self) -> None:
        """Save a voice: there may be too little of it, which is told."""
        choose_turn(self.view, self._row(0))
        press("Ctrl+Shift+V")
        wait(lambda: bool(self._told_of_voice()), "nothing is said of the voice")
        self.seen["voice"] = self._told_of_voice()

    def find_everything(self) -> None:
        """The next day: the meeting with its words, names, notes and history."""
        library, page = self.window.frame.library, self.window.frame.page
        wait(lambda: len(library.meetings()) > 1, "meetings are missing")
        self.seen["listed"] = sorted(each.title for each in library.meetings())
        press("Ctrl+Shift+F")
        type_(TYPED)
        wait(lambda: bool(library.found()), "it is not found in the library")
        press("Return")
        press("Return")
        wait(lambda: self.window.desk.current is not None, "it does not open")
        library.clear_search()
        press("Ctrl+Shift+K")
        wait(page.notes.isVisible, "no notes are shown")
        self.seen["notes"] = [
            page.notes.list.item(at).text() for at in range(page.notes.list.count())
        ]
        self.seen["undo"] = self.window.actions_.undo.text()
        self.seen["title"] = page.title.text()

    def _welcome_page(self) -> WelcomePage:
        welcome = self.window.preferences.welcome
        assert welcome is not None
        return welcome.page

    def _await_jobs(self, count: int) -> None:
        queue = self.window.importer.queue
        wait(
            lambda: len(queue.jobs) >= count and not any(job.state.open for job in queue.jobs),
            "the file is not done",
        )
        assert all(job.state is JobState.DONE for job in queue.jobs), queue.jobs

    def _told_of_voice(self) -> str:
        notices = [notice.text for notice in self.window.frame.banners.notices()]
        said = [self.window.frame.bar.status.text(), *notices]
        return next((text for text in said if "voice" in text.lower()), "")

    def _count(self) -> int:
        return len(spoken(self.view))

    def _row(self, spoken_turn: int) -> int:
        return self.view.turns().row_of_turn(spoken(self.view)[spoken_turn].number)

    def _text(self, spoken_turn: int) -> str:
        return " ".join(word.shown for word in spoken(self.view)[spoken_turn].words)


def first(window: MainWindow, folder: Path, played: Path, imported: Path) -> Seen:
    """The first day."""
    hour = HalfHour(window, folder)

    def record() -> None:
        hour.record(played)

    def bring_in() -> None:
        hour.bring_in(imported)

    return hour.take(
        [
            *(hour.welcome, record, hour.pause, hour.stop, hour.correct, hour.name),
            *(hour.reassign, hour.split_and_join, hour.listen, hour.find, hour.retitle),
            *(hour.export, bring_in, hour.agree, hour.again, hour.remember),
        ]
    )


def later(window: MainWindow, folder: Path) -> Seen:
    """The second day."""
    hour = HalfHour(window, folder)
    return hour.take([hour.find_everything])


def main() -> int:
    """Run the program with somebody who uses it."""
    day, *names = sys.argv[1:]
    paths = [Path(name) for name in names]
    folder = paths[-1]
    folder.mkdir(exist_ok=True)
    app = QApplication(sys.argv[:1])
    script = (
        (lambda window: first(window, folder, paths[0], paths[1]))
        if day == "first"
        else (lambda window: later(window, folder))
    )
    QTimer.singleShot(0, app, lambda: act(script, folder / f"{day}.json"))
    return run(sys.argv[:1])


if __name__ == "__main__":
    sys.exit(main())
