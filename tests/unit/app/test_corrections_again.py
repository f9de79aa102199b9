"""A meeting that is transcribed again keeps what a person corrected, and says nothing twice."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.corrections import (
    DeleteTurns,
    Edit,
    EditKind,
    EditRefused,
    EditWords,
    JoinNext,
    MergeSpeakers,
    MoveBounds,
    Reassign,
    RenameSpeaker,
    SplitTurn,
    TranscribeAgain,
    merge_again,
)
from app.store import Library
from app.transcript import Transcript
from engine.timeline import to_samples
from tests.scripted_engine import spoken
from tests.unit.app.test_corrections import content, edited, talk

Lines = list[tuple[float, float, str, int, int]]

BETTER: Lines = [
    (0.6, 2.4, "good morning everyone", 7, 0),
    (2.1, 4.1, "yes do please go on", 5, 1),
    (5.1, 6.0, "the budgets then", 7, 0),
    (6.4, 8.1, "is it all done", 9, 0),
]


def heard(lines: Lines) -> Transcript:
    made = Transcript()
    for number, (start_s, end_s, text, speaker, channel) in enumerate(lines, 1):
        for event in spoken(number, start_s, end_s, text, speaker, channel):
            made.apply(event)
    return made


def again(*edits: Edit, lines: Lines = BETTER) -> Transcript:
    return merge_again(edited(*edits), heard(lines))


def texts(transcript: Transcript) -> list[tuple[int, str]]:
    return [(turn.speaker, turn.text) for turn in transcript.ordered()]


def test_without_corrections_the_fresh_turns_are_taken() -> None:
    assert texts(again()) == [
        (1, "good morning everyone"),
        (2, "yes do please go on"),
        (1, "the budgets then"),
        (3, "is it all done"),
    ]


def test_corrected_turns_stay_exactly_and_nothing_is_said_twice() -> None:
    edits: list[Edit] = [EditWords(1, "Good morning, everybody!"), Reassign((3,), 3)]
    old, new = edited(*edits), again(*edits)
    assert new.turns[1] == old.turns[1]
    assert new.turns[3] == old.turns[3]
    assert texts(new) == [
        (1, "Good morning, everybody!"),
        (2, "yes do please go on"),
        (3, "the budget then"),
        (3, "is it all done"),
    ]


def test_what_somebody_else_says_at_the_same_time_is_not_lost() -> None:
    words = "Something quite else that nobody could have heard here"
    new = again(EditWords(1, words), MoveBounds(1, end=to_samples(4.0)))
    assert (2, "yes do please go on") in texts(new)
    assert (1, "good morning everyone") not in texts(new)


def test_turns_that_were_split_or_joined_or_deleted_stay_so() -> None:
    split = again(SplitTurn(1, 1))
    assert texts(split)[:2] == [(1, "good"), (1, "morning everybody")]
    assert len(split.turns) == 5
    joined = again(JoinNext(3))
    assert texts(joined)[2:] == [(1, "the budget then is it done")]
    assert joined.removed == edited(JoinNext(3)).removed
    assert texts(again(DeleteTurns((3,)))) == [
        (1, "good morning everyone"),
        (2, "yes do please go on"),
        (3, "is it all done"),
    ]


def test_of_a_longer_turn_the_rest_is_taken() -> None:
    lines: Lines = [
        (0.5, 2.5, "good morning everybody", 1, 0),
        (5.0, 8.0, "the budget then is it", 1, 0),
    ]
    assert texts(again(EditWords(3, "The budget, then."), lines=lines)) == [
        (1, "good morning everybody"),
        (1, "The budget, then."),
        (1, "is it"),
    ]


def test_names_stay_with_those_who_speak() -> None:
    new = again(RenameSpeaker(1, "Ada"), RenameSpeaker(2, "Grace"))
    assert {turn.text: new.speaker_name(turn) for turn in new.turns.values()} == {
        "good morning everyone": "Ada",
        "yes do please go on": "Grace",
        "the budgets then": "Ada",
        "is it all done": "Speaker 3",
    }
    merged = again(MergeSpeakers(3, 1), RenameSpeaker(1, "Ada"))
    assert {merged.speaker_name(turn) for turn in merged.turns.values()} == {"Ada", "Speaker 2"}


def test_somebody_who_was_not_heard_before_is_new() -> None:
    new = again(lines=[*BETTER, (8.5, 9.5, "hello", 1, 0)])
    assert texts(new)[-1] == (4, "hello")


def test_transcribing_again_can_be_undone_like_any_edit(tmp_path: Path) -> None:
    with Library(tmp_path / "library.sqlite") as library:
        number = library.create_meeting("Plans", Path("a.wav"), datetime.now(UTC)).id
        library.save_turns(number, talk())
        document = library.load(number)
        library.corrections.make(number, EditWords(1, "Good morning, everybody!"), document)
        before = deepcopy(content(document))
        library.corrections.make(number, TranscribeAgain(heard(BETTER)), document)
        assert document.turns[2].text == "yes do please go on"
        assert content(library.load(number)) == content(document)
        assert library.corrections.can_undo(number) is EditKind.AGAIN
        document = library.load(number)
        library.corrections.undo(number, document)
        assert content(document) == before == content(library.load(number))


numbers = st.sampled_from([1, 2, 3, 4, 1 << 29])
edits = st.one_of(
    st.builds(EditWords, numbers, st.sampled_from(["Oh", "good morning", "The budget then"])),
    st.builds(Reassign, numbers.map(lambda n: (n,)), st.sampled_from([1, 2, None])),
    st.builds(SplitTurn, numbers, st.integers(1, 2)),
    st.builds(JoinNext, numbers),
    st.builds(DeleteTurns, numbers.map(lambda n: (n,))),
    st.builds(MoveBounds, numbers, st.integers(0, 100_000)),
)


@given(st.lists(edits, max_size=5))
def test_whatever_was_corrected_is_there_and_the_same_words_again_add_nothing(
    wanted: list[Edit],
) -> None:
    old = talk()
    for edit in wanted:
        try:
            edit.patch(old).apply(old)
        except EditRefused:
            continue
    for fresh in (talk(), heard(BETTER)):
        new = merge_again(old, fresh)
        held = {number: turn for number, turn in old.turns.items() if turn.corrected}
        assert held.items() <= new.turns.items()
        assert new.removed == old.removed
        assert {turn.speaker for turn in new.turns.values()} <= new.speakers.keys()
    bounds_moved = any(isinstance(edit, MoveBounds) for edit in wanted)
    if not bounds_moved:
        assert merge_again(old, talk()).turns.keys() <= old.turns.keys()
