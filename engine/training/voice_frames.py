"""What a model's voice head reads, computed once for every utterance and kept on disk.

The head reads the stream of a separated channel and the input frames beside it
(:class:`engine.speakers.embedding.VoiceEncoder`). Both come from parts of the model that stay as
they are while its head is trained, so they are computed once, in half precision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.corpus import Corpus, Utterance
from engine.model import SeparatorTransducerSegmenter
from engine.timeline import to_samples

TRAIN_S = 30.0
"""Speech of a training speaker that is kept at most: a reader of an hour is one voice."""

Report = Callable[[str], None]


@dataclass(frozen=True)
class VoiceFrames:
    """Frames of many utterances, one after the other.

    Attributes:
        frames: (frames, stream size + input size), half precision.
        activity: probability that the channel speaks, (frames,).
        spans: first frame and the one after the last, of each utterance by id.
    """

    frames: NDArray[np.float16]
    activity: NDArray[np.float32]
    spans: dict[str, tuple[int, int]]

    def of(self, utterance: str) -> tuple[Tensor, Tensor]:
        """Frames (time, size) and activity (time,) of an utterance."""
        begin, end = self.spans[utterance]
        x = torch.from_numpy(self.frames[begin:end].astype(np.float32))
        return x, torch.from_numpy(self.activity[begin:end].copy())


def voice_frames(
    model: SeparatorTransducerSegmenter,
    digest: str,
    corpus: Corpus,
    utterances: Sequence[Utterance],
    cache: Path,
    report: Report = lambda line: None,
) -> VoiceFrames:
    """Frames of the utterances as the model's first channel has them.

    Args:
        model: in evaluation mode.
        digest: names its weights.
        corpus: has the samples.
        utterances: what to keep; of anything else nothing is kept.
        cache: where to keep it; a half-made file is made anew.
        report: gets a line from time to time.
    """
    names = "\n".join([digest, *(f"{u.id} {u.length}" for u in utterances)])
    folder = cache / f"voice-frames-{hashlib.sha256(names.encode()).hexdigest()[:16]}"
    if not (folder / "spans.json").is_file():
        _compute(model, corpus, utterances, folder, report)
    spans = json.loads((folder / "spans.json").read_text())
    activity = np.load(folder / "activity.npy")
    size = model.separator.size + model.config.frontend.size
    shape = (len(activity), size)
    frames = np.memmap(folder / "frames.f16", dtype=np.float16, mode="r", shape=shape)
    return VoiceFrames(frames, activity, {name: (a, b) for name, (a, b) in spans.items()})


def _compute(
    model: SeparatorTransducerSegmenter,
    corpus: Corpus,
    utterances: Sequence[Utterance],
    folder: Path,
    report: Report,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    spans: dict[str, tuple[int, int]] = {}
    activity: list[NDArray[np.float32]] = []
    done = 0
    with (folder / "frames.f16").open("wb") as out:
        for number, utterance in enumerate(utterances, 1):
            frames, speaks = heard(model, corpus.audio(utterance))
            out.write(frames.half().numpy().tobytes())
            activity.append(speaks.numpy())
            spans[utterance.id] = (done, done + len(frames))
            done += len(frames)
            if number % 500 == 0:
                report(f"heard {number} of {len(utterances)} utterances")
    np.save(folder / "activity.npy", np.concatenate(activity))
    (folder / "spans.json").write_text(json.dumps(spans))  # last: now it is whole


@torch.no_grad()
def heard(
    model: SeparatorTransducerSegmenter, samples: NDArray[np.float32]
) -> tuple[Tensor, Tensor]:
    """What the voice head reads of one person alone: frames (time, size), activity (time,).

    A person alone is on the first channel.
    """
    frames = model.frontend(torch.from_numpy(samples)[None])
    streams = model.separator(frames)
    speaks = model.separator.activity(streams)[0, :, 0].sigmoid()
    return torch.cat([streams[0, :, 0], frames[0]], dim=-1), speaks


def training_utterances(corpus: Corpus, train_s: float = TRAIN_S) -> list[Utterance]:
    """The training utterances, but of each speaker no more than is enough."""
    said: dict[str, int] = {}
    kept = []
    for utterance in corpus.of_split("train"):
        before = said.get(utterance.speaker, 0)
        if before < to_samples(train_s):
            said[utterance.speaker] = before + utterance.length
            kept.append(utterance)
    return kept
