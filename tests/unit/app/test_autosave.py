"""What is said reaches the library soon, and late rather than never."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.autosave import INTERVAL_S, Autosave
from app.sound import Segment, Source
from app.store import Library, MeetingState, StoreError
from app.transcript import Transcript, Turn
from engine.events import (
    EndReason,
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    SpeakerRevised,
    TurnEnded,
    TurnStarted,
    Word,
    WordsChanged,
)
from tests.scripted_engine import spoken

RESTART = EngineState(EngineStatus.RESTARTING)


@dataclass
class Meeting:
    """A transcript that is saved on a clock that stands still."""

    library: Library
    number: int
    transcript: Transcript
    autosave: Autosave
    now: list[float]

    def say(self, *events: Event) -> None:
        for event in events:
            self.autosave.follow(event, self.transcript.apply(event))

    def problem(self) -> str | None:
        return self.autosave.problem

    def saved(self) -> dict[int, Turn]:
        return self.library.load(self.number).turns


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    with Library(tmp_path / "library.sqlite") as library:
        number = library.create_meeting(None, tmp_path / "a.wav", datetime.now(UTC)).id
        transcript, now = Transcript(), [0.0]
        autosave = Autosave(library, number, transcript, clock=lambda: now[0])
        yield Meeting(library, number, transcript, autosave, now)


def test_a_turn_is_saved_when_it_ends(meeting: Meeting) -> None:
    *before, end = spoken(1, 0.0, 1.0, "yes we can")
    meeting.say(*before)
    assert meeting.saved() == {}
    meeting.say(end)
    assert meeting.saved() == meeting.transcript.turns


def test_an_open_turn_is_saved_once_a_second(meeting: Meeting) -> None:
    start, first, second, _ = spoken(1, 0.0, 3.0, "yes we")
    meeting.say(start)
    meeting.now[0] = 1.0
    meeting.say(first)
    assert meeting.saved()[1].text == "yes"
    meeting.say(second)
    assert meeting.saved()[1].text == "yes"
    meeting.now[0] = 2.0
    meeting.say(WordsChanged(1, (Word("no", 0, 9, 0.5),), 9))
    assert meeting.saved()[1].text == "no"


def test_a_revised_speaker_and_a_gap_are_saved_at_once(meeting: Meeting) -> None:
    gap = Gap(10, 20, GapReason.OVERRUN)
    meeting.say(*spoken(1, 0.0, 1.0, "yes"), SpeakerRevised(1, 4, 0.9, 16_000), gap)
    assert meeting.saved()[1].speaker == 4
    assert meeting.library.load(meeting.number).gaps == [gap]


def test_the_library_keeps_the_old_turns_until_a_new_engine_has_come_as_far(
    meeting: Meeting,
) -> None:
    meeting.say(*spoken(1, 0.0, 1.0, "yes we"), *spoken(2, 1.0, 2.0, "can"), RESTART)
    meeting.say(*spoken(1, 0.0, 1.5, "no they"))
    assert [turn.text for turn in meeting.saved().values()] == ["yes we", "can"]
    meeting.say(*spoken(3, 1.5, 2.5, "cannot"))
    assert meeting.saved() == meeting.transcript.turns
    assert sorted(meeting.saved()) == [1, 3]


def test_what_a_failed_engine_said_before_stays(meeting: Meeting) -> None:
    meeting.say(*spoken(1, 0.0, 2.0, "yes we can"), RESTART, TurnStarted(1, 0, 0, 1, 0))
    meeting.say(EngineState(EngineStatus.FAILED))
    assert meeting.saved()[1].text == "yes we can"


def test_what_could_not_be_saved_is_saved_later(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def full(meeting_id: int, turn: Turn) -> None:
            raise StoreError("The disk is full.")

        patch.setattr(meeting.library, "save_turn", full)
        meeting.say(*spoken(1, 0.0, 1.0, "yes"))
        assert meeting.problem() == "The disk is full."
    meeting.say(TurnEnded(1, 16_000, EndReason.TOKEN, False, 16_000))
    assert meeting.problem() is not None  # an attempt may take its time, the next events may not
    meeting.now[0] += INTERVAL_S
    meeting.say(TurnEnded(1, 16_000, EndReason.TOKEN, False, 16_000))
    assert meeting.problem() is None
    assert meeting.saved()[1].text == "yes"


def test_a_file_that_could_not_be_written_down_is_written_down_later(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    second = Segment(tmp_path / "a-2.wav", Source.MICROPHONE, 16_000)
    with monkeypatch.context() as patch:

        def full(meeting_id: int, segment: Segment) -> None:
            raise StoreError("The disk is full.")

        patch.setattr(meeting.library, "add_segment", full)
        meeting.autosave.add_segment(second)
        assert meeting.problem() == "The disk is full."
    meeting.now[0] += INTERVAL_S
    meeting.say(Gap(0, 1, GapReason.DEVICE))
    assert meeting.problem() is None
    assert meeting.library.segments(meeting.number)[1:] == (second,)


def test_finishing_saves_all_that_is_left(meeting: Meeting) -> None:
    meeting.say(*spoken(1, 0.0, 1.0, "yes")[:-1])
    meeting.autosave.finish(7.5)
    assert meeting.saved() == meeting.transcript.turns
    summary = meeting.library.meeting(meeting.number)
    assert (summary.state, summary.duration_s) == (MeetingState.FINISHED, 7.5)
