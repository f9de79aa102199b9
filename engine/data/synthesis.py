"""Synthetic speakers: many for training, and three others that only the sample meeting uses.

Flite and eSpeak NG give a few dozen distinct voices. A speaker is one of them with a pitch, a speed
and a vocal tract of its own: its speech is resampled by the tract factor, which moves formants, and
the synthesiser's own pitch and speed are set so that the resampling does not change those.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.data import espeak, flite
from engine.data.corpus import Aligned
from engine.timeline import SAMPLE_RATE

_SAMPLE_NAMES = ("slt", "rms", "awb")
_ACCENTS = (
    *("en", "en-us", "en-gb-x-rp", "en-gb-scotland"),
    *("en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-us-nyc", "en-029"),
)
ESPEAK_VARIANTS = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5"),
    *("Alex", "Alicia", "Andrea", "Andy", "Annie", "Diogo", "Gene", "Gene2", "Hugo", "Jacky"),
    *("Lee", "Marco", "Mario", "Michael", "Mike", "adam", "anika", "antonio", "belinda"),
    *("benjamin", "boris", "david", "edward", "john", "linda", "paul", "quincy", "steph"),
)
_PEAK = 0.5


@dataclass(frozen=True)
class Voice:
    """A synthetic speaker.

    Attributes:
        engine: the synthesiser.
        name: the synthesiser's own name of the voice (``slt``, ``en-gb+f2``).
        pitch: factor on the voice's usual pitch.
        speed: factor on its usual speed.
        tract: factor on the formant frequencies: above 1 is a shorter vocal tract.
    """

    engine: Literal["espeak-ng", "flite"]
    name: str
    pitch: float = 1.0
    speed: float = 1.0
    tract: float = 1.0

    @property
    def id(self) -> str:
        """A name for files and manifests, distinct for distinct voices."""
        digest = hashlib.sha256(json.dumps(astuple(self)).encode()).hexdigest()[:6]
        return f"{self.engine}-{self.name.replace('+', '-')}-{digest}"


@dataclass(frozen=True)
class Spoken:
    """What a voice said: mono 16 kHz in [-1, 1], and its words with their times."""

    samples: NDArray[np.float32]
    words: tuple[Aligned, ...]


def synthesise(voice: Voice, text: str) -> Spoken:
    """Let ``voice`` say ``text``, plain lower-case words.

    Flite gives the same samples every time. eSpeak NG keeps its oscillators running from one text
    to the next, so there the same text differs a little.

    Raises:
        EngineError: when the synthesiser or the voice is not installed.
    """
    speak = flite.speak if voice.engine == "flite" else espeak.speak
    raw = speak(voice.name, text, voice.pitch / voice.tract, voice.speed / voice.tract)
    ratio = SAMPLE_RATE / (raw.rate * voice.tract)
    samples = soxr.resample(raw.samples.astype(np.float32), 1.0, ratio).astype(np.float32)
    peak = max(float(np.abs(samples).max(initial=0.0)), 1.0)
    scaled = (
        Aligned(word.text, round(word.start * ratio), min(round(word.end * ratio), len(samples)))
        for word in raw.words
    )
    return Spoken(samples * np.float32(_PEAK / peak), tuple(scaled))


def sample_voices() -> tuple[Voice, ...]:
    """The three people of the sample meeting, who are in no training data."""
    return tuple(Voice("flite", name) for name in _SAMPLE_NAMES)


def training_voices() -> tuple[Voice, ...]:
    """The synthetic speakers for training, always the same in the same order.

    Every variant of eSpeak NG with three of its accents, and twelve made from Flite's kal.
    """
    chance = random.Random(5)
    voices = [
        _speaker(chance, "espeak-ng", f"{accent}+{variant}")
        for variant in ESPEAK_VARIANTS
        for accent in chance.sample(_ACCENTS, 3)
    ]
    return (*voices, *(_speaker(chance, "flite", "kal16") for _ in range(12)))


def _speaker(chance: random.Random, engine: Literal["espeak-ng", "flite"], name: str) -> Voice:
    bounds = {"pitch": (0.85, 1.2), "speed": (0.7, 1.05), "tract": (0.9, 1.12)}
    drawn = {what: round(chance.uniform(*between), 3) for what, between in bounds.items()}
    return Voice(engine, name, **drawn)


def word_tokens(
    voices: Sequence[Voice], words: Sequence[str], cache: Path, takes: int = 2
) -> Iterator[tuple[str, str, NDArray[np.float32]]]:
    """Each word by each voice ``takes`` times, as ``(voice id, word, samples)``.

    The words are cut out of random phrases of three to six of them, so that they run into each
    other as in real speech, exactly where each begins and ends. Every voice is synthesised once
    and then read from the folder ``cache``.
    """
    cache.mkdir(parents=True, exist_ok=True)
    for voice in voices:
        for word, samples in _tokens_of(voice, words, cache, takes):
            yield voice.id, word, samples


def _tokens_of(
    voice: Voice, words: Sequence[str], cache: Path, takes: int
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    digest = hashlib.sha256(json.dumps([sorted(words), takes]).encode()).hexdigest()[:10]
    stored = cache / f"{voice.id}-{digest}.npz"
    if not stored.is_file():
        phrases = _phrases(voice, words, takes)
        _store(stored, [token for text in phrases for token in _cut(voice, text)])
    with np.load(stored) as arrays:
        pieces = np.split(arrays["samples"], arrays["ends"][:-1])
        for word, piece in zip(arrays["words"], pieces, strict=True):
            yield str(word), piece.astype(np.float32) / np.float32(32768)


def _phrases(voice: Voice, words: Sequence[str], takes: int) -> Iterator[str]:
    """Texts that hold each word ``takes`` times."""
    chance = random.Random(voice.id)
    for _ in range(takes):
        waiting = sorted(words)
        chance.shuffle(waiting)
        while waiting:
            length = chance.randint(3, 6)
            yield " ".join(waiting[:length])
            waiting = waiting[length:]


def _cut(voice: Voice, text: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
    spoken = synthesise(voice, text)
    for word in spoken.words:
        yield word.text, spoken.samples[word.start : word.end]


def _store(path: Path, tokens: list[tuple[str, NDArray[np.float32]]]) -> None:
    """Write through another name, so that a broken run leaves no half file."""
    samples = np.concatenate([samples for _, samples in tokens])
    ends = np.cumsum([len(samples) for _, samples in tokens])
    unfinished = path.with_suffix(".part.npz")
    np.savez(
        unfinished,
        samples=np.round(samples * 32767).astype(np.int16),
        ends=ends,
        words=[word for word, _ in tokens],
    )
    unfinished.replace(path)
