from __future__ import annotations

from engine.evaluation.collect import collect_turns
from engine.evaluation.segments import EmittedWord
from engine.events import (
    EndReason,
    Event,
    Lag,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)

START = TurnStarted(turn=1, channel=1, start=100, speaker=1, emitted=300)


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text, 100 * i, 100 * i + 80, 0.5) for i, text in enumerate(texts, 1))


SPOKEN = WordsChanged(1, words("so"), 400)


def ended(end: int, emitted: int, *, provisional: bool = False) -> TurnEnded:
    return TurnEnded(1, end, EndReason.TOKEN, provisional, emitted)


def test_the_last_words_stand() -> None:
    events: list[Event] = [
        START,
        WordsChanged(1, words("no"), 400),
        WordsChanged(1, words("Yes"), 500),
    ]
    (turn,) = collect_turns(events)
    assert turn.words == (EmittedWord("yes", 100, 180, 500),)


def test_a_word_keeps_the_time_when_it_came_to_stay() -> None:
    events: list[Event] = [
        START,
        WordsChanged(1, words("so"), 400),
        WordsChanged(1, words("so", "may"), 500),
        WordsChanged(1, words("so", "maybe"), 600),
        WordsChanged(1, words("so", "maybe", "not"), 700),
    ]
    (turn,) = collect_turns(events)
    assert [word.emitted for word in turn.words] == [400, 600, 700]


def test_a_word_that_vanished_starts_anew() -> None:
    gone = [WordsChanged(1, words("so"), 400), WordsChanged(1, (), 500)]
    (turn,) = collect_turns([START, *gone, WordsChanged(1, words("so"), 600)])
    assert turn.words[0].emitted == 600


def test_an_end_that_was_confirmed_counts_when_first_said() -> None:
    both = [ended(900, 1000, provisional=True), ended(900, 1600)]
    (turn,) = collect_turns([START, SPOKEN, *both])
    assert (turn.end, turn.end_emitted, turn.resumed) == (900, 1000, 0)


def test_an_end_that_was_taken_back_counts_as_resumed() -> None:
    taken_back: list[Event] = [ended(900, 1000, provisional=True), TurnResumed(1, 1100)]
    (turn,) = collect_turns([START, SPOKEN, *taken_back, ended(2000, 2100)])
    assert (turn.end, turn.end_emitted, turn.resumed) == (2000, 2100, 1)


def test_a_turn_that_never_ended_ends_with_its_last_word() -> None:
    (turn,) = collect_turns([START, WordsChanged(1, words("so", "on"), 400)])
    assert (turn.end, turn.end_emitted) == (280, None)


def test_the_revised_speaker_stands() -> None:
    (turn,) = collect_turns([START, SPOKEN, SpeakerRevised(1, 3, 0.9, 500), Lag(8000)])
    assert (turn.speaker, turn.channel) == ("3", 1)


def test_turns_are_ordered_by_start() -> None:
    second = TurnStarted(turn=2, channel=0, start=50, speaker=2, emitted=600)
    events: list[Event] = [START, SPOKEN, second, WordsChanged(2, words("no"), 700)]
    assert [turn.number for turn in collect_turns(events)] == [2, 1]


def test_a_turn_that_ends_without_words_is_none() -> None:
    assert collect_turns([START, ended(900, 1000)]) == []
