"""The document follows the events, whatever their order, and keeps what the user said."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transcript import Change, ChangeKind, Transcript, Turn
from engine.events import (
    EndReason,
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    Lag,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.timeline import to_samples

RESTART = EngineState(EngineStatus.RESTARTING)
FAILED = EngineState(EngineStatus.FAILED)
DONE = EngineState(EngineStatus.DONE)


def word(text: str, start_s: float, end_s: float, final: bool = True) -> Word:
    return Word(text, to_samples(start_s), to_samples(end_s), 0.9, final)


def turn_events(
    number: int, start_s: float, end_s: float, text: str = "hello", speaker: int = 1
) -> list[Event]:
    start, end = to_samples(start_s), to_samples(end_s)
    return [
        TurnStarted(number, 0, start, speaker, start),
        WordsChanged(number, (word(text, start_s, end_s),), end),
        TurnEnded(number, end, EndReason.TOKEN, False, end),
    ]


def applied(*events: Event) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    return transcript


def content(transcript: Transcript) -> tuple[list[Turn], dict[int, str]]:
    names = {number: speaker.name for number, speaker in transcript.speakers.items()}
    return transcript.ordered(), names


# Events over few turns and speakers, so that they meet each other often.
moments = st.integers(0, 160_000)
numbers = st.integers(1, 5)
people = st.integers(1, 4)
words = st.builds(
    Word, st.sampled_from(["yes", "no"]), moments, moments, st.floats(0, 1), st.booleans()
)
turn_event = st.one_of(
    st.builds(TurnStarted, numbers, st.integers(0, 1), moments, people, moments),
    st.builds(WordsChanged, numbers, st.lists(words, max_size=4).map(tuple), moments),
    st.builds(TurnEnded, numbers, moments, st.sampled_from(EndReason), st.booleans(), moments),
    st.builds(TurnResumed, numbers, moments),
    st.builds(SpeakerRevised, numbers, people, st.floats(0, 1), moments),
)
any_event = st.one_of(
    turn_event,
    st.builds(Lag, moments),
    st.builds(Gap, moments, moments, st.sampled_from(GapReason)),
    st.builds(EngineState, st.sampled_from(EngineStatus)),
)


@given(st.lists(any_event, max_size=40))
def test_every_turn_has_a_speaker_and_duration_only_grows(events: list[Event]) -> None:
    transcript = Transcript()
    for event in events:
        before = transcript.duration
        transcript.apply(event)
        assert transcript.duration >= before
        assert {turn.speaker for turn in transcript.turns.values()} <= set(transcript.speakers)
        starts = [turn.start for turn in transcript.ordered()]
        assert starts == sorted(starts)


@given(st.lists(any_event, max_size=40), any_event)
def test_no_change_is_reported_exactly_when_the_document_stays(
    events: list[Event], last: Event
) -> None:
    transcript = applied(*events)
    before = [replace(turn) for turn in transcript.ordered()], list(transcript.gaps)
    change = transcript.apply(last)
    after = transcript.ordered(), transcript.gaps
    if change is None:
        assert before == after
    elif change.kind is ChangeKind.UPDATED:
        assert before != after


@given(st.lists(turn_event, max_size=30), st.lists(turn_event, max_size=30))
def test_a_restarted_engine_that_says_the_same_leaves_the_same_document(
    events: list[Event], more: list[Event]
) -> None:
    straight = applied(*events, *more)
    restarted = applied(*events, RESTART, *events, *more)
    assert content(straight) == content(restarted)


@given(st.lists(turn_event, max_size=30), st.lists(turn_event, max_size=10))
def test_an_engine_that_fails_for_good_never_shows_less_than_before(
    events: list[Event], replayed: list[Event]
) -> None:
    whole = applied(*events)
    failed = applied(*events, RESTART, *replayed, FAILED)
    assert bool(failed.turns) >= bool(whole.turns)
    if not replayed:
        assert failed.ordered() == whole.ordered()


@given(st.lists(turn_event, min_size=1, max_size=30), people)
def test_what_the_user_said_is_not_overruled(events: list[Event], speaker: int) -> None:
    transcript = applied(TurnStarted(1, 0, 0, 1, 0))
    transcript.reassign(1, speaker)
    transcript.rename_speaker(speaker, "Ada")
    for event in events:
        if not isinstance(event, TurnStarted):
            transcript.apply(event)
    turn = transcript.turns[1]
    assert turn.speaker == speaker
    assert transcript.speaker_name(turn) == "Ada"


def test_a_turn_grows_ends_and_opens_again() -> None:
    transcript = applied(*turn_events(1, 1.0, 2.0))
    assert transcript.turns[1] == Turn(1, 0, 16_000, 32_000, 1, (word("hello", 1.0, 2.0),))
    transcript.apply(TurnEnded(1, 32_000, EndReason.SILENCE, True, 36_000))
    assert (transcript.turns[1].end, transcript.turns[1].provisional) == (32_000, True)
    change = transcript.apply(TurnResumed(1, 38_000))
    assert change == Change(ChangeKind.UPDATED, 1)
    assert (transcript.turns[1].end, transcript.turns[1].provisional) == (None, False)
    assert transcript.turns[1].text == "hello"


def test_an_open_turn_reaches_as_far_as_its_words() -> None:
    transcript = applied(TurnStarted(1, 0, 100, 1, 100))
    assert transcript.turns[1].until == 100
    transcript.apply(WordsChanged(1, (word("yes", 0.5, 0.9, final=False),), 16_000))
    assert transcript.turns[1].until == to_samples(0.9)


def test_restart_keeps_names_and_corrections_but_drops_turns() -> None:
    transcript = applied(*turn_events(1, 1.0, 2.0), *turn_events(2, 1.5, 3.0, speaker=2))
    transcript.rename_speaker(2, "Grace")
    transcript.reassign(1, 2)
    assert transcript.apply(RESTART) is not None
    assert not transcript.turns
    assert transcript.replaying
    assert [s.name for s in transcript.speakers.values()] == ["Grace"]
    for event in turn_events(7, 1.2, 2.0):  # other number, nearly the same start
        transcript.apply(event)
    assert transcript.turns[1].speaker == 2
    assert transcript.turns[1].corrected
    assert transcript.number_of(7) == 1


def test_a_correction_is_not_given_to_a_turn_elsewhere() -> None:
    transcript = applied(*turn_events(1, 1.0, 2.0))
    transcript.reassign(1, 2)
    transcript.apply(RESTART)
    for event in turn_events(1, 1.6, 2.0):
        transcript.apply(event)
    (turn,) = transcript.turns.values()
    assert turn.speaker == 1


def test_replay_ends_where_the_old_engine_was() -> None:
    events = [*turn_events(1, 1.0, 2.0), *turn_events(2, 3.0, 4.0)]
    transcript = applied(*events, RESTART)
    assert transcript.replaying
    for event in events[:-2]:
        transcript.apply(event)
        assert transcript.replaying
    transcript.apply(events[-2])
    assert not transcript.replaying


def test_failed_restart_brings_back_the_turns_that_were_shown() -> None:
    events = [*turn_events(1, 1.0, 2.0), *turn_events(2, 3.0, 4.0, speaker=2)]
    transcript = applied(*events, RESTART, *events[:3], RESTART, *events[:1])
    change = transcript.apply(FAILED)
    assert change is not None
    assert change.kind is ChangeKind.RESET
    assert [turn.number for turn in transcript.ordered()] == [1, 2]
    assert transcript.speaker_name(transcript.turns[2]) == "Speaker 2"


def test_nothing_is_provisional_once_all_is_said() -> None:
    end = TurnEnded(1, 32_000, EndReason.SILENCE, True, 36_000)
    spoken = [*turn_events(1, 1.0, 2.0), end]
    assert applied(*spoken).turns[1].provisional
    assert not applied(*spoken, DONE).turns[1].provisional


def test_gaps_are_kept_once_and_survive_a_restart() -> None:
    gap = Gap(16_000, 8_000, GapReason.OVERRUN)
    transcript = applied(gap, gap, RESTART)
    assert transcript.gaps == [gap]
    assert transcript.duration == 24_000


def test_an_event_of_an_unknown_turn_changes_nothing() -> None:
    transcript = Transcript()
    assert transcript.apply(TurnResumed(3, 100)) is None
    assert transcript.apply(Lag(100)) is None
    assert not transcript.turns


def test_default_names_and_renaming() -> None:
    transcript = applied(*turn_events(1, 0.0, 1.0))
    assert transcript.speakers[1].name == "Speaker 1"
    assert not transcript.speakers[1].named
    transcript.rename_speaker(1, "  Ada \n Lovelace ")
    assert transcript.speakers[1].name == "Ada Lovelace"
    transcript.rename_speaker(1, " ")
    assert transcript.speakers[1].name == "Speaker 1"
    with pytest.raises(KeyError):
        transcript.reassign(9, 1)


def test_seglst_has_raw_words_the_text_readable_ones() -> None:
    started, changed, end = turn_events(1, 0.5, 1.0)
    assert isinstance(changed, WordsChanged)
    (said,) = changed.words
    readable = replace(changed, words=(replace(said, readable="Hello!"),))
    transcript = applied(started, changed, readable, end)
    assert transcript.turns[1].text == "Hello!"
    assert [segment["words"] for segment in transcript.to_seglst("talk")] == ["hello"]


def test_words_that_read_otherwise_are_a_change() -> None:
    started, changed, _ = turn_events(1, 0.5, 1.0)
    assert isinstance(changed, WordsChanged)
    transcript = applied(started, changed)
    readable = replace(changed, words=(replace(changed.words[0], readable="Hello."),))
    assert transcript.apply(readable) == Change(ChangeKind.UPDATED, 1)
    assert transcript.apply(readable) is None


def test_seglst_has_the_turns_with_words_in_order_of_start() -> None:
    events = [*turn_events(1, 2.0, 3.0, "later"), *turn_events(2, 1.0, 2.5, "sooner", speaker=2)]
    transcript = applied(*events, TurnStarted(3, 1, 0, 3, 0))
    transcript.rename_speaker(2, "Ada")
    assert transcript.to_seglst("talk") == [
        {
            "session_id": "talk",
            "speaker": "Ada",
            "words": "sooner",
            "start_time": 1.0,
            "end_time": 2.5,
        },
        {
            "session_id": "talk",
            "speaker": "Speaker 1",
            "words": "later",
            "start_time": 2.0,
            "end_time": 3.0,
        },
    ]


def test_a_turn_begins_as_quickly_late_in_a_long_meeting() -> None:
    transcript, many = Transcript(), 20_000
    before = time.process_time()
    for number in range(1, many + 1):
        transcript.apply(TurnStarted(number, 0, number * 10, 1, number * 10))
    assert len(transcript.turns) == many
    assert time.process_time() - before < 3  # each one would take longer: half a minute in all


def test_clear_forgets_everything() -> None:
    transcript = applied(*turn_events(1, 0.0, 1.0), Gap(0, 10, GapReason.DEVICE))
    transcript.rename_speaker(1, "Ada")
    transcript.clear()
    assert transcript == Transcript()
