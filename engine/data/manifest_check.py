"""Lhotse manifests read line by line; each line is checked, and a bad one is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from lhotse import Recording, SupervisionSegment
from lhotse.serialization import load_jsonl
from lhotse.supervision import AlignmentItem

from engine.data.corpus import ALIGNMENT_HOP
from engine.errors import EngineError
from engine.evaluation.text import normalise
from engine.timeline import SAMPLE_RATE

TOLERANCE_S = 0.05
"""Times may be past the end by this much: manifests round, and aligners count in frames."""

DEGREES = {"latitude": 90.0, "longitude": 180.0}
"""Where a speaker lives, in ``custom`` of a supervision, and how far from 0 that may be."""

_FRAMES_PER_S = SAMPLE_RATE // ALIGNMENT_HOP


@dataclass(frozen=True)
class _Line:
    """A line of a manifest, for messages."""

    path: Path
    number: int
    id: str

    def refuse(self, problem: str, remedy: str) -> EngineError:
        return EngineError(
            f"{self.path.name}, line {self.number} ({self.id}): {problem}. {remedy}."
        )


@dataclass(frozen=True)
class AlignedUtterance:
    """A checked supervision; ``words`` in frames from its start."""

    supervision: SupervisionSegment
    recording: Recording
    words: tuple[tuple[str, int, int], ...]


def channel_of(supervision: SupervisionSegment) -> int:
    """The channel that is taken, the first where there are several."""
    channel = supervision.channel
    return int(channel if isinstance(channel, int) else channel[0])


def _lines(path: Path) -> Iterator[tuple[_Line, dict[str, Any]]]:
    if not path.is_file():
        raise EngineError(f"{path} is missing: give a manifest that Lhotse wrote as JSON lines.")
    number = 0
    try:
        for number, entry in enumerate(load_jsonl(path), 1):
            yield _Line(path, number, str(entry.get("id", "no id"))), entry
    except ValueError as error:
        line = _Line(path, number + 1, "not JSON")
        raise line.refuse(str(error), "Write the manifest again with Lhotse") from error


def read_recordings(path: Path) -> dict[str, Recording]:
    """The recordings of a manifest by id, each of which can be read.

    Raises:
        EngineError: names the first bad line and says what to do.
    """
    found = {}
    for line, entry in _lines(path):
        recording = _built(line, Recording, entry)
        _check_recording(line, recording)
        found[recording.id] = recording
    return found


def _built(line: _Line, kind: Any, entry: dict[str, Any]) -> Any:
    try:
        return kind.from_dict(entry)
    except (AttributeError, KeyError, TypeError, ValueError, AssertionError) as error:
        remedy = "Write the manifest again with Lhotse"
        raise line.refuse(f"it is no {kind.__name__} ({error})", remedy) from error


def _check_recording(line: _Line, recording: Recording) -> None:
    files = [Path(s.source) for s in recording.sources if s.type == "file"]
    for file in files:
        if not file.is_file():
            raise line.refuse(f"the file {file} is missing", "Correct its path, or drop the line")
    rates = {recording.sampling_rate}
    if not recording.transforms:  # else the file may well have another rate
        rates |= {soundfile.info(file).samplerate for file in files if _readable(file)}
    if rates != {SAMPLE_RATE}:
        found = ", ".join(f"{rate} Hz" for rate in sorted(rates - {SAMPLE_RATE}))
        remedy = "Convert the audio, or save `recordings.resample(16000)` of Lhotse instead"
        raise line.refuse(f"its sample rate is {found}, not {SAMPLE_RATE} Hz", remedy)


def _readable(file: Path) -> bool:
    return file.suffix.lower().lstrip(".") in {f.lower() for f in soundfile.available_formats()}


def read_supervisions(
    path: Path, recordings: dict[str, Recording], known: set[str]
) -> Iterator[AlignedUtterance]:
    """The supervisions of a manifest; ``known`` are ids that may not come (again).

    Raises:
        EngineError: names the first bad line and says what to do.
    """
    for line, entry in _lines(path):
        supervision = _built(line, SupervisionSegment, entry)
        if supervision.id in known:
            raise line.refuse("this id is there already", "Give every line an id of its own")
        known.add(supervision.id)
        recording = recordings.get(supervision.recording_id)
        if recording is None:
            problem = f"the recording {supervision.recording_id} is in no line of the recordings"
            raise line.refuse(problem, "Give the manifest that belongs to these supervisions")
        _check_supervision(line, supervision, recording)
        yield AlignedUtterance(supervision, recording, tuple(_words(line, supervision)))


def _check_supervision(line: _Line, supervision: SupervisionSegment, recording: Recording) -> None:
    if not normalise(supervision.text or ""):
        raise line.refuse("its text is empty", "Give a text, or drop the line")
    if not supervision.speaker:
        raise line.refuse("it names no speaker", "Give a speaker, or drop the line")
    if not (supervision.alignment or {}).get("word"):
        remedy = "Align the words first, for example with `lhotse workflows align-with-torchaudio`"
        raise line.refuse("it has no word alignment", remedy)
    if channel_of(supervision) not in recording.channel_ids:
        problem = f"its recording has no channel {channel_of(supervision)}"
        raise line.refuse(problem, "Correct the channel, or drop the line")
    _check_place(line, supervision.custom or {})
    start, end = supervision.start, supervision.start + supervision.duration
    if start < 0 or supervision.duration <= 0 or end > recording.duration + TOLERANCE_S:
        problem = (
            f"{start:.2f} to {end:.2f} s lies outside of its {recording.duration:.2f} s of audio"
        )
        raise line.refuse(problem, "Correct its start and duration, or drop the line")


def _check_place(line: _Line, custom: dict[str, Any]) -> None:
    for name, most in DEGREES.items():
        value = custom.get(name)
        if value is not None and not (isinstance(value, int | float) and abs(value) <= most):
            problem = f"its {name} is {value}, not between {-most:g} and {most:g}"
            raise line.refuse(problem, "Correct it, or leave it out")
    if len(missing := [name for name in DEGREES if custom.get(name) is None]) == 1:
        raise line.refuse(f"its {missing[0]} is missing", "Give both, or neither")


def _words(line: _Line, supervision: SupervisionSegment) -> Iterator[tuple[str, int, int]]:
    """Normal words with frames from the start of the supervision; silences are left out."""
    alignment = (supervision.alignment or {})["word"]
    for item in sorted(alignment, key=lambda i: i.start):
        start = item.start - supervision.start
        end = start + item.duration
        if start < -TOLERANCE_S or end > supervision.duration + TOLERANCE_S or item.duration < 0:
            problem = f"the word {item.symbol!r} at {item.start:.2f} s lies outside of it"
            raise line.refuse(problem, "Correct the times (they count from the recording's start)")
        yield from _split(item, start, min(end, supervision.duration))


def _split(item: AlignmentItem, start: float, end: float) -> Iterator[tuple[str, int, int]]:
    """The words of a symbol ("twenty-one" are two), in equal parts of its time."""
    words = normalise(item.symbol).split()
    times = np.linspace(start, end, len(words) + 1)
    frames = np.maximum(0, np.rint(times * _FRAMES_PER_S)).astype(int).tolist()
    for word, (first, last) in zip(words, pairwise(frames), strict=True):
        yield word, first, max(last, first + 1)
