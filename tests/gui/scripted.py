"""A conversation from a script, word by word, and a microphone to go with it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from app.audio.source import Sink
from app.corrections import RenameSpeaker
from engine.events import (
    EndReason,
    TurnEnded,
    TurnEvent,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.timeline import SAMPLE_RATE, to_samples
from ui.models import TurnListModel

LATENCY_S = 0.3
WORD_S = 0.32


@dataclass(frozen=True)
class Line:
    """Somebody says something from a moment on, each word as long as the next."""

    speaker: int
    start_s: float
    text: str
    channel: int = 0
    word_s: float = WORD_S

    @property
    def end_s(self) -> float:
        return self.start_s + self.word_s * len(self.text.split())


TALK = (
    Line(1, 0.8, "good morning everybody shall we begin with the budget"),
    Line(2, 4.4, "yes please I have the figures of the first quarter here"),
    Line(3, 6.6, "and I have those of last year", 1),
    Line(2, 9.4, "so travel is down by a third and rent has not changed at all"),
    Line(1, 12.4, "wait is that with the new office or without it", 1),
    Line(2, 15.6, "without the contract starts in may"),
    Line(3, 18.1, "then we should wait for the new offer before we decide anything"),
    Line(1, 21.0, "I agree", 1),
    Line(1, 22.6, "let us put it on the list for next week and go on with the hiring plan"),
)


def rename(model: TurnListModel, speaker: int, name: str) -> None:
    """Give a speaker a name, as the window does."""
    patch = RenameSpeaker(speaker, name).patch(model.transcript)
    patch.apply(model.transcript)
    model.show_patch(patch)


def events_of(line: Line, turn: int) -> list[TurnEvent]:
    """The events of one turn: each word first as a guess, then as final."""
    texts = line.text.split()
    ends = list(accumulate([line.word_s] * len(texts), initial=line.start_s))
    words = [
        Word(text, to_samples(start), to_samples(end), 0.9)
        for text, start, end in zip(texts, ends, ends[1:], strict=False)
    ]
    start = to_samples(line.start_s)
    said: list[TurnEvent] = [
        TurnStarted(turn, line.channel, start, line.speaker, _after(line.start_s))
    ]
    for count in range(1, len(words) + 1):
        guess = Word(
            words[count - 1].text, words[count - 1].start, words[count - 1].end, 0.5, False
        )
        known = (*words[: count - 1], guess)
        said.append(WordsChanged(turn, known, _after(ends[count])))
    said.append(WordsChanged(turn, tuple(words), _after(line.end_s + 0.1)))
    end = to_samples(line.end_s)
    said.append(TurnEnded(turn, end, EndReason.TOKEN, False, _after(line.end_s + 0.2)))
    return said


def events_of_talk(lines: Iterable[Line] = TALK) -> list[TurnEvent]:
    """All events of a conversation, in the order in which an engine says them."""
    every = [event for turn, line in enumerate(lines, 1) for event in events_of(line, turn)]
    return sorted(every, key=lambda event: event.emitted)


class ScriptedSource:
    """A microphone that delivers some seconds of a tone at once, then nothing until stopped."""

    def __init__(self, seconds: float, name: str = "Desk microphone") -> None:
        self.name = name
        self.rate = SAMPLE_RATE
        self.channels = 1
        self.overruns = 0
        self.exhausted = threading.Event()
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: Sink) -> None:
        self._thread = threading.Thread(target=self._run, args=(sink,), name="scripted-source")
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def _run(self, sink: Sink) -> None:
        wave = 9000 * np.sin(np.arange(to_samples(0.1)) / 8)
        for _ in range(round(self._seconds * 10)):
            sink(wave.astype(np.int16)[:, None])
        self._stopping.wait()


def _after(seconds: float) -> int:
    return to_samples(seconds + LATENCY_S)
