"""An endless stream of simulated batches, made in a thread while the machine computes."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator as Random

from engine.data.conversation_layout import Conversation
from engine.data.meeting_sound import MeetingSound
from engine.data.simulation import Acoustics, PlacedTurn, Scene, Timing, TurnSource, arrange
from engine.data.targets import Batch, Targeting, collate


@dataclass(frozen=True)
class SourceShare:
    """A source of turns, how often it is used, and whether its words are in the vocabulary.

    ``weights``: how often each speaker is drawn, 0 is never; none draws all equally often.
    """

    source: TurnSource
    share: float = 1.0
    transcribed: bool = True
    weights: Sequence[float] | None = None

    def people(self, most: int, random: Random) -> list[str]:
        """One to ``most`` of the speakers."""
        speakers = self.source.speakers
        there = len(speakers) if self.weights is None else np.count_nonzero(self.weights)
        count = min(int(random.integers(1, most + 1)), there)
        shares = None if self.weights is None else np.array(self.weights) / np.sum(self.weights)
        return [speakers[i] for i in random.choice(len(speakers), count, replace=False, p=shares)]


@dataclass(frozen=True)
class SceneMaker:
    """Scenes of random meetings: sources, timings and people are drawn anew for each.

    Attributes:
        sources: how often each is used, and whether its words are to be learned.
        timings: each as likely as any other.
        silence: how often nobody speaks at all, mostly with a noise as loud as speech.
        conversation: turn taking of real meetings, and ``fitted``, how often it is used.
        sound: computed rooms, and ``rooms``, how often one is; else ``acoustics`` alone.
    """

    sources: Sequence[SourceShare]
    timings: Sequence[Timing]
    acoustics: Acoustics
    duration_s: float = 15.0
    most_people: int = 4
    silence: float = 0.05
    conversation: Conversation | None = None
    fitted: float = 0.0
    sound: MeetingSound | None = None
    rooms: float = 0.0

    def scene(self, random: Random) -> Scene:
        """One scene."""
        if random.random() < self.silence:
            noisy = replace(self.acoustics, noisy=0.8, noise_db=(-30.0, 3.0))
            return noisy.render([], self.duration_s, random)
        shares = np.array([s.share for s in self.sources])
        chosen = self.sources[random.choice(len(shares), p=shares / shares.sum())]
        people = chosen.people(self.most_people, random)
        turns = self._turns(chosen.source, people, random)
        return replace(self._heard(turns, random), transcribed=chosen.transcribed)

    def _turns(self, source: TurnSource, people: Sequence[str], random: Random) -> list[PlacedTurn]:
        if self.conversation and random.random() < self.fitted:
            return self.conversation.arrange(source, people, self.duration_s, random)
        timing = self.timings[int(random.integers(len(self.timings)))]
        return arrange(source, people, timing, self.duration_s, random)

    def _heard(self, turns: Sequence[PlacedTurn], random: Random) -> Scene:
        if self.sound and random.random() < self.rooms:
            audio, _ = self.sound.render(turns, self.duration_s, random)
            return Scene(audio, tuple(turns))
        return self.acoustics.render(turns, self.duration_s, random)


def make_batch(scenes: Sequence[Scene], targeting: Targeting, reach: int) -> Batch:
    """Batch of scenes; ``reach`` is how many samples the last frame of the frontend needs."""
    frames = (len(scenes[0].audio) - reach) // targeting.frame + 1
    return collate(scenes, [targeting.of(scene, frames) for scene in scenes])


@dataclass(frozen=True)
class BatchMaker:
    """Makes the batch of any step of one process.

    Every scene is drawn from the seed, the step and its place in the batch of all processes, so
    it is the same however many processes and workers there are, and after a run was killed.

    Attributes:
        reach: samples that the last frame of the frontend needs.
        size: scenes of a batch.
        rank: which process's.
    """

    maker: SceneMaker
    targeting: Targeting
    reach: int
    size: int
    seed: int
    rank: int = 0

    def batch(self, step: int) -> Batch:
        """The batch that is learned at ``step``."""
        first = self.rank * self.size
        places = range(first, first + self.size)
        scenes = [self.maker.scene(np.random.default_rng((self.seed, step, i))) for i in places]
        return make_batch(scenes, self.targeting, self.reach)


def simulated_batches(make: BatchMaker, first: int = 0, ahead: int = 4) -> Generator[Batch]:
    """Batches without end from step ``first`` on, prepared by a thread ``ahead`` of their use."""
    ready: queue.Queue[Batch | Exception] = queue.Queue(maxsize=ahead)
    closed = threading.Event()

    def work() -> None:
        for step in itertools.count(first):
            batch: Batch | Exception
            try:
                batch = make.batch(step)
            except Exception as error:  # raised where the batch is asked for
                batch = error
            while not closed.is_set():
                try:
                    ready.put(batch, timeout=0.5)
                    break
                except queue.Full:
                    continue
            if closed.is_set():
                return

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
