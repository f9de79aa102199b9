"""New utterances of people from pieces of what they said: the right words at the right times."""

from __future__ import annotations

import json
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import UNKNOWN_PHONE, Corpus, load_corpus
from engine.data.corpus_folder import CorpusFolder
from engine.data.speech_text import Line
from engine.data.splicing import (
    Spliced,
    joined,
    list_author,
    splice,
    spliced_texts,
    text_author,
)
from engine.data.spoken_corpus import EDGE_S
from engine.data.voice_likeness import alike
from engine.data.word_stock import WordStock, stocks
from engine.timeline import to_samples
from tests.unit.engine import corpora

RANDOM = np.random.default_rng
SPOKEN = {
    "ann": [
        [("alpha", 10, 40), ("bravo", 42, 80), ("charlie", 80, 120)],
        [("bravo", 0, 30), ("delta", 31, 60), ("echo", 120, 150)],  # a pause before the last
    ],
    "bob": [[("delta", 0, 30), ("alpha", 33, 60), ("echo", 65, 99)]],
}
CORPUS = corpora.corpus(SPOKEN)
ANN = stocks(CORPUS, "train", 1)["ann"]
LINES = [
    Line(tuple(text.split()), text)
    for text in ("alpha bravo delta charlie", "echo alpha foxtrot delta alpha bravo", "golf hotel")
]


def texts(stock: WordStock, *words: str) -> list[str]:
    return [" ".join(piece.words) for piece in stock.pieces(words, RANDOM(1))]


def test_a_text_is_made_of_the_longest_pieces_from_the_left() -> None:
    assert texts(ANN, "alpha", "bravo", "charlie", "bravo", "delta") == [
        *("alpha bravo charlie", "bravo delta"),
    ]
    assert texts(ANN, "alpha", "bravo", "delta") == ["alpha bravo", "delta"]
    assert texts(ANN, "delta", "echo") == ["delta", "echo"]  # half a second lies between them


def test_the_longest_known_part_of_a_text_is_found() -> None:
    bob = stocks(CORPUS, "train", 1)["bob"]
    assert bob.longest_run(LINES[1].words) == ("echo", "alpha")
    assert ANN.longest_run(LINES[1].words) == ("delta", "alpha", "bravo")
    assert ANN.longest_run(LINES[2].words) == ()


def test_only_who_said_enough_has_a_stock() -> None:
    assert list(stocks(CORPUS, "train", 4)) == ["ann"]
    assert stocks(CORPUS, "dev", 1) == {}


def test_missing_words_come_from_others_and_no_other_does() -> None:
    all_stocks = stocks(CORPUS, "train", 1)
    mixed = all_stocks["bob"].with_others([all_stocks["ann"]])
    assert mixed.longest_run(("delta", "alpha", "bravo", "golf")) == ("delta", "alpha", "bravo")
    pieces = mixed.pieces(("delta", "alpha", "bravo", "charlie"), RANDOM(1))
    said = [(piece.utterance.speaker, " ".join(piece.words)) for piece in pieces]
    assert said == [("bob", "delta alpha"), ("ann", "bravo charlie")]


def assert_right(corpus: Corpus, spliced: Spliced) -> None:
    """Every word is its own tone where its times say, and only the edges are beyond them."""
    made = joined(corpus, spliced)
    assert [w.text for w in made.words] == [w for piece in spliced.pieces for w in piece.words]
    assert all(a.end <= b.start for a, b in pairwise(made.words))
    assert made.words[0].start == to_samples(EDGE_S)
    assert len(made.samples) - made.words[-1].end == to_samples(EDGE_S)
    for word in made.words:
        middle = made.samples[word.start + 800 : word.end - 800]
        assert corpora.pitch_hz(middle) == pytest.approx(corpora.TONES_HZ[word.text], rel=0.02)


@given(
    st.lists(st.sampled_from(sorted(corpora.TONES_HZ)), min_size=2, max_size=8), st.integers(0, 99)
)
def test_every_word_sounds_where_its_times_say(words: list[str], seed: int) -> None:
    assert_right(CORPUS, Spliced("ann", ANN.pieces(words, RANDOM(seed)), seed))


def test_joins_do_not_click_and_all_pieces_are_as_loud() -> None:
    spoken = {"ann": [[("alpha", 10, 60)], [("alpha", 10, 60)]]}
    corpus = corpora.corpus(spoken)
    loud, low = (corpus.audio(u) for u in corpus.utterances)
    store = np.concatenate([loud, 0.05 * low])
    corpus = Corpus(corpus.utterances, (store * 32767).astype(np.int16))
    stock = stocks(corpus, "train", 1)["ann"]
    pieces = [p for seed in range(20) for p in stock.pieces(("alpha",), RANDOM(seed))]
    made = joined(corpus, Spliced("ann", pieces, 1))
    levels = [float(np.abs(made.samples[w.start : w.end]).max()) for w in made.words]
    assert len({p.utterance.id for p in pieces}) == 2
    assert max(levels) < 1.1 * min(levels)
    # The tone's own steepest step is 2 pi 400 / 16000 of its height.
    assert np.abs(np.diff(made.samples)).max() < 1.2 * 0.157 * max(levels)


