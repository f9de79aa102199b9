"""An engine that says what a script tells it to, when it has heard enough."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from engine.events import EndReason, TurnEnded, TurnEvent, TurnStarted, Word, WordsChanged
from engine.timeline import to_samples


def spoken(
    number: int, start_s: float, end_s: float, text: str, speaker: int = 1, channel: int = 0
) -> list[TurnEvent]:
    """The events of one turn whose words last equally long; each is said when it has been heard."""
    start, end = to_samples(start_s), to_samples(end_s)
    texts = text.split()
    marks = np.linspace(start, end, len(texts) + 1).astype(int).tolist()
    words = tuple(
        Word(text, begin, until, 0.9)
        for text, begin, until in zip(texts, marks[:-1], marks[1:], strict=True)
    )
    changes = [
        WordsChanged(number, words[: count + 1], word.end) for count, word in enumerate(words)
    ]
    return [
        TurnStarted(number, channel, start, speaker, start),
        *changes,
        TurnEnded(number, end, EndReason.TOKEN, False, end),
    ]


class ScriptedEngine:
    """Says each event of its script once as much audio was heard as the event's ``emitted`` says.

    Attributes:
        heard: samples accepted.
        fail_at: after so many samples the engine breaks.
    """

    def __init__(self, script: Iterable[TurnEvent], fail_at: int | None = None) -> None:
        self._left = sorted(script, key=lambda event: event.emitted)
        self.heard = 0
        self.fail_at = fail_at

    def accept(self, samples: NDArray[np.float32]) -> None:
        self.heard += len(samples)
        if self.fail_at is not None and self.heard >= self.fail_at:
            raise RuntimeError("the script says so")

    def events(self) -> list[TurnEvent]:
        due = [event for event in self._left if event.emitted <= self.heard]
        self._left = self._left[len(due) :]
        return due

    def finish(self) -> None:
        self.heard = max([self.heard, *(event.emitted for event in self._left)])
