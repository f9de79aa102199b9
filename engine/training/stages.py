"""Stages of training: what is heard, and what is to be learned from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.data.simulation import CONDITIONS, Acoustics, Timing
from engine.training.objective import ObjectiveConfig

TIMINGS: tuple[Timing, ...] = (
    *CONDITIONS.values(),
    Timing(0.0, (0.3, 1.5)),
    Timing(0.3, (0.1, 1.0), gap_share=0.3),
)
ALONE: tuple[Timing, ...] = (
    Timing(0.0, (0.1, 0.5)),
    Timing(0.0, (0.2, 0.8)),
    Timing(0.0, (0.3, 1.5)),
)
QUIET = Acoustics(room=0.0, noisy=0.1, loudness_db=(-32.0, -20.0), hiss_db=(-65.0, -45.0))
LIVELY = Acoustics(
    room=0.1, noisy=0.2, loudness_db=(-32.0, -20.0), hiss_db=(-65.0, -42.0), colour_db=6.0
)

PHONES_ALONE = ObjectiveConfig(transducer=0.0, phones=1.0, activity=0.3, marks=0.2, voices=0.05)
"""Frame labels of one person at a time."""
PHONES_OF_TWO = ObjectiveConfig(transducer=0.0, phones=1.0, activity=1.0, marks=0.5, voices=0.1)
"""Frame labels, and who speaks on which channel."""


@dataclass(frozen=True)
class Stage:
    """What a stage of training hears, and what it is to learn from it.

    Attributes:
        read, spliced, synthetic: shares of scenes of read speech, of spliced real words and of
            synthetic speech. In the small world read words are not in the vocabulary, so they
            teach phones, activity and voices only.
        fitted: share of scenes laid out as real meetings are; the others have ``timings``.
        rooms: share of scenes in a computed room; the others sound as ``acoustics`` says.
        masks: SpecAugment masks in frequency and in time.
    """

    read: float
    spliced: float
    synthetic: float
    timings: tuple[Timing, ...]
    acoustics: Acoustics
    objective: ObjectiveConfig
    duration_s: float = 15.0
    masks: tuple[int, int] = (2, 3)
    fitted: float = 0.0
    rooms: float = 0.0

    @property
    def overlaps(self) -> bool:
        """Whether people talk over each other."""
        return self.fitted > 0 or any(timing.overlap > 0 for timing in self.timings)


SMALL: dict[str, Stage] = {
    "phones": Stage(
        *(0.7, 0.2, 0.1),
        ALONE,
        QUIET,
        PHONES_ALONE,
        duration_s=12.0,
        masks=(1, 1),
    ),
    "voices": Stage(
        *(0.5, 0.35, 0.15),
        TIMINGS,
        QUIET,
        PHONES_OF_TWO,
        duration_s=12.0,
        masks=(2, 3),
    ),
    "words": Stage(
        *(0.3, 0.45, 0.25),
        (*ALONE, Timing(0.25, (0.1, 0.5))),
        QUIET,
        ObjectiveConfig(),
        duration_s=12.0,
        masks=(1, 1),
    ),
    "meetings": Stage(*(0.2, 0.6, 0.2), TIMINGS, LIVELY, ObjectiveConfig(), masks=(2, 3)),
}
"""One after the other: frame labels of one person at a time, then of two (``voices``), then words,
then overlaps, rooms and noise. Learning all at once from the start took several times as long."""

FREE: dict[str, Stage] = {
    "phones": Stage(
        *(1.0, 0.0, 0.0),
        ALONE,
        QUIET,
        PHONES_ALONE,
        duration_s=12.0,
        masks=(1, 2),
    ),
    "words": Stage(
        *(1.0, 0.0, 0.0),
        ALONE,
        QUIET,
        ObjectiveConfig(phones=0.5, activity=0.3, marks=0.2, voices=0.05),
        duration_s=12.0,
        masks=(2, 3),
    ),
    "voices": replace(SMALL["voices"], read=1.0, spliced=0.0, synthetic=0.0),
    "meetings": Stage(
        *(1.0, 0.0, 0.0),
        TIMINGS,
        LIVELY,
        ObjectiveConfig(),
        masks=(2, 3),
        fitted=0.4,
        rooms=0.2,
    ),
}
"""Free speech. Utterances of one person at a time come before overlaps here too, and their words
before two voices: recognising them is the harder part."""
