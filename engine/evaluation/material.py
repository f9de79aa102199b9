"""What an evaluation lets its systems hear, with digests that say exactly what it was."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from engine.data.bench_set import BenchSession
from engine.data.corpus import Corpus, Utterance
from engine.evaluation.bench import silences
from engine.evaluation.systems import Audio
from engine.evaluation.transcripts import audio_digest
from engine.timeline import to_seconds


class Part(StrEnum):
    """A part of an evaluation."""

    UTTERANCES = "utterances"
    MEETINGS = "meetings"
    CLIPS = "clips"
    SILENCE = "silence"


@dataclass(frozen=True)
class Material:
    """Everything that is heard; what is empty is left out.

    Attributes:
        noises: recordings without speech.
        silence: whether false words are counted, in silence, in hiss and in ``noises``.
    """

    corpus: Corpus | None = None
    utterances: Sequence[Utterance] = ()
    sessions: Sequence[BenchSession] = ()
    clips: Sequence[BenchSession] = ()
    noises: Sequence[Audio] = field(default=(), repr=False)
    silence: bool = False

    def seconds(self) -> float:
        """Of audio, all parts together."""
        quiet = silences(self.noises).values() if self.silence else ()
        return (
            sum(to_seconds(u.length) for u in self.utterances)
            + sum(s.duration_s for s in (*self.sessions, *self.clips))
            + sum(to_seconds(len(audio)) for audio in quiet)
        )

    def describe(self) -> dict[str, dict[str, object]]:
        """Of each part that is there: digest of audio and references, how much, and of what."""
        parts: dict[str, dict[str, object]] = {}
        if self.utterances:
            parts[Part.UTTERANCES] = self._utterances()
        if self.sessions:
            parts[Part.MEETINGS] = _sessions(self.sessions)
        if self.clips:
            parts[Part.CLIPS] = _sessions(self.clips)
        if self.silence:
            digests = map(audio_digest, silences(self.noises).values())
            parts[Part.SILENCE] = {"sha256": _digest(digests), "recordings": len(self.noises)}
        return parts

    def _utterances(self) -> dict[str, object]:
        assert self.corpus is not None
        heard = [f"{u.text}\0{audio_digest(self.corpus.audio(u))}" for u in self.utterances]
        return {
            "sha256": _digest(heard),
            "seconds": round(sum(to_seconds(u.length) for u in self.utterances), 1),
            "utterances": Counter(u.corpus for u in self.utterances),
        }


def _sessions(sessions: Sequence[BenchSession]) -> dict[str, object]:
    heard = [f"{s.reference}\0{hashlib.sha256(s.audio.read_bytes()).hexdigest()}" for s in sessions]
    return {
        "sha256": _digest(heard),
        "seconds": round(sum(s.duration_s for s in sessions), 1),
        "sessions": Counter(s.condition for s in sessions),
    }


def _digest(pieces: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(pieces).encode()).hexdigest()
