"""Batches for training voice vectors: a few crops of each of some speakers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.data.corpus import Utterance
from engine.errors import EngineError
from engine.training.voice_frames import VoiceFrames

Span = tuple[int, int]
"""First frame and the one after the last."""

LEAST_FRAMES = 75
"""Speakers of whom less is there are left out: their crops would all be the same."""

ACTIVE = 0.5
"""Speech probability from which a frame counts, as in a meeting."""


@dataclass(frozen=True)
class Crops:
    """A batch.

    Attributes:
        frames: what the head reads, (crops, time, size).
        weights: speech probability, 0 where there is no speech or no more audio, (crops, time).
        speakers: numbers of the speakers, (crops,).
    """

    frames: Tensor
    weights: Tensor
    speakers: Tensor


class CropMaker:
    """Makes batches from frames; the batch of a step depends on the seed and the step alone."""

    def __init__(
        self,
        frames: VoiceFrames,
        utterances: Iterable[Utterance],
        speakers: int,
        crops: int,
        crop_frames: int,
        seed: int,
    ) -> None:
        """Args: of a batch, so many ``speakers`` with so many ``crops`` each of ``crop_frames``.

        Raises:
            EngineError: when there are fewer than two speakers with enough speech.
        """
        self._frames, self._crop_frames, self._seed = frames, crop_frames, seed
        self._spans = _spans(frames, utterances)
        self.speakers = sorted(self._spans)
        if len(self.speakers) < 2:
            raise EngineError(
                f"{len(self.speakers)} speakers in the column 'speaker' have "
                f"{LEAST_FRAMES * 0.04:g} s of speech with the split 'train': at least 2 are "
                "needed to tell voices apart."
            )
        self._per_batch, self._crops = min(speakers, len(self.speakers)), crops

    def batch(self, step: int) -> Crops:
        """The batch of a step."""
        rng = np.random.default_rng((self._seed, step))
        numbers = rng.permutation(len(self.speakers))[: self._per_batch].tolist()
        chosen = [(n, span) for n in numbers for span in self._some(n, self._crops, rng)]
        return self._of(chosen, rng)

    def probe(self) -> Crops:
        """One crop of every speaker, always the same ones."""
        rng = np.random.default_rng(self._seed)
        return self._of([(n, self._some(n, 1, rng)[0]) for n in range(len(self.speakers))], rng)

    def _some(self, number: int, count: int, rng: np.random.Generator) -> list[Span]:
        """Utterances of a speaker, each again only when all were there."""
        spans = self._spans[self.speakers[number]]
        order = rng.permutation(len(spans))
        return [spans[order[i % len(spans)]] for i in range(count)]

    def _of(self, chosen: Sequence[tuple[int, Span]], rng: np.random.Generator) -> Crops:
        size = self._frames.frames.shape[1]
        x = np.zeros((len(chosen), self._crop_frames, size), dtype=np.float32)
        weights = np.zeros(x.shape[:2], dtype=np.float32)
        for row, (_, span) in enumerate(chosen):
            begin, end = self._crop(span, rng)
            activity = self._frames.activity[begin:end]
            x[row, : end - begin] = self._frames.frames[begin:end]
            weights[row, : end - begin] = np.where(activity >= ACTIVE, activity, 0.0)
        speakers = torch.tensor([number for number, _ in chosen])
        return Crops(torch.from_numpy(x), torch.from_numpy(weights), speakers)

    def _crop(self, span: Span, rng: np.random.Generator) -> Span:
        begin, end = span
        first = begin + int(rng.integers(max(0, end - begin - self._crop_frames) + 1))
        return first, min(first + self._crop_frames, end)


def _spans(frames: VoiceFrames, utterances: Iterable[Utterance]) -> dict[str, list[Span]]:
    """Where the speech of each speaker lies, of those of whom enough is there."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for utterance in utterances:
        begin, end = frames.spans[utterance.id]
        if end > begin:
            found[utterance.speaker].append((begin, end))
    return {s: v for s, v in found.items() if sum(b - a for a, b in v) >= LEAST_FRAMES}
