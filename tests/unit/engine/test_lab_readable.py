"""The laboratory trains a stage for readable text and scores it, or says what to do."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from engine.readable import file
from tests.unit.engine import test_lab

Lab = test_lab.Lab
run = test_lab.run  # the fixture


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Books and meetings of a few words, in all splits."""
    folder = tmp_path / "corpus"
    for name in ("text", "meetings"):
        (folder / name).mkdir(parents=True)
    with gzip.open(folder / "text" / "books.txt.gz", "wt") as books:
        books.writelines(["So Anna, are you well?\n", "I am.\n"] * 300)
    with gzip.open(folder / "meetings" / "ami_words.jsonl.gz", "wt") as words:
        for meeting in ("ES2002a", "ES2004a", "ES2011c"):
            said = [["So", 0, 1], ["yes", 1, 2], ["So", 2, 3], ["so", 4, 5]]
            words.write(json.dumps({"meeting": meeting, "speaker": "A", "words": said}) + "\n")
    return folder


def test_a_stage_is_trained_and_scored(run: Lab, corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "readable.safetensors"
    options = ["--steps", 2, "--batch", 200, "--data", corpus]
    code, said = run("train-readable", path, *options, "--created", "2026-01-01")
    assert (code, "MB, 0 mixed words" in said) == (0, True)
    assert file.load(path).card.created == "2026-01-01"
    code, _ = run("train-readable", tmp_path / "more.safetensors", "--start", path, *options)
    assert code == 0
    assert file.load(tmp_path / "more.safetensors").mixed == {}
    code, said = run("evaluate-readable", path, "--split", "test", "--data", corpus)
    assert code == 0
    assert "books, 3 sentences a turn, test" in said
    assert "meetings, test" in said
    assert "ms of the processor a word" in said
    assert said.count("| end of a sentence |") == 2
    assert said.count("| question mark |") == 1  # which the meetings do not know


def test_what_is_wrong_is_said_before_the_work(run: Lab, corpus: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "no" / "readable.safetensors"
    code, said = run("train-readable", nowhere, "--data", corpus)
    assert (code, "create it first" in said) == (2, True)
    code, said = run("train-readable", tmp_path / "r.safetensors", "--data", tmp_path)
    assert (code, "--data" in said) == (2, True)
    code, said = run("evaluate-readable", nowhere, "--data", corpus)
    assert (code, "There is no file" in said) == (2, True)
