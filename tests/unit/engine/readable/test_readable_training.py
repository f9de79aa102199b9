"""Turns are cut as they come in a meeting, the loss is what it says, and training learns."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.readable.features import TURN_ENDS, TURN_GOES_ON, rows
from engine.readable.model import CASES, ReadableConfig
from engine.readable.readable import ReadableCard
from engine.readable.spelling import MARKS
from engine.training.readable.corpus import Corpus
from engine.training.readable.texts import COMMA, NO_MARK, QUESTION, STOP, Text, text_of
from engine.training.readable.trainer import ReadableTraining, losses, train
from engine.training.readable.turns import (
    MOST_WORDS,
    Piece,
    Table,
    batches,
    pause_pieces,
    sentence_pieces,
    turn_spans,
)
from tests.unit.engine.small_readable import CONFIG, model

WORDS = ["so", "Anna", "said", "no", "We", "agreed"]


def a_text(count: int = 300, every: int = 6) -> Text:
    """Sentences of equal length."""
    forms = [WORDS[i % len(WORDS)] for i in range(count)]
    ends = [i % every == every - 1 for i in range(count)]
    return text_of(forms, [STOP if end else NO_MARK for end in ends], ends)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@given(st.integers(1, 400), st.integers(1, 90))
def test_the_turns_cut_from_a_text_are_all_of_it(count: int, every: int) -> None:
    pieces = list(sentence_pieces(3, a_text(count, every), rng()))
    assert [p.start for p in pieces] == [0, *(p.stop for p in pieces[:-1])]
    assert pieces[-1].stop == count
    assert all(p.text == 3 and 0 < p.stop - p.start <= MOST_WORDS for p in pieces)


def test_turns_end_with_a_sentence_and_within_one() -> None:
    text = a_text(3_000)
    pieces = list(sentence_pieces(0, text, rng()))
    whole = [bool(text.stops[p.stop - 1]) for p in pieces]
    assert 0.5 < np.mean(whole) < 0.9
    assert 0.6 < np.mean([p.over for p, w in zip(pieces, whole, strict=True) if w]) < 0.9
    assert 0.05 < np.mean([p.over for p, w in zip(pieces, whole, strict=True) if not w]) < 0.5


def test_several_sentences_make_a_turn() -> None:
    assert list(turn_spans(a_text(30), stops=2)) == [(0, 12), (12, 24), (24, 30)]


@given(st.integers(1, 400), st.integers(1, 90))
def test_turns_of_a_person_go_from_pause_to_pause(count: int, every: int) -> None:
    text = a_text(count, every)
    spans = list(turn_spans(text))
    assert [i for span in spans for i in range(*span)] == list(range(count))
    cut = list(pause_pieces(0, text, rng()))
    assert [p.start for p in cut] == [start for start, _ in spans]
    assert all(p.start < p.stop <= stop for p, (_, stop) in zip(cut, spans, strict=True))


def test_a_batch_is_what_the_stage_hears_of_each_turn() -> None:
    text = a_text()
    pieces = [Piece(0, 0, 6, True), Piece(0, 7, 10, False)]
    batch = Table([text], CONFIG.buckets).batch(pieces, look_ahead=2)
    for row, piece, end in zip(batch.x, pieces, (TURN_ENDS, TURN_GOES_ON), strict=True):
        length = piece.stop - piece.start
        words = rows(text.words[piece.start : piece.stop], CONFIG.buckets)
        assert np.array_equal(row[:length], words)
        assert row[length : length + 2, 0].tolist() == [end, end]
        assert not row[length + 2 :].any()
    assert batch.cases.tolist() == [[-1, 1, 0, 0, 1, 0], [-1, 0, 0, -1, -1, -1]]
    assert batch.marks.tolist() == [[1, 1, 1, 1, 1, STOP], [1, 1, 1, 0, 0, 0]]
    assert batch.words == 9


def test_capitals_that_a_rule_writes_are_not_learned() -> None:
    forms = ["Yes", "So", "Anna", "Well", "BBC", "I", "it"]
    marks = [STOP, NO_MARK, COMMA, STOP | QUESTION, STOP, STOP | COMMA, NO_MARK]
    text = text_of(forms, marks, [False] * 7)
    batch = Table([text], CONFIG.buckets).batch([Piece(0, 0, 7, False)], look_ahead=1)
    assert batch.cases.tolist() == [[-1, -1, 1, 1, 2, -1, 0]]


def test_a_turn_that_is_over_does_not_end_with_a_comma() -> None:
    text = text_of(["well"], [COMMA], [True])
    for marks, over, expected in [(COMMA, True, NO_MARK), (COMMA, False, COMMA)]:
        assert text.marks[0] == marks
        batch = Table([text], 50).batch([Piece(0, 0, 1, over)], look_ahead=1)
        assert batch.marks.tolist() == [[expected]]


def test_every_turn_is_in_one_batch() -> None:
    pieces = list(sentence_pieces(0, a_text(3_000), rng()))
    made = list(batches(pieces, 100, rng()))
    assert sorted(p for batch in made for p in batch) == pieces
    assert made != list(batches(pieces, 100, np.random.default_rng(2)))
    assert all(sum(p.stop - p.start for p in batch) < 100 + MOST_WORDS for batch in made)


def test_the_loss_is_that_of_all_marks_that_are_allowed() -> None:
    marks = [NO_MARK, STOP | COMMA, (1 << len(MARKS)) - 1]
    text = text_of(["so", "I", "said"], marks, [False] * 3)
    batch = Table([text], CONFIG.buckets).batch([Piece(0, 0, 3, False)], look_ahead=2)
    stage = model()
    case, mark = losses(stage, batch)
    logits = stage.step(batch.x, stage.initial_state(1))[0][0]
    cases, scores = logits[:, :CASES].softmax(1), logits[:, CASES:].softmax(1)
    assert case.item() == pytest.approx(-(math.log(cases[1, 1]) + math.log(cases[2, 0])) / 2)
    allowed = [scores[0, 0], scores[1, 1] + scores[1, 2], torch.tensor(1.0)]
    assert mark.item() == pytest.approx(-sum(math.log(p) for p in allowed) / 3, rel=1e-4)


def trained(steps: int = 40) -> tuple[list[str], list[float]]:
    """What a stage that read the same sentences often makes of them; and its weights."""
    training = ReadableTraining(
        steps, 100, 0.02, 5, 1, 20, config=ReadableConfig(300, 12, 16, dropout=0.0)
    )
    said: list[str] = []
    stage = train(Corpus([[a_text()]], [[a_text(30)]]), training, ReadableCard(), said.append)
    assert len(said) == steps // 20
    assert re.match(r"step 20/40 case \d\.\d+ mark \d\.\d+ \d+ words/s, 0 min left", said[0])
    heard = stage.hear(stage.begin(), [word.lower() for word in WORDS * 2])
    return stage.texts(heard, over=True), stage.model.output.bias.tolist()


def test_training_learns_case_and_marks_and_repeats_itself() -> None:
    texts, weights = trained()
    assert " ".join(texts) == "So Anna said no We agreed. So Anna said no We agreed."
    assert trained() == (texts, weights)
