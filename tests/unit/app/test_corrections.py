"""Edits change what they say, can be undone for ever, and are in the library or not at all."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
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
    ReassignAll,
    RenameSpeaker,
    SplitTurn,
)
from app.corrections.patch import difference
from app.corrections.written import read, written
from app.store import Library, StoreError
from app.transcript import Corrected, Transcript
from engine.timeline import to_samples
from tests.scripted_engine import spoken

SAID = (
    (1, 0.5, 2.5, "good morning everybody", 1, 0),
    (2, 2.0, 4.0, "yes please go on", 2, 1),
    (3, 5.0, 6.0, "the budget then", 1, 0),
    (4, 6.5, 8.0, "is it done", 3, 0),
)
STRANGE = "💬 ../\\ שלום \u202e name\u0000\ud800 " + "x" * 10_000


def talk() -> Transcript:
    made = Transcript()
    for number, start_s, end_s, text, speaker, channel in SAID:
        for event in spoken(number, start_s, end_s, text, speaker, channel):
            made.apply(event)
    made.duration = to_samples(10)
    return made


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as opened:
        yield opened


def kept(library: Library, transcript: Transcript | None = None) -> int:
    number = library.create_meeting("Plans", Path("a.wav"), datetime.now(UTC)).id
    library.save_turns(number, transcript or talk())
    library.finish_meeting(number, 10.0)
    return number


def content(transcript: Transcript) -> tuple[object, ...]:
    """What is kept of a transcript: people who say nothing and have no name are not."""
    speaking = {turn.speaker for turn in transcript.turns.values()}
    people = {n: s for n, s in transcript.speakers.items() if s.named or n in speaking}
    return transcript.turns, transcript.removed, people, transcript.gaps


def edited(*edits: Edit) -> Transcript:
    made = talk()
    for edit in edits:
        edit.patch(made).apply(made)
    return made


numbers = st.sampled_from([1, 2, 3, 4, 1 << 29, (1 << 29) + 1])
people = st.integers(1, 4)
moments = st.none() | st.integers(-10_000, 200_000)
texts = st.lists(st.sampled_from(["Good", "morning", "yes,", "–", "💬", "the", "budget"])).map(
    " ".join
)
edits = st.one_of(
    st.builds(EditWords, numbers, texts | st.text(), moments),
    st.builds(RenameSpeaker, people, st.sampled_from(["Ada", "", " Grace  H. "]) | st.text()),
    st.builds(MergeSpeakers, people, people),
    st.builds(
        Reassign, st.lists(numbers, min_size=1, max_size=3).map(tuple), st.none() | people, texts
    ),
    st.builds(ReassignAll, people, st.none() | people),
    st.builds(SplitTurn, numbers, st.integers(0, 4)),
    st.builds(JoinNext, numbers),
    st.builds(MoveBounds, numbers, moments, moments),
    st.builds(DeleteTurns, st.lists(numbers, min_size=1, max_size=2).map(tuple)),
)


@settings(max_examples=60)
@given(st.lists(edits, max_size=12))
def test_what_is_undone_is_as_before_and_what_is_redone_as_after(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[Edit]
) -> None:
    with Library(tmp_path_factory.getbasetemp() / "c.sqlite") as library:
        number = kept(library)
        document = library.load(number)
        states = [deepcopy(content(document))]
        for edit in wanted:
            before = deepcopy(content(document))
            try:
                patch = library.corrections.make(number, edit, document)
            except EditRefused:
                assert content(document) == before
                continue
            assert read(written(patch)) == patch
            assert content(library.load(number)) == content(document)
            if patch:
                states.append(deepcopy(content(document)))
        for state in reversed(states[:-1]):
            assert library.corrections.undo(number, document)
            assert content(document) == state
            assert content(library.load(number)) == state
        assert library.corrections.can_undo(number) is None
        document = library.load(number)  # as after a restart of the program
        for state in states[1:]:
            assert library.corrections.redo(number, document)
            assert content(document) == state
        assert content(library.load(number)) == states[-1]
        assert not library.corrections.redo(number, document)


@given(st.lists(edits, max_size=6), st.lists(edits, max_size=6))
def test_a_difference_makes_one_transcript_of_another(one: list[Edit], two: list[Edit]) -> None:
    made = []
    for wanted in (one, two):
        document = talk()
        for edit in wanted:
            try:
                edit.patch(document).apply(document)
            except EditRefused:
                continue
        made.append(document)
    old, new = made
    before = deepcopy(content(old))
    patch = difference(old, new)
    patch.apply(old)
    assert content(old) == content(new)
    patch.reversed().apply(old)
    assert content(old) == before


def test_words_that_stay_keep_their_times_and_confidences() -> None:
    before = talk().turns[2].words
    turn = edited(EditWords(2, "Yes, please do go on!")).turns[2]
    assert turn.text == "Yes, please do go on!"
    assert [word.text for word in turn.words] == ["yes", "please", "do", "go", "on"]
    yes, please, do, go, on = turn.words
    for new, old in zip((yes, please, go, on), before, strict=True):
        assert (new.start, new.end, new.confidence) == (old.start, old.end, old.confidence)
    assert do.start == please.end <= do.end == go.start
    assert do.confidence == 1.0
    assert turn.corrected == Corrected.WORDS


def test_a_wrong_word_gives_its_time_to_the_right_one() -> None:
    before = talk().turns[2].words
    words = edited(EditWords(2, "yes, we go on")).turns[2].words
    assert (words[1].text, words[1].start, words[1].end) == ("we", before[1].start, before[1].end)


def test_more_words_than_before_share_the_time_by_their_length() -> None:
    before = talk().turns[2].words
    words = edited(EditWords(2, "yes abc a go on")).turns[2].words
    assert [word.text for word in words] == ["yes", "abc", "a", "go", "on"]
    assert (words[1].start, words[2].end) == (before[1].start, before[1].end)
    long, short = words[1].end - words[1].start, words[2].end - words[2].start
    assert long == pytest.approx(3 * short, abs=3)


def test_marks_alone_are_no_words() -> None:
    words = edited(EditWords(2, "… yes – please 💬 go on")).turns[2].words
    assert [word.shown for word in words] == ["… yes –", "please 💬", "go", "on"]
    assert [word.text for word in words] == ["yes", "please", "go", "on"]
    again = edited(EditWords(2, "… yes – please 💬 go on"), EditWords(2, "… yes – please 💬 go"))
    assert again.turns[2].text == "… yes – please 💬 go"


def test_words_that_came_while_somebody_typed_stay() -> None:
    assert edited(EditWords(2, "Yes, no,", until=to_samples(3.0))).turns[2].text == "Yes, no, go on"


def test_a_turn_without_words_is_refused() -> None:
    for text in ("", " \n\t", "\u0000"):
        with pytest.raises(EditRefused, match="needs words"):
            EditWords(1, text).patch(talk())


def test_the_same_words_are_no_edit(library: Library) -> None:
    number = kept(library)
    document = library.load(number)
    assert not library.corrections.make(number, EditWords(1, "good morning everybody"), document)
    assert library.corrections.can_undo(number) is None


def test_any_name_is_a_name(library: Library) -> None:
    number = kept(library)
    document = library.load(number)
    library.corrections.make(number, RenameSpeaker(1, STRANGE), document)
    name = library.load(number).speakers[1].name
    assert name == document.speakers[1].name
    assert name.startswith("💬 ../\\ שלום \u202e name x")
    assert name.endswith("x" * 10_000)
    library.corrections.make(number, EditWords(1, STRANGE), document)
    assert content(library.load(number)) == content(document)


def test_a_split_turn_ends_where_the_other_one_begins() -> None:
    made = edited(SplitTurn(1, 1))
    first, second = [turn for turn in made.ordered() if turn.speaker == 1][:2]
    assert (first.text, second.text) == ("good", "morning everybody")
    assert first.start == to_samples(0.5)
    assert first.end == second.start == second.words[0].start
    assert second.end == to_samples(2.5)
    assert second.corrected & Corrected.MADE
    for at in (0, 3, -1, 9):
        with pytest.raises(EditRefused, match="not its first"):
            SplitTurn(1, at).patch(talk())


def test_split_and_joined_is_one_turn_again() -> None:
    (joined,) = [t for t in edited(SplitTurn(3, 1), JoinNext(3)).ordered() if t.number == 3]
    before = talk().turns[3]
    assert (joined.words, joined.start, joined.end) == (before.words, before.start, before.end)


def test_joining_takes_the_next_turn_of_the_list() -> None:
    made = edited(JoinNext(1))
    assert sorted(made.turns) == [1, 3, 4]
    assert made.turns[1].end == to_samples(4.0)
    assert sorted(made.turns[1].text.split()) == sorted(
        ["good", "morning", "everybody", "yes", "please", "go", "on"]
    )
    assert 2 not in made.speakers  # nobody says anything as this person any more
    with pytest.raises(EditRefused, match="last turn"):
        JoinNext(4).patch(made)


def test_bounds_press_the_words_inside() -> None:
    turn = edited(MoveBounds(1, start=to_samples(1.0), end=to_samples(1.5))).turns[1]
    assert (turn.start, turn.end) == (to_samples(1.0), to_samples(1.5))
    assert [word.text for word in turn.words] == ["good", "morning", "everybody"]
    assert all(turn.start <= w.start <= w.end <= to_samples(1.5) for w in turn.words)
    assert turn.corrected == Corrected.START | Corrected.END | Corrected.WORDS
    wide = edited(MoveBounds(4, start=-5, end=10**9)).turns[4]
    assert (wide.start, wide.end) == (0, to_samples(10))
    assert wide.words == talk().turns[4].words
    with pytest.raises(EditRefused, match="before it begins"):
        MoveBounds(1, start=to_samples(3.0)).patch(talk())


def test_merging_keeps_the_name_that_there_is() -> None:
    made = edited(RenameSpeaker(2, "Ada"), MergeSpeakers(2, 1))
    assert {turn.speaker for turn in made.turns.values()} == {1, 3}
    assert made.speakers[1].name == "Ada"
    assert 2 not in made.speakers
    both = edited(RenameSpeaker(2, "Ada"), RenameSpeaker(1, "Grace"), MergeSpeakers(2, 1))
    assert both.speakers[1].name == "Grace"
    for pair in ((1, 1), (1, 9), (9, 1)):
        with pytest.raises(EditRefused):
            MergeSpeakers(*pair).patch(talk())


def test_several_turns_go_to_somebody_new() -> None:
    made = edited(Reassign((1, 4), None, "Linus"))
    assert made.speakers[4].name == "Linus"
    assert [turn.speaker for turn in made.ordered()] == [4, 2, 1, 4]
    assert 3 not in made.speakers
    assert [turn.speaker for turn in edited(ReassignAll(1, 2)).ordered()] == [2, 2, 2, 3]


def test_an_edit_of_what_is_not_there_is_refused() -> None:
    for edit in (EditWords(9, "x"), DeleteTurns((1, 9)), RenameSpeaker(9, "x"), Reassign((1,), 9)):
        with pytest.raises(EditRefused, match=r"not .* any more"):
            edit.patch(talk())


def test_a_turn_that_is_being_spoken_is_not_cut() -> None:
    open_ = Transcript()
    for event in spoken(1, 0.0, 2.0, "yes we can")[:-1]:
        open_.apply(event)
    for edit in (SplitTurn(1, 1), JoinNext(1), MoveBounds(1, start=5)):
        with pytest.raises(EditRefused, match="wait until"):
            edit.patch(open_)


def test_the_log_says_what_is_next_and_forgets_what_another_edit_replaced(
    library: Library,
) -> None:
    number, other = kept(library), kept(library)
    document, log = library.load(number), library.corrections
    assert (log.can_undo(number), log.can_redo(number)) == (None, None)
    log.make(number, EditWords(1, "Hello"), document)
    log.make(number, DeleteTurns((2,)), document)
    log.undo(number, document)
    assert (log.can_undo(number), log.can_redo(number)) == (EditKind.WORDS, EditKind.DELETE)
    assert (log.can_undo(other), log.can_redo(other)) == (None, None)
    log.make(number, JoinNext(1), document)
    assert (log.can_undo(number), log.can_redo(number)) == (EditKind.JOIN, None)


def test_corrected_words_are_found_and_former_ones_are_not(library: Library) -> None:
    number = kept(library)
    document = library.load(number)
    library.corrections.make(number, EditWords(3, "The trousers then"), document)
    assert [hit.turn for hit in library.search("trousers")] == [3]
    assert not library.search("budget")
    library.corrections.make(number, DeleteTurns((3,)), document)
    assert not library.search("trousers")


def test_an_edit_that_cannot_be_written_changes_nothing(library: Library, tmp_path: Path) -> None:
    number = kept(library)
    document = library.load(number)
    library.corrections.make(number, RenameSpeaker(1, "Ada"), document)
    before = deepcopy(content(document))
    other = sqlite3.connect(library.path, isolation_level=None)
    other.execute("CREATE TRIGGER full BEFORE INSERT ON edits BEGIN SELECT RAISE(FAIL, 'no'); END")
    other.execute("CREATE TRIGGER stuck BEFORE UPDATE ON edits BEGIN SELECT RAISE(FAIL, 'no'); END")
    other.close()
    for edit in (MergeSpeakers(1, 2), SplitTurn(1, 1), JoinNext(1), EditWords(1, "x")):
        with pytest.raises(StoreError):
            library.corrections.make(number, edit, document)
        assert content(document) == before
    with pytest.raises(StoreError):
        library.corrections.undo(number, document)
    assert content(document) == before
    assert content(library.load(number)) == before


def test_what_was_changed_elsewhere_is_not_overwritten(library: Library) -> None:
    number = kept(library)
    document, other = library.load(number), library.load(number)
    library.corrections.make(number, EditWords(1, "Hello"), other)
    with pytest.raises(EditRefused, match="changed elsewhere"):
        library.corrections.make(number, DeleteTurns((1,)), document)
    assert content(library.load(number)) == content(other)
    library.corrections.make(number, DeleteTurns((2,)), document)
    assert sorted(library.load(number).turns) == [1, 3, 4]


KILLED = """
import sys
from pathlib import Path
from app.corrections import *
from app.store import Library
library = Library(Path(sys.argv[1]))
document = library.load(1)
print("go", flush=True)
while True:
    library.corrections.make(1, MergeSpeakers(1, 2), document)
    library.corrections.make(1, SplitTurn(1, 1), document)
    library.corrections.make(1, Reassign((2, 3), None, "Ada"), document)
    library.corrections.make(1, JoinNext(1), document)
    for _ in range(4):
        library.corrections.undo(1, document)
"""


@pytest.mark.parametrize("wait_ms", [0, 3, 7, 13, 21, 34])
def test_a_kill_leaves_the_state_before_or_after_an_edit(tmp_path: Path, wait_ms: int) -> None:
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        number = kept(library)
        document = library.load(number)
        states = [deepcopy(content(document))]
        for edit in (
            MergeSpeakers(1, 2),
            SplitTurn(1, 1),
            Reassign((2, 3), None, "Ada"),
            JoinNext(1),
        ):
            edit.patch(document).apply(document)
            states.append(deepcopy(content(document)))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "go\n"
        time.sleep(wait_ms / 1000)
        os.kill(process.pid, signal.SIGKILL)
    with Library(path) as library:
        document = library.load(number)
        found = states.index(content(document))
        for state in reversed(states[:found]):  # the log knows exactly this state
            library.corrections.undo(number, document)
            assert content(document) == state
        assert library.corrections.can_undo(number) is None
