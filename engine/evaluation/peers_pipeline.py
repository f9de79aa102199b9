"""The pipeline that a user could put together: loud stretches, a recogniser, clustered voices."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from engine.data.simulation import Audio
from engine.errors import EngineError
from engine.evaluation.collect import collect_turns
from engine.evaluation.peers import LiveClock, pieces
from engine.evaluation.pocketsphinx_system import NAME, PocketsphinxSystem
from engine.evaluation.segments import EmittedWord, HypothesisTurn
from engine.timeline import to_samples

SAME_VOICE = 0.75
"""Mean cosine similarity from which turns are one person's."""

Vectors = NDArray[np.float32]
Stretch = tuple[int, int]
"""First sample, and the one after the last."""


@dataclass
class LoudStretches:
    """Cuts a stream at pauses by its energy.

    A frame is speech when it is louder than the quietest tenth of the last ten seconds by some
    decibels. A stretch ends after half a second without, and begins and ends with a little of what
    is around it.

    Attributes:
        above_db: how much louder speech is than the floor.
        highest_floor_db: the floor is below this whatever was heard, relative to full scale.
    """

    above_db: float = 9.0
    highest_floor_db: float = -45.0
    frame: int = to_samples(0.02)
    pause: int = to_samples(0.5)
    shortest: int = to_samples(0.15)
    around: int = to_samples(0.1)
    _levels: deque[float] = field(default_factory=lambda: deque(maxlen=500))
    _rest: Audio = field(default_factory=lambda: np.zeros(0, np.float32))
    _now: int = 0
    _begin: int | None = None
    _end: int = 0

    def accept(self, samples: Audio) -> list[Stretch]:
        """The stretches that are over after some more audio."""
        joined = np.concatenate([self._rest, samples])
        whole = len(joined) // self.frame * self.frame
        self._rest = joined[whole:]
        frames = joined[:whole].reshape(-1, self.frame)
        found = [self._hear(float(np.mean(frame**2))) for frame in frames]
        return [stretch for stretch in found if stretch]

    def finish(self) -> list[Stretch]:
        """The stretch that is not over, if there is one."""
        stretch = self._close(self._now + len(self._rest))
        return [stretch] if stretch else []

    def _hear(self, power: float) -> Stretch | None:
        level = 10 * float(np.log10(power + 1e-12))
        self._levels.append(level)
        floor = min(float(np.percentile(self._levels, 10)), self.highest_floor_db)
        if level > floor + self.above_db:
            self._begin = self._now if self._begin is None else self._begin
            self._end = self._now + self.frame
        self._now += self.frame
        over = self._begin is not None and self._now - self._end >= self.pause
        return self._close(self._now) if over else None

    def _close(self, limit: int) -> Stretch | None:
        begin, self._begin = self._begin, None
        if begin is None or self._end - begin < self.shortest:
            return None
        return max(0, begin - self.around), min(limit, self._end + self.around)


class PipelinePeer:
    """Energy, PocketSphinx on each stretch, Resemblyzer's vectors clustered when all is over.

    Words of a stretch are said when it has ended and was recognised. The clustering hears the whole
    meeting before it decides, which a live one could not.
    """

    knows_turns = True
    packages: tuple[str, ...] = (NAME, "resemblyzer")
    files: tuple[Path, ...] = ()

    def __init__(self) -> None:
        self._recogniser = PocketsphinxSystem()
        self._voices = public_encoder()

    def hear(self, samples: Audio, clock: LiveClock) -> list[HypothesisTurn]:
        """A turn for each stretch with words."""
        loud, heard = LoudStretches(), list[tuple[HypothesisTurn, Vectors]]()
        for piece, now in pieces(samples):
            with clock.working(now):
                over = loud.accept(piece)
            heard += self._turns(samples, over, now, clock)
        heard += self._turns(samples, loud.finish(), len(samples), clock)
        with clock.working(len(samples)):
            people = clustered([vector for _, vector in heard], SAME_VOICE)
        pairs = enumerate(zip(heard, people, strict=True), start=1)
        return [replace(turn, number=i, speaker=str(who)) for i, ((turn, _), who) in pairs]

    def _turns(
        self, samples: Audio, stretches: Sequence[Stretch], now: int, clock: LiveClock
    ) -> list[tuple[HypothesisTurn, Vectors]]:
        found = []
        for start, end in stretches:
            with clock.working(now):
                said = samples[start:end]
                turns = collect_turns(self._recogniser.transcribe(said))
                vector = np.asarray(self._voices.embed_utterance(said), np.float32)
            words = tuple(
                EmittedWord(w.text, start + w.start, start + w.end, clock.now)
                for turn in turns
                for w in turn.words
            )
            if words:
                turn = HypothesisTurn(0, 0, "", start, end, words, clock.now, clock.now)
                found.append((turn, vector))
        return found


def clustered(vectors: Sequence[Vectors], similarity: float) -> list[int]:
    """Whose voice each is, 1, 2, ...: average linkage up to a mean cosine ``similarity``."""
    if len(vectors) < 2:
        return [1] * len(vectors)
    tree = linkage(np.stack(vectors), "average", "cosine")
    return [int(who) for who in fcluster(tree, 1.0 - similarity, "distance")]


def public_encoder() -> Any:
    """Resemblyzer's encoder with the weights that its package brings.

    Raises:
        EngineError: when it is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of its own imports
            from resemblyzer import VoiceEncoder
    except ImportError as error:
        raise EngineError(
            f"Resemblyzer cannot be imported ({error}): `pip install resemblyzer` first."
        ) from error
    return VoiceEncoder("cpu", verbose=False)
