"""Writing a corpus folder piece by piece, so that what was made is never made again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.data.corpus import Aligned
from engine.data.spoken_times import in_frames
from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE

_JOURNAL = "made.jsonl"
_PEAK = 0.5


@dataclass(frozen=True)
class Made:
    """A made utterance: mono 16 kHz, what is said when in samples; ``phones`` where known."""

    id: str
    speaker: str
    samples: NDArray[np.float32]
    words: tuple[Aligned, ...]
    phones: tuple[Aligned, ...] | None
    details: dict[str, Any]


Entry = dict[str, Any]
"""What a folder keeps of an utterance: ``manifest`` and ``alignment`` are its lines there."""


class CorpusFolder:
    """A corpus folder, and a journal of every utterance that was ever made in it.

    The journal is what makes it resumable: its lines are whole or not there, and the manifest may
    list fewer. ``corpus`` and ``licence`` stand in each line of the manifest.
    """

    def __init__(self, folder: Path, corpus: str, licence: str, split: str = "train") -> None:
        self._folder = folder
        self._common = {"corpus": corpus, "licence": licence, "split": split}
        if (folder / "manifest.jsonl").is_file() and not (folder / _JOURNAL).is_file():
            raise EngineError(f"{folder} is a corpus of another kind: give a folder of its own")
        (folder / "speech").mkdir(parents=True, exist_ok=True)
        self.entries = self._read()

    def _read(self) -> dict[str, Entry]:
        path = self._folder / _JOURNAL
        entries = {}
        for line in path.read_text().splitlines() if path.is_file() else ():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:  # a run was killed while it wrote this line
                continue
            entries[entry["manifest"]["id"]] = entry
        return entries

    def add(self, made: Made) -> Entry:
        """Write an utterance; its audio is on disk before the journal says so."""
        path = f"speech/{made.id[-2:]}/{made.id}.flac"
        (self._folder / path).parent.mkdir(exist_ok=True)
        peak = max(float(np.abs(made.samples).max(initial=0.0)), 1e-6)
        soundfile.write(self._folder / path, made.samples * (_PEAK / peak), SAMPLE_RATE)
        entry = {"manifest": self._line(made, path), "alignment": _alignment(made)}
        with (self._folder / _JOURNAL).open("a") as journal:
            journal.write(f"\n{json.dumps(entry)}\n")
        self.entries[made.id] = entry
        return entry

    def _line(self, made: Made, path: str) -> dict[str, Any]:
        return {
            "id": made.id,
            "path": path,
            "speaker": made.speaker,
            "duration_s": round(len(made.samples) / SAMPLE_RATE, 3),
            "text": " ".join(word.text for word in made.words),
            **self._common,
            **made.details,
        }

    def publish(self, entries: Iterable[Entry]) -> None:
        """Write manifest and alignments of some of what was made, through other names."""
        entries = list(entries)
        manifest = self._folder / "manifest.jsonl.part"
        manifest.write_text("".join(f"{json.dumps(e['manifest'])}\n" for e in entries))
        alignments = self._folder / "alignments.jsonl.gz.part"
        with gzip.open(alignments, "wt") as out:
            out.writelines(f"{json.dumps(e['alignment'])}\n" for e in entries)
        for part in (alignments, manifest):
            part.replace(part.with_suffix(""))


def _alignment(made: Made) -> dict[str, Any]:
    length = len(made.samples)
    phones = None if made.phones is None else list(in_frames(made.phones, length))
    return {"id": made.id, "words": list(in_frames(made.words, length)), "phones": phones}
