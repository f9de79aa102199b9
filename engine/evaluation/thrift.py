"""Word errors against computation, of models that leave something out and of narrower windows.

The comparison of arXiv 2207.02393: amortized encoders trained with several weights on computation,
beside dense ones whose attention sees less of the past.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import soundfile
import torch

from engine.checkpoint import Checkpoint
from engine.data.bench_set import BenchSession
from engine.encoders.spending import amortized, biased, spending
from engine.evaluation.bench import score_bench
from engine.evaluation.grid import Grid
from engine.evaluation.groups import grouped
from engine.evaluation.intervals import Interval, ratio_interval
from engine.evaluation.systems import Audio
from engine.evaluation.thrift_time import Seconds, stack_cost, timing, usual_cost
from engine.evaluation.transcripts import Transcriber
from engine.events import Event
from engine.model import SeparatorTransducerSegmenter, join
from engine.recognizer import Recognizer
from engine.thrift import Thrift, bias_of


@dataclass(frozen=True)
class Measured:
    """One trained model at one level of thrift.

    Attributes:
        run: its name.
        thrift: the level.
        is_amortized: whether it leaves something out.
        window: frames of the past that its attention sees.
        share: of the computation of a dense model with the usual window, arbiters included.
        errors: word errors and words of each session.
        whole: time with the audio in one piece, if measured.
        live: time chunk by chunk, if measured.
    """

    run: str
    thrift: Thrift
    is_amortized: bool
    window: int
    share: float
    errors: dict[str, tuple[int, int]] = field(repr=False)
    whole: Seconds | None = None
    live: Seconds | None = None

    @property
    def arm(self) -> str:
        """What was trained, but for the seed: ``beta-0.3`` of ``beta-0.3-s2``; and the level."""
        arm = re.sub(r"[-_]s\d+$", "", self.run)
        return arm if self.thrift == "balanced" else f"{arm}, {self.thrift}"

    @property
    def wer(self) -> Interval:
        """Word errors by words, over sessions."""
        return ratio_interval(list(self.errors.values()))

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        times = {"whole": self.whole, "live": self.live}
        seconds = {n: t and dataclasses.asdict(t) | {"saved": t.saved} for n, t in times.items()}
        own = {"arm": self.arm, "wer": self.wer.to_dict()}
        return dataclasses.asdict(self) | own | seconds


@dataclass(frozen=True)
class Arm:
    """All seeds of what was trained alike.

    Attributes:
        share: mean of the seeds' shares.
        wer: errors of all seeds by words; the interval redraws sessions.
        saved: mean share of the encoders' time that is saved, in one piece and live.
    """

    name: str
    seeds: int
    is_amortized: bool
    share: float
    wer: Interval
    saved: tuple[float | None, float | None]


def arms(measured: Sequence[Measured]) -> list[Arm]:
    """By arm, those that compute most first."""
    groups = grouped(measured, lambda one: one.arm)
    found = [_arm(name, group) for name, group in groups.items()]
    return sorted(found, key=lambda arm: -arm.share)


def _arm(name: str, group: Sequence[Measured]) -> Arm:
    sessions = {session for one in group for session in one.errors}
    added = [
        tuple(sum(one.errors.get(s, (0, 0))[i] for one in group) for i in (0, 1))
        for s in sorted(sessions)
    ]
    wer = ratio_interval([(errors, words) for errors, words in added])
    saved = (_mean([m.whole for m in group]), _mean([m.live for m in group]))
    share = float(np.mean([m.share for m in group]))
    return Arm(name, len(group), group[0].is_amortized, share, wer, saved)


def _mean(times: Iterable[Seconds | None]) -> float | None:
    saved = [each.saved for each in times if each]
    return float(np.mean(saved)) if saved else None


def grid(found: Sequence[Arm]) -> Grid:
    """The arms as a table; WER relative to the first, which computes most."""
    head = ("arm", "seeds", "computation", "WER", "relative", "time, whole", "time, live")
    return Grid("Word errors against computation", head, tuple(_cells(a, found[0]) for a in found))


def _cells(arm: Arm, first: Arm) -> tuple[str, ...]:
    wer = f"{arm.wer.value:.1%} ({arm.wer.low:.1%} to {arm.wer.high:.1%})"
    relative = f"{arm.wer.value / first.wer.value - 1:+.1%}" if first.wer.value else "-"
    times = ("-" if saved is None else f"{-saved:+.0%}" for saved in arm.saved)
    return arm.name, str(arm.seeds), f"{arm.share:.1%}", wer, relative, *times


def to_json(measured: Sequence[Measured]) -> str:
    """Everything that was measured, and the arms."""
    found = [dataclasses.asdict(arm) for arm in arms(measured)]
    return json.dumps({"arms": found, "runs": [m.to_dict() for m in measured]}, indent=1) + "\n"


def measure(
    run: str,
    loaded: Checkpoint,
    sessions: Sequence[BenchSession],
    levels: Iterable[Thrift] = ("balanced",),
    say: Callable[[str], None] = lambda _: None,
) -> list[Measured]:
    """Let a model hear the sessions, at some levels of thrift, and time its encoders.

    A model without gates has no levels and nothing to be timed against.
    """
    gated = bool(amortized(loaded.model))
    recognizer = Recognizer(loaded, "cpu")
    window = loaded.model.config.transducer.recognition.left
    found = []
    for level in levels if gated else ("balanced",):
        system = CountingSystem(run, recognizer, level)
        scores = score_bench(Transcriber(system, None), sessions)
        errors = {score.session_id: (score.orc.errors, score.orc.length) for score in scores}
        one = Measured(run, level, gated, window, system.share, errors)
        say(f"{run}, {level}: WER {one.wer.value:.1%} with {one.share:.1%} of the computation")
        found.append(_timed(one, recognizer.model, sessions[0]) if gated else one)
    return found


def _timed(one: Measured, model: SeparatorTransducerSegmenter, session: BenchSession) -> Measured:
    if one.thrift != "balanced":
        return one
    with torch.inference_mode():
        frames = model.frontend(_samples(session))
    return dataclasses.replace(
        one, whole=timing(model, frames, live=False), live=timing(model, frames, live=True)
    )


def _samples(session: BenchSession) -> torch.Tensor:
    samples, _ = soundfile.read(session.audio, dtype="float32")
    return torch.from_numpy(samples)[None]


class CountingSystem:
    """A model at a level of thrift, which counts what it computes."""

    knows_turns = True

    def __init__(self, name: str, recognizer: Recognizer, thrift: Thrift) -> None:
        self.name = self.digest = f"{name} {thrift}"
        self._recognizer = recognizer
        self._thrift: Thrift = thrift
        self._spent = self._usual = 0

    @property
    def share(self) -> float:
        """What was computed so far of what a dense model with the usual window computes."""
        return self._spent / self._usual if self._usual else 1.0

    def describe(self) -> dict[str, Any]:
        """Its name."""
        return {"name": self.name}

    @torch.inference_mode()
    def transcribe(self, samples: Audio) -> list[Event]:
        """All events, as a session emits them; what is flushed at the end is not counted."""
        model, count = self._recognizer.model, len(samples)
        state = biased(model.initial_state(1), bias_of(self._thrift))
        heard, state = model.step(torch.from_numpy(samples)[None], state)
        frames = model.frames_after(count)
        self._usual += usual_cost(model.config, frames)
        self._spent += spending(state).spent or stack_cost(model.config, frames)
        session = self._recognizer.session(thrift=self._thrift)
        session.replay(join([heard, model.flush(state)]), count)
        return list(session.events())
