"""Real-time factor of a session, and how late its words are."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.models import default_model
from app.paths import resource
from engine.audio import stream_16k
from engine.evaluation.figures import BY_NAME
from engine.evaluation.score import score_session
from engine.evaluation.segments import reference_turns
from engine.events import TurnEvent
from engine.timeline import SAMPLE_RATE, to_samples, to_seconds
from tests.bench.measuring import REPEATS, Result, median, one_core, timed

if TYPE_CHECKING:
    from engine.recognizer import Recognizer

BLOCK_S = 0.1
REAL_TIME_BAR = 0.5

Audio = NDArray[np.float32]


def measure() -> Iterator[Result]:
    """Both on the sample meeting, on one core."""
    from engine.recognizer import Recognizer

    recognizer = Recognizer.load(default_model(), "cpu")
    blocks = list(stream_16k(resource("sample/meeting.flac"), BLOCK_S))
    with one_core():
        yield real_time_factor(recognizer, blocks)
        yield from word_latency(recognizer, blocks)


def real_time_factor(recognizer: Recognizer, blocks: list[Audio]) -> Result:
    """Processor time by audio time of a two-channel session, beside the log-mel frontend alone."""
    duration_s = to_seconds(sum(map(len, blocks)))
    session = median(lambda: run_session(recognizer, blocks))
    frontend = median(lambda: run_frontend(blocks))
    factor, least = session.processor_s / duration_s, frontend.processor_s / duration_s
    return Result(
        name="real-time factor, one core",
        value=f"{factor:.3f} (by the wall clock {session.wall_s / duration_s:.3f})",
        bar=f"<= {REAL_TIME_BAR}",
        within=factor <= REAL_TIME_BAR,
        against=f"{factor / least:.0f} × the log-mel frontend alone ({least:.4f})",
    )


def run_session(recognizer: Recognizer, blocks: list[Audio]) -> None:
    """One meeting from its first block to its last event."""
    session = recognizer.session()
    for block in blocks:
        session.accept(block)
        session.events()
    session.finish()
    session.events()


def run_frontend(blocks: list[Audio]) -> None:
    """The same blocks through the default log-mel frontend."""
    import torch

    from engine.config import FrontendConfig
    from engine.frontend import LogMel

    frontend = LogMel(FrontendConfig())
    state = frontend.initial_state(1)
    with torch.inference_mode():
        for block in blocks:
            _, state = frontend.step(torch.from_numpy(block)[None], state)
        frontend.flush(state)


def word_latency(recognizer: Recognizer, blocks: list[Audio]) -> Iterator[Result]:
    """From the true end of a word in the audio until its text stands, computing time included."""
    reference = reference_turns(json.loads(resource("sample/meeting.seglst.json").read_text()))
    runs = []
    for _ in range(REPEATS + 1):
        events = live_events(recognizer, blocks)
        runs.append(score_session(reference, events, to_seconds(sum(map(len, blocks)))))
    for name in ("word_p50", "word_p90"):
        figure = BY_NAME[name]
        values = [figure.statistic([run])(np.array([0])) for run in runs[1:]]
        found = len(runs[-1].word_latencies)
        yield Result(
            name=f"word latency {name[-3:].upper()}",
            value=f"{figure.text(float(np.median(values)))} ms",
            against=f"{found} of {runs[-1].words.length} words found",
        )


def live_events(recognizer: Recognizer, blocks: list[Audio]) -> list[TurnEvent]:
    """The events of a live session, each with the moment at which it could be seen.

    The clock of the meeting is simulated: a block arrives when its last sample was spoken, and the
    engine takes as long over it as it really does, after it is done with the block before.
    """
    session = recognizer.session()
    events: list[TurnEvent] = []
    arrived = done = 0.0
    for block in blocks:
        arrived += len(block) / SAMPLE_RATE
        done = max(arrived, done) + timed(partial(session.accept, block)).processor_s
        events += seen(session.events(), done)
    done += timed(session.finish).processor_s
    return events + seen(session.events(), done)


def seen(events: list[TurnEvent], at_s: float) -> list[TurnEvent]:
    """The same events, emitted at that moment of the meeting."""
    return [dataclasses.replace(event, emitted=to_samples(at_s)) for event in events]
