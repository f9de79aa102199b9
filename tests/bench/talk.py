"""Meetings of any length: turns of common and rare words, one in six over somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np

from app.transcript import Transcript
from engine.events import EndReason, TurnEnded, TurnEvent, TurnStarted, Word, WordsChanged
from engine.timeline import to_samples

PEOPLE = 6
OVERLAPPING = 1 / 6
MEAN_WORDS = 12
WORD_S = 0.3
RARE_WORDS = 4_000
SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve wi xo ya zen kar mil tor"
COMMON = (
    "the and to of a we I it that is you in so for on have this be with what do as but not are "
    "at can if they there about one think would was just from all or like know which will some "
    "time then also need when how more get"
)


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody's turn; times in samples."""

    number: int
    channel: int
    speaker: int
    words: tuple[Word, ...]

    def events(self) -> list[TurnEvent]:
        """Each word when it has been said, as an engine tells it."""
        start, end = self.words[0].start, self.words[-1].end
        said = (
            WordsChanged(self.number, self.words[: count + 1], word.end)
            for count, word in enumerate(self.words)
        )
        return [
            TurnStarted(self.number, self.channel, start, self.speaker, start),
            *said,
            TurnEnded(self.number, end, EndReason.TOKEN, False, end),
        ]

    def at_once(self) -> list[TurnEvent]:
        """The same, but all words together at the end."""
        first, *_, whole, last = self.events()
        return [first, whole, last]


def talks(seed: int = 0) -> Iterator[Talk]:
    """Turn after turn without end, by start; the same for the same ``seed``."""
    random, vocabulary = np.random.default_rng(seed), _vocabulary()
    free, channel, number = 0.0, 0, 0
    while True:
        number += 1
        count = 1 + int(random.geometric(1 / MEAN_WORDS))
        over = random.random() < OVERLAPPING
        channel = 1 - channel if over else 0
        start = max(0.0, free - 1.2 if over else free + 0.4)
        speaker = 1 + (number * 7 + int(random.integers(3))) % PEOPLE
        texts = vocabulary[(random.zipf(1.3, count) - 1) % len(vocabulary)]
        yield Talk(number, channel, speaker, _words(list(texts), start))
        free = max(free, start + count * WORD_S)


def transcript_of(turns: int, seed: int = 0) -> Transcript:
    """A meeting of so many turns."""
    transcript = Transcript()
    for talk, _ in zip(talks(seed), range(turns), strict=False):
        for event in talk.at_once():
            transcript.apply(event)
    return transcript


def _words(texts: list[str], start_s: float) -> tuple[Word, ...]:
    edges = [to_samples(each) for each in accumulate([WORD_S] * len(texts), initial=start_s)]
    return tuple(
        Word(str(text), begin, end, 0.4 if number % 9 == 8 else 0.9)
        for number, (text, begin, end) in enumerate(zip(texts, edges, edges[1:], strict=False))
    )


@cache
def _vocabulary() -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """The most common words first."""
    random = np.random.default_rng(0)
    rare = (
        "".join(random.choice(SYLLABLES.split(), random.integers(2, 5))) for _ in range(RARE_WORDS)
    )
    return np.array([*COMMON.split(), *rare])
