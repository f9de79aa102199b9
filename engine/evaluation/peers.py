"""What a user could install instead, hearing a meeting as it is spoken.

A peer gets the audio piece by piece and says what it has heard so far. Its words count as said when
it was through with the piece that brought them, as on one core of this machine.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from engine.data.simulation import Audio
from engine.errors import EngineError
from engine.evaluation.segments import HypothesisTurn
from engine.timeline import SAMPLE_RATE, to_samples

LIVE = "pocketsphinx"
WHOLE = "pocketsphinx-whole"
PIPELINE = "pipeline"
TITLES = {
    LIVE: "PocketSphinx, live",
    WHOLE: "PocketSphinx, whole recording",
    PIPELINE: "energy, PocketSphinx, Resemblyzer",
}
"""The peers by name, as tables show them."""

PIECE = SAMPLE_RATE // 10
"""Samples that a peer gets at a time."""


class LiveClock:
    """When a system that hears audio as it is spoken is through with it.

    It can work on a piece when that has been spoken and when it is through with the one before. Its
    work is measured in seconds of the processor, so that other programs do not count.
    """

    def __init__(self) -> None:
        self.work_s = 0.0
        self._free_s = 0.0

    @contextmanager
    def working(self, heard: int) -> Generator[None]:
        """Work in this context is on audio whose last sample is the one before ``heard``."""
        begin = time.process_time()
        yield
        took = time.process_time() - begin
        self.work_s += took
        self._free_s = max(self._free_s, heard / SAMPLE_RATE) + took

    @property
    def now(self) -> int:
        """Samples spoken by the time it was through."""
        return to_samples(self._free_s)


class Peer(Protocol):
    """Something that hears meetings.

    Attributes:
        knows_turns: whether it marks turns and tells people apart.
        packages: what has to be installed for it, by name.
        files: what it needs besides.
    """

    knows_turns: bool
    packages: tuple[str, ...]
    files: tuple[Path, ...]

    def hear(self, samples: Audio, clock: LiveClock) -> list[HypothesisTurn]:
        """All turns of a meeting, (samples,) mono 16 kHz, with the times at which they were said.

        Args:
            samples: the whole meeting, to be taken piece by piece.
            clock: counts the work on each piece, and says when it was done.
        """


def pieces(samples: Audio) -> Iterator[tuple[Audio, int]]:
    """The audio bit by bit, each with how many samples have been spoken by then."""
    for begin in range(0, len(samples), PIECE):
        piece = samples[begin : begin + PIECE]
        yield piece, begin + len(piece)


def open_peer(name: str) -> Peer:
    """A peer by its name, or a model file of ours.

    Raises:
        EngineError: when it is neither, or not installed.
    """
    # each in a process of its own: what one needs must not count for another
    if name in (LIVE, WHOLE):
        from engine.evaluation.peers_pocketsphinx import PocketsphinxPeer

        return PocketsphinxPeer(live=name == LIVE)
    if name == PIPELINE:
        from engine.evaluation.peers_pipeline import PipelinePeer

        return PipelinePeer()
    if not Path(name).is_file():
        raise EngineError(f"{name} is no peer: give a model file, or one of {', '.join(TITLES)}.")
    from engine.evaluation.peers_model import ModelPeer

    return ModelPeer(Path(name))
