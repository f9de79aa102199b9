"""Single utterances: what is counted, and who is redrawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.data.corpus import Corpus, Utterance
from engine.errors import EngineError
from engine.evaluation.error_rates import WordErrors
from engine.evaluation.transcripts import Transcriber, Transcript
from engine.evaluation.utterances import (
    UtteranceScore,
    real_time_factor,
    score_utterances,
    text_by_time,
    wer_difference,
    with_text,
    word_error_rate,
)

from .scripted import ScriptedSystem
from .strategies import hypothesis


def corpus(texts: list[str | None], split: str = "dev") -> Corpus:
    """A second for each text; two people take turns."""
    utterances = [
        Utterance(f"u{i}", "c", f"s{i % 2}", split, text, i * 16_000, 16_000, (), None)
        for i, text in enumerate(texts)
    ]
    noise = np.random.default_rng(0).integers(-999, 999, 16_000 * len(texts))
    return Corpus(utterances, noise.astype(np.int16))


def scores(corpus: Corpus, *texts: str) -> list[UtteranceScore]:
    hear = Transcriber(ScriptedSystem(texts))
    return list(score_utterances(hear, corpus, with_text(corpus, "dev")))


def test_errors_are_counted_on_normalised_text() -> None:
    found = scores(corpus(["Don't STOP, now!", "Twenty-one"]), "don't stop", "twenty won too")
    assert [s.errors for s in found] == [WordErrors(0, 1, 0, 3), WordErrors(1, 0, 1, 2)]
    assert [s.speaker for s in found] == ["s0", "s1"]
    assert word_error_rate(found).value == pytest.approx(3 / 5)
    assert word_error_rate(found, lambda e: e.insertions).value == pytest.approx(1 / 5)


def test_only_utterances_with_words_are_heard_also_without_word_times() -> None:
    made = corpus(["one", None, "", "...", "two"])
    assert [u.id for u in with_text(made, "dev")] == ["u0", "u4"]
    with pytest.raises(EngineError, match="use dev or test"):
        with_text(made, "nobody")


def test_a_limit_is_spread_over_each_corpus() -> None:
    made = corpus(["a"] * 10)
    others = [replace(u, id=f"v{i}", corpus="d") for i, u in enumerate(made.utterances[:3])]
    both = Corpus([*made.utterances, *others], np.zeros(160_000, np.int16))
    assert [u.id for u in with_text(both, "dev", 2)] == ["u0", "u5", "v0", "v1"]
    assert len(with_text(both, "dev", 99)) == 13


def test_the_words_of_all_turns_by_time() -> None:
    turns = [
        hypothesis("1", 0, 4, "a c", channel=0),
        hypothesis("2", 1, 2, "b", channel=1),
    ]
    assert text_by_time(turns) == "a b c"


def test_progress_hears_of_every_utterance() -> None:
    heard: list[tuple[float, Transcript]] = []
    made = corpus(["a", "b"])
    hear = Transcriber(ScriptedSystem(["a"]))
    list(score_utterances(hear, made, made.utterances, lambda *said: heard.append(said)))
    assert [seconds for seconds, _ in heard] == [1.0, 1.0]


def test_intervals_redraw_speakers_not_utterances() -> None:
    """One person is always wrong, one never: with two people, every share may come."""
    found = scores(corpus(["a"] * 40), "a", "b")
    interval = word_error_rate(found)
    assert (interval.value, interval.low, interval.high) == (0.5, 0.0, 1.0)
    alone = [replace(s, speaker=s.utterance) for s in found]
    assert word_error_rate(alone).high < 0.7


def test_a_difference_is_paired_by_speaker() -> None:
    made = corpus(["a b"] * 8)
    worse, better = scores(made, "x y", "x b"), scores(made, "x b", "a b")
    interval = wer_difference(better, worse)
    assert (interval.value, interval.low, interval.high) == pytest.approx((-0.5, -0.5, -0.5))
    assert wer_difference(better, worse, relative=True).value == pytest.approx(-2 / 3)
    with pytest.raises(EngineError, match="different utterances"):
        wer_difference(better, worse[:-1])


def test_the_real_time_factor_pools_seconds() -> None:
    found = [replace(s, seconds=0.25 * i) for i, s in enumerate(scores(corpus(["a"] * 3), "a"))]
    assert real_time_factor(found) == pytest.approx(0.25)
