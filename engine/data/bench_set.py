"""The benchmark of the small world: sessions of spliced words by people no training data knows.

``FOLDER/SPLIT.jsonl`` lists the sessions with their references; the audio lies beside it as FLAC
and is made again from the corpus at any time: the same seed gives the same list, whose digest is
known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from engine.data.corpus import Corpus
from engine.data.simulation import CONDITIONS, Acoustics, PlacedTurn, arrange
from engine.data.small_world import WORDS
from engine.data.sources import Perturbation, SpliceSource, word_tokens
from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE, to_seconds

FEWEST_WORDS = 4
"""A speaker takes part who has at least so many different words of the small world."""

CLEAN = Acoustics(room=0.0, noisy=0.0, loudness_db=(-26.0, -26.0), hiss_db=(-60.0, -60.0))
"""No rooms and no noise; people's levels differ by up to 5 dB either way."""


@dataclass(frozen=True)
class BenchSession:
    """One session: its audio file and its reference as SegLST segments with word times."""

    session_id: str
    condition: str
    audio: Path
    duration_s: float
    reference: list[dict[str, Any]]


def build(
    corpus: Corpus, split: str, folder: Path, sessions: int, duration_s: float, seed: int
) -> str:
    """Write the benchmark of a split and return the digest of its list."""
    source = SpliceSource(word_tokens(corpus, split, WORDS, FEWEST_WORDS), Perturbation())
    if len(source.speakers) < 4:
        raise EngineError(f"The split {split!r} has too few speakers: use train, dev or test.")
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for c, (condition, timing) in enumerate(CONDITIONS.items()):
        for i in range(sessions):
            random = np.random.default_rng([seed, c, i])
            count = int(random.integers(2, 5))
            people = [source.speakers[p] for p in random.choice(len(source.speakers), count, False)]
            turns = arrange(source, people, timing, duration_s, random)
            name = f"{split}-{condition}-{i:03d}"
            scene = CLEAN.render(turns, duration_s, random)
            soundfile.write(folder / f"{name}.flac", scene.audio, SAMPLE_RATE)
            segments = [segment(name, turn) for turn in scene.turns]
            entry = {"session_id": name, "condition": condition, "reference": segments}
            lines.append(json.dumps(entry))
    (folder / f"{split}.jsonl").write_text("\n".join(lines) + "\n")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def segment(session: str, turn: PlacedTurn) -> dict[str, Any]:
    """A SegLST segment with the times of its words, in seconds."""

    def seconds(samples: int) -> float:
        return round(to_seconds(turn.start + samples), 4)

    return {
        "session_id": session,
        "speaker": turn.spoken.speaker,
        "words": " ".join(w.text for w in turn.spoken.words),
        "start_time": seconds(0),
        "end_time": seconds(len(turn.spoken.samples)),
        "word_times": [[seconds(w.start), seconds(w.end)] for w in turn.spoken.words],
    }


def read(folder: Path, split: str) -> Iterator[BenchSession]:
    """The sessions of a built benchmark.

    Raises:
        EngineError: when it has not been built.
    """
    path = folder / f"{split}.jsonl"
    if not path.is_file():
        raise EngineError(
            f"{path} is missing: run `crosstalk-lab bench-set --split {split}` first."
        )
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        audio = folder / f"{entry['session_id']}.flac"
        yield BenchSession(
            entry["session_id"],
            entry["condition"],
            audio,
            soundfile.info(audio).duration,
            entry["reference"],
        )
