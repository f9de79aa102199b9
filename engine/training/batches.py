"""An endless stream of simulated batches, made in a thread while the machine computes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator as Random

from engine.data.simulation import Acoustics, Scene, Timing, TurnSource, arrange
from engine.data.targets import Batch, Targeting, collate


@dataclass(frozen=True)
class SourceShare:
    """A source of turns, how often it is used, and whether its words are in the vocabulary."""

    source: TurnSource
    share: float = 1.0
    transcribed: bool = True


@dataclass(frozen=True)
class SceneMaker:
    """Scenes of random meetings: sources, timings and people are drawn anew for each.

    Attributes:
        sources: how often each is used, and whether its words are to be learned.
        timings: each as likely as any other.
        silence: how often nobody speaks at all.
    """

    sources: Sequence[SourceShare]
    timings: Sequence[Timing]
    acoustics: Acoustics
    duration_s: float = 15.0
    most_people: int = 4
    silence: float = 0.03

    def scene(self, random: Random) -> Scene:
        """One scene."""
        if random.random() < self.silence:
            return self.acoustics.render([], self.duration_s, random)
        shares = np.array([s.share for s in self.sources])
        chosen = self.sources[random.choice(len(shares), p=shares / shares.sum())]
        speakers = chosen.source.speakers
        count = min(int(random.integers(1, self.most_people + 1)), len(speakers))
        people = [speakers[i] for i in random.choice(len(speakers), count, replace=False)]
        timing = self.timings[int(random.integers(len(self.timings)))]
        turns = arrange(chosen.source, people, timing, self.duration_s, random)
        scene = self.acoustics.render(turns, self.duration_s, random)
        return replace(scene, transcribed=chosen.transcribed)


def make_batch(scenes: Sequence[Scene], targeting: Targeting, reach: int) -> Batch:
    """Batch of scenes; ``reach`` is how many samples the last frame of the frontend needs."""
    frames = (len(scenes[0].audio) - reach) // targeting.frame + 1
    return collate(scenes, [targeting.of(scene, frames) for scene in scenes])


def simulated_batches(
    maker: SceneMaker, targeting: Targeting, reach: int, size: int, seed: int, ahead: int = 4
) -> Generator[Batch]:
    """Batches without end, prepared ``ahead`` of their use."""
    ready: queue.Queue[Batch | Exception] = queue.Queue(maxsize=ahead)
    random = np.random.default_rng(seed)
    closed = threading.Event()

    def work() -> None:
        batch: Batch | Exception
        while not closed.is_set():
            try:
                batch = make_batch([maker.scene(random) for _ in range(size)], targeting, reach)
            except Exception as error:  # raised where the batch is asked for
                batch = error
            while not closed.is_set():
                try:
                    ready.put(batch, timeout=0.5)
                    break
                except queue.Full:
                    continue

    thread = threading.Thread(target=work, name="batches", daemon=True)
    thread.start()
    try:
        while True:
            batch = ready.get()
            if isinstance(batch, Exception):
                raise batch
            yield batch
    finally:
        closed.set()
        thread.join()
