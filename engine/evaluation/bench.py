"""Let a system hear the sessions of a benchmark, and silence, and score it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import soundfile

from engine.data.bench_set import BenchSession
from engine.evaluation.score import SessionScore, score_turns
from engine.evaluation.segments import reference_turns
from engine.evaluation.silence import FalseWords, false_words
from engine.evaluation.systems import Audio
from engine.evaluation.transcripts import Transcript
from engine.timeline import SAMPLE_RATE, to_seconds

Hear = Callable[[Audio], Transcript]

Progress = Callable[[float, Transcript], None]
"""Gets the seconds of audio that were heard just now, and what was heard."""


def no_progress(_: float, __: Transcript) -> None:
    """Tell nobody."""


def score_bench(
    hear: Hear, sessions: Iterable[BenchSession], progress: Progress = no_progress
) -> Iterator[SessionScore]:
    """Score every session of a benchmark."""
    for session in sessions:
        samples, _ = soundfile.read(session.audio, dtype="float32")
        transcript = hear(samples)
        progress(session.duration_s, transcript)
        yield score_turns(
            reference_turns(session.reference),
            transcript.turns,
            session.duration_s,
            session_id=session.session_id,
            condition=session.condition,
        )


def silences(noises: Iterable[Audio], seed: int = 7) -> dict[str, Audio]:
    """A minute each of digital silence and hiss, and the noise recordings in a row."""
    random = np.random.default_rng(seed)
    minute = 60 * SAMPLE_RATE
    quiet = np.zeros(minute, dtype=np.float32)
    hiss = (0.003 * random.standard_normal(minute)).astype(np.float32)
    return {"silence": quiet, "hiss": hiss, "noise": np.concatenate([quiet[:0], *noises])}


def score_silence(
    hear: Hear, noises: Iterable[Audio], progress: Progress = no_progress
) -> dict[str, FalseWords]:
    """False words where nobody speaks."""
    found = {}
    for name, audio in silences(noises).items():
        transcript = hear(audio)
        progress(to_seconds(len(audio)), transcript)
        found[name] = false_words(transcript.turns, len(audio))
    return found
