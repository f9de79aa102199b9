"""Shows in the window how things stand: recording, open meeting, library, microphones."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.store import MeetingSummary
from engine.events import EngineStatus
from ui.actions import Actions
from ui.banner import announce
from ui.desk import Desk, OpenMeeting
from ui.devices import Devices
from ui.frame import Frame
from ui.live import Live, Phase
from ui.meeting_list import when
from ui.notices import warning
from ui.recording import Recording
from ui.text import speakers_text, stopwatch
from ui.top_bar import status_text

TICK_MS = 200
"""How often the running time is looked at."""
SAID_MS = 4000
"""How long a quiet word stays."""


class Presenter(QObject):
    """Follows the parts that know, and writes into the widgets that show."""

    noticed = Signal(object)

    def __init__(
        self,
        frame: Frame,
        actions: Actions,
        recording: Recording,
        desk: Desk,
        devices: Devices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._actions = actions
        self._recording = recording
        self._desk = desk
        self._devices = devices
        self._phase = Phase.IDLE
        self._problem = ""
        self._said = ""
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_running)
        self._silence = QTimer(self, singleShot=True, interval=SAID_MS)
        self._silence.timeout.connect(self._say_no_more)
        recording.changed.connect(self._show_state)
        recording.level.connect(frame.bar.meter.show_level)
        desk.listed.connect(self._list)
        desk.opened.connect(self._show_meeting)
        desk.updated.connect(self._show_facts)
        desk.closed.connect(frame.show_advice)
        devices.changed.connect(self._show_devices)
        self._show_state()

    def say(self, text: str) -> None:
        """A quiet word that needs no answer."""
        self._said = text
        self._silence.start()
        self._show_running()
        announce(self._frame, text)

    def stop(self) -> None:
        """Look at nothing any more."""
        self._tick.stop()
        self._silence.stop()

    def _say_no_more(self) -> None:
        self._said = ""
        self._show_running()

    def _show_state(self) -> None:
        """Everything that depends on whether something is being recorded."""
        phase = self._recording.phase
        if phase is not self._phase:
            self._phase = phase
            announce(self._frame, status_text(phase, self._recording.live, 0))
        idle = phase is Phase.IDLE
        self._frame.bar.show_phase(phase)
        for part in (
            self._frame.empty.record,
            self._frame.empty.sample,
            self._frame.library.sample,
        ):
            part.setEnabled(idle)
        self._actions.record.setText(self._frame.bar.record.text())
        self._actions.sample.setEnabled(idle)
        if idle:
            self._tick.stop()
            self._frame.bar.meter.reset()
            self._devices.resume()
        elif not self._tick.isActive():
            self._tick.start()
        self._show_devices()
        self._show_running()
        self._show_facts()

    def _show_running(self) -> None:
        recording = self._recording
        live = recording.live
        if live is not None:
            self._frame.bar.show_elapsed(live.elapsed_s)
        self._tell_problem(live)
        finishing = len(recording.finishing)
        status = status_text(recording.phase, live, finishing, recording.pre_roll_s)
        self._frame.bar.show_status(self._said or status)
        self._actions.to_live.setEnabled(live is not None)

    def _tell_problem(self, live: Live | None) -> None:
        """Why the latest turns are not in the library yet, once, and when that is over.

        What is still missing when all has been said is told by the recording itself.
        """
        problem = (live.run.problem if live and live.run else None) or ""
        if problem != self._problem:
            self._problem = problem
            self.noticed.emit(warning("saving", problem))

    def _show_devices(self) -> None:
        live = self._recording.live
        if live is not None and live.run is not None:
            self._frame.bar.device.show_opened(live.run.device_name)
        else:
            self._frame.bar.device.show_devices(self._devices.found)
        self._frame.empty.show_devices(self._devices.found)

    def _list(self, meetings: list[MeetingSummary]) -> None:
        self._frame.library.show_meetings(meetings)
        if self._desk.current is not None:
            self._frame.library.select(self._desk.current.summary.id)

    def _show_meeting(self, meeting: OpenMeeting) -> None:
        self._frame.page.view.show_turns(meeting.model, follow=meeting.live is not None)
        self._frame.library.select(meeting.summary.id)
        self._frame.show_page()
        self._show_facts()

    def _show_facts(self) -> None:
        current = self._desk.current
        if current is None:
            return
        summary = current.summary
        parts = [when(summary.started_at)]
        if summary.duration_s is not None:
            parts.append(stopwatch(summary.duration_s))
        if speakers := current.model.speaking:
            parts.append(speakers_text(speakers))
        self._frame.page.show_facts(summary.title, "  ·  ".join(parts))
        running = current.live is not None and current.live is self._recording.live
        self._frame.page.show_live(
            running, self._hint(current.live, running), untold=current.live is None
        )

    def _hint(self, live: Live | None, running: bool) -> str:
        """What stands in the place of turns while there are none."""
        if live is None:
            return self.tr("There is no text: nobody spoke, or the meeting was only recorded.")
        if not running:
            return self.tr("The last words are being written…")
        if live.status is EngineStatus.LOADING:
            return self.tr("Recording already. The first words appear once the engine is loaded.")
        if live.status is EngineStatus.FAILED:
            return self.tr("Recording, without text: the speech engine failed.")
        if live.status is EngineStatus.OFF:
            return self.tr("Recording only. The text of this meeting can be made later.")
        return self.tr("Listening. Words appear here as soon as somebody speaks.")
