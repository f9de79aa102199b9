"""The separator-transducer-segmenter: the stages put together (arXiv 2205.05199)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from engine.cohorts import CohortEmbedding, CohortState
from engine.config import ModelConfig
from engine.frontend import FrontendState, build_frontend
from engine.separator import Separator, SeparatorState
from engine.speakers.embedding import VoiceEncoder
from engine.streaming import Encoder, StreamingStage, stacked_look_ahead
from engine.transducer import Transducer


@dataclass(frozen=True)
class Heard:
    """What the neural stages make of some audio. Frames are aligned over all fields.

    Attributes:
        encoded: recognition encodings, (batch, time, channels, size).
        activity: log-odds that a channel speaks, (batch, time, channels).
        voice: voice features, (batch, time, channels, hidden).
    """

    encoded: Tensor
    activity: Tensor
    voice: Tensor

    @property
    def frames(self) -> int:
        """How many frames were added."""
        return self.encoded.shape[1]

    def part(self, begin: int, end: int) -> Heard:
        """Frames ``begin`` to ``end``."""
        return Heard(
            self.encoded[:, begin:end], self.activity[:, begin:end], self.voice[:, begin:end]
        )


@dataclass(frozen=True)
class ModelState:
    """The state of all stages, and what waits for look-ahead.

    Attributes:
        waiting: input frames whose encodings are not out yet, (batch, time, input).
        streams: streams whose encodings are not out yet, (batch, time, channels, size).
        cohorts: who was heard lately, for a model that cares.
    """

    frontend: FrontendState
    separator: SeparatorState
    recognition: Any
    waiting: Tensor
    streams: Tensor
    cohorts: CohortState | None = None


class SeparatorTransducerSegmenter(StreamingStage[ModelState]):
    """Samples ``(batch, samples)`` to :class:`Heard`; the search reads it with the transducer."""

    def __init__(self, config: ModelConfig, vocabulary: int) -> None:
        super().__init__()
        config.validate()
        self.config = config
        self.vocabulary = vocabulary
        self.frontend = build_frontend(config.frontend)
        self.separator = Separator(config.frontend.size, config.separator)
        self.transducer = Transducer(self.separator.size, vocabulary, config.transducer)
        self.voice = VoiceEncoder(self.separator.size, config.frontend.size, config.voice)
        self.cohorts = (
            CohortEmbedding(self.separator.size, config.voice.size, config.cohorts)
            if config.cohorts.count
            else None
        )

    @property
    def channels(self) -> int:
        """How many turns may be open at once."""
        return self.config.separator.channels

    @property
    def look_ahead(self) -> int:
        """Samples after the start of a frame that its encoding can see at most."""
        frames = stacked_look_ahead(self._stack)
        return frames * self.config.frontend.frame + self.frontend.reach

    def frames_after(self, samples: int) -> int:
        """How many frames the steps over the first ``samples`` samples of a stream have said."""
        frames = max(0, (samples - self.frontend.reach) // self.config.frontend.frame + 1)
        for encoder in self._stack:
            frames = encoder.frames_after(frames)
        return frames

    @property
    def _stack(self) -> list[Encoder[Any]]:
        return [*self.separator.stack, self.transducer.recognition]

    def initial_state(self, batch: int) -> ModelState:
        """Nothing heard and nothing waiting."""
        weight = self.transducer.output.weight
        return ModelState(
            self.frontend.initial_state(batch),
            self.separator.initial_state(batch),
            self.transducer.initial_state(batch * self.channels),
            weight.new_zeros(batch, 0, self.config.frontend.size),
            weight.new_zeros(batch, 0, self.channels, self.separator.size),
            self._no_cohorts(batch),
        )

    def _no_cohorts(self, batch: int) -> CohortState | None:
        if self.cohorts is None:
            return None
        return self.cohorts.initial_state(batch, self.channels, self.config.voice.hidden)

    def step(self, x: Tensor, state: ModelState) -> tuple[Heard, ModelState]:  # type: ignore[override]
        """What can be said of the samples ``x`` (batch, samples) and of those before them."""
        frames, frontend = self.frontend.step(x, state.frontend)
        streams, separator = self.separator.step(frames, state.separator)
        waiting = torch.cat([state.waiting, frames], dim=1)
        told, cohorts = self._told(streams, waiting[:, state.streams.shape[1] :], state.cohorts)
        encoded, recognition = self.transducer.recognition.step(_rows(told), state.recognition)
        streams = torch.cat([state.streams, streams], dim=1)
        return self._heard(encoded, streams, waiting), ModelState(
            frontend,
            separator,
            recognition,
            waiting[:, encoded.shape[1] :],
            streams[:, encoded.shape[1] :],
            cohorts,
        )

    def flush(self, state: ModelState) -> Heard:  # type: ignore[override]
        """The frames that still waited for look-ahead."""
        frames = self.frontend.flush(state.frontend)
        streams, separator = self.separator.step(frames, state.separator)
        streams = torch.cat([streams, self.separator.flush(separator)], dim=1)
        waiting = torch.cat([state.waiting, frames], dim=1)
        told, _ = self._told(streams, waiting[:, state.streams.shape[1] :], state.cohorts)
        encoded, recognition = self.transducer.recognition.step(_rows(told), state.recognition)
        encoded = torch.cat([encoded, self.transducer.recognition.flush(recognition)], dim=1)
        return self._heard(encoded, torch.cat([state.streams, streams], dim=1), waiting)

    def forward(self, x: Tensor) -> Heard:  # type: ignore[override]
        """The whole of ``x`` at once; the same values as any sequence of steps."""
        heard, state = self.step(x, self.initial_state(x.shape[0]))
        return join([heard, self.flush(state)])

    def encode(self, frames: Tensor) -> Heard:
        """For training: the whole of some frontend frames (batch, time, input) at once."""
        streams = self.separator(frames)
        told, _ = self._told(streams, frames, self._no_cohorts(len(frames)))
        return self._heard(self.transducer.recognition(_rows(told)), streams, frames)

    def _told(
        self, streams: Tensor, frames: Tensor, state: CohortState | None
    ) -> tuple[Tensor, CohortState | None]:
        """The streams as the recognition encoder gets them: with who speaks, if that is wanted."""
        if self.cohorts is None or state is None:
            return streams, state
        features = self.voice(streams, self._by_channel(frames, streams.shape[1]))
        speaks = self.separator.activity(streams).sigmoid()
        speaks = speaks * (speaks >= self.config.segmenter.activity_threshold)
        return self.cohorts.step(streams, features, speaks, state, self.voice)

    def _by_channel(self, frames: Tensor, count: int) -> Tensor:
        """The first frames, the same for each channel."""
        return frames[:, :count, None].expand(-1, -1, self.channels, -1)

    def _heard(self, encoded: Tensor, streams: Tensor, frames: Tensor) -> Heard:
        streams = streams[:, : encoded.shape[1]]
        frames = self._by_channel(frames, encoded.shape[1])
        rows, time, size = encoded.shape
        encoded = encoded.reshape(rows // self.channels, self.channels, time, size)
        return Heard(
            encoded.transpose(1, 2),
            self.separator.activity(streams),
            self.voice(streams, frames),
        )


def _rows(streams: Tensor) -> Tensor:
    """Channels as rows: (batch, time, channels, size) to (batch * channels, time, size)."""
    return streams.transpose(1, 2).flatten(0, 1)


def join(parts: list[Heard]) -> Heard:
    """Consecutive pieces as one."""
    return Heard(
        torch.cat([p.encoded for p in parts], dim=1),
        torch.cat([p.activity for p in parts], dim=1),
        torch.cat([p.voice for p in parts], dim=1),
    )


def with_cohorts(
    model: SeparatorTransducerSegmenter, centres: Tensor
) -> SeparatorTransducerSegmenter:
    """The same model with a zero embedding for each cohort of these centres, (cohorts, size)."""
    config = dataclasses.replace(
        model.config, cohorts=dataclasses.replace(model.config.cohorts, count=len(centres))
    )
    made = SeparatorTransducerSegmenter(config, model.vocabulary)
    kept = {k: v for k, v in model.state_dict().items() if not k.startswith("cohorts.")}
    made.load_state_dict(kept, strict=False)
    assert made.cohorts is not None
    made.cohorts.centres.copy_(centres)
    return made.eval()
