"""The whole way: people speak, the window shows who says what while they do, the library keeps it.

The real window, the shipped model, a real sound server and a real X server; the people are two of
the test split, whom no training data knows. CROSSTALK_MODEL names another model, CROSSTALK_PICTURE
a file for a picture of the window.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app.store import Library, MeetingState, MeetingSummary
from engine.evaluation.alignment import found_words, overlapped_later
from engine.evaluation.error_rates import orc_errors
from engine.evaluation.segments import EmittedWord, HypothesisTurn, reference_turns
from engine.timeline import SAMPLE_RATE
from tests import held_out_meeting
from tests.hearing import samples_of, shift, similarity
from tests.held_out_meeting import HeldOutMeeting
from tests.shipped_model import furnish
from tests.virtual_room import look_for_microphones, running_room
from tests.virtual_screen import running_screen

ROOT = Path(__file__).resolve().parents[2]
CROSSTALK = Path(sys.executable).with_name("crosstalk")
PATIENCE_S = 540
PICTURE_BYTES = 300_000
STRETCH = SAMPLE_RATE // 2

pytestmark = pytest.mark.timeout(PATIENCE_S + 60)

Rows = list[dict[str, Any]]
Run = Callable[..., str]


@dataclass(frozen=True)
class Evening:
    """What happened: the meeting that was played, and what the window showed of it."""

    played: HeldOutMeeting
    home: Path
    while_playing: list[tuple[float, int, int]]  # seconds, turns, words
    shown: Rows
    reopened: Rows
    another_day: Rows
    delivered: int
    notices: list[str]
    transcribed: Rows

    @property
    def meeting(self) -> MeetingSummary:
        with Library(self.home / "library.sqlite") as library:
            (meeting,) = library.meetings()
        return meeting


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs programs with a screen, a microphone, and a home of their own."""
    home = tmp_path_factory.mktemp("home")
    furnish(home)
    with running_room(), running_screen() as screen:
        look_for_microphones()

        def run(*command: object) -> str:
            done = subprocess.run(
                [*map(str, command)],
                cwd=ROOT,
                env={**screen, "CROSSTALK_HOME": str(home)},
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        yield run


@pytest.fixture(scope="module")
def evening(run: Run, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Evening:
    folder = tmp_path_factory.mktemp("evening")
    played = held_out_meeting.make(shared_data, folder)
    named = os.environ.get("CROSSTALK_PICTURE")
    picture = Path(named).absolute() if named else folder / "window.png"
    drive = (sys.executable, "-m", "tests.gui.drive_window")
    run(*drive, "record", played.audio, folder / "seen.json", "--picture", picture)
    run(*drive, "reopen", folder / "later.json")
    seen = json.loads((folder / "seen.json").read_text())
    later = json.loads((folder / "later.json").read_text())
    assert picture.stat().st_size < PICTURE_BYTES
    home = Path(seen["home"])
    (recording,) = (home / "recordings").iterdir()
    text = run(CROSSTALK, "transcribe", recording, "--format", "json")
    return Evening(
        played,
        home,
        [(at, turns, words) for at, turns, words in seen["while_playing"]],
        seen["shown"],
        seen["reopened"],
        later["reopened"],
        seen["delivered"],
        seen["notices"] + later["notices"],
        json.loads(text)["turns"],
    )


def test_turns_appear_while_people_speak(evening: Evening) -> None:
    _, turns, words = evening.while_playing[-1]
    assert turns > 0
    assert words > 0
    halfway = evening.while_playing[len(evening.while_playing) // 2]
    assert 0 < halfway[2] < words
    assert evening.notices == []


def test_half_of_the_words_are_shown(evening: Evening) -> None:
    reference = reference_turns(evening.played.reference)
    assert any(overlapped_later(reference))
    shown = [hypothesis(row) for row in evening.shown]
    _, assignment = orc_errors(reference, shown)
    answers = [answer for turn in found_words(reference, shown, assignment) for _, answer in turn]
    found = sum(answer is not None for answer in answers)
    assert found >= 0.5 * len(answers), f"{found} of {len(answers)} words"


def hypothesis(row: dict[str, Any]) -> HypothesisTurn:
    words = tuple(EmittedWord(text, start, end, end) for text, start, end in row["words"])
    speaker = str(row["speaker"])
    return HypothesisTurn(
        row["number"], row["channel"], speaker, row["start"], row["end"], words, 0, None
    )


def test_two_people_are_told_apart(evening: Evening) -> None:
    assert len({segment["speaker"] for segment in evening.played.reference}) == 2
    assert len({row["speaker"] for row in evening.shown}) >= 2


def test_the_recording_has_every_sample(evening: Evening) -> None:
    recording = evening.meeting.recording
    info = soundfile.info(recording)
    assert info.frames == evening.delivered
    assert evening.meeting.duration_s == info.frames / info.samplerate
    heard, played = samples_of(recording), samples_of(evening.played.audio)
    begin = shift(heard, played)
    loud = np.sqrt(np.mean(np.square(played)))
    compared = 0
    for at in range(0, len(played) - STRETCH, STRETCH):
        stretch = played[at : at + STRETCH]
        if np.sqrt(np.mean(np.square(stretch))) > 0.5 * loud:
            assert similarity(heard[begin + at :][:STRETCH], stretch) > 0.9, at / SAMPLE_RATE
            compared += 1
    assert compared > 20


def test_the_library_keeps_what_the_window_showed(evening: Evening) -> None:
    assert evening.meeting.state is MeetingState.FINISHED
    assert evening.meeting.turns == len(evening.shown)
    assert evening.reopened == evening.shown
    assert evening.another_day == evening.shown


def test_the_recorded_file_has_the_same_words(evening: Evening) -> None:
    shown = [[text for text, *_ in row["words"]] for row in evening.shown]
    assert shown == [[word["text"] for word in turn["words"]] for turn in evening.transcribed]
    speakers = [f"Speaker {row['speaker']}" for row in evening.shown]
    assert speakers == [turn["speaker"] for turn in evening.transcribed]
    times = [(row["start"] / SAMPLE_RATE, row["end"] / SAMPLE_RATE) for row in evening.shown]
    assert times == [(turn["start_s"], turn["end_s"]) for turn in evening.transcribed]
