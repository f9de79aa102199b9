"""Sources of turns by name, for the commands of the laboratory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from numpy.random import Generator

from engine.data.bench_set import FEWEST_WORDS
from engine.data.corpus import Corpus
from engine.data.fitted_turns import SilentSource
from engine.data.simulation import SpokenTurn, TurnSource
from engine.data.small_world import WORDS
from engine.data.sources import Perturbation, SpliceSource, UtteranceSource, word_tokens
from engine.errors import EngineError
from engine.timeline import to_samples


class SourceName(StrEnum):
    """Where turns come from."""

    READ = "read"
    SPLICED = "spliced"
    SILENT = "silent"


def turn_source(name: SourceName, corpus: Corpus, split: str) -> TurnSource:
    """A source of turns by name, of the speakers of a split."""
    if name is SourceName.SILENT:
        return SilentSource()
    source: TurnSource
    if name is SourceName.READ:
        source = UtteranceSource(corpus, split, Perturbation())
    else:
        tokens = word_tokens(corpus, split, WORDS, FEWEST_WORDS)
        source = SpliceSource(tokens, Perturbation())
    if not source.speakers:
        raise EngineError(f"The split {split!r} has no aligned speech: use train, dev or test.")
    return source


@dataclass(frozen=True)
class SomeSpeakers:
    """Some of the speakers of a source."""

    source: TurnSource
    speakers: Sequence[str]

    def turn(self, speaker: str, random: Generator) -> SpokenTurn:
        """A new turn of a speaker."""
        return self.source.turn(speaker, random)


def talkative(source: TurnSource, corpus: Corpus, least_s: float) -> TurnSource:
    """Who has at least so many seconds of aligned speech: others repeat themselves in a meeting."""
    spoken: Counter[str] = Counter()
    for utterance in corpus.utterances:
        spoken[utterance.speaker] += sum(w.end - w.start for w in utterance.words)
    return SomeSpeakers(source, [s for s in source.speakers if spoken[s] >= to_samples(least_s)])
