"""The whole app over hours of meeting in minutes: ``python -m tests.bench.soak``.

    --hours 8 --speed 120     an engine that replays a script, sound 120 times as fast as spoken
    --engine --hours 1        the real engine and the sample meeting, as fast as it can read

Source, recorder, engine, autosave, library and window are those of the app. At the end: memory
once an hour, how far the text was behind, whether every turn is in the window and in the library,
and whether the recording has every sample. The exit code says whether all bars were kept.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import soundfile
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.models import default_model, engine_factory
from app.paths import library_path, resource
from app.session import EngineFactory
from app.store import Library
from app.transcript import Transcript
from engine.events import EngineStatus
from engine.timeline import to_seconds
from tests.bench.measuring import Result, machine
from tests.bench.memory import resident_bytes
from tests.bench.soak_parts import FastSource, ReplayingEngine, expected, noise, repeated
from ui.application import build_window
from ui.bridge import Bridge
from ui.live import Live, Phase
from ui.main_window import MainWindow

LOOK_MS = 250
SLOPE_BAR_MB = 16.0
"""Per hour of meeting. The text itself takes its room: it is in the window and in the meeting."""
LAG_BAR_S = 2.0
"""By the wall clock, median of the last hour."""


@dataclass(frozen=True, slots=True)
class Look:
    """How things stood at a moment of the meeting."""

    at_s: float
    resident_mb: float
    behind_s: float  # of the meeting: from what is recorded to the last thing in the window
    rows: int


class Soak:
    """Runs one meeting to its end in the window, looking several times a second."""

    def __init__(self, app: QApplication, source: FastSource, engine: EngineFactory) -> None:
        self._app = app
        self._source = source
        self._bridge = Bridge(app)
        self.window: MainWindow = build_window(app, self._bridge, lambda: engine)
        self.looks: list[Look] = []
        self.live: Live | None = None

    def run(self) -> None:
        """From the click on Record until everything is saved."""
        window, recording = self.window, self.window.recording
        window.show()
        window.desk.open_library()
        source = self._source
        source.heard_s = lambda: to_seconds(self.live.model.transcript.duration) if self.live else 0
        recording.begin(lambda: source, "Soak")
        self.live = recording.live
        timer = QTimer(interval=LOOK_MS)
        timer.timeout.connect(self._look)
        timer.start()
        recording.done.connect(lambda _: self._app.exit())
        self._app.exec()
        timer.stop()

    def close(self) -> None:
        """Close the window."""
        self.window.close()
        self._bridge.close()

    def _look(self) -> None:
        live = self.live
        if live is None or self.window.recording.phase is not Phase.RECORDING:
            return
        if live.status is EngineStatus.LOADING:
            return
        transcript, model = live.model.transcript, live.model
        behind_s = live.elapsed_s - to_seconds(transcript.duration)
        megabytes = resident_bytes() / 2**20
        self.looks.append(Look(live.elapsed_s, megabytes, behind_s, model.rowCount()))


def figures(looks: list[Look], speed: float | None) -> Iterator[Result]:
    """Memory and lag over the hours of the meeting."""
    warm = min(3600.0, looks[-1].at_s / 4)
    later = [look for look in looks if look.at_s >= warm]
    slope = (
        3600
        * statistics.linear_regression(
            [look.at_s for look in later], [look.resident_mb for look in later]
        ).slope
    )
    memory = f"{later[0].resident_mb:.0f} to {later[-1].resident_mb:.0f} MiB, {slope:+.1f} MiB/h"
    bar = f"<= {SLOPE_BAR_MB:+.0f} MiB/h"
    yield Result("memory after the first hour", memory, bar, slope <= SLOPE_BAR_MB)
    quarters = [later[: len(later) // 4], later[-len(later) // 4 :]]
    early, late = (statistics.median(look.behind_s for look in part) for part in quarters)
    shown = f"{early:.1f} s, then {late:.1f} s of the meeting"
    if speed is None:
        yield Result("text behind the sound", shown)
        return
    shown += f" ({late / speed:.2f} s by the clock)"
    yield Result("text behind the sound", shown, f"<= {LAG_BAR_S} s", late / speed <= LAG_BAR_S)


def whole(soak: Soak, source: FastSource, scripted: bool) -> Iterator[Result]:
    """Nothing is missing: not in the window, not in the library, not in the recording."""
    assert soak.live is not None
    assert soak.live.run is not None
    with Library(library_path()) as library:
        saved = library.load(soak.live.run.meeting_id)
    shown = soak.live.model.transcript
    for name, transcript in (("window", shown), ("library", saved)):
        lost = missing(transcript, source.given) if scripted else differing(transcript, shown)
        text = f"{len(transcript.turns)} turns, {lost} missing"
        yield Result(f"turns in the {name}", text, "0 missing", lost == 0)
    frames = soundfile.info(str(soak.live.run.recording)).frames
    text = f"{source.given} given, {frames} recorded"
    yield Result("samples", text, "equal", frames == source.given)


def missing(transcript: Transcript, until: int) -> int:
    """Turns of the script that are not there word for word."""
    turns = transcript.turns
    return sum(
        talk.number not in turns or turns[talk.number].words != talk.words
        for talk in expected(until)
    )


def differing(transcript: Transcript, other: Transcript) -> int:
    """Turns that are not as in the other."""
    numbers = transcript.turns.keys() | other.turns.keys()
    return sum(transcript.turns.get(n) != other.turns.get(n) for n in numbers)


def hourly(looks: list[Look]) -> Iterator[str]:
    """One line for each hour, or for each tenth of a shorter meeting."""
    step = min(3600.0, looks[-1].at_s / 10)
    due = 0.0
    for look in looks:
        if look.at_s >= due:
            due = look.at_s + step
            yield (
                f"  {look.at_s / 3600:5.2f} h  {look.resident_mb:6.0f} MiB  "
                f"{look.behind_s:7.1f} s behind  {look.rows} rows"
            )


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--speed", type=float, default=120.0)
    parser.add_argument("--engine", action="store_true")
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # it needs no display
    speed = None if chosen.engine else chosen.speed
    sound = repeated(resource("sample/meeting.flac")) if chosen.engine else noise()
    source = FastSource(sound, chosen.hours * 3600, speed)
    engine = engine_factory(default_model(), "cpu") if chosen.engine else ReplayingEngine
    with tempfile.TemporaryDirectory() as home:
        os.environ["CROSSTALK_HOME"] = str(Path(home))
        soak, began = Soak(QApplication([]), source, engine), time.monotonic()
        soak.run()
        took = time.monotonic() - began
        results = [*figures(soak.looks, speed), *whole(soak, source, not chosen.engine)]
        soak.close()
    print(f"{chosen.hours:g} h of meeting in {took / 60:.1f} min on {machine()}")
    print("\n".join(hourly(soak.looks)))
    for result in results:
        kept = {True: "kept", False: "MISSED", None: ""}[result.within]
        print(f"  {result.name}: {result.value}  {result.bar} {kept}")
    return int(any(result.within is False for result in results))


if __name__ == "__main__":
    sys.exit(main())
