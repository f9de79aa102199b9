"""What a system wrote down, kept on disk: an interrupted evaluation goes on where it stopped.

One line of JSON for each piece of audio, found by the digest of its samples, in a file of the
system's digest: whatever set a piece is in and however often it is scored, it is heard once.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.evaluation.collect import collect_turns
from engine.evaluation.segments import EmittedWord, HypothesisTurn
from engine.evaluation.systems import Audio, System


@dataclass(frozen=True)
class Transcript:
    """What was heard in some audio.

    Attributes:
        turns: ordered by start.
        seconds: of the processor that it took.
        kept: whether it was read from disk.
    """

    turns: tuple[HypothesisTurn, ...]
    seconds: float
    kept: bool = False


class Transcriber:
    """Lets a system hear audio that it has not heard before.

    Args:
        system: what hears.
        folder: where its transcripts are kept; None keeps none.
    """

    def __init__(self, system: System, folder: Path | None = None) -> None:
        self._system = system
        name = f"{Path(system.name).stem}-{system.digest[:16]}.jsonl"
        self._path = folder / name if folder else None
        self._known = _read(self._path) if self._path else {}

    def __call__(self, samples: Audio) -> Transcript:
        """What the system hears in (samples,) mono 16 kHz."""
        name = audio_digest(samples)
        if name not in self._known:
            transcript = self._hear(samples)
            self._keep(name, transcript)
            return transcript
        return self._known[name]

    def _hear(self, samples: Audio) -> Transcript:
        begin = time.process_time()
        turns = collect_turns(self._system.transcribe(samples))
        return Transcript(tuple(turns), time.process_time() - begin)

    def _keep(self, name: str, transcript: Transcript) -> None:
        if self._path is None:
            return
        entry = {"audio": name, "seconds": transcript.seconds}
        line = json.dumps(entry | {"turns": [astuple(t) for t in transcript.turns]}) + "\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab", buffering=0) as out:  # two runs may write: whole lines only
            out.write(line.encode())


def audio_digest(samples: Audio) -> str:
    """Of the samples as 16-bit numbers."""
    whole = np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2")
    return hashlib.sha256(whole.tobytes()).hexdigest()[:32]


def _read(path: Path) -> dict[str, Transcript]:
    """What is on disk; a last line that was never finished does not count."""
    if not path.is_file():
        return {}
    whole, _, rest = path.read_text().rpartition("\n")
    if rest:
        path.write_text(whole + "\n" if whole else "")
    entries = [json.loads(line) for line in whole.splitlines()]
    return {e["audio"]: _transcript(e) for e in entries}


def _transcript(entry: dict[str, Any]) -> Transcript:
    return Transcript(tuple(_turn(*t) for t in entry["turns"]), entry["seconds"], kept=True)


def _turn(
    number: int,
    channel: int,
    speaker: str,
    start: int,
    end: int,
    words: list[list[Any]],
    *marks: Any,
) -> HypothesisTurn:
    said = tuple(EmittedWord(*word) for word in words)
    return HypothesisTurn(number, channel, speaker, start, end, said, *marks)
