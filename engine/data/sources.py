"""Sources of turns: whole stretches of read speech, and words spliced into small-world turns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.data.corpus import UNKNOWN_PHONE, Aligned, Corpus, Utterance
from engine.data.simulation import Audio, SpokenTurn
from engine.timeline import to_samples, to_seconds

TURN_PAUSE_S = 0.5
"""A pause this long ends a turn."""

PADDING_S = 0.03
"""Kept around a word that is cut out of running speech."""

FADE_S = 0.012


@dataclass(frozen=True)
class Perturbation:
    """Playing speed is drawn from 1 -/+ ``speed``: it moves pitch, formants and tempo together."""

    speed: float = 0.0

    def factor(self, random: Generator) -> float:
        """A speed."""
        return float(random.uniform(1.0 - self.speed, 1.0 + self.speed))


class UtteranceSource:
    """Turns are stretches of an utterance between pauses of at least half a second.

    ``with_phones``: only utterances whose phones are known; ``known``: only turns of these words.
    ``left_out`` then has the other words and in how many turns each was met.
    """

    def __init__(
        self,
        corpus: Corpus,
        split: str,
        perturbation: Perturbation,
        with_phones: bool = False,
        known: Container[str] | None = None,
    ) -> None:
        self._corpus = corpus
        self._perturbation = perturbation
        self._turns: dict[str, list[tuple[Utterance, int, int]]] = defaultdict(list)
        self.left_out: Counter[str] = Counter()
        for utterance in corpus.of_split(split):
            if with_phones and utterance.phones is None:
                continue
            for first, last in stretches(utterance.words):
                said = utterance.words[first : last + 1]
                unknown = {w.text for w in said if known is not None and w.text not in known}
                if unknown:
                    self.left_out.update(unknown)
                    continue
                self._turns[utterance.speaker].append((utterance, first, last))
        self.speakers: Sequence[str] = sorted(self._turns)

    @property
    def spoken(self) -> list[float]:
        """Seconds of speech of each speaker."""
        return [
            sum(to_seconds(u.words[last].end - u.words[first].start) for u, first, last in turns)
            for turns in (self._turns[speaker] for speaker in self.speakers)
        ]

    def turn(self, speaker: str, random: Generator) -> SpokenTurn:
        """One stretch of an utterance."""
        choices = self._turns[speaker]
        utterance, first, last = choices[random.integers(len(choices))]
        start, end = utterance.words[first].start, utterance.words[last].end
        samples = fade(self._corpus.audio(utterance, start, end))
        phones = utterance.phones
        inside = tuple(p for p in phones if start <= p.start and p.end <= end) if phones else None
        words = shifted(utterance.words[first : last + 1], -start)
        turn = SpokenTurn(
            speaker,
            samples,
            clipped(words, len(samples)),
            None if inside is None else clipped(shifted(inside, -start), len(samples)),
        )
        return at_speed(turn, self._perturbation.factor(random))


@dataclass(frozen=True)
class WordToken:
    """One spoken word: its samples with padding at both ends, and its phones if known."""

    text: str
    samples: Audio
    phones: tuple[Aligned, ...] | None


FLUENT_PAUSE_S = (0.0, 0.08)
HESITATION_S = (0.08, 0.35)
HESITATIONS = 0.2
"""Words follow each other closely, one in five after a hesitation, never as long as the pause that
ends a turn."""


def pause(random: Generator) -> float:
    """Seconds between two words of a turn."""
    hesitates = random.random() < HESITATIONS
    return float(random.uniform(*(HESITATION_S if hesitates else FLUENT_PAUSE_S)))


class SpliceSource:
    """Turns are words of one speaker, cut out of running speech and joined with short pauses."""

    def __init__(
        self,
        tokens: dict[str, list[WordToken]],
        perturbation: Perturbation,
        most_words: int = 9,
    ) -> None:
        self._perturbation = perturbation
        self._most_words = most_words
        self._by_word: dict[str, dict[str, list[WordToken]]] = {}
        for speaker, spoken in tokens.items():
            words: dict[str, list[WordToken]] = defaultdict(list)
            for token in spoken:
                words[token.text].append(token)
            self._by_word[speaker] = dict(words)
        self.speakers: Sequence[str] = sorted(self._by_word)

    def turn(self, speaker: str, random: Generator) -> SpokenTurn:
        """One to ``most_words`` words, each word as likely as any other that the speaker said."""
        words = self._by_word[speaker]
        names = sorted(words)
        count = int(random.integers(1, self._most_words + 1))
        speed = self._perturbation.factor(random)
        picked = [names[random.integers(len(names))] for _ in range(count)]
        tokens = [words[name][random.integers(len(words[name]))] for name in picked]
        return at_speed(self._join(speaker, tokens, random), speed)

    def _join(self, speaker: str, tokens: list[WordToken], random: Generator) -> SpokenTurn:
        pad = to_samples(PADDING_S)
        pieces: list[Audio] = []
        words: list[Aligned] = []
        phones: list[Aligned] = []
        position = 0
        for i, token in enumerate(tokens):
            if i:
                silence = to_samples(pause(random))
                pieces.append(np.zeros(silence, dtype=np.float32))
                position += silence
            end = position + len(token.samples)
            words.append(Aligned(token.text, position + pad, end - pad))
            unknown = (Aligned(UNKNOWN_PHONE, 0, len(token.samples)),)
            phones.extend(shifted(unknown if token.phones is None else token.phones, position))
            pieces.append(fade(token.samples / max(1e-4, float(np.abs(token.samples).max()))))
            position = end
        samples = np.concatenate(pieces)[pad : position - pad]
        return SpokenTurn(speaker, samples, shifted(words, -pad), shifted(phones, -pad))


def word_tokens(
    corpus: Corpus, split: str, words: Sequence[str], fewest: int = 1
) -> dict[str, list[WordToken]]:
    """Every aligned token of ``words`` by speaker.

    Speakers with fewer than ``fewest`` different words are left out.
    """
    wanted = set(words)
    pad = to_samples(PADDING_S)
    tokens: dict[str, list[WordToken]] = defaultdict(list)
    for utterance in corpus.of_split(split):
        for word in utterance.words:
            if word.text in wanted:
                start, end = max(0, word.start - pad), word.end + pad
                samples = corpus.audio(utterance, start, end)
                samples = np.pad(samples, (start - word.start + pad, 0))
                samples = np.pad(
                    samples, (0, max(0, word.end - word.start + 2 * pad - len(samples)))
                )
                tokens[utterance.speaker].append(
                    WordToken(word.text, samples, _phones_of(utterance, word, pad))
                )
    return {s: t for s, t in tokens.items() if len({x.text for x in t}) >= fewest}


def _phones_of(utterance: Utterance, word: Aligned, pad: int) -> tuple[Aligned, ...] | None:
    if utterance.phones is None:
        return None
    inside = [p for p in utterance.phones if word.start <= p.start and p.end <= word.end]
    return shifted(inside, pad - word.start)


def stretches(words: Sequence[Aligned]) -> list[tuple[int, int]]:
    """Indices of the first and last word of every stretch without a long pause."""
    if not words:
        return []
    limit = to_samples(TURN_PAUSE_S)
    cuts = [i for i in range(1, len(words)) if words[i].start - words[i - 1].end >= limit]
    return list(zip([0, *cuts], [*(c - 1 for c in cuts), len(words) - 1], strict=True))


def shifted(items: Sequence[Aligned], by: int) -> tuple[Aligned, ...]:
    """The same items ``by`` samples later."""
    return tuple(Aligned(i.text, i.start + by, i.end + by) for i in items)


def clipped(items: Sequence[Aligned], length: int) -> tuple[Aligned, ...]:
    """The same items, none of them past ``length`` samples: alignments count in frames."""
    return tuple(Aligned(i.text, min(i.start, length), min(i.end, length)) for i in items)


def at_speed(turn: SpokenTurn, factor: float) -> SpokenTurn:
    """The turn played ``factor`` times as fast."""
    length = round(len(turn.samples) / factor)
    if length == len(turn.samples):
        return turn
    positions = np.arange(length, dtype=np.float64) * factor
    samples = np.interp(positions, np.arange(len(turn.samples)), turn.samples)
    return SpokenTurn(
        turn.speaker,
        samples.astype(np.float32),
        _scaled(turn.words, factor),
        None if turn.phones is None else _scaled(turn.phones, factor),
    )


def _scaled(items: Sequence[Aligned], factor: float) -> tuple[Aligned, ...]:
    return tuple(Aligned(i.text, round(i.start / factor), round(i.end / factor)) for i in items)


def fade(samples: NDArray[np.float32]) -> Audio:
    """Raised-cosine edges, so that a cut makes no click."""
    length = min(to_samples(FADE_S), len(samples) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(1, length))).astype(np.float32)
    shaped = samples.copy()
    shaped[:length] *= ramp
    shaped[len(shaped) - length :] *= ramp[::-1]
    return shaped
