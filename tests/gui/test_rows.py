from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.transcript import Speaker, Turn
from engine.events import Gap, GapReason, Word
from engine.timeline import to_samples
from ui import rows
from ui.rows import LEAST_OVERLAP, Entry, GapRow, Row, TurnRow
from ui.text import clock, describe, overlap_label, plain, stopwatch

SPEAKERS = {1: Speaker(1, "Amara", named=True), 2: Speaker(2, "Speaker 2")}


def turn(number: int, start_s: float, end_s: float | None, speaker: int = 1) -> Turn:
    end = None if end_s is None else to_samples(end_s)
    return Turn(number, number % 2, to_samples(start_s), end, speaker)


def shown(entries: list[Entry]) -> list[Row]:
    entries.sort(key=rows.key)
    longest = max(map(rows.extent, entries), default=0)
    return rows.build_rows(entries, range(len(entries)), SPEAKERS, longest)


def turn_rows(entries: list[Entry]) -> list[TurnRow]:
    return [row for row in shown(entries) if isinstance(row, TurnRow)]


def test_overlapping_turns_say_so_and_are_joined() -> None:
    first, second, third = turn_rows([turn(1, 0, 3), turn(2, 2, 4, 2), turn(3, 4, 5)])
    assert overlap_label(first) == "overlaps Speaker 2"
    assert overlap_label(second) == "overlaps Amara"
    assert overlap_label(third) == ""
    assert (first.joined_above, first.joined_below) == (False, True)
    assert (second.joined_above, second.joined_below) == (True, False)
    assert (third.joined_above, third.joined_below) == (False, False)


def test_nobody_overlaps_themselves() -> None:
    first, _, third = turn_rows([turn(1, 0, 5), turn(2, 2, 4), turn(3, 3, 4.5, 2)])
    assert overlap_label(first) == "overlaps Speaker 2"
    assert overlap_label(third) == "overlaps Amara"
    one, other = turn_rows([turn(1, 0, 3), turn(2, 2, 4)])
    assert overlap_label(one) == overlap_label(other) == "overlaps another turn"


def test_an_overlap_shorter_than_the_marks_are_exact_is_none() -> None:
    first, second = turn_rows([turn(1, 0, 2.05), turn(2, 2, 4, 2)])
    assert not first.overlaps
    assert not second.overlaps
    assert not first.joined_below


def test_an_open_turn_reaches_as_far_as_its_words() -> None:
    talking = turn(1, 0, None)
    assert not turn_rows([talking, turn(2, 1, 2, 2)])[0].overlaps
    talking.words = (Word("so", 0, to_samples(1.5), 0.9),)
    assert turn_rows([talking, turn(2, 1, 2, 2)])[0].overlaps


def test_words_spoken_over_are_known() -> None:
    said = turn(1, 0, 3)
    said.words = (Word("alone", 0, to_samples(1), 1.0), Word("over", to_samples(2), said.until, 1))
    row = turn_rows([said, turn(2, 2, 4, 2)])[0]
    assert [row.shared(word) for word in row.words] == [False, True]


def test_a_gap_stands_where_audio_is_missing_and_joins_nothing() -> None:
    gap = Gap(to_samples(3), to_samples(0.4), GapReason.OVERRUN)
    before, missing, after = shown([turn(1, 0, 2.5), gap, turn(2, 3.2, 4, 2)])
    assert isinstance(before, TurnRow)
    assert isinstance(after, TurnRow)
    assert isinstance(missing, GapRow)
    assert (missing.joined_above, missing.joined_below, after.overlaps) == (False, False, ())
    assert describe(missing) == "0:03.0: 0.4 s missing: the sound system dropped audio"


def test_words_are_described_and_copied_as_people_read_them() -> None:
    said = turn(1, 1.24, 3)
    said.words = (Word("i'm", 0, 1, 1.0, readable="I'm"), Word("in", 1, 2, 1.0, readable="in."))
    (row,) = turn_rows([said])
    assert describe(row).endswith(": I'm in.")
    assert plain(row).endswith(": I'm in.")


def test_a_row_reads_as_one_sentence() -> None:
    said = turn(1, 1.24, 3)
    said.words = (Word("good", 0, 1, 1.0), Word("morning", 1, 2, 1.0))
    row = turn_rows([said, turn(2, 2, 4, 2)])[0]
    assert describe(row) == "Amara, from 0:01.2 to 0:03.0, overlaps Speaker 2: good morning"
    assert plain(row) == "[0:01.2 – 0:03.0] Amara (overlaps Speaker 2): good morning"
    assert describe(turn_rows([turn(1, 1, None)])[0]) == "Amara, from 0:01.0, speaking now"


def test_times_read_as_people_write_them() -> None:
    assert [clock(to_samples(s)) for s in (0, 9.96, 59.99, 3599.96, 3661.5)] == [
        "0:00.0",
        "0:10.0",
        "1:00.0",
        "1:00:00.0",
        "1:01:01.5",
    ]
    assert [stopwatch(s) for s in (0.9, 61, 3600)] == ["0:00", "1:01", "1:00:00"]


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda s: (s[0] * 800, s[1] * 800)),
    max_size=12,
)


@given(spans)
def test_overlaps_and_joints_agree_with_looking_at_every_pair(drawn: list[tuple[int, int]]) -> None:
    entries: list[Entry] = [
        Turn(number, 0, start, start + length, number)
        for number, (start, length) in enumerate(drawn, 1)
    ]
    built = turn_rows(entries)

    def meet(one: TurnRow, other: TurnRow) -> bool:
        first, second = sorted((one, other), key=lambda row: (row.start, row.number))
        return first.until - second.start >= LEAST_OVERLAP

    for index, row in enumerate(built):
        others = [each for each in built if each is not row and meet(row, each)]
        assert [each.speaker for each in row.overlaps] == [each.speaker for each in others]
        reach = max((each.until for each in built[:index]), default=-LEAST_OVERLAP)
        assert row.joined_above == (reach - row.start >= LEAST_OVERLAP)
        assert row.joined_below == (index + 1 < len(built) and built[index + 1].joined_above)
