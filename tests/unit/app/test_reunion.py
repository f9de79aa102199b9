"""An engine that begins anew may number people otherwise: their names stay with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.track
from app.engine_run import EngineFactory
from app.reunion import Reunion
from app.session import EngineSession
from app.transcript import Transcript
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    SpeakerRecognised,
    SpeakerRevised,
    TurnEnded,
    TurnEvent,
)
from tests.scripted_engine import ScriptedEngine, spoken
from tests.unit.app.test_session import Listener, noise
from tests.unit.app.test_track import both

RESTART = EngineState(EngineStatus.RESTARTING)
TURNS = [(1, 1, 0), (2, 2, 2), (3, 1, 0), (4, 3, 2), (5, 2, 2)]
"""Number, speaker and channel of turns of a second each, one after another."""


def account(*voices: int) -> list[TurnEvent]:
    """What an engine says that calls speaker 1, 2, 3 so."""
    return [
        event
        for place, (number, speaker, channel) in enumerate(TURNS)
        for event in spoken(number, place, place + 1, "yes", voices[speaker - 1], channel)
    ]


def told(*accounts: list[TurnEvent]) -> Transcript:
    transcript, reunion = Transcript(), Reunion()
    for number, events in enumerate(accounts):
        reunion.begin()
        if number:
            transcript.apply(RESTART)
        for event in events:
            for each in reunion.told(event):
                transcript.apply(each)
    return transcript


def people(transcript: Transcript) -> list[int]:
    return [turn.speaker for turn in transcript.ordered()]


@given(st.permutations([1, 2, 3]), st.permutations([1, 2, 3]))
def test_people_keep_their_numbers_whatever_a_new_engine_calls_them(
    second: list[int], third: list[int]
) -> None:
    transcript = told(account(1, 2, 3), account(*second), account(*third))
    assert people(transcript) == [1, 2, 1, 3, 2]


def test_an_engine_that_died_early_does_not_make_who_came_later_forgotten() -> None:
    transcript = told(account(1, 2, 3), account(2, 1, 3)[:4], account(3, 1, 2))
    assert people(transcript) == [1, 2, 1, 3, 2]


def test_a_first_guess_that_was_wrong_is_revised_with_what_was_told_by_it() -> None:
    first, *others = account(2, 1, 3)
    wrong = [*spoken(1, 0, 1, "yes", 1)[:-1], SpeakerRevised(1, 2, 0.9, 16_000)]
    assert first.emitted == 0
    transcript = told(account(1, 2, 3), [*wrong, *others[2:]])
    assert people(transcript) == [1, 2, 1, 3, 2]


def test_somebody_new_gets_a_number_that_nobody_had() -> None:
    more = spoken(6, 10, 11, "new", 1, 0)
    transcript = told(account(1, 3, 4)[:6], [*account(3, 2, 4)[:6], *more])
    assert people(transcript) == [1, 3, 4]


def test_a_recognised_name_moves_with_the_person() -> None:
    again = account(2, 1, 3)
    known: list[TurnEvent] = [SpeakerRecognised(2, 9, "Ada", 0.9, True, 0)]
    transcript = told(account(1, 2, 3), [*known, *again])
    assert transcript.speakers[1].name == "Ada"
    assert transcript.speakers[2].name == "Speaker 2"


def test_the_first_account_is_told_as_it_is() -> None:
    reunion = Reunion()
    events: list[Event] = [*account(3, 1, 2), RESTART, SpeakerRevised(99, 7, 0.5, 0)]
    assert [each for event in events for each in reunion.told(event)] == events


class SharedEngines:
    """Engines of two sources that share their people, in the order in which they are met."""

    def __init__(self) -> None:
        self.restarts = -1

    def __call__(self) -> EngineSession:
        raise AssertionError("there are two sources")

    def together(self, count: int) -> list[EngineFactory]:
        self.restarts += 1
        order = [1, 2] if self.restarts == 0 else [2, 1]
        fail_at = 12_000 if self.restarts == 0 else None
        return [
            lambda: ScriptedEngine(spoken(1, 0, 0.2, "mine", order[0])),
            lambda: ScriptedEngine(spoken(1, 0, 0.3, "theirs", order[1]), fail_at),
        ]


def test_names_stay_with_the_people_of_two_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.track, "LOOK_S", 0.01)
    listener = Listener()
    held, mine, theirs, _ = both(tmp_path / "meeting.wav", listener, engine=SharedEngines())
    mine.push(noise(8_000))
    listener.wait_for(lambda event: isinstance(event, TurnEnded) and event.turn == 1)
    theirs.push(noise(8_000, 2))
    listener.wait_for_status(EngineStatus.RESTARTING)
    held.end()
    transcript = Transcript()
    for event in listener.events:
        transcript.apply(event)
        if isinstance(event, EngineState) and event.status is EngineStatus.RESTARTING:
            transcript.rename_speaker(1, "Ada")
    assert {turn.text: transcript.speaker_name(turn) for turn in transcript.ordered()} == {
        "mine": "Ada",
        "theirs": "Speaker 2",
    }
