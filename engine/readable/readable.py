"""The stage as the app uses it: words of a turn in, how people read them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from engine.readable.features import rows
from engine.readable.model import CASES, ReadableModel, ReadableState
from engine.readable.spelling import Case, Look, sentence_cased, written


@dataclass(frozen=True)
class ReadableCard:
    """What people should know about a file for readable text."""

    name: str = "readable"
    version: str = "1"
    description: str = ""
    language: str = "en"
    licence: str = ""
    training_data: str = ""
    created: str = ""


@dataclass(frozen=True)
class Heard:
    """A turn so far. Never changed in place, so that a guess can start from it and be dropped.

    Attributes:
        state: of the network.
        words: that it has heard.
        looks: of the first of them; the last ones wait for what follows.
    """

    state: ReadableState
    words: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()


class Readable:
    """The weights, shared by all meetings; sessions only read them, from any thread.

    Attributes:
        mixed: words with capitals inside, lower-case to written.
        card: what people should know about the file.
    """

    def __init__(self, model: ReadableModel, mixed: dict[str, str], card: ReadableCard) -> None:
        self.model = model.eval().requires_grad_(False)
        self.mixed = mixed
        self.card = card

    def begin(self) -> Heard:
        """A turn that has no words yet."""
        return Heard(self.model.initial_state(1))

    @torch.inference_mode()
    def hear(self, heard: Heard, words: Sequence[str]) -> Heard:
        """The turn with more words."""
        x = torch.from_numpy(rows(words, self.model.config.buckets))[None]
        y, state = self.model.step(x, heard.state)
        return replace(
            heard, state=state, words=(*heard.words, *words), looks=(*heard.looks, *_looks(y))
        )

    @torch.inference_mode()
    def looks(self, heard: Heard, over: bool) -> tuple[Look, ...]:
        """All words of a turn, the last ones as they are if nothing follows, or not yet."""
        end = self.model.flush if over else self.model.peek
        return (*heard.looks, *_looks(end(heard.state)))

    def texts(self, heard: Heard, over: bool) -> list[str]:
        """The words of a turn as people read them."""
        return self.spell(heard.words, self.looks(heard, over))

    def spell(self, words: Iterable[str], looks: Iterable[Look]) -> list[str]:
        """Words in their looks; the first one and those after a sentence begin with a capital."""
        pairs = zip(words, sentence_cased(looks), strict=True)
        return [written(word, look, self.mixed) for word, look in pairs]


def _looks(logits: Tensor) -> list[Look]:
    """The likeliest case and mark of each word; logits (1, words, LOGITS)."""
    cases = logits[0, :, :CASES].argmax(1).tolist()
    marks = logits[0, :, CASES:].argmax(1).tolist()
    return [Look(Case(case), mark) for case, mark in zip(cases, marks, strict=True)]
