"""Brings player, timeline, turns, find bar and notes together."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.errors import AppError
from app.paths import data_dir
from app.peaks import Peaks, load_peaks
from app.sound import Segment
from engine.errors import EngineError
from engine.timeline import to_samples
from ui.actions import Actions
from ui.desk import Desk, OpenMeeting
from ui.frame import Frame
from ui.live import Phase
from ui.recording import Recording
from ui.review.follower import Follower
from ui.review.noter import Noter
from ui.review.player import Player
from ui.rows import TurnRow

SHORT_SKIP_S, LONG_SKIP_S = 5, 10
MOST_WAIT_MS = 300
"""For the second click of two: longer, and one click would seem to do nothing."""


@dataclass(frozen=True, slots=True)
class Grown:
    """Message: how loud a meeting is, as far as is known."""

    meeting_id: int
    peaks: Peaks


class Reviewer(QObject):
    """Hearing the open meeting again."""

    def __init__(
        self, frame: Frame, actions: Actions, desk: Desk, recording: Recording, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page = frame.page
        self._actions = actions.review
        self._desk = desk
        self._recording = recording
        self._stopping = threading.Event()
        self._drawing: threading.Thread | None = None
        self._drawn: int | None = None
        self._word = (0, 0)
        self._clicked = QTimer(self, singleShot=True)
        self._clicked.timeout.connect(self._play_word)
        self.player = Player(desk.bridge, self)
        self.follower = Follower(self._page, self.player, self._actions.follow)
        self.noter = Noter(self._page, self._actions, desk, self.now, self)
        self._page.player.serve(self._actions)
        self._connect_actions()
        self._connect_parts()
        self._show_state()

    def now(self) -> int:
        """The moment that is spoken, or heard: the sample that a bookmark is for."""
        current, live = self._desk.current, self._recording.live
        if current is not None and live is not None and current.live is live:
            return to_samples(live.elapsed_s)
        return self.player.position

    def play_turn(self) -> None:
        """Play from the beginning of the current turn."""
        row = self._page.view.turns().turn_row(self._page.view.currentIndex())
        if row is not None:
            self._play_from(row.start)

    def close(self) -> None:
        """Fall silent, and read no recording any more."""
        self._clicked.stop()
        self.player.close()
        self._stop_drawing()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Two clicks are no wish to listen."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._clicked.stop()
            self.player.pause()
        return super().eventFilter(watched, event)

    def _open(self, meeting: OpenMeeting) -> None:
        """Another meeting is on show."""
        self._clicked.stop()
        self._stop_drawing()
        self._drawn = None
        self.follower.forget()
        self._page.finder.forget()
        self._page.outline.follow(meeting.model)
        self._page.timeline.show_meeting(self._length())
        self.player.load(self._segments, self._length())
        self.noter.open()
        self._show_state()

    def _close(self) -> None:
        self._stop_drawing()
        self.player.load(tuple, 0)
        self._show_state()

    def _show_state(self) -> None:
        """What can be done now; the waveform comes once nothing more is recorded."""
        idle, current = self._recording.phase is Phase.IDLE, self._desk.current
        reason = self.tr("Playing waits until the recording has ended: it would be recorded.")
        nothing = self.tr("Open a meeting to play it.")
        self.player.refuse((nothing if current is None else "") if idle else reason)
        self.player.grow(self._length())
        self._page.timeline.show_length(self._length())
        self._page.timeline.show_live(current is not None and current.live is not None)
        self._page.view.playable = not self.player.refusal
        for action in self._actions.of_sound:
            action.setEnabled(not self.player.refusal)
        for action in (*self._actions.of_meeting, *self._actions.of_position):
            action.setEnabled(current is not None)
        if current is not None and current.live is None and self._drawn != current.summary.id:
            self._draw(current.summary.id)

    def _length(self) -> int:
        current = self._desk.current
        if current is None:
            return 0
        duration_s = current.summary.duration_s
        if duration_s is None and current.live is not None:
            duration_s = current.live.elapsed_s
        return max(to_samples(duration_s or 0.0), self._page.outline.length)

    def _segments(self) -> tuple[Segment, ...]:
        current = self._desk.current
        if current is None:
            return ()
        return self._desk.ask("play", lambda lib: lib.segments(current.summary.id)) or ()

    def _draw(self, meeting_id: int) -> None:
        """Find out how loud the meeting is, in a thread."""
        self._stop_drawing()
        self._drawn = meeting_id
        segments, stopping, folder = self._segments(), threading.Event(), data_dir()
        bridge = self._desk.bridge
        self._stopping = stopping

        def work() -> object:
            def grown(peaks: Peaks) -> None:
                bridge.post(Grown(meeting_id, peaks))

            try:
                return Grown(meeting_id, load_peaks(segments, folder, grown, stopping))
            except (AppError, EngineError):
                return None  # told once it is played; the turns are there all the same

        self._drawing = bridge.run("crosstalk-peaks", work)

    def _stop_drawing(self) -> None:
        self._stopping.set()
        if self._drawing is not None:
            self._drawing.join()
            self._drawing = None

    def _take(self, messages: list[object]) -> None:
        current = self._desk.current
        for message in messages:
            if isinstance(message, Grown) and current and message.meeting_id == current.summary.id:
                self._page.timeline.show_peaks(message.peaks)

    def _click_word(self, number: int, word: int) -> None:
        """Play it, unless a second click comes."""
        self._word = number, word
        self._clicked.start(min(QApplication.doubleClickInterval(), MOST_WAIT_MS))

    def _play_word(self) -> None:
        number, word = self._word
        model = self._page.view.turns()
        row = model.row(model.row_of_turn(number))
        if isinstance(row, TurnRow) and word < len(row.words):
            self._play_from(row.words[word].start)

    def _play_from(self, sample: int) -> None:
        self.follower.follow_again()
        self.player.play_from(sample)
        self.follower.look()

    def _toggle(self) -> None:
        if not self.player.playing:
            self.follower.follow_again()
        self.player.toggle()

    def _seek(self, sample: int) -> None:
        self.player.seek(sample)
        self.follower.look()

    def _show_player(self) -> None:
        player = self.player
        self._page.player.show_state(player.playing, player.speed, player.refusal)
        self._page.player.show_time(player.position, player.length)

    def _show_position(self, sample: int) -> None:
        self._page.timeline.show_position(sample, follow=self.player.playing)
        self._page.player.show_time(sample, self.player.length)

    def _connect_actions(self) -> None:
        actions, player, find = self._actions, self.player, self._page.finder
        actions.play.triggered.connect(self._toggle)
        actions.play_turn.triggered.connect(self.play_turn)
        skips = (
            (actions.back, -SHORT_SKIP_S),
            (actions.forward, SHORT_SKIP_S),
            (actions.far_back, -LONG_SKIP_S),
            (actions.far_forward, LONG_SKIP_S),
        )
        for action, seconds in skips:
            action.triggered.connect(lambda _=False, seconds=seconds: player.skip(seconds))
        actions.slower.triggered.connect(lambda: player.change_speed(-1))
        actions.faster.triggered.connect(lambda: player.change_speed(1))
        actions.to_timeline.triggered.connect(self._page.timeline.setFocus)
        actions.find.triggered.connect(find.ask)
        actions.find_next.triggered.connect(lambda: find.step(1))
        actions.find_previous.triggered.connect(lambda: find.step(-1))

    def _connect_parts(self) -> None:
        page, desk = self._page, self._desk
        page.timeline.sought.connect(self._seek)
        page.timeline.played.connect(self._play_from)
        page.player.speed_chosen.connect(self.player.set_speed)
        page.view.word_clicked.connect(self._click_word)
        page.view.viewport().installEventFilter(self)
        page.outline.changed.connect(page.finder.look_again)
        self.player.changed.connect(self._show_player)
        self.player.moved.connect(self._show_position)
        self.noter.sought.connect(self._seek)
        desk.opened.connect(self._open)
        desk.updated.connect(self._show_state)
        desk.closed.connect(self._close)
        desk.bridge.delivered.connect(self._take)
        self._recording.changed.connect(self._show_state)
