"""PocketSphinx with its own English model: what a user could install instead, offline and small.

One recogniser for one stream: no turns, no speakers. Its words are cut into turns at pauses of half
a second, and one speaker says them all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from engine.data.corpus import Aligned
from engine.data.simulation import Audio
from engine.data.sources import stretches
from engine.errors import EngineError
from engine.events import EndReason, Event, TurnEnded, TurnStarted, Word, WordsChanged
from engine.timeline import SAMPLE_RATE

NAME = "pocketsphinx"

_HOP = SAMPLE_RATE // 100  # samples of one of its frames
_NO_WORD = re.compile(r"^[<\[+]")  # silence, the ends of a sentence, fillers
_VARIANT = re.compile(r"\(\d+\)$")  # which pronunciation of a word it was

# The mean of each utterance for itself, as its model asks for: a running mean would make a result
# depend on what was heard before it.
_SETTINGS = {"samprate": SAMPLE_RATE, "cmn": "batch", "loglevel": "FATAL"}


class PocketsphinxSystem:
    """PocketSphinx with the model, dictionary and language model that come with it."""

    name = NAME
    knows_turns = False

    def __init__(self) -> None:
        self._decoder = open_decoder(_SETTINGS)
        facts = (NAME, version(NAME), *map(str, sorted(_SETTINGS.items())))
        self.digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()

    def transcribe(self, samples: Audio) -> Iterable[Event]:
        """Its words as turns of one speaker, all said when the audio was over."""
        return turn_events(self._words(samples), len(samples))

    def _words(self, samples: Audio) -> list[Aligned]:
        if not len(samples):  # which the decoder refuses
            return []
        self._decoder.start_utt()
        data = np.clip(samples * 32768, -32768, 32767).astype("<i2").tobytes()
        self._decoder.process_raw(data, no_search=False, full_utt=True)
        self._decoder.end_utt()
        return words_of(self._decoder)

    def describe(self) -> dict[str, Any]:
        """Its version and settings."""
        return {"version": version(NAME), "model": "en-us", "settings": _SETTINGS}


def open_decoder(settings: Mapping[str, Any]) -> Any:
    """Its recogniser with these settings.

    Raises:
        EngineError: when it is not installed.
    """
    try:
        from pocketsphinx import Decoder
    except ImportError as error:
        raise EngineError(
            "pocketsphinx is not installed: run `pip install pocketsphinx`."
        ) from error
    return Decoder(**settings)


def words_of(decoder: Any) -> list[Aligned]:
    """What a decoder has found so far, with times in samples."""
    return [
        Aligned(_VARIANT.sub("", s.word), s.start_frame * _HOP, (s.end_frame + 1) * _HOP)
        for s in decoder.seg() or ()
        if not _NO_WORD.match(s.word)
    ]


def turn_events(words: Sequence[Aligned], now: int) -> Iterator[Event]:
    """The events of words in one stream, of one speaker, cut at pauses of half a second."""
    for turn, (first, last) in enumerate(stretches(words), start=1):
        said = tuple(Word(w.text, w.start, w.end, 1.0) for w in words[first : last + 1])
        yield TurnStarted(turn, 0, said[0].start, 1, now)
        yield WordsChanged(turn, said, now)
        yield TurnEnded(turn, said[-1].end, EndReason.SILENCE, False, now)
