"""Lhotse manifests as a corpus folder: so that anybody's aligned speech can be trained with."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import soundfile
from lhotse import SupervisionSegment

from engine.data.manifest_check import (
    DEGREES,
    AlignedUtterance,
    channel_of,
    read_recordings,
    read_supervisions,
)
from engine.timeline import SAMPLE_RATE

MANIFEST = "manifest.jsonl"
ALIGNMENTS = "alignments.jsonl.gz"
ABOUT = ("sex", "age", "first_language", "region", *DEGREES)
"""Optional columns of the manifest, of the speaker."""


def import_manifests(recordings: Path, supervisions: Path, folder: Path, split: str) -> int:
    """Write the utterances of two manifests as a corpus folder; returns how many.

    A folder that is a corpus already gets them in addition. Everything is checked first: when a
    line is bad, nothing has been written.

    Raises:
        EngineError: names the bad line and says what to do.
    """
    known = _known(folder)
    utterances = list(read_supervisions(supervisions, read_recordings(recordings), set(known)))
    (folder / "speech").mkdir(parents=True, exist_ok=True)
    entries = []
    for number, utterance in enumerate(utterances, len(known)):
        path = f"speech/{number:06d}.flac"  # an id may hold characters that no file name may
        soundfile.write(folder / path, _audio(utterance), SAMPLE_RATE)
        entries.append(_entry(utterance, path, split))
    with gzip.open(folder / ALIGNMENTS, "at") as out:
        out.writelines(json.dumps(_alignment(u)) + "\n" for u in utterances)
    with (folder / MANIFEST).open("a") as out:
        out.writelines(json.dumps(entry) + "\n" for entry in entries)
    return len(entries)


def _known(folder: Path) -> list[str]:
    """Ids of the utterances that a corpus folder has already."""
    manifest = folder / MANIFEST
    lines = manifest.read_text().splitlines() if manifest.is_file() else []
    return [json.loads(line)["id"] for line in lines]


def _alignment(utterance: AlignedUtterance) -> dict[str, Any]:
    return {"id": utterance.supervision.id, "words": utterance.words, "phones": None}


def _entry(utterance: AlignedUtterance, path: str, split: str) -> dict[str, Any]:
    supervision = utterance.supervision
    return {
        "id": supervision.id,
        "path": path,
        "corpus": "imported",
        "speaker": supervision.speaker,
        "duration_s": round(supervision.duration, 3),
        "text": supervision.text,
        "split": split,
        **_about(supervision),
    }


def _about(supervision: SupervisionSegment) -> dict[str, Any]:
    """What is known of the speaker: the gender, and what ``custom`` says as the manifest does."""
    custom = (supervision.custom or {}) | {"sex": supervision.gender}
    return {name: custom[name] for name in ABOUT if custom.get(name) is not None}


def _audio(utterance: AlignedUtterance) -> Any:
    supervision, recording = utterance.supervision, utterance.recording
    samples = recording.load_audio(
        channels=channel_of(supervision),
        offset=supervision.start,
        duration=min(supervision.duration, recording.duration - supervision.start),
    )
    return samples[0]
