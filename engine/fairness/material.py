"""What a model is asked to recognise of each speaker of a manifest.

Free speech: their utterances. A model of a few words only: those words as the speakers said them,
cut out of their utterances and joined, for whole sentences would measure its vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from engine.data.bench_set import FEWEST_WORDS
from engine.data.corpus import Corpus, Utterance
from engine.data.free_meetings import HISS, LOUDNESS
from engine.data.simulation import Audio, level
from engine.data.sources import Perturbation, SpliceSource, word_tokens
from engine.errors import EngineError
from engine.evaluation.utterances import with_text
from engine.timeline import to_samples

TURNS = 6
"""Spliced turns of each speaker."""

QUIET_S = 0.6
"""Before and behind a turn, as in a meeting."""


@dataclass(frozen=True)
class Material:
    """Utterances and the corpus that holds their samples; ``what`` says it in a sentence."""

    corpus: Corpus
    utterances: Sequence[Utterance]
    what: str


def material(
    corpus: Corpus, splits: Sequence[str], vocabulary: Sequence[str], limit: int | None = None
) -> Material:
    """The utterances of some splits.

    Args:
        corpus: of the manifest.
        splits: whose speakers.
        vocabulary: the words of a model that knows no others; none: free speech.
        limit: utterances of each corpus in a split at most.

    Raises:
        EngineError: when there is nothing to recognise.
    """
    if not vocabulary:
        utterances = [u for split in splits for u in with_text(corpus, split, limit)]
        return Material(corpus, utterances, "Whole utterances, as people spoke them.")
    made = [turn for split in splits for turn in _spliced(corpus, split, vocabulary)]
    if not made:
        raise EngineError(
            f"Nobody of {', '.join(splits)} says {FEWEST_WORDS} of the {len(vocabulary)} words that"
            " this model knows, with known times: add alignments.jsonl.gz, or take a model of free "
            "speech, such as --model free-speech."
        )
    what = (
        f"Only the {len(vocabulary)} words that this model knows, cut out of what people said and "
        f"joined to {TURNS} turns each. It says nothing of free speech."
    )
    spliced = _corpus(made)
    return Material(spliced, spliced.utterances, what)


@dataclass(frozen=True)
class _Turn:
    corpus: str
    speaker: str
    split: str
    number: int
    text: str
    samples: np.ndarray[tuple[int], np.dtype[np.int16]]


def _spliced(corpus: Corpus, split: str, vocabulary: Sequence[str]) -> Iterable[_Turn]:
    source = SpliceSource(word_tokens(corpus, split, vocabulary, FEWEST_WORDS), Perturbation())
    home = {u.speaker: u.corpus for u in corpus.of_split(split)}
    for speaker in source.speakers:
        for number in range(TURNS):
            random = np.random.default_rng((number, *speaker.encode()))
            turn = source.turn(speaker, random)
            samples = (_in_quiet(turn.samples, random) * 32767).astype(np.int16)
            text = " ".join(word.text for word in turn.words)
            yield _Turn(home[speaker], speaker, split, number, text, samples)


def _in_quiet(samples: Audio, random: np.random.Generator) -> Audio:
    """A turn at the loudness of the benchmark, with some hiss before, behind and beneath it."""
    padded = np.pad(level(samples), to_samples(QUIET_S))
    padded += HISS * random.standard_normal(len(padded)).astype(np.float32)
    quiet: Audio = np.clip(padded * LOUDNESS, -1.0, 1.0).astype(np.float32)
    return quiet


def _corpus(turns: Sequence[_Turn]) -> Corpus:
    begins = accumulate((len(turn.samples) for turn in turns), initial=0)
    utterances = [
        Utterance(
            f"{turn.speaker}-{turn.number}",
            turn.corpus,
            turn.speaker,
            turn.split,
            turn.text,
            begin,
            len(turn.samples),
            (),
            None,
        )
        for turn, begin in zip(turns, begins, strict=False)
    ]
    return Corpus(utterances, np.concatenate([turn.samples for turn in turns]))
