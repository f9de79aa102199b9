"""The commands that make speech: what they write, and what they say about wrong wishes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import typer
from typer.testing import CliRunner, Result

from engine import lab_speech
from engine.data import splicing
from engine.data.corpus import load_corpus
from engine.data.synthetic_speakers import VOICES
from engine.errors import EngineError
from tests.unit.engine import speaking

SAID = ("one two three four", "five six one three two", "four four five")


def lab(*arguments: str) -> Result:
    app = typer.Typer()
    lab_speech.register(app)
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One speaker, whose words are tones."""
    entries, alignments = [], []
    for number, text in enumerate(SAID):
        words = text.split()
        tones = [np.sin(np.arange(4800) * (0.05 + 0.02 * len(w))) for w in words]
        soundfile.write(tmp_path / f"{number}.wav", np.concatenate(tones) * 0.3, 16_000)
        entries.append({"id": str(number), "path": f"{number}.wav", "corpus": "tones"})
        entries[-1] |= {"speaker": "ann", "split": "train", "text": text}
        times = [(word, 30 * i, 30 * i + 30) for i, word in enumerate(words)]
        alignments.append({"id": str(number), "words": times, "phones": None})
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, entries)))
    with gzip.open(tmp_path / "alignments.jsonl.gz", "wt") as out:
        out.writelines(json.dumps(a) + "\n" for a in alignments)
    (tmp_path / "text.txt").write_text("One six four.\nGood people. Always.\nTwo, five, one!\n")
    (tmp_path / "words.dict").write_text("one W AH N\nsix S IH K S\nfour F AO R\n")
    return tmp_path


def spliced(data: Path, *arguments: str) -> Result:
    places = ("--data", str(data), "--cache", str(data / "cache"))
    return lab("splice", str(data / "out"), "--hours", "0.002", *places, *arguments)


def test_speak_makes_a_corpus_folder(data: Path) -> None:
    speaking.can_speak(VOICES[0])
    out = data / "out"
    result = lab("speak", str(out), *("--hours", "0.001", "--text", str(data / "text.txt")),
                 *("--voices", "flite-kal16", "--data", str(data)))  # fmt: skip
    assert result.exit_code == 0, result.exception
    assert "left out" in result.output
    corpus = load_corpus(out, data / "cache")
    assert {u.text for u in corpus.utterances} <= {
        *("one six four", "good people always", "two five one"),
    }
    assert {u.speaker.split("+")[0] for u in corpus.utterances} == {"flite-kal16"}


def test_speak_reads_only_words_of_the_lexicon(data: Path) -> None:
    speaking.can_speak(VOICES[0])
    arguments = ("--text", str(data / "text.txt"), "--lexicon", str(data / "words.dict"))
    result = lab("speak", str(data / "out"), "--voices", "flite-kal16", *arguments)
    assert result.exit_code == 0, result.exception
    (utterance,) = load_corpus(data / "out", data / "cache").utterances
    assert utterance.text == "one six four"


def test_splice_says_texts_in_the_words_of_the_speaker(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splicing, "FEWEST_WORDS", 3)
    result = spliced(data, "--text", str(data / "text.txt"))
    assert result.exit_code == 0, result.exception
    texts = {u.text for u in load_corpus(data / "out", data / "cache2").utterances}
    assert texts <= {"one six four", "two five one"}
    assert texts


def test_splice_says_words_of_a_list(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splicing, "FEWEST_WORDS", 3)
    result = spliced(data, "--words", "one,two, four,seven")
    assert result.exit_code == 0, result.exception
    for utterance in load_corpus(data / "out", data / "cache2").utterances:
        assert utterance.text is not None
        assert sorted(utterance.text.split()) == ["four", "one", "two"]


def test_wrong_wishes_say_what_to_do(data: Path) -> None:
    out = str(data / "out")
    wishes = {
        "give all, others": lab("speak", out, "--voices", "frances"),
        "give books, ami": lab("speak", out, "--text", "nowhere.txt"),
        "as --lexicon": lab("speak", out, "--lexicon", str(data / "none.dict")),
        "three different words": spliced(data, "--words", "one,one"),
        "train, dev or test": spliced(data, "--split", "tset", "--words", "one,two,six"),
    }
    for said, result in wishes.items():
        assert isinstance(result.exception, EngineError), said
        assert said in str(result.exception)
    assert lab("speak", out, "--hours", "0").exit_code == 2
