"""Simulated meetings on disk: a list of sessions with their references, and FLAC beside it.

The format is that of the benchmark (:mod:`engine.data.bench_set`), which also reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from engine.data.bench_set import segment
from engine.data.conversation_layout import Conversation
from engine.data.meeting_sound import MeetingSound
from engine.data.simulation import PlacedTurn, TurnSource
from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE

DRY = "dry"
"""The condition of a meeting without a room; otherwise it is the place of the microphone."""


@dataclass(frozen=True)
class MeetingSet:
    """Meetings to simulate.

    Attributes:
        name: of the list; the sessions are called after it.
        people: fewest and most people of a meeting.
        seed: session i is the same in every set of this seed, however many there are.
    """

    name: str
    sessions: int
    duration_s: float
    people: tuple[int, int]
    seed: int

    def turns(
        self, conversation: Conversation, source: TurnSource, session: int
    ) -> list[PlacedTurn]:
        """The turns of one session."""
        random = np.random.default_rng([self.seed, session, 0])
        fewest, most = self.people
        if len(source.speakers) < most:
            raise EngineError(
                f"There are {len(source.speakers)} speakers: ask for that many --people at most, "
                "or take another split."
            )
        count = int(random.integers(fewest, most + 1))
        picked = random.choice(len(source.speakers), count, replace=False)
        people = [source.speakers[i] for i in picked]
        return conversation.arrange(source, people, self.duration_s, random)

    def write(
        self, conversation: Conversation, source: TurnSource, sound: MeetingSound, folder: Path
    ) -> str:
        """Write audio and list into a folder and return the digest of the list."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(e) for e in self._entries(conversation, source, sound, folder)]
        (folder / f"{self.name}.jsonl").write_text("\n".join(lines) + "\n")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _entries(
        self, conversation: Conversation, source: TurnSource, sound: MeetingSound, folder: Path
    ) -> Iterator[dict[str, Any]]:
        for session in range(self.sessions):
            name = f"{self.name}-{session:04d}"
            turns = self.turns(conversation, source, session)
            random = np.random.default_rng([self.seed, session, 1])
            audio, room = sound.render(turns, self.duration_s, random)
            soundfile.write(folder / f"{name}.flac", audio, SAMPLE_RATE)
            yield {
                "session_id": name,
                "condition": room.place.value if room else DRY,
                "reference": [segment(name, turn) for turn in turns],
            }
