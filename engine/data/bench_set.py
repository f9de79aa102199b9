"""Benchmarks: sessions of people no training data knows, of free speech or of the small world.

``FOLDER/SPLIT.jsonl`` lists the sessions with their references; the audio lies beside it as FLAC
and is made again from the corpus at any time. Free speech comes from a list of meetings that is
part of the laboratory (:mod:`engine.data.bench_list`); the small world's words are spliced as a
seed says, and the same seed gives the same list, whose digest is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from engine.data.bench_list import ListedMeeting
from engine.data.corpus import Corpus
from engine.data.free_meetings import FreeMeetings, Sound
from engine.data.simulation import (
    CONDITIONS,
    Acoustics,
    PlacedTurn,
    Scene,
    TurnSource,
    arrange,
)
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
    """Write the small world's benchmark of a split and return the digest of its list."""
    source = SpliceSource(word_tokens(corpus, split, WORDS, FEWEST_WORDS), Perturbation())
    if len(source.speakers) < 4:
        raise EngineError(f"The split {split!r} has too few speakers: use train, dev or test.")
    return write(split, folder, _small_world(source, split, sessions, duration_s, seed))


def build_free(
    meetings: Sequence[ListedMeeting], made: FreeMeetings, sound: Sound, split: str, folder: Path
) -> str:
    """Write listed meetings of free speech and return the digest of their references."""
    scenes = made.scenes(meetings, sound)
    return write(split, folder, ((m.session_id, m.condition, scene) for m, scene in scenes))


def write(split: str, folder: Path, scenes: Iterable[tuple[str, str, Scene]]) -> str:
    """Write scenes, each with its name and condition; the list comes last, when all is there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{split}.jsonl").unlink(missing_ok=True)  # what it lists is about to change
    lines = []
    for name, condition, scene in scenes:
        soundfile.write(folder / f"{name}.flac", scene.audio, SAMPLE_RATE)
        segments = [segment(name, turn) for turn in scene.turns]
        entry = {"session_id": name, "condition": condition, "reference": segments}
        lines.append(json.dumps(entry))
    (folder / f"{split}.jsonl").write_text("\n".join(lines) + "\n")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _small_world(
    source: TurnSource, split: str, sessions: int, duration_s: float, seed: int
) -> Iterator[tuple[str, str, Scene]]:
    for c, (condition, timing) in enumerate(CONDITIONS.items()):
        for i in range(sessions):
            random = np.random.default_rng([seed, c, i])
            count = int(random.integers(2, 5))
            people = [source.speakers[p] for p in random.choice(len(source.speakers), count, False)]
            turns = arrange(source, people, timing, duration_s, random)
            scene = CLEAN.render(turns, duration_s, random)
            yield f"{split}-{condition}-{i:03d}", condition, scene


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
            f"{path} is missing: run `crosstalk-lab bench-set --split {split}` first, with the "
            "same --world or --output."
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
