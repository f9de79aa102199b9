"""Words and their model from the text of a corpus folder, and models that write these words."""

from __future__ import annotations

import dataclasses
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import to_dict
from engine.data import pronunciation, text_files
from engine.errors import EngineError, ModelError
from engine.evaluation import calibration
from engine.events import WordsChanged
from engine.language_model import START
from engine.model import SeparatorTransducerSegmenter
from engine.recognizer import Recognizer
from engine.tokens import SPECIAL
from engine.training import export, vocabulary, worlds
from engine.training.vocabulary import TextConfig
from engine.training.worlds import UnitKind, World
from tests.unit.engine import tiny

BOOKS = ["The cat sat.", "The dog sat, too!", "A cat and a dog sat; a cat ran.", "Zzyzx."] * 3
SPOKEN = {
    "the": ["DH AH", "DH IY"],
    "cat": ["K AE T"],
    "sat": ["S AE T"],
    "dog": ["D AO G"],
    "too": ["T UW"],
    "a": ["AH", "EY"],
    "and": ["AE N D"],
    "ran": ["R AE N"],
    "okay": ["OW K EY"],
    "unsaid": ["AH N S EH D"],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "text").mkdir(parents=True)
    (folder / "meetings").mkdir()
    with gzip.open(folder / text_files.BOOKS, "wt") as file:
        file.write("\n".join(BOOKS))
    turn = [["Okay", 1.0, 1.4], ["the", 1.4, 1.5], ["dog", 1.5, 2.0], ["Okay", 2.5, 2.9]]
    with gzip.open(folder / "meetings" / "ami_words.jsonl.gz", "wt") as file:
        file.write(json.dumps({"meeting": "m", "speaker": "s", "words": turn}) + "\n")
    lines = [
        f"{word}{f'({i})' if i else ''} {phones}"
        for word, variants in SPOKEN.items()
        for i, phones in enumerate(variants)
    ]
    (folder / pronunciation.DICTIONARY).write_text("\n".join(lines))
    return folder


def test_books_are_read_by_the_sentence_and_meetings_by_the_turn(data: Path) -> None:
    found = list(vocabulary.sentences(data, 3))
    assert found[:2] == [(["the", "cat", "sat"], 1), (["the", "dog", "sat", "too"], 1)]
    assert found[-2:] == [(["okay", "the", "dog"], 3), (["okay"], 3)]


def test_the_most_frequent_words_that_can_be_spoken_are_listed(data: Path, tmp_path: Path) -> None:
    made = vocabulary.vocabulary(data, tmp_path, TextConfig(words=5, least=(1, 1)))
    assert made.words[0] == ""
    assert set(made.words[1:]) == {"a", "cat", "sat", "the", "dog"}  # not zzyzx, nor the rarer
    number = {word: i for i, word in enumerate(made.words)}
    _, state = made.model.score(START, number["the"])
    assert made.model.score(state, number["cat"])[0] > made.model.score(state, number["a"])[0]


