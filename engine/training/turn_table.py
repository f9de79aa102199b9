"""The turns of a batch as one table on the device, so that nothing loops over them there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data.targets import Batch
from engine.speakers.embedding import VoiceEncoder, VoiceSums


@dataclass(frozen=True)
class TurnTable:
    """Turns of all scenes, sorted by scene and channel.

    Attributes:
        turns: (turns, 6): row of the batch, channel, start and end frame, whether it begins and
            ends there.
        voices: (known turns, 6): row, channel, start, end, class of the speaker, and which of the
            known turns of its row and channel it is.
        most: known turns of one row and channel at most.
    """

    turns: Tensor
    voices: Tensor
    most: int

    @classmethod
    def of(cls, batch: Batch, classes: Mapping[str, int]) -> TurnTable:
        """The table of a batch; ``classes`` are the speakers that are known."""
        turns: list[tuple[int, ...]] = []
        voices: list[tuple[int, ...]] = []
        seen: Counter[tuple[int, int]] = Counter()
        for row, spoken in enumerate(batch.voices):
            for v in sorted(spoken, key=lambda v: v.channel):
                turns.append((row, v.channel, v.start, v.end, v.begins, v.ends))
                if v.speaker in classes:
                    place = (row, v.channel)
                    voices.append((*place, v.start, v.end, classes[v.speaker], seen[place]))
                    seen[place] += 1
        device = batch.audio.device
        return cls(_table(turns, device), _table(voices, device), max(seen.values(), default=0))

    def marks(self, like: Tensor, frames: int) -> Tensor:
        """1 for ``frames`` frames after a start, 2 after an end, else 0, shaped as ``like``.

        ``like``: (batch, time, channels), integers. A start hides an end.
        """
        _, _, start, end, begins, ends = self.turns.unbind(1)
        started = self._painted(like, start, frames * begins)
        ended = self._painted(like, end, frames * ends)
        return torch.where(started, 1, 2 * ended.to(like.dtype))

    def _painted(self, like: Tensor, first: Tensor, length: Tensor) -> Tensor:
        """Where the frames from ``first`` on are, (batch, time, channels)."""
        batch, time, channels = like.shape
        row, channel = self.turns[:, 0], self.turns[:, 1]
        edges = like.new_zeros(batch, time + 1, channels)
        one = torch.ones_like(first)
        for place, step in ((first, one), (first + length, -one)):
            edges.index_put_((row, place.clamp(max=time), channel), step, accumulate=True)
        return edges.cumsum(1)[:, :time] > 0

    def pool(self, encoder: VoiceEncoder, features: Tensor) -> VoiceSums:
        """Sums over the frames of each known turn; features are (batch, time, channels, hidden)."""
        batch, time, channels, _ = features.shape
        row, channel, start, end, _, place = self.voices.unbind(1)
        at = torch.arange(time, device=features.device)
        inside = (at >= start[:, None]) & (at < end[:, None])
        weights = torch.zeros(batch * channels, self.most, time, device=features.device)
        stream = row * channels + channel
        weights[stream, place] = inside.float()
        sums = encoder.pool(features.transpose(1, 2).flatten(0, 1), weights)
        at_turn = (stream, place)
        return VoiceSums(sums.weight[at_turn], sums.first[at_turn], sums.second[at_turn])


def _table(rows: list[tuple[int, ...]], device: torch.device) -> Tensor:
    table = torch.tensor(rows, dtype=torch.long).view(len(rows), 6)
    return table.to(device)
