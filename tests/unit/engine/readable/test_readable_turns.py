"""Events get readable words: those of the whole turn, however its words came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.events import (
    EndReason,
    SpeakerRevised,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.readable.spelling import Case
from engine.readable.turns import ReadableTurns
from tests.unit.engine.small_readable import SAID, always, readable

RANDOM = readable(3)


def words(texts: Sequence[str], final: int | None = None) -> tuple[Word, ...]:
    sure = len(texts) if final is None else final
    return tuple(Word(t, i * 100, i * 100 + 99, 0.5, i < sure) for i, t in enumerate(texts))


def started(turn: int = 1) -> TurnStarted:
    return TurnStarted(turn, 0, 0, 1, 0)


def ended(turn: int = 1, provisional: bool = False) -> TurnEnded:
    return TurnEnded(turn, 9_000, EndReason.TOKEN, provisional, 9_000)


def raw(events: Sequence[TurnEvent]) -> list[TurnEvent]:
    return [
        replace(e, words=tuple(replace(w, readable="") for w in e.words))
        if isinstance(e, WordsChanged)
        else e
        for e in events
    ]


def shown(events: Sequence[TurnEvent]) -> list[str]:
    """The last words that were shown."""
    changes = [event for event in events if isinstance(event, WordsChanged)]
    return [word.shown for word in changes[-1].words]


def whole(texts: Sequence[str], over: bool = True) -> list[str]:
    return RANDOM.texts(RANDOM.hear(RANDOM.begin(), texts), over)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=9))
def test_a_turn_reads_as_if_it_had_come_at_once(steps: list[tuple[int, int]]) -> None:
    """Words come a few at a time, some of them unsure, and those are replaced."""
    turns, final, events = ReadableTurns(RANDOM), 0, [*[started()]]
    made = turns.follow(events)
    for more, unsure in steps:
        guesses = ["perhaps", "not", "so"][:unsure]
        final = min(len(SAID), final + more)
        change = WordsChanged(1, words([*SAID[:final], *guesses], final), 10)
        made += turns.follow([change])
        assert shown(made) == whole([*SAID[:final], *guesses], over=False)
    made += turns.follow([WordsChanged(1, words(SAID), 20), ended()])
    assert shown(made) == whole(SAID)
    assert made[-1] == ended()


def test_the_raw_words_and_all_other_events_stay() -> None:
    events: list[TurnEvent] = [
        started(),
        WordsChanged(1, words(SAID[:5], 3), 5),
        SpeakerRevised(1, 2, 0.5, 6),
        started(2),
        WordsChanged(2, words(["right"]), 7),
        ended(2),
        WordsChanged(1, words(SAID), 8),
        ended(),
    ]
    made = raw(ReadableTurns(RANDOM).follow(events))
    assert [e for e in made if e in events] == events
    assert {type(e) for e in made if e not in events} <= {WordsChanged}


def test_the_end_settles_the_last_words_before_it_is_told() -> None:
    turns = ReadableTurns(RANDOM)
    turns.follow([started(), WordsChanged(1, words(SAID), 8)])
    *settled, end = turns.follow([ended(provisional=True)])
    assert end == ended(provisional=True)
    assert shown(settled) == whole(SAID)
    assert all(event.emitted == end.emitted for event in settled)
    assert turns.follow([ended()]) == [ended()]  # nothing new


def test_a_turn_that_resumes_is_looked_at_again() -> None:
    turns = ReadableTurns(RANDOM)
    turns.follow([started(), WordsChanged(1, words(SAID[:6]), 8), ended(provisional=True)])
    turns.follow([TurnResumed(1, 10)])
    made = turns.follow([WordsChanged(1, words(SAID[:8]), 12)])
    assert shown(made) == whole(SAID[:8], over=False)


def test_nothing_is_said_twice() -> None:
    turns = ReadableTurns(always(""))
    change = WordsChanged(1, words(["yes"]), 8)
    assert len(turns.follow([started(), change, change, ended()])) == 3


def test_a_turn_without_words_stays_without() -> None:
    assert ReadableTurns(RANDOM).follow([started(), ended()]) == [started(), ended()]


def test_settled_turns_are_forgotten() -> None:
    turns = ReadableTurns(RANDOM)
    for turn in range(1, 50):
        turns.follow([started(turn), WordsChanged(turn, words(SAID), 8), ended(turn)])
    assert turns._turns == {}


def test_an_engine_that_takes_words_back_is_followed() -> None:
    turns = ReadableTurns(RANDOM)
    turns.follow([started(), WordsChanged(1, words(SAID), 8)])
    made = turns.follow([WordsChanged(1, words(["no", "it", "was"]), 9)])
    assert shown(made) == whole(["no", "it", "was"], over=False)


@pytest.mark.parametrize(("mark", "expected"), [("", "Yes i do"), (".", "Yes. I. Do.")])
def test_after_a_sentence_comes_a_capital(mark: str, expected: str) -> None:
    stage = always(mark)
    heard = stage.hear(stage.begin(), ["yes", "i", "do"])
    assert " ".join(stage.texts(heard, over=True)) == expected
    assert heard.looks[0].case is Case.LOWER
