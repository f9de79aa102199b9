"""Turns of a wanted length, of any source: cut at a word, or joined from several stretches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.data.corpus import UNKNOWN_PHONE, Aligned
from engine.data.simulation import SpokenTurn, TurnSource
from engine.data.sources import clipped, fade, pause, shifted
from engine.timeline import to_samples

CANDIDATES = 6
"""Words that a cut is tried from; the one whose length comes closest is taken."""


class FittedSource:
    """Turns of a wanted length.

    Reading has few stretches as short as an "okay" and none as long as a speech. So stretches of
    the same person are joined, with pauses too short to end a turn, and cut at whole words.
    """

    def __init__(self, source: TurnSource) -> None:
        self._source = source
        self.speakers: Sequence[str] = source.speakers

    def turn(self, speaker: str, length_s: float, random: Generator) -> SpokenTurn:
        """A turn of about ``length_s`` seconds, of one word at least."""
        wanted = max(1, to_samples(length_s))
        spoken = trimmed(self._source.turn(speaker, random))
        while len(spoken.samples) < wanted:
            more = trimmed(self._source.turn(speaker, random))
            if not more.words:
                break
            spoken = joined([spoken, more], random)
        first, last = _span(spoken.words, wanted, random)
        return excerpt(spoken, first, last)


def trimmed(turn: SpokenTurn) -> SpokenTurn:
    """The turn from its first word to the end of its last one."""
    return excerpt(turn, 0, len(turn.words) - 1) if turn.words else turn


def _span(words: Sequence[Aligned], wanted: int, random: Generator) -> tuple[int, int]:
    """First and last word of a run that comes close to ``wanted`` samples."""
    if not words:
        return 0, -1
    starts = np.array([w.start for w in words])
    ends = np.array([w.end for w in words])
    possible = int(np.searchsorted(starts, ends[-1] - wanted, side="right"))
    firsts = random.integers(max(1, possible), size=CANDIDATES)
    lasts = [int(f + np.abs(ends[f:] - starts[f] - wanted).argmin()) for f in firsts]
    best = int(np.abs(ends[lasts] - starts[firsts] - wanted).argmin())
    return int(firsts[best]), lasts[best]


def excerpt(turn: SpokenTurn, first: int, last: int) -> SpokenTurn:
    """The turn from word ``first`` to word ``last``."""
    if last < first:
        return turn
    start = turn.words[first].start
    end = min(turn.words[last].end, len(turn.samples))
    if (start, end) == (0, len(turn.samples)):
        return turn
    samples = fade(turn.samples[start:end])
    words = clipped(shifted(turn.words[first : last + 1], -start), len(samples))
    if turn.phones is None:
        return SpokenTurn(turn.speaker, samples, words, None)
    inside = [p for p in turn.phones if start <= p.start < end]
    return SpokenTurn(turn.speaker, samples, words, clipped(shifted(inside, -start), len(samples)))


def shortened(turn: SpokenTurn, length: int) -> SpokenTurn:
    """The first words of a turn, as many as fit into ``length`` samples, one at least."""
    fitting = sum(word.end <= length for word in turn.words)
    return excerpt(turn, 0, max(1, fitting) - 1) if len(turn.samples) > length else turn


def joined(turns: Sequence[SpokenTurn], random: Generator) -> SpokenTurn:
    """Turns of one person as one, with pauses too short to end it."""
    pieces = [turns[0].samples]
    words = list(turns[0].words)
    phones = list(_known(turns[0]))
    position = len(turns[0].samples)
    for turn in turns[1:]:
        silence = to_samples(pause(random))
        pieces += [np.zeros(silence, dtype=np.float32), turn.samples]
        words += shifted(turn.words, position + silence)
        phones += shifted(_known(turn), position + silence)
        position += silence + len(turn.samples)
    none = all(turn.phones is None for turn in turns)
    return SpokenTurn(
        turns[0].speaker,
        np.concatenate(pieces),
        tuple(words),
        None if none else tuple(phones),
    )


def _known(turn: SpokenTurn) -> tuple[Aligned, ...]:
    return (Aligned(UNKNOWN_PHONE, 0, len(turn.samples)),) if turn.phones is None else turn.phones


@dataclass(frozen=True)
class SilentSource:
    """Turns without a sound, for figures of timing: words about as long as AMI's, no pauses."""

    speakers: Sequence[str] = ("ann", "bob", "cid", "dan")

    def turn(self, speaker: str, random: Generator) -> SpokenTurn:
        """Some silent words, one directly after another."""
        lengths = random.gamma(3.0, 0.118, int(random.integers(1, 13)))
        edges = np.cumsum([0, *(to_samples(s) for s in np.clip(lengths, 0.08, 1.2))])
        spans = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        words = tuple(Aligned("word", start, end) for start, end in spans)
        return SpokenTurn(speaker, np.zeros(int(edges[-1]), dtype=np.float32), words, None)
