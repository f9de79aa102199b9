"""Pronouncing dictionaries: read as they are found, or refused with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data import pronunciation
from engine.data.corpus import PHONES
from engine.errors import EngineError


def write(folder: Path, text: str) -> Path:
    path = folder / pronunciation.DICTIONARY
    path.write_text(text)
    return path


def test_variants_stress_and_comments(tmp_path: Path) -> None:
    text = ";;; a comment\n\nREAD  R EH1 D\nread(2) R IY1 D # to read\nread(3) R EH D\na AH0\n"
    found = pronunciation.read_dictionary(write(tmp_path, text))
    assert found == {"read": (("R", "EH", "D"), ("R", "IY", "D")), "a": (("AH",),)}


@pytest.mark.parametrize("line", ["word", "word XX YY", "word AH 3"])
def test_a_line_that_is_no_pronunciation_is_named(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, f"a AH\n{line}\n")
    with pytest.raises(EngineError, match=f"line 2: '{line}'"):
        pronunciation.read_dictionary(path)


def test_a_missing_dictionary(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no pronunciation dictionary"):
        pronunciation.read_dictionary(tmp_path / "none.dict")


def test_a_corpus_folder_can_bring_its_own(tmp_path: Path) -> None:
    write(tmp_path, "crosstalk K R AO S T AO K\n")
    assert set(pronunciation.english(tmp_path)) == {"crosstalk"}


def test_english_knows_common_words(tmp_path: Path) -> None:
    english = pronunciation.english(tmp_path)
    assert english["thought"] == (("TH", "AO", "T"),)
    assert {phone for variants in english.values() for v in variants for phone in v} == set(PHONES)
