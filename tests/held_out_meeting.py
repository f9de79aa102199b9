"""A meeting of two people whom no training data knows, in real words of the small world."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from engine.data.bench_set import CLEAN, segment
from engine.data.corpus import Corpus, load_corpus
from engine.data.simulation import CONDITIONS, arrange
from engine.data.small_world import WORDS
from engine.data.sources import Perturbation, SpliceSource, word_tokens
from engine.timeline import SAMPLE_RATE

SPLIT = "test"
PEOPLE = 2
FEWEST_WORDS = 10
"""A speaker takes part who has at least so many different words of the small world."""
TIMING = CONDITIONS["10"]
LENGTH_S = 30.0
SEED = 7


@dataclass(frozen=True)
class HeldOutMeeting:
    """An audio file and its reference as SegLST segments with word times."""

    audio: Path
    reference: list[dict[str, Any]]


def make(data: Path, folder: Path, seed: int = SEED) -> HeldOutMeeting:
    """Make the meeting of a seed in ``folder`` from the corpus in ``data``."""
    random = np.random.default_rng(seed)
    corpus = _corpus_of(data, folder, random)
    source = SpliceSource(word_tokens(corpus, SPLIT, WORDS), Perturbation())
    turns = arrange(source, source.speakers, TIMING, LENGTH_S, random)
    scene = CLEAN.render(turns, LENGTH_S, random)
    path = folder / "meeting.wav"
    soundfile.write(path, scene.audio, SAMPLE_RATE)
    return HeldOutMeeting(path, [segment("meeting", turn) for turn in scene.turns])


def _corpus_of(data: Path, folder: Path, random: np.random.Generator) -> Corpus:
    """The part of the corpus in which two people, drawn by lot, say words of the small world.

    Decoding all of it would take minutes and more than a gigabyte.
    """
    entries = _entries(data)
    able = sorted(s for s, said in _words_by_speaker(entries).items() if len(said) >= FEWEST_WORDS)
    people = {able[index] for index in random.choice(len(able), PEOPLE, replace=False)}
    part = folder / "corpus"
    part.mkdir()
    for path in data.iterdir():
        (part / path.name).symlink_to(path)
    (part / "manifest.jsonl").unlink()
    lines = [json.dumps(entry) for entry, _ in entries if entry["speaker"] in people]
    (part / "manifest.jsonl").write_text("\n".join(lines))
    return load_corpus(part, folder / "decoded")


def _entries(data: Path) -> list[tuple[dict[str, Any], set[str]]]:
    """The utterances of the split that have words of the small world, with these."""
    with gzip.open(data / "alignments.jsonl.gz", "rt") as lines:
        words = {
            entry["id"]: {word for word, *_ in entry["words"]} for entry in map(json.loads, lines)
        }
    entries = map(json.loads, (data / "manifest.jsonl").read_text().splitlines())
    wanted = [entry for entry in entries if entry["split"] == SPLIT]
    said = ((entry, words.get(entry["id"], set()) & set(WORDS)) for entry in wanted)
    return [(entry, found) for entry, found in said if found]


def _words_by_speaker(entries: list[tuple[dict[str, Any], set[str]]]) -> dict[str, set[str]]:
    said: defaultdict[str, set[str]] = defaultdict(set)
    for entry, words in entries:
        said[entry["speaker"]] |= words
    return said
