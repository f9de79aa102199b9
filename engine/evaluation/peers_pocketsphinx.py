"""PocketSphinx with its own English model: one stream of words, no turns, no people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.corpus import Aligned
from engine.data.simulation import Audio
from engine.data.sources import stretches
from engine.evaluation.collect import collect_turns
from engine.evaluation.peers import LiveClock, pieces
from engine.evaluation.pocketsphinx_system import NAME, PocketsphinxSystem, open_decoder, words_of
from engine.evaluation.segments import EmittedWord, HypothesisTurn, split_word
from engine.timeline import SAMPLE_RATE, to_samples

_LIVE = {"samprate": SAMPLE_RATE, "loglevel": "FATAL"}  # running means: it knows no more when live

NEAR = to_samples(0.2)
"""A word that moved by less is the same: words before it may come and go."""


class PocketsphinxPeer:
    """The whole meeting as one utterance, piece by piece, or all at once when it is over.

    Live, words may change until the end, and each counts as said when it came to stay.
    """

    knows_turns = False
    packages: tuple[str, ...] = (NAME,)
    files: tuple[Path, ...] = ()

    def __init__(self, live: bool) -> None:
        self._system = None if live else PocketsphinxSystem()
        self._decoder: Any = open_decoder(_LIVE) if live else None

    def hear(self, samples: Audio, clock: LiveClock) -> list[HypothesisTurn]:
        """Words of one speaker, cut into turns at pauses of half a second."""
        if self._system is None:
            return one_speaker(self._stream(samples, clock))
        with clock.working(len(samples)):
            turns = collect_turns(self._system.transcribe(samples))
        words = [word for turn in turns for word in turn.words]
        return one_speaker([EmittedWord(w.text, w.start, w.end, clock.now) for w in words])

    def _stream(self, samples: Audio, clock: LiveClock) -> list[EmittedWord]:
        decoder, words = self._decoder, list[EmittedWord]()
        decoder.reinit_feat()  # forgets what it heard before
        decoder.start_utt()
        for piece, heard in pieces(samples):
            with clock.working(heard):
                decoder.process_raw(as_bytes(piece), no_search=False, full_utt=False)
                found = words_of(decoder)
            words = carried(words, found, clock.now)
        with clock.working(len(samples)):
            decoder.end_utt()
            found = words_of(decoder)
        return carried(words, found, clock.now)


def as_bytes(samples: Audio) -> bytes:
    """Samples as 16-bit numbers."""
    return np.clip(samples * 32768, -32768, 32767).astype("<i2").tobytes()


def carried(before: Sequence[EmittedWord], found: Sequence[Aligned], now: int) -> list[EmittedWord]:
    """What was found; a word that was there already, at its time, keeps when it was said."""
    said = [piece for word in found for piece in split_word(word.text, word.start, word.end)]
    return [
        EmittedWord(text, start, end, _since(before, text, start, now)) for text, start, end in said
    ]


def _since(before: Sequence[EmittedWord], text: str, start: int, now: int) -> int:
    same = [w.emitted for w in before if w.text == text and abs(w.start - start) <= NEAR]
    return min(same, default=now)


def one_speaker(words: Sequence[EmittedWord]) -> list[HypothesisTurn]:
    """Words in one stream as turns, cut at pauses of half a second."""
    aligned = [Aligned(word.text, word.start, word.end) for word in words]
    turns = []
    for number, (first, last) in enumerate(stretches(aligned), start=1):
        said = tuple(words[first : last + 1])
        marks = (said[0].emitted, said[-1].emitted)
        turns.append(HypothesisTurn(number, 0, "1", said[0].start, said[-1].end, said, *marks))
    return turns