def test_what_was_counted_is_kept(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = TextConfig(words=6, least=(1, 1))
    first = vocabulary.vocabulary(data, tmp_path, config)
    monkeypatch.setattr(vocabulary, "_made", lambda *_: pytest.fail("counted again"))
    again = vocabulary.vocabulary(data, tmp_path, config)
    assert again.words == first.words
    assert np.array_equal(again.model.trigram, first.model.trigram)
    assert not list(tmp_path.glob("*.partial*"))


def test_without_books_there_are_no_words(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="books"):
        list(vocabulary.sentences(tmp_path, 1))


def test_words_are_spelled_in_phones_with_their_variants(data: Path, tmp_path: Path) -> None:
    made = vocabulary.vocabulary(data, tmp_path, TextConfig(least=(1, 1)))
    tokens = worlds.phone_tokens()
    lexicon = vocabulary.lexicon(made, tokens, pronunciation.english(data))
    the = made.words.index("the")
    spelled = [" ".join(map(tokens.piece, t)) for w, t in lexicon.spellings if w == the]
    assert [s.replace("\u2581", "") for s in spelled] == SPOKEN["the"]
    assert not any(t < SPECIAL for _, ts in lexicon.spellings for t in ts)


@pytest.fixture
def free(data: Path, tmp_path: Path) -> Checkpoint:
    """A random model that writes free speech."""
    tokens = worlds.phone_tokens()
    torch.manual_seed(1)
    config = tiny.model_config()
    model = SeparatorTransducerSegmenter(config, tokens.size).eval()
    with torch.no_grad():
        model.transducer.output.weight.mul_(8.0)
    about = {"world": World.FREE.value, "units": UnitKind.PHONES.value}
    return export.assembled(config, model.state_dict(), about, data, tmp_path)


def test_a_model_of_free_speech_writes_words_of_its_lexicon(
    free: Checkpoint, tmp_path: Path
) -> None:
    path = tmp_path / "free.safetensors"
    checkpoint.save(free, path)
    recognizer = Recognizer.load(path, "cpu")
    assert recognizer.words is not None
    assert free.words is not None
    assert recognizer.words.lexicon == free.words.lexicon
    samples = np.random.default_rng(0).normal(0, 0.1, 16_000 * 12).astype(np.float32)
    search = dataclasses.replace(recognizer.model.config.search, blank_bias=-3.0)
    sessions = [recognizer.session(search) for _ in range(2)]
    for session, step in zip(sessions, (len(samples), 1777), strict=True):
        for begin in range(0, len(samples), step):
            session.accept(samples[begin : begin + step])
        session.finish()
    whole, pieces = (session.events() for session in sessions)
    assert whole == pieces
    said = {w.text for e in whole if isinstance(e, WordsChanged) for w in e.words}
    assert said
    assert said <= set(SPOKEN)


def test_words_know_when_they_began(free: Checkpoint) -> None:
    recognizer = Recognizer(free, "cpu")
    samples = np.random.default_rng(1).normal(0, 0.1, 16_000 * 8).astype(np.float32)
    recognizer.model.config = dataclasses.replace(
        recognizer.model.config, search=dataclasses.replace(export.SEARCH, blank_bias=-3.0)
    )
    words = [
        w for e in recognizer.transcribe(samples) if isinstance(e, WordsChanged) for w in e.words
    ]
    assert words
    assert all(0 <= w.start <= w.end <= len(samples) + 640 for w in words)
    assert sum(w.start < w.end for w in words) > len(words) // 2


def test_calibration_weighs_the_language_model_too(
    free: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = Recognizer(free, "cpu")

    def rate(*_: object) -> float:
        search = recognizer.model.config.search
        return abs(search.lm_scale - 0.6) + abs(search.word_bonus - 1.1)

    monkeypatch.setattr(calibration, "_rate", rate)
    search = calibration.calibrate(recognizer, []).search
    assert (search.lm_scale, search.word_bonus) == (0.65, 1.0)


def test_damaged_words_are_a_model_error(free: Checkpoint, tmp_path: Path) -> None:
    from safetensors import safe_open
    from safetensors.torch import save_file

    path = tmp_path / "free.safetensors"
    checkpoint.save(free, path)
    with safe_open(path, framework="pt") as file:
        metadata = dict(file.metadata())
        weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    weights["words.lengths"] = weights["words.lengths"][:-1]
    save_file(weights, path, metadata)
    with pytest.raises(ModelError, match="install the model again"):
        checkpoint.load(path)


def test_a_run_of_the_small_world_has_no_lexicon(data: Path, tmp_path: Path) -> None:
    tokens = worlds.small_world_tokens()
    config = tiny.model_config()
    model = SeparatorTransducerSegmenter(config, tokens.size)
    made = export.assembled(config, model.state_dict(), {}, data, tmp_path)
    assert made.words is None
    assert made.card.name == "small-world"
    assert to_dict(made.model.config) == to_dict(config)
