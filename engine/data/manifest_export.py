"""Sessions as Lhotse manifests: what most speech toolkits read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import soundfile
from lhotse import AudioSource, Recording, RecordingSet, SupervisionSegment, SupervisionSet
from lhotse.supervision import AlignmentItem

from engine.data.bench_set import BenchSession

RECORDINGS = "recordings.jsonl.gz"
SUPERVISIONS = "supervisions.jsonl.gz"


def export_manifests(sessions: Iterable[BenchSession], folder: Path) -> tuple[int, int]:
    """Write both manifests into a folder; returns how many recordings and supervisions."""
    sessions = list(sessions)
    folder.mkdir(parents=True, exist_ok=True)
    recordings = [_recording(s) for s in sessions]
    supervisions = [_supervision(entry, i) for s in sessions for i, entry in enumerate(s.reference)]
    RecordingSet.from_recordings(recordings).to_file(folder / RECORDINGS)
    SupervisionSet.from_segments(supervisions).to_file(folder / SUPERVISIONS)
    return len(recordings), len(supervisions)


def _recording(session: BenchSession) -> Recording:
    info = soundfile.info(session.audio)
    return Recording(
        id=session.session_id,
        sources=[AudioSource("file", [0], str(session.audio.resolve()))],
        sampling_rate=info.samplerate,
        num_samples=info.frames,
        duration=info.frames / info.samplerate,
    )


def _supervision(entry: dict[str, Any], index: int) -> SupervisionSegment:
    pairs = zip(entry["words"].split(), entry["word_times"], strict=True)
    words = [AlignmentItem(text, start, round(end - start, 4)) for text, (start, end) in pairs]
    return SupervisionSegment(
        id=f"{entry['session_id']}-{index:04d}",
        recording_id=entry["session_id"],
        start=entry["start_time"],
        duration=round(entry["end_time"] - entry["start_time"], 4),
        channel=0,
        text=entry["words"],
        language="English",
        speaker=entry["speaker"],
        alignment={"word": words},
    )