def test_phones_go_with_their_words_and_are_unknown_where_they_were() -> None:
    made = joined(CORPUS, Spliced("ann", ANN.pieces(("echo", "bravo"), RANDOM(1)), 1))
    assert made.phones is not None
    assert [p.text for p in made.phones] == ["EH", "B"]
    assert [(p.start, p.end) for p in made.phones] == [(w.start, w.end) for w in made.words]
    silent = corpora.corpus(SPOKEN, phones=False)
    pieces = [*ANN.pieces(("echo",), RANDOM(1))]
    pieces += stocks(silent, "train", 1)["ann"].pieces(("bravo",), RANDOM(1))
    mixed = joined(CORPUS, Spliced("ann", pieces, 1))
    assert mixed.phones is not None
    assert [p.text for p in mixed.phones] == ["EH", UNKNOWN_PHONE]
    assert joined(silent, Spliced("ann", pieces[1:], 1)).phones is None


def test_texts_are_what_people_have_the_words_for_and_never_said_so() -> None:
    known = stocks(CORPUS, "train", 1)
    some = list(islice(spliced_texts(text_author(LINES), 7, known), 20))
    said = {(s.speaker, *(word for piece in s.pieces for word in piece.words)) for s in some}
    assert said == {("ann", *LINES[0].words)}  # bob has two words in a row at most
    assert all(len(s.pieces) > 1 for s in some)
    assert len({s.id for s in some}) == 20
    again = list(islice(spliced_texts(text_author(LINES), 7, known), 20))
    assert [s.id for s in again] == [s.id for s in some]
    assert list(spliced_texts(text_author(LINES[2:]), 7, known)) == []


def test_words_of_a_list_are_drawn_from_what_somebody_said() -> None:
    known = stocks(CORPUS, "train", 1)
    some = list(islice(spliced_texts(list_author(("alpha", "bravo", "echo", "x")), 7, known), 9))
    for spliced in some:
        words = [word for piece in spliced.pieces for word in piece.words]
        assert sorted(words) == ["alpha", "bravo", "echo"]


def test_a_corpus_is_spliced_once_and_can_be_loaded(tmp_path: Path) -> None:
    known = stocks(CORPUS, "train", 1)

    def run() -> int:
        folder = CorpusFolder(tmp_path, "spliced", "free")
        texts = spliced_texts(text_author(LINES), 7, known)
        return splice(CORPUS, texts, folder, 6 / 3600, lambda hours, left: None)

    count = run()
    manifest = (tmp_path / "manifest.jsonl").read_text()
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.flac")}
    assert run() == count == len(files)
    assert (tmp_path / "manifest.jsonl").read_text() == manifest
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.flac")} == files
    corpus = load_corpus(tmp_path, tmp_path / "cache")
    assert {u.corpus for u in corpus.utterances} == {"spliced"}
    assert json.loads(manifest.splitlines()[0])["sources"]
    for utterance in corpus.utterances:
        for word in utterance.words:
            middle = corpus.audio(utterance, word.start + 800, word.end - 800)
            assert corpora.pitch_hz(middle) == pytest.approx(corpora.TONES_HZ[word.text], rel=0.02)


def test_the_likest_voice_has_the_same_pitch_and_colour() -> None:
    spoken = {name: [[("alpha", 0, 200)]] for name in ("low", "low too", "high", "high too")}
    corpus = corpora.corpus(spoken)
    pieces = []
    for place, utterance in enumerate(corpus.utterances):
        hertz, slope = (110.0, 1.0) if place < 2 else (230.0, 0.3)
        time = np.arange(utterance.length) / 16_000
        tones = range(1, 15)
        sound = sum(k**-slope * np.sin(2 * np.pi * (hertz + place) * k * time) for k in tones)
        pieces.append(0.1 * sound + 0.001 * RANDOM(place).standard_normal(len(time)))
    made = Corpus(corpus.utterances, (np.concatenate(pieces) * 20000).astype(np.int16))
    near = alike(made, "train", list(spoken))
    assert {name: others[0] for name, others in near.items()} == {
        **{"low": "low too", "low too": "low", "high": "high too", "high too": "high"},
    }
    assert all(sorted([name, *others]) == sorted(spoken) for name, others in near.items())
