"""The voice of each open turn: sums of voice features over the frames that are its own.

Frames come in faster than turns are recognised: a turn is opened some time after its start, so the
features of the last seconds are kept.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.speakers.embedding import VoiceEncoder, VoiceSums

KEPT_FRAMES = 75
"""How many frames back a turn may start."""


@dataclass(frozen=True)
class _Frame:
    number: int
    features: Tensor
    weight: float


class TurnVoice:
    """The voice of one turn, growing while the turn is open."""

    def __init__(self, encoder: VoiceEncoder, channel: int, frame: int) -> None:
        self._encoder = encoder
        self._frame = frame
        self.channel = channel
        self._sums: VoiceSums | None = None
        self._open = True
        self._vector: NDArray[np.float32] | None = None

    @property
    def heard(self) -> int:
        """Samples of speech that the vector rests on."""
        return 0 if self._sums is None else round(float(self._sums.weight[0]) * self._frame)

    def add(self, features: Tensor, weight: float) -> None:
        """A frame of the channel, weighted by its speech probability."""
        if not self._open:
            return
        sums = self._encoder.pool(features.view(1, 1, -1), features.new_full((1, 1, 1), weight))
        sums = VoiceSums(sums.weight[0], sums.first[0], sums.second[0])
        self._sums = sums if self._sums is None else self._sums + sums
        self._vector = None

    def pause(self) -> None:
        """The turn ended: what follows is not its own."""
        self._open = False

    def resume(self) -> None:
        """The turn goes on."""
        self._open = True

    def vector(self) -> NDArray[np.float32]:
        """Unit-length voice vector; zeros while nothing was heard."""
        if self._sums is None:
            return np.zeros(self._encoder.config.size, dtype=np.float32)
        if self._vector is None:
            self._vector = self._encoder.vector(self._sums)[0].cpu().numpy()
        return self._vector


class VoiceReader:
    """Voice features of all channels, handed to the turns that are open."""

    def __init__(
        self, encoder: VoiceEncoder, channels: int, frame: int, activity_threshold: float = 0.5
    ) -> None:
        self._encoder = encoder
        self._frame = frame
        self._threshold = activity_threshold
        self._kept: list[deque[_Frame]] = [deque(maxlen=KEPT_FRAMES) for _ in range(channels)]
        self._turns: list[TurnVoice] = []
        self._features: Tensor = torch.zeros(0)
        self._first = 0

    def load(self, features: Tensor, first: int) -> None:
        """Features (time, channels, hidden) of the frames from number ``first`` on."""
        self._features = features
        self._first = first

    def hear(self, channel: int, frame: int, activity: float) -> None:
        """Frame ``frame`` of a channel speaks with this probability."""
        if activity < self._threshold:
            return
        features = self._features[frame - self._first, channel]
        self._kept[channel].append(_Frame(frame, features, activity))
        for turn in self._turns:
            if turn.channel == channel:
                turn.add(features, activity)

    def turn(self, channel: int, start: int) -> TurnVoice:
        """The voice of a turn that starts at a sample in the recent past, up to now."""
        turn = TurnVoice(self._encoder, channel, self._frame)
        self.move(turn, channel, start)
        self._turns.append(turn)
        return turn

    def move(self, turn: TurnVoice, channel: int, start: int) -> None:
        """A turn is on this channel from a sample in the recent past on."""
        turn.channel = channel
        for kept in self._kept[channel]:
            if kept.number * self._frame + self._frame // 2 >= start:
                turn.add(kept.features, kept.weight)

    def forget(self, turn: TurnVoice) -> None:
        """A turn is settled."""
        self._turns.remove(turn)
