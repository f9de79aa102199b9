"""Synthetic speakers: the voices of the synthesisers, each converted into many people."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.data import espeak, festival, flite
from engine.data.spoken_times import ARPABET, ESPEAK
from engine.data.synthesis import ESPEAK_VARIANTS
from engine.data.system_speech import RawSpeech
from engine.data.voice_conversion import Conversion
from engine.errors import EngineError

_ESPEAK_ACCENTS = ("en-us", "en-us", "en-us-nyc", "en-gb-x-rp", "en-gb-scotland", "en")
_FEMALE = (
    *("f1", "f2", "f3", "f4", "f5", "Alicia", "Andrea", "Annie"),
    *("anika", "belinda", "linda", "steph"),
)


@dataclass(frozen=True)
class BaseVoice:
    """A voice of a synthesiser.

    Attributes:
        engine: ``flite``, ``festival`` or ``espeak``.
        name: the synthesiser's own name of it.
        share: how often it is used, beside the others.
        usual_hz: about its pitch.
        tract: the factors on formants that still sound human.
    """

    engine: str
    name: str
    share: float
    usual_hz: float
    tract: tuple[float, float]

    @property
    def id(self) -> str:
        """Engine and name, such as ``flite-kal16``."""
        return f"{self.engine}-{self.name}"

    def speak(self, text: str) -> RawSpeech:
        """Say a text of lower-case words, commas and stops."""
        if self.engine == "festival":
            return festival.speak(self.name, text)
        return flite.speak(self.name, text) if self.engine == "flite" else self._espeak(text)

    def _espeak(self, text: str) -> RawSpeech:
        return espeak.speak(self.name, text, 1.0, 1.0)

    @property
    def phones(self) -> dict[str, tuple[str, ...]]:
        """The phones of the corpus for the names of the synthesiser's."""
        return dict(ESPEAK if self.engine == "espeak" else ARPABET)


def _espeak_voices() -> list[BaseVoice]:
    voices = []
    for i, variant in enumerate(ESPEAK_VARIANTS):
        name = f"{_ESPEAK_ACCENTS[i % len(_ESPEAK_ACCENTS)]}+{variant}"
        usual = 180.0 if variant in _FEMALE else 105.0
        voices.append(BaseVoice("espeak", name, 1.0 / len(ESPEAK_VARIANTS), usual, (0.88, 1.14)))
    return voices


MEN, WOMEN = (0.84, 1.25), (0.8, 1.15)
VOICES: tuple[BaseVoice, ...] = (
    BaseVoice("flite", "kal16", 0.7, 84.0, MEN),
    BaseVoice("festival", "kal_diphone", 0.7, 105.0, MEN),
    BaseVoice("festival", "ked_diphone", 1.2, 105.0, MEN),
    *_espeak_voices(),
)
"""The people of the sample meeting are not among them."""

SAMPLE_VOICES: tuple[BaseVoice, ...] = (
    BaseVoice("flite", "slt", 0.7, 170.0, WOMEN),
    BaseVoice("flite", "rms", 1.0, 99.0, MEN),
    BaseVoice("flite", "awb", 0.7, 127.0, MEN),
    BaseVoice("festival", "cmu_us_slt_arctic_hts", 0.7, 170.0, WOMEN),
)
"""The three people of the sample meeting. Who trains with them has heard those voices."""


def choose(names: Sequence[str]) -> tuple[BaseVoice, ...]:
    """Voices by their ids, engines, or ``all``, ``others`` and ``sample``.

    Raises:
        EngineError: for a name that is none of these.
    """
    sets = {"all": (*VOICES, *SAMPLE_VOICES), "others": VOICES, "sample": SAMPLE_VOICES}
    chosen: list[BaseVoice] = []
    for name in names:
        found = sets.get(name) or [v for v in sets["all"] if name in (v.id, v.name)]
        found = found or [v for v in VOICES if v.engine == name]
        if not found:
            ids = ", ".join(v.id for v in sets["all"] if v.engine != "espeak")
            raise EngineError(
                f"there is no voice {name!r}: give all, others, sample, flite, festival, espeak, "
                f"{ids} or an eSpeak NG voice such as {VOICES[-1].id}"
            )
        chosen += found
    return tuple(dict.fromkeys(chosen))


@dataclass(frozen=True)
class SyntheticSpeaker:
    """A voice converted into somebody: always the same for the same ``version``."""

    voice: BaseVoice
    version: int

    @property
    def id(self) -> str:
        """Such as ``flite-kal16+v12``."""
        return f"{self.voice.id}+v{self.version}"

    @cached_property
    def conversion(self) -> Conversion:
        """Pitch goes with the length of the vocal tract, as it does in people, and varies freely.

        Women's formants are some 17 % above men's, their pitch 70 %: a power of 3.5.
        """
        random = random_of(self.id)
        least, most = (math.log(tract) for tract in self.voice.tract)
        tract = math.exp(random.uniform(least, most))
        usual = self.voice.usual_hz * tract**3.0 * math.exp(random.normal(0.0, 0.12))
        return Conversion(
            tract=tract,
            pitch=min(max(usual, 75.0), 330.0) / self.voice.usual_hz,
            melody=float(random.uniform(0.9, 2.2)),
            speed=float(random.uniform(0.9, 1.35)),
            rhythm=float(random.uniform(0.03, 0.15)),
            tilt_db=float(random.uniform(-2.0, 2.0)),
            breath_db=float(random.uniform(-30.0, -8.0)),
        )


def random_of(*what: object) -> np.random.Generator:
    """Random numbers that hang on nothing but ``what``."""
    digest = hashlib.sha256(repr(what).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
