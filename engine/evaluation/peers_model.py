"""A model of ours beside its peers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.data.simulation import Audio
from engine.evaluation.collect import collect_turns
from engine.evaluation.peers import LiveClock, pieces
from engine.evaluation.segments import HypothesisTurn
from engine.events import TurnEvent
from engine.recognizer import Recognizer, use_one_thread


class ModelPeer:
    """A model file of ours, in a session as the app has it, on one thread."""

    knows_turns = True
    packages: tuple[str, ...] = ("crosstalk",)

    def __init__(self, path: Path) -> None:
        self._recognizer = Recognizer.load(path, "cpu")
        self.files: tuple[Path, ...] = (path,)

    def hear(self, samples: Audio, clock: LiveClock) -> list[HypothesisTurn]:
        """As a live session says it."""
        use_one_thread()
        session = self._recognizer.session()
        events = list[TurnEvent]()
        for piece, heard in pieces(samples):
            with clock.working(heard):
                session.accept(piece)
                new = session.events()
            events += [replace(event, emitted=clock.now) for event in new]
        with clock.working(len(samples)):
            session.finish()
            new = session.events()
        events += [replace(event, emitted=clock.now) for event in new]
        return collect_turns(events)
