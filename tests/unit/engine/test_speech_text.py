"""Texts to be read: plain words, unlike each other, from books, meetings and files."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.data.speech_text import Line, line_of, read_lines
from engine.data.text_choice import Chooser, read_lexicon, within
from engine.data.text_files import AMI_WORDS, BOOKS
from engine.errors import EngineError


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('"Are they all blind?', "are they all blind?"),
        ("Well, we'll get him--pretty quick!", "well, we'll get him pretty quick!"),
        ("you Spaniard; of Spain:", "you spaniard, of spain."),
        ("I don\u2019t know , really", "i don't know, really."),
        ("Mr. Brown met Mrs. Brown.", "mister brown met missus brown."),
        ("It is _so_ cold, 'she said,'", "it is so cold, she said."),
    ],
)
def test_a_sentence_is_read_in_lower_case_with_its_commas(text: str, read: str) -> None:
    line = line_of(text)
    assert line is not None
    assert line.text == read
    assert list(line.words) == "".join(c for c in line.text if c not in ",.?!").split()


@pytest.mark.parametrize(
    "text",
    [
        *("No", "", "...", "in 1812 he left", "he met St. John there", "Zo\u00eb went home"),
        *("Henry II left", "word " * 26),
    ],
)
def test_what_would_be_read_otherwise_is_left_out(text: str) -> None:
    assert line_of(text) is None


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for place in (BOOKS, AMI_WORDS):
        (tmp_path / place).parent.mkdir(parents=True)
    with gzip.open(tmp_path / BOOKS, "wt") as out:
        out.write("It rained.\nIt rained.\nHe left in 1812.\nShe stayed at home, alone.\n")
    words = [["So", 0.0, 0.3], ["um", 0.55, 0.7], ["yes", 0.7, 1.0], ["Okay", 1.5, 2.0]]
    words += [["that's", 2.49, 2.8], ["it", 2.8, 3.0]]
    with gzip.open(tmp_path / AMI_WORDS, "wt") as out:
        out.write(json.dumps({"meeting": "m", "speaker": "s", "words": words}) + "\n")
    return tmp_path


def test_books_are_read_each_sentence_once(data: Path) -> None:
    texts = {line.text for line in read_lines("books", data, 1)}
    assert texts == {"it rained.", "she stayed at home, alone."}


def test_meetings_are_read_turn_by_turn_with_a_comma_at_a_pause(data: Path) -> None:
    texts = {line.text for line in read_lines("ami", data, 1)}
    assert texts == {"so, um yes.", "okay, that's it."}


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Good people.\n\nAlways think\n")
    lines = read_lines(str(tmp_path / "own.txt"), tmp_path, 1)
    assert {line.words for line in lines} == {("good", "people"), ("always", "think")}


def test_the_order_hangs_on_the_seed_and_no_more_is_read_than_asked(tmp_path: Path) -> None:
    words = ["".join(chr(97 + (n >> s) % 16) for s in (0, 4)) for n in range(200)]
    (tmp_path / "own.txt").write_text("\n".join(f"say {word} again" for word in words))
    first, again, other = (read_lines(str(tmp_path / "own.txt"), tmp_path, s) for s in (1, 1, 2))
    assert first == again
    assert first != other
    assert sorted(line.text for line in first) == sorted(line.text for line in other)
    assert read_lines(str(tmp_path / "own.txt"), tmp_path, 1, most=7) == first[:7]


def test_texts_that_are_not_there_or_unreadable_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="give books, ami or a text file"):
        read_lines("boks", tmp_path, 1)
    (tmp_path / "numbers.txt").write_text("1 2 3\n")
    with pytest.raises(EngineError, match="give one sentence a line"):
        read_lines(str(tmp_path / "numbers.txt"), tmp_path, 1)
    (tmp_path / "broken.txt").write_bytes(b"caf\xe9 au lait\n")
    with pytest.raises(EngineError, match="convert it"):
        read_lines(str(tmp_path / "broken.txt"), tmp_path, 1)
    (tmp_path / "broken.txt.gz").write_bytes(b"no gzip")
    with pytest.raises(EngineError, match="convert it"):
        read_lines(str(tmp_path / "broken.txt.gz"), tmp_path, 1)


def test_a_lexicon_is_read_in_the_format_of_cmu(tmp_path: Path) -> None:
    path = tmp_path / "words.dict"
    path.write_text(";;; comment\nREAD  R EH1 D\nread(2) R IY1 D # now\nthe DH AH0\n\n")
    assert read_lexicon(path) == {"read": ("R", "EH", "D"), "the": ("DH", "AH")}
    for bad in (tmp_path / "none", tmp_path / "empty"):
        (tmp_path / "empty").write_text("read\n")
        with pytest.raises(EngineError, match="give "):
            read_lexicon(bad)


def lines(*texts: str) -> list[Line]:
    return [Line(tuple(text.split()), text) for text in texts]


def test_only_lines_of_known_words_are_kept() -> None:
    known = within(lines("the red house", "the blue house"), {"the", "red", "house"})
    assert [line.text for line in known] == ["the red house"]
    with pytest.raises(EngineError, match="larger"):
        within(lines("the red house"), {"the"})


def test_every_line_comes_once() -> None:
    some = lines(*(f"text {chr(97 + i)}" for i in range(26)))
    assert Counter(Chooser(some, np.random.default_rng(1))) == Counter(some)


@pytest.mark.parametrize("lexicon", [None, {"mama": "M AA M AA".split()}])  # noqa: SIM905
def test_rare_sounds_come_before_more_of_the_same(lexicon: dict[str, list[str]] | None) -> None:
    common = [Line(("mama",) * n, f"mama {n}") for n in range(2, 24)]
    rare = lines("fish swim", "birds jump", "green toys", "huge caves")
    chosen = list(Chooser([*common, *rare], np.random.default_rng(2), lexicon))
    places = [chosen.index(line) for line in rare]
    assert np.mean(places) < 8  # 12.5 by chance
