"""What a model is to understand: the forty words of the small world, or free speech.

A world has its units (the tokens that words are made of), its stages of training, its sources of
speech and its card.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from engine.data import pronunciation, synthesis
from engine.data.corpus import PHONES, Corpus, load_corpus
from engine.data.small_world import WORDS
from engine.data.sources import (
    PADDING_S,
    Perturbation,
    SpliceSource,
    UtteranceSource,
    WordToken,
    word_tokens,
)
from engine.model_card import ModelCard
from engine.timeline import to_samples
from engine.tokens import SPECIAL, Tokens
from engine.training import stages
from engine.training.batches import SourceShare
from engine.training.stages import Stage

PIECES = 256
"""Word pieces of free speech, special tokens included: few, for there is little speech."""


class World(StrEnum):
    """What a model is to understand."""

    SMALL = "small"
    FREE = "free"


class UnitKind(StrEnum):
    """What words are spelled in."""

    WORDS = "words"
    PHONES = "phones"
    PIECES = "pieces"


@dataclass(frozen=True)
class Units:
    """Tokens, and how words are spelled in them.

    Attributes:
        spelling: the pieces of each word as text; words that are not in it spell themselves.
    """

    tokens: Tokens
    spelling: Mapping[str, str]


UNITS: dict[World, tuple[UnitKind, ...]] = {
    World.SMALL: (UnitKind.WORDS,),
    World.FREE: (UnitKind.PHONES, UnitKind.PIECES),
}
"""What each world can be spelled in, the default first."""

STAGES: dict[World, dict[str, Stage]] = {World.SMALL: stages.SMALL, World.FREE: stages.FREE}


def units(kind: UnitKind, data: Path, cache: Path) -> Units:
    """The tokens of a kind; pieces are learned from the training transcripts."""
    if kind is UnitKind.WORDS:
        return Units(small_world_tokens(), {})
    if kind is UnitKind.PHONES:
        pronunciations = pronunciation.english(data)
        return Units(phone_tokens(), {w: " ".join(v[0]) for w, v in pronunciations.items()})
    return Units(Tokens.train(_transcripts(load_corpus(data, cache)), PIECES, "unigram"), {})


def small_world_tokens() -> Tokens:
    """Every word of the small world is one token."""
    return Tokens.train([word for word in WORDS for _ in range(4)], len(WORDS) + SPECIAL)


def phone_tokens() -> Tokens:
    """Every phone is one token; words are sequences of them."""
    return Tokens.train([phone for phone in PHONES for _ in range(4)], len(PHONES) + SPECIAL)


def _transcripts(corpus: Corpus) -> Iterator[str]:
    for utterance in corpus.of_split("train"):
        if utterance.words:
            yield " ".join(word.text for word in utterance.words)


def sources(
    world: World, stage: Stage, corpus: Corpus, cache: Path, units: Units
) -> list[SourceShare]:
    """What the turns of a stage are made of."""
    if world is World.FREE:
        only_phones = not stage.objective.transducer
        known = units.spelling or None
        read = UtteranceSource(corpus, "train", Perturbation(0.12), only_phones, known)
        if read.left_out:
            odd = ", ".join(word for word, _ in read.left_out.most_common(5))
            print(
                f"left out: turns with {len(read.left_out)} words without pronunciation, as {odd}"
            )
        # everything is heard equally often: few people said most of it
        return [SourceShare(read, stage.read, weights=read.spoken)]
    perturbation = Perturbation(0.12)
    read = UtteranceSource(corpus, "train", Perturbation(0.1), with_phones=True)
    spliced = SpliceSource(word_tokens(corpus, "train", WORDS, fewest=2), perturbation)
    synthetic = SpliceSource(synthetic_tokens(cache), perturbation)
    return [
        SourceShare(read, stage.read, transcribed=False),
        SourceShare(spliced, stage.spliced),
        SourceShare(synthetic, stage.synthetic),
    ]


def synthetic_tokens(cache: Path) -> dict[str, list[WordToken]]:
    """The words of the small world by every synthetic training voice."""
    tokens: dict[str, list[WordToken]] = defaultdict(list)
    pad = to_samples(PADDING_S)
    voices = synthesis.training_voices()
    for voice, word, samples in synthesis.word_tokens(voices, WORDS, cache / "synthetic"):
        tokens[voice].append(WordToken(word, np.pad(samples, pad), None))
    return dict(tokens)


_TRAINING_DATA = (
    "LibriSpeech dev-clean (half), speechocean762, Common Voice and LJ Speech, their train splits; "
)
_AT_ONCE = "At most two people at once; a third is not written down."


def card(world: World) -> ModelCard:
    """The card of a model of this world."""
    if world is World.SMALL:
        return ModelCard(
            name="small-world",
            description="Transcribes meetings whose words come from a list of forty.",
            licence="Apache-2.0",
            vocabulary=" ".join(WORDS),
            training_data=_TRAINING_DATA
            + "synthetic voices of eSpeak NG and Flite; noise of ESC-10.",
            limits="Other words are written as the nearest of the list or left out. " + _AT_ONCE,
        )
    return ModelCard(
        name="free-speech",
        description="Transcribes English meetings.",
        licence="Apache-2.0",
        training_data=_TRAINING_DATA + "noise of ESC-10; text of public-domain books and of AMI.",
        limits="Learned from few hours of read speech: many words are wrong, more so from far "
        "away. " + _AT_ONCE,
    )
