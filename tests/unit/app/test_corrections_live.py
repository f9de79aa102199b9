"""What a person corrected stays, whatever the engine says afterwards, also a new one."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from app.audio.file_source import FileSource
from app.corrections import (
    DeleteTurns,
    Edit,
    EditKind,
    EditRefused,
    EditWords,
    JoinNext,
    MergeSpeakers,
    MoveBounds,
    Patch,
    Reassign,
    RenameSpeaker,
    SplitTurn,
)
from app.meeting import MeetingRun
from app.paths import library_path
from app.store import Library
from app.transcript import OWN_NUMBERS, Transcript
from engine.events import (
    EndReason,
    EngineState,
    EngineStatus,
    Event,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.timeline import to_samples
from tests.scripted_engine import ScriptedEngine, spoken
from tests.unit.app.test_corrections import SAID, content, talk

RESTART = EngineState(EngineStatus.RESTARTING)
EVENTS: list[Event] = [e for n, a, b, text, who, c in SAID for e in spoken(n, a, b, text, who, c)]

CUTS: list[Edit] = [
    EditWords(1, "Good evening, everybody."),
    Reassign((2,), 3),
    SplitTurn(3, 2),
    DeleteTurns((4,)),
]


def corrected(*edits: Edit) -> Transcript:
    made = Transcript()
    for event in EVENTS:
        made.apply(event)
    for edit in edits:
        edit.patch(made).apply(made)
    return made


def texts(transcript: Transcript) -> list[tuple[int, str]]:
    return [(turn.speaker, turn.text) for turn in transcript.ordered()]


def test_the_engine_does_not_overrule_words_bounds_or_speaker() -> None:
    made = corrected(
        EditWords(1, "Good evening"), MoveBounds(1, end=to_samples(2.2)), Reassign((1,), 2)
    )
    before = deepcopy(made.turns[1])
    for event in (
        WordsChanged(1, (Word("bad", 9_000, 12_000, 0.9),), 60_000),
        TurnResumed(1, 60_000),
        TurnEnded(1, 70_000, EndReason.TOKEN, False, 70_000),
        SpeakerRevised(1, 3, 0.9, 70_000),
    ):
        assert made.apply(event) is None
    assert made.turns[1] == before


def test_what_is_not_corrected_is_still_the_engines() -> None:
    made = corrected(MoveBounds(1, end=to_samples(2.6)))
    made.apply(SpeakerRevised(1, 3, 0.9, 70_000))
    assert made.turns[1].speaker == 3
    made = corrected(EditWords(1, "Hello"))
    made.apply(TurnEnded(1, to_samples(2.7), EndReason.TOKEN, False, 70_000))
    assert made.turns[1].end == to_samples(2.7)


def test_words_of_a_turn_that_goes_on_come_after_those_that_were_typed() -> None:
    start, first, second, third, end = spoken(1, 0.0, 3.0, "god morning all")
    made = Transcript()
    for event in (start, first, second):
        made.apply(event)
    patch = EditWords(1, "Good morning,").patch(made)
    patch.apply(made)
    made.apply(second)
    assert made.turns[1].text == "Good morning,"
    made.apply(third)
    made.apply(end)
    assert made.turns[1].text == "Good morning, all"
    patch.reversed().apply(made)
    assert made.turns[1].text == "god morning all"
    patch.apply(made)
    assert made.turns[1].text == "Good morning, all"


def test_a_deleted_turn_is_had_back_with_what_was_said_meanwhile() -> None:
    *before, last, end = spoken(1, 0.0, 3.0, "good morning all")
    made = Transcript()
    for event in before:
        made.apply(event)
    patch = DeleteTurns((1,)).patch(made)
    patch.apply(made)
    assert made.apply(last) is None
    assert made.apply(end) is None
    assert not made.turns
    patch.reversed().apply(made)
    assert (made.turns[1].text, made.turns[1].end) == ("good morning all", to_samples(3))


def test_all_corrections_survive_another_engine() -> None:
    made = corrected(*CUTS)
    before = deepcopy(content(made))
    made.apply(RESTART)
    assert [turn.text for turn in made.ordered()] == [
        "Good evening, everybody.",
        "the budget",
        "then",
    ]
    for event in EVENTS:
        made.apply(event)
    assert content(made) == before


def test_they_also_survive_one_that_counts_and_hears_otherwise() -> None:
    made = corrected(*CUTS, JoinNext(1))
    before = texts(made)
    made.apply(RESTART)
    shift = 1_000
    for event in EVENTS:
        match event:
            case TurnStarted():
                made.apply(replace(event, turn=event.turn + 1, start=event.start + shift))
            case WordsChanged():
                heard = tuple(replace(word, text="hm") for word in event.words)
                made.apply(replace(event, turn=event.turn + 1, words=heard))
            case TurnEnded():
                made.apply(replace(event, turn=event.turn + 1, end=event.end + shift))
    assert texts(made) == before


def test_edits_can_be_undone_after_another_engine() -> None:
    made = corrected()
    patches: list[Patch] = []
    for edit in (*CUTS, MergeSpeakers(3, 1), JoinNext(1)):
        patches.append(edit.patch(made))
        patches[-1].apply(made)
    for event in (RESTART, *EVENTS):
        made.apply(event)
    for patch in reversed(patches):
        patch.reversed().apply(made)
    assert made.turns == talk().turns


def test_a_moved_start_is_known_by_where_the_engine_heard_it() -> None:
    made = corrected(MoveBounds(3, start=to_samples(3.0)))
    for event in (RESTART, *EVENTS):
        made.apply(event)
    assert len(made.turns) == len(SAID)
    assert made.turns[3].start == to_samples(3.0)


def test_merged_voices_stay_one_person() -> None:
    made = corrected()
    patch = MergeSpeakers(2, 1).patch(made)
    patch.apply(made)
    for event in spoken(5, 8.5, 9.0, "hello", speaker=2):
        made.apply(event)
    assert made.turns[5].speaker == 1
    patch.reversed().apply(made)
    for event in spoken(6, 9.0, 9.5, "hello", speaker=2):
        made.apply(event)
    assert made.turns[6].speaker == 2


def test_a_new_voice_is_not_the_person_whom_somebody_added() -> None:
    made = corrected(Reassign((1,), None, "Ada"))
    assert made.turns[1].speaker == 4
    for event in spoken(5, 8.5, 9.0, "hello", speaker=4):
        made.apply(event)
    assert made.turns[5].speaker == 5
    assert made.speakers[4].name == "Ada"


def test_a_turn_of_a_new_engine_never_takes_the_place_of_a_corrected_one() -> None:
    made = corrected(EditWords(1, "Good evening"))
    made.apply(RESTART)
    for event in spoken(1, 7.0, 8.0, "elsewhere"):
        made.apply(event)
    assert made.turns[1].text == "Good evening"
    assert made.turns[OWN_NUMBERS].text == "elsewhere"


MORE: list[Edit] = [
    JoinNext(1),
    JoinNext(2),
    MergeSpeakers(3, 1),
    MergeSpeakers(1, 2),
    SplitTurn(2, 1),
    MoveBounds(3, start=1_000),
    DeleteTurns((1, 2)),
    RenameSpeaker(1, "Ada"),
]
live_edits = st.sampled_from([*CUTS, *MORE])


@given(st.lists(st.one_of(live_edits, st.sampled_from(EVENTS), st.just(RESTART)), max_size=40))
def test_two_copies_that_hear_the_same_are_the_same(happenings: list[Edit | Event]) -> None:
    """The window's copy follows patches and events, and must not part from the meeting's own."""
    one, two = Transcript(), Transcript()
    for happening in happenings:
        if not hasattr(happening, "patch"):
            one.apply(happening)
            two.apply(happening)
            continue
        try:
            patch = happening.patch(one)
        except EditRefused:
            continue
        patch.apply(one)
        patch.apply(two)
    assert content(one) == content(two)
    assert one.voices == two.voices


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, 4 * 8_000), 8_000)
    return path


def test_a_meeting_is_corrected_while_it_is_recorded(noise: Path) -> None:
    told: list[Event | Patch] = []
    script = [*spoken(1, 0.1, 0.4, "yes wee can"), *spoken(2, 0.5, 9.0, "no they never will", 2)]

    def follow(event: Event) -> None:
        told.append(event)
        if isinstance(event, TurnEnded) and event.turn == 1:
            make(EditWords(1, "Yes, we can!"))
            make(EditWords(1, "No."))
            run.correct(lambda log, document: log.undo(number(), document), told.append)

    def make(edit: Edit) -> None:
        run.correct(lambda log, document: log.make(number(), edit, document), told.append)

    def number() -> int:
        return run.meeting_id

    source = FileSource(noise, None)
    run = MeetingRun(library_path(), source, "Plans", lambda: ScriptedEngine(script), follow)
    run.start()
    assert run.wait(20)
    with Library(library_path()) as library:
        saved = library.load(number())
        assert library.corrections.can_undo(number()) is EditKind.WORDS
        assert library.corrections.can_redo(number()) is EditKind.WORDS
    assert saved.turns[1].text == "Yes, we can!"
    assert saved.ordered() == run.snapshot()
    copy = Transcript()
    for each in told:
        if isinstance(each, Patch):
            each.apply(copy)
        else:
            copy.apply(each)
    assert copy.turns == saved.turns
