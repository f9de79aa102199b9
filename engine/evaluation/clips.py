"""The beginnings of real meetings: a development figure, never a claim.

A few clips of a few minutes together say whether a model survives a real table microphone, not how
good it is.
"""

from __future__ import annotations

import json
from pathlib import Path

import soundfile

from engine.data.bench_set import BenchSession
from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE

CONDITION = "AMI"
FOLDER = Path("meetings/ami_clips")

CAVEAT = "development figure, not a claim"


def read(data: Path) -> list[BenchSession]:
    """The clips of a corpus folder, none where it has none: FLAC with SegLST of the same name."""
    return [_clip(path) for path in sorted((data / FOLDER).glob("*.flac"))]


def _clip(audio: Path) -> BenchSession:
    info = soundfile.info(audio)
    if info.samplerate != SAMPLE_RATE or info.channels != 1:
        raise EngineError(f"{audio} is not mono 16 kHz: convert it first")
    reference = audio.with_name(audio.stem + ".seglst.json")
    return BenchSession(
        audio.stem, CONDITION, audio, info.duration, json.loads(reference.read_text())
    )
