"""Run a model over a benchmark and score it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.data.bench_set import BenchSession
from engine.evaluation.score import SessionScore, score_session
from engine.evaluation.segments import reference_turns
from engine.evaluation.silence import FalseWords, false_words
from engine.recognizer import Recognizer
from engine.timeline import SAMPLE_RATE


def score_bench(
    recognizer: Recognizer,
    sessions: Iterable[BenchSession],
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[SessionScore]:
    """Score every session of a benchmark, streaming."""
    for session in sessions:
        samples, _ = soundfile.read(session.audio, dtype="float32")
        events = recognizer.transcribe(samples)
        progress(session.session_id)
        yield score_session(
            reference_turns(session.reference),
            events,
            session.duration_s,
            session_id=session.session_id,
            condition=session.condition,
        )


def score_silence(
    recognizer: Recognizer, noises: Iterable[NDArray[np.float32]], seed: int = 7
) -> dict[str, FalseWords]:
    """False words in a minute each of digital silence and hiss, and in noise recordings."""
    random = np.random.default_rng(seed)
    minute = 60 * SAMPLE_RATE
    quiet = np.zeros(minute, dtype=np.float32)
    hiss = (0.003 * random.standard_normal(minute)).astype(np.float32)
    recordings = np.concatenate([quiet[:0], *noises])
    return {
        name: false_words(recognizer.transcribe(audio), len(audio))
        for name, audio in (("silence", quiet), ("hiss", hiss), ("noise", recordings))
    }
