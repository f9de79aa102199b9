"""What stands in for people and machines while the whole app runs for hours in minutes."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.audio.source import Sink
from engine.audio import INT16_SCALE, stream_16k
from engine.events import TurnEvent
from engine.timeline import SAMPLE_RATE, to_samples
from tests.bench.talk import Talk, talks

BLOCK_S = 0.5
AHEAD_S = 30.0
"""How far a source that has no speed of its own runs ahead of the engine."""

Block = NDArray[np.int16]


class FastSource:
    """Blocks of sound, ``speed`` times as fast as they were spoken; None: as fast as it is heard.

    Attributes:
        given: frames handed over so far.
        heard_s: tells how far the engine has come, for a source without a speed.
    """

    def __init__(self, blocks: Iterator[Block], seconds: float, speed: float | None) -> None:
        self.name, self.rate, self.channels, self.overruns = "Soak", SAMPLE_RATE, 1, 0
        self.exhausted = threading.Event()
        self.given = 0
        self.heard_s: Callable[[], float] = lambda: 0.0
        self._blocks, self._end, self._speed = blocks, to_samples(seconds), speed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="soak-source")

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        for block in self._blocks:
            if self.given >= self._end or self._stopping.is_set():
                break
            self._wait(began)
            piece = block[: self._end - self.given]
            self._sink(piece[:, None])
            self.given += len(piece)
        self.exhausted.set()

    def _wait(self, began: float) -> None:
        given_s = self.given / self.rate
        if self._speed is not None:
            self._stopping.wait(max(0.0, began + given_s / self._speed - time.monotonic()))
            return
        while given_s > self.heard_s() + AHEAD_S and not self._stopping.wait(0.05):
            pass


class ReplayingEngine:
    """Says a meeting without end, each word once it has been heard."""

    def __init__(self) -> None:
        self._talks = talks()
        self._said: list[TurnEvent] = []
        self._heard = 0

    def accept(self, samples: NDArray[np.float32]) -> None:
        self._heard += len(samples)
        while not self._said or self._said[-1].emitted <= self._heard + to_samples(60):
            self._said += itertools.chain.from_iterable(
                talk.events() for talk in itertools.islice(self._talks, 10)
            )
        self._said.sort(key=lambda event: event.emitted)

    def events(self) -> list[TurnEvent]:
        due = [event for event in self._said if event.emitted <= self._heard]
        self._said = self._said[len(due) :]
        return due

    def finish(self) -> None:
        """The audio ends in mid-word."""


def expected(until: int) -> list[Talk]:
    """The turns of :class:`ReplayingEngine` that are over before a sample."""
    begun = itertools.takewhile(lambda talk: talk.words[0].start < until, talks())
    return [talk for talk in begun if talk.words[-1].end < until]


def noise() -> Iterator[Block]:
    """Quiet sound without end."""
    block = np.random.default_rng(0).normal(0, 300, to_samples(BLOCK_S)).astype(np.int16)
    return itertools.repeat(block)


def repeated(path: Path) -> Iterator[Block]:
    """A file at 16 kHz, over and over."""
    blocks = [np.rint(each * (INT16_SCALE - 1)).astype(np.int16) for each in stream_16k(path, 0.5)]
    return itertools.cycle(blocks)
