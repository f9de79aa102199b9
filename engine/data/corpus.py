"""The speech corpus: utterances with word and phone times, decoded once into one file of samples.

A corpus folder holds ``manifest.jsonl`` (one utterance a line: id, path, speaker, split,
duration_s, text, ...) and ``alignments.jsonl.gz`` (word and phone times in frames of 10 ms).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE

ALIGNMENT_HOP = SAMPLE_RATE // 100
"""Samples of one alignment frame."""

PHONES: tuple[str, ...] = tuple(
    """AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W
    Y Z ZH""".split()  # noqa: SIM905 -- a list of forty quoted strings is harder to read
)
"""The phones of the alignments; class 0 of a frame target is silence, phone ``i`` is ``i + 1``."""

UNKNOWN_PHONE = ""
"""Stands where something is said whose phones are not known."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A word or a phone with its times in samples of the utterance."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Utterance:
    """One utterance. ``offset`` and ``length`` locate its samples in the store of the corpus."""

    id: str
    corpus: str
    speaker: str
    split: str
    text: str | None
    offset: int
    length: int
    words: tuple[Aligned, ...]
    phones: tuple[Aligned, ...] | None


class JoinedSamples:
    """Stores of samples as if they were one; a slice lies within one of them."""

    def __init__(self, stores: Sequence[NDArray[np.int16]]) -> None:
        self._stores = stores
        self._begins = [0, *accumulate(len(store) for store in stores)]

    def __len__(self) -> int:
        return self._begins[-1]

    def __getitem__(self, span: slice) -> NDArray[np.int16]:
        index = min(bisect_right(self._begins, span.start), len(self._stores)) - 1
        begin = self._begins[index]
        return self._stores[index][span.start - begin : span.stop - begin]


class Corpus:
    """All utterances of one or more corpus folders, with random access to their samples."""

    def __init__(
        self, utterances: list[Utterance], samples: NDArray[np.int16] | JoinedSamples
    ) -> None:
        self.utterances = utterances
        self._samples = samples

    def audio(
        self, utterance: Utterance, start: int = 0, end: int | None = None
    ) -> NDArray[np.float32]:
        """Samples ``start`` to ``end`` of an utterance, mono 16 kHz in [-1, 1]."""
        stop = utterance.length if end is None else min(end, utterance.length)
        begin = min(max(start, 0), stop)
        piece = self._samples[utterance.offset + begin : utterance.offset + stop]
        return piece.astype(np.float32) / 32768.0

    def of_split(self, split: str) -> list[Utterance]:
        """The utterances of one split."""
        return [u for u in self.utterances if u.split == split]


def load_corpus(folder: Path, cache: Path, *, timed: bool = True) -> Corpus:
    """Read a corpus folder, decoding its audio into ``cache`` the first time.

    Without ``timed`` no word times are read, and there need not be any.

    Raises:
        EngineError: when the folder is not a corpus folder.
    """
    return Corpus(*_load(folder, cache, timed))


def _load(
    folder: Path, cache: Path, timed: bool = True
) -> tuple[list[Utterance], NDArray[np.int16]]:
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise EngineError(f"{folder} holds no manifest.jsonl: give the folder of a prepared corpus")
    entries = [json.loads(line) for line in manifest.read_text().splitlines()]
    store = cache / "speech.i16"
    lengths = _lengths(folder, entries, store, cache / "speech.lengths.json")
    samples = np.memmap(store, dtype=np.int16, mode="r")
    alignments = _alignments(folder) if timed else {}
    return list(_utterances(entries, lengths, alignments)), samples


def load_corpora(folders: Sequence[Path], cache: Path) -> Corpus:
    """Read several corpus folders as one corpus, each decoded into ``cache`` the first time.

    The first is kept there as :func:`load_corpus` keeps it, each other in a folder of its own.

    Raises:
        EngineError: when a folder is none, or two hold an utterance of the same id.
    """
    if not folders:
        raise EngineError("there is no corpus to load: give at least one corpus folder")
    places = [cache, *(cache / f"corpus-{_digest(folder)}" for folder in folders[1:])]
    loaded = [_load(folder, place) for folder, place in zip(folders, places, strict=True)]
    begins = accumulate((len(samples) for _, samples in loaded[:-1]), initial=0)
    utterances = [
        replace(utterance, offset=utterance.offset + begin)
        for (found, _), begin in zip(loaded, begins, strict=True)
        for utterance in found
    ]
    _refuse_doubles(utterances)
    return Corpus(utterances, JoinedSamples([samples for _, samples in loaded]))


def _digest(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:10]


def _refuse_doubles(utterances: list[Utterance]) -> None:
    counts = Counter(utterance.id for utterance in utterances)
    double = next((name for name, count in counts.items() if count > 1), None)
    if double is not None:
        raise EngineError(
            f"the utterance {double} is in the corpora twice: give each corpus folder once, with "
            "ids of its own"
        )


def _lengths(
    folder: Path, entries: list[dict[str, str]], store: Path, path: Path
) -> dict[str, int]:
    """Samples of each utterance in the store, which is made if it is not of these utterances."""
    if path.is_file():
        known: dict[str, int] = json.loads(path.read_text())
        if list(known) == [entry["id"] for entry in entries]:
            return known
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    lengths = _decode(folder, entries, store)
    path.write_text(json.dumps(lengths))
    return lengths


def _decode(folder: Path, entries: list[dict[str, str]], store: Path) -> dict[str, int]:
    lengths: dict[str, int] = {}
    with store.open("wb") as out:
        for entry in entries:
            samples, rate = soundfile.read(folder / entry["path"], dtype="int16")
            if rate != SAMPLE_RATE or samples.ndim != 1:
                raise EngineError(f"{entry['path']} is not mono 16 kHz: convert the corpus first")
            out.write(samples.tobytes())
            lengths[entry["id"]] = len(samples)
    return lengths


def _alignments(folder: Path) -> dict[str, dict[str, list[tuple[str, int, int]]]]:
    with gzip.open(folder / "alignments.jsonl.gz", "rt") as lines:
        return {entry["id"]: entry for entry in map(json.loads, lines)}


def _utterances(
    entries: list[dict[str, str]],
    lengths: dict[str, int],
    alignments: dict[str, dict[str, list[tuple[str, int, int]]]],
) -> Iterator[Utterance]:
    offset = 0
    for entry in entries:
        length = lengths[entry["id"]]
        alignment = alignments.get(entry["id"])
        phones = alignment["phones"] if alignment else None
        yield Utterance(
            id=entry["id"],
            corpus=entry["corpus"],
            speaker=entry["speaker"],
            split=entry["split"],
            text=entry["text"],
            offset=offset,
            length=length,
            words=_aligned(alignment["words"]) if alignment else (),
            phones=_aligned(phones) if phones else None,
        )
        offset += length


def _aligned(items: list[tuple[str, int, int]]) -> tuple[Aligned, ...]:
    return tuple(Aligned(t, s * ALIGNMENT_HOP, e * ALIGNMENT_HOP) for t, s, e in items)
