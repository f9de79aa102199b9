"""A cohort embedding for the recognition encoder (arXiv 2207.11345): who is heard, in two numbers.

Which cohort speaks on a channel is chosen from the voice vector of its last seconds: the nearest of
the centres that k-means found. The embedding of the cohort goes through a matrix and is added to
the stream, which is what joining it to the first layer's input would do. Where too little speech
was heard, and where an embedding is zero, the stream stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import CohortConfig
from engine.speakers.embedding import VoiceEncoder, VoiceSums


@dataclass(frozen=True)
class CohortState:
    """What was heard lately, fading: sums of voice features as :class:`VoiceSums` has them.

    Attributes:
        weight: (batch, channels).
        first, second: (batch, channels, hidden).
    """

    weight: Tensor
    first: Tensor
    second: Tensor


class CohortEmbedding(nn.Module):
    """Adds to each frame of a stream what is known of the cohort that speaks.

    A new one changes nothing: its embeddings are zero.
    """

    centres: Tensor

    def __init__(self, stream_size: int, voice_size: int, config: CohortConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("centres", torch.zeros(config.count, voice_size))
        self.embedding = nn.Parameter(torch.zeros(config.count, config.size))
        self.project = nn.Linear(config.size, stream_size, bias=False)

    def initial_state(self, batch: int, channels: int, hidden: int) -> CohortState:
        """Nothing heard."""
        sums = self.embedding.new_zeros(batch, channels, hidden)
        return CohortState(self.embedding.new_zeros(batch, channels), sums, sums)

    def step(
        self, streams: Tensor, features: Tensor, activity: Tensor, state: CohortState,
        voice: VoiceEncoder,
    ) -> tuple[Tensor, CohortState]:  # fmt: skip
        """Go on with some frames; the cohort of a frame follows from it and those before.

        Args:
            streams: (batch, time, channels, size).
            features: of the voice encoder, (batch, time, channels, hidden).
            activity: how surely somebody speaks, 0 where it does not count, the same less hidden.
            state: of the frames before.
            voice: makes vectors of what was heard.
        """
        sums, state = self._heard(features.detach().float(), activity.detach().float(), state)
        chosen = self.choose(sums, voice)
        known = (chosen >= 0)[..., None]
        extra = self.project(F.embedding(chosen.clamp(min=0), self.embedding))
        return streams + extra * known, state

    @torch.no_grad()
    def choose(self, sums: VoiceSums, voice: VoiceEncoder) -> Tensor:
        """The cohort of each sum, (...); -1 where too little was heard."""
        if not sums.weight.numel():
            return torch.zeros_like(sums.weight, dtype=torch.long)
        distances = torch.cdist(voice.vector(sums).flatten(0, -2), self.centres)
        nearest = distances.argmin(dim=-1).view(sums.weight.shape)
        return torch.where(sums.weight >= self.config.enough_frames, nearest, -1)

    @torch.no_grad()
    def _heard(
        self, x: Tensor, weights: Tensor, state: CohortState
    ) -> tuple[VoiceSums, CohortState]:
        """The sums after each frame, (batch, time, channels, ...), and after the last."""
        keep, found = 1.0 - 1.0 / self.config.memory_frames, []
        for t in range(x.shape[1]):
            w = weights[:, t, :, None]
            state = CohortState(
                keep * state.weight + weights[:, t],
                keep * state.first + w * x[:, t],
                keep * state.second + w * x[:, t].square(),
            )
            found.append(state)
        if not found:
            return VoiceSums(weights, x, x), state
        parts = ([getattr(s, name) for s in found] for name in ("weight", "first", "second"))
        return VoiceSums(*(torch.stack(part, dim=1) for part in parts)), state
