"""Lets an engine hear the whole sound of a meeting that is in the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.errors import AppError
from app.jobs.meter import Meter
from app.session import EngineFactory
from app.sound import MeetingSound, Segment, Source
from app.store import Library
from app.transcription import Heard, Sound, transcribe_sounds
from app.words import translate
from engine.audio import stream_16k
from engine.events import EngineState, EngineStatus
from engine.timeline import SAMPLE_RATE

BLOCK = SAMPLE_RATE // 10


class NothingToHear(AppError):  # noqa: N818 - reads better where it is caught
    """A meeting's sound cannot be read at all."""


def hear(library: Library, meeting_id: int, engine: EngineFactory, meter: Meter) -> Heard:
    """The transcript of a meeting's sound; of a damaged recording as far as it goes.

    Raises:
        NothingToHear: it is in the bin, or its sound is missing, or damaged from the beginning.
        EngineError: the engine cannot be made, or fails.
    """
    meeting = library.meeting(meeting_id)
    if meeting.deleted_at is not None:
        raise NothingToHear(
            translate("app", "“{title}” is in the bin: take it out, then try again.").format(
                title=meeting.title
            )
        )
    length_s = meeting.duration_s
    reached_s = 0.0

    def follow(seconds: float) -> None:
        nonlocal reached_s
        reached_s = max(reached_s, seconds)
        meter.heard(reached_s, length_s)

    follow(0.0)
    heard = transcribe_sounds(sounds_of(library.segments(meeting_id)), engine, follow)
    if heard.message and not reached_s:
        raise NothingToHear(heard.message)
    heard.transcript.apply(EngineState(EngineStatus.DONE))
    return heard


def sounds_of(segments: Sequence[Segment]) -> list[Sound]:
    """What each source of a meeting heard, as the engines of the live meeting heard it."""
    sources: dict[Source, list[Segment]] = {}
    for segment in segments:
        sources.setdefault(segment.source, []).append(segment)
    return [partial(_sound, each) for each in sources.values()]


def _sound(segments: Sequence[Segment]) -> Iterator[NDArray[np.float32]]:
    """One recording without a pause gives exactly the samples that its live meeting heard."""
    if len(segments) == 1 and segments[0].start == 0:
        yield from stream_16k(segments[0].path)
        return
    with MeetingSound(segments, SAMPLE_RATE) as sound:
        for start in range(0, sound.frames, BLOCK):
            yield sound.read(start, min(BLOCK, sound.frames - start))
