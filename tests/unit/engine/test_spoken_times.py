"""What was spoken, told in the words of the text, the phones of the corpus and in frames."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import ALIGNMENT_HOP, PHONES, UNKNOWN_PHONE, Aligned
from engine.data.spoken_times import ARPABET, ESPEAK, fitted, in_frames, phones

SPANS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=20)


def spoken(*texts: str) -> list[Aligned]:
    """Words of 100 samples a letter, one after the other from sample 1000 on."""
    items, clock = [], 1000
    for text in texts:
        items.append(Aligned(text, clock, clock + 100 * len(text)))
        clock = items[-1].end
    return items


def test_words_that_were_spoken_as_written_keep_their_times() -> None:
    assert fitted(spoken("good", "people"), ["good", "people"]) == tuple(spoken("good", "people"))


def test_words_that_were_run_together_share_their_time_by_letters() -> None:
    (run_together,) = spoken("ofthe")
    words = fitted([Aligned("of the", run_together.start, run_together.end)], ["of", "the"])
    assert words == (Aligned("of", 1000, 1200), Aligned("the", 1200, 1500))


def test_a_word_that_was_taken_apart_is_one_again() -> None:
    words = fitted([Aligned("john", 0, 50), Aligned("'s", 60, 80), Aligned("Hat", 90, 99)],
                   ["john's", "hat"])  # fmt: skip
    assert words == (Aligned("john's", 0, 80), Aligned("hat", 90, 99))


def test_commas_of_the_synthesiser_do_not_matter() -> None:
    assert fitted([Aligned("well,", 0, 9), Aligned("no.", 9, 20)], ["well", "no"]) is not None


def test_other_words_than_written_fit_nothing() -> None:
    assert fitted(spoken("saint", "john"), ["st", "john"]) is None
    assert fitted(spoken("good"), ["good", "people"]) is None
    assert fitted([], ["good"]) is None


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=8), st.data())
def test_however_words_were_cut_they_come_back_in_order(
    words: list[str], data: st.DataObject
) -> None:
    letters = "".join(words)
    places = st.sets(st.integers(1, max(1, len(letters) - 1)), max_size=6)
    cuts = sorted({0, *data.draw(places), len(letters)})
    found = fitted(spoken(*(letters[a:b] for a, b in pairwise(cuts))), words)
    assert found is not None
    assert [word.text for word in found] == words
    assert found[0].start == 1000
    assert all(a.end == b.start for a, b in pairwise(found))
    assert [w.end - w.start for w in found] == [100 * len(word) for word in words]


def test_phones_have_the_names_of_the_corpus() -> None:
    said = [
        Aligned("dh", 0, 10),
        Aligned("ax", 10, 20),
        Aligned("el", 20, 40),
        Aligned("?", 50, 60),
    ]
    assert phones(said, ARPABET) == [
        *(Aligned("DH", 0, 10), Aligned("AH", 10, 20), Aligned("AH", 20, 30), Aligned("L", 30, 40)),
        Aligned(UNKNOWN_PHONE, 50, 60),
    ]


def test_an_r_after_er_belongs_to_it_unless_they_are_apart() -> None:
    close, apart = ([Aligned("er", 0, 10), Aligned("r", start, 20)] for start in (10, 11))
    assert phones(close, ARPABET) == [Aligned("ER", 0, 20)]
    assert [phone.text for phone in phones(apart, ARPABET)] == ["ER", "R"]


@pytest.mark.parametrize("names", [ARPABET, ESPEAK])
def test_every_name_means_phones_of_the_corpus_and_every_phone_has_a_name(
    names: dict[str, tuple[str, ...]],
) -> None:
    meant = {phone for several in names.values() for phone in several}
    assert meant == set(PHONES)


@given(SPANS, st.integers(0, 950))
def test_frames_are_in_order_none_is_empty_and_all_lie_within(
    spans: list[tuple[int, int]], length_hops: int
) -> None:
    marks = sorted(m for span in spans for m in span)
    items = [Aligned("x", 16 * a, 16 * b) for a, b in zip(marks[::2], marks[1::2], strict=True)]
    length = 16 * length_hops
    frames = list(in_frames(items, length))
    clock = 0
    for _, start, end in frames:
        assert clock <= start < end
        assert (end - 1) * ALIGNMENT_HOP < length
        clock = end


def test_frames_are_the_nearest() -> None:
    items = [Aligned("a", 1590, 3210), Aligned("b", 3210, 3215), Aligned("c", 3215, 8000)]
    assert list(in_frames(items, 8000)) == [("a", 10, 20), ("b", 20, 21), ("c", 21, 50)]
