"""How a simulated meeting sounds: its room and microphone, levels, noise, and a codec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from engine.data.codecs import Codec
from engine.data.rooms import Room, reverberant
from engine.data.simulation import Acoustics, Audio, PlacedTurn, level
from engine.timeline import to_samples


@dataclass(frozen=True)
class MeetingSound:
    """Levels and noise of ``acoustics`` (not its rooms), computed rooms and codecs.

    Attributes:
        rooms: one is drawn for each meeting; none leaves the voices dry.
        codecs: one is drawn for each meeting; none leaves the sound as it is.
    """

    acoustics: Acoustics
    rooms: Sequence[Room] = ()
    codecs: Sequence[Codec] = ()

    def render(
        self, turns: Sequence[PlacedTurn], duration_s: float, random: Generator
    ) -> tuple[Audio, Room | None]:
        """The sound of a meeting, and the room that it is in. Direct sound keeps its place."""
        loudness = float(random.uniform(*self.acoustics.loudness_db))
        steady = replace(self.acoustics, loudness_db=(loudness, loudness))
        audio = steady.render([], duration_s, random).audio  # noise alone, at the right level
        room = self.rooms[int(random.integers(len(self.rooms)))] if self.rooms else None
        audio += self.voices(turns, to_samples(duration_s), room, random) * 10 ** (loudness / 20)
        audio = np.clip(audio, -1.0, 1.0)
        if self.codecs:
            audio = self.codecs[int(random.integers(len(self.codecs)))](audio)
        return audio, room

    def voices(
        self, turns: Sequence[PlacedTurn], length: int, room: Room | None, random: Generator
    ) -> Audio:
        """The voices alone, each person on a seat of the room, mean level 1 with the room."""
        audio = np.zeros(length, dtype=np.float32)
        people = sorted({t.spoken.speaker for t in turns})
        bound = self.acoustics.level_db
        gains = {p: 10 ** (random.uniform(-bound, bound) / 20) for p in people}
        seats = random.permutation(len(room.responses)) if room else np.zeros(1, dtype=np.int64)
        seat = {p: int(seats[i % len(seats)]) for i, p in enumerate(people)}
        for turn in turns:
            speech = level(turn.spoken.samples) * np.float32(gains[turn.spoken.speaker])
            if room:
                speech = reverberant(speech, room.responses[seat[turn.spoken.speaker]])
            piece = audio[turn.start : turn.start + len(speech)]
            piece += speech[: len(piece)]
        return audio / np.float32(_loudness(room)) if room else audio


def _loudness(room: Room) -> float:
    """How much louder a room makes voices: far away it is several times the direct sound."""
    return float(np.sqrt(np.mean([np.square(r).sum() for r in room.responses])))
