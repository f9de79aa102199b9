"""The listed meetings of free speech with sound: dry, or in rooms with noise."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from engine.data.bench_draw import cut
from engine.data.bench_list import ListedMeeting
from engine.data.corpus import Corpus, Utterance
from engine.data.rooms import Room, reverberant
from engine.data.simulation import Audio, PlacedTurn, Scene, level
from engine.errors import EngineError
from engine.timeline import to_samples

LOUDNESS = 10 ** (-26 / 20)
"""Of speech, relative to full scale."""

HISS = 10 ** (-60 / 20)
"""Of the hiss that is in every meeting, relative to speech."""


class Sound(StrEnum):
    """How a list of meetings is heard."""

    CLEAN = "clean"  # dry voices, a little hiss
    ROOMS = "rooms"  # a room with a microphone near or far, and noise


@dataclass(frozen=True)
class FreeMeetings:
    """Makes the sound of listed meetings.

    Attributes:
        corpus: what the list was drawn from.
        rooms: of each microphone place, for meetings in rooms.
        noises: for meetings in rooms.
    """

    corpus: Corpus
    rooms: Mapping[str, Sequence[Room]] = field(default_factory=dict)
    noises: Sequence[Audio] = ()

    def scenes(
        self, meetings: Sequence[ListedMeeting], sound: Sound
    ) -> Iterator[tuple[ListedMeeting, Scene]]:
        """Each meeting with its sound and its turns.

        Raises:
            EngineError: when the corpus lacks an utterance of the list, or its word times.
        """
        utterances = {u.id: u for u in self.corpus.utterances}
        for meeting in meetings:
            turns = self._turns(meeting, utterances)
            yield meeting, Scene(self._audio(meeting, turns, sound), tuple(turns))

    def _turns(self, meeting: ListedMeeting, utterances: dict[str, Utterance]) -> list[PlacedTurn]:
        placed = []
        for turn in meeting.turns:
            utterance = utterances.get(turn.utterance)
            if utterance is None or turn.last >= len(utterance.words):
                raise EngineError(
                    f"The corpus has no utterance {turn.utterance} with {turn.last + 1} aligned "
                    "words, which the list of meetings names: give the corpus that it was drawn "
                    "from."
                )
            spoken = cut(self.corpus, utterance, turn.first, turn.last)
            placed.append(PlacedTurn(spoken, turn.start))
        return placed

    def _audio(self, meeting: ListedMeeting, turns: Sequence[PlacedTurn], sound: Sound) -> Audio:
        audio = np.zeros(to_samples(meeting.duration_s), dtype=np.float32)
        room = self.rooms[meeting.sound.place][meeting.sound.room] if sound is Sound.ROOMS else None
        people = {person.speaker: person for person in meeting.people}
        for turn in turns:
            person = people[turn.spoken.speaker]
            speech = level(turn.spoken.samples) * np.float32(10 ** (person.gain_db / 20))
            if room:
                speech = reverberant(speech, room.responses[person.seat])
            piece = audio[turn.start : turn.start + len(speech)]
            piece += speech[: len(piece)]
        if room:
            audio = level(audio) + self._noise(meeting, len(audio))
        random = np.random.default_rng(zlib.crc32(meeting.session_id.encode()))
        audio += HISS * random.standard_normal(len(audio)).astype(np.float32)
        mixed: Audio = np.clip(audio * LOUDNESS, -1.0, 1.0).astype(np.float32)
        return mixed

    def _noise(self, meeting: ListedMeeting, length: int) -> Audio:
        recording = self.noises[meeting.sound.noise % len(self.noises)]
        repeated = np.tile(recording, length // len(recording) + 2)
        begin = meeting.sound.noise_start
        gain = np.float32(10 ** (meeting.sound.noise_db / 20))
        return gain * level(repeated[begin : begin + length])
