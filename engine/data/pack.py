"""The data of training in numbered parts that can travel one by one, and back.

A part is a tar file: ``part.json`` with the digest of everything in it, its lines of the manifest
and of the alignments, and files as they lie in the corpus folder. Each stands for itself, so
training can begin with the parts that have come. What every run needs (noise, synthetic words) is
in the first parts; the utterances of a speaker stay together.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.data import pronunciation
from engine.data.text_files import AMI_WORDS
from engine.errors import EngineError

FORMAT = "crosstalk-pack"
CONTENTS = "part.json"
MANIFEST = "manifest.jsonl"
ALIGNMENTS = "alignments.jsonl"
SYNTHETIC = "cache/synthetic"
SPLITS = ("train", "dev")
"""The test split stays at home."""

_BLOCK = 512
_ROOM = 64 * _BLOCK  # contents, the ends of the files of lines, the end of the archive


@dataclass(frozen=True)
class Item:
    """A file to pack: where it lies, its name in the pack, and its lines if it is an utterance."""

    source: Path
    name: str
    manifest: str = ""
    alignment: str = ""

    @property
    def room(self) -> int:
        """Bytes that it takes in a part at most."""
        file = _BLOCK + -(-self.source.stat().st_size // _BLOCK) * _BLOCK
        digest = len(self.name) + 80  # its line of the contents
        return file + digest + len(self.manifest.encode()) + len(self.alignment.encode())


def pack(
    data: Path,
    cache: Path,
    output: Path,
    part_mb: float,
    synthetic_mb: float,
    also: Sequence[str],
    free: bool = False,
) -> list[Path]:
    """Write ``part-001.tar``, ... and ``index.json`` into ``output``.

    Args:
        data: corpus folder.
        cache: folder whose synthetic words are packed too, if they are at most ``synthetic_mb``.
        output: folder of the parts.
        part_mb: size of a part at most, in units of 10^6 bytes.
        synthetic_mb: see ``cache``.
        also: further folders of the corpus folder (``voices``, ``text``).
        free: with what free speech needs: pronunciations, the timing of meetings, and rooms.

    Raises:
        EngineError: when a folder is missing, or a file does not fit into a part.
    """
    speech = _utterances(data)
    needed = [
        *_needed(data, cache, synthetic_mb, also),
        *(_of_free_speech(data, cache) if free else ()),
    ]
    items = [*needed, *speech]
    parts = list(_parted(items, int(part_mb * 1e6)))
    names = "\n".join(f"{item.name} {item.room}" for item in items)
    identity = hashlib.sha256(names.encode()).hexdigest()[:16]
    output.mkdir(parents=True, exist_ok=True)
    for old in output.glob("part-*.tar"):
        old.unlink()
    written = [
        _write(output / f"part-{i:03d}.tar", part, i, len(parts), identity)
        for i, part in enumerate(parts, 1)
    ]
    entries = [{"name": p.name, "bytes": p.stat().st_size, "sha256": digest(p)} for p in written]
    index = {"format": FORMAT, "pack": identity, "parts": entries}
    (output / "index.json").write_text(json.dumps(index, indent=1) + "\n")
    return written


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _needed(data: Path, cache: Path, synthetic_mb: float, also: Sequence[str]) -> Iterator[Item]:
    """What a part of the speech is of no use without."""
    yield from (Item(p, p.name) for p in [data / "README.md"] if p.is_file())  # the licences
    synthetic = sorted(p for p in (cache / "synthetic").glob("*.npz") if ".part" not in p.name)
    if sum(p.stat().st_size for p in synthetic) <= synthetic_mb * 1e6:
        yield from (Item(p, f"{SYNTHETIC}/{p.name}") for p in synthetic)
    for folder in ("noise", *also):
        files = sorted(p for p in (data / folder).rglob("*") if p.is_file())
        if not files:
            raise EngineError(f"{data / folder} holds no files: give the folder of a corpus.")
        yield from (Item(p, p.relative_to(data).as_posix()) for p in files)


def _of_free_speech(data: Path, cache: Path) -> Iterator[Item]:
    yield Item(pronunciation.source(data), pronunciation.DICTIONARY)
    yield Item(data / AMI_WORDS, AMI_WORDS.as_posix())
    for path in sorted(cache.glob("rooms-*.npz")):  # what computes them need not be there then
        yield Item(path, f"cache/{path.name}")


def _utterances(data: Path) -> list[Item]:
    manifest = data / MANIFEST
    if not manifest.is_file():
        raise EngineError(f"{data} holds no {MANIFEST}: give the folder of a prepared corpus")
    with gzip.open(data / f"{ALIGNMENTS}.gz", "rt") as lines:
        alignments = {json.loads(line)["id"]: line.rstrip("\n") + "\n" for line in lines}
    entries = [json.loads(line) for line in manifest.read_text().splitlines()]
    chosen = [entry for entry in entries if entry["split"] in SPLITS]
    chosen.sort(key=_shuffled)
    return [
        Item(data / e["path"], e["path"], json.dumps(e) + "\n", alignments.get(e["id"], ""))
        for e in chosen
    ]


def _shuffled(entry: dict[str, Any]) -> tuple[str, str]:
    """Speakers in no order, so that the first parts have some of every corpus."""
    return hashlib.sha256(entry["speaker"].encode()).hexdigest(), entry["id"]


def _parted(items: Iterable[Item], limit: int) -> Iterator[list[Item]]:
    part: list[Item] = []
    taken = _ROOM
    for item in items:
        if _ROOM + item.room > limit:
            raise EngineError(
                f"{item.source} does not fit into a part: give --part-mb "
                f"{(_ROOM + item.room) // 1_000_000 + 1} or more."
            )
        if taken + item.room > limit:
            yield part
            part, taken = [], _ROOM
        part.append(item)
        taken += item.room
    yield part


def _write(path: Path, items: Sequence[Item], number: int, of: int, identity: str) -> Path:
    files = {item.name: item.source.read_bytes() for item in items}
    files[MANIFEST] = "".join(item.manifest for item in items).encode()
    files[ALIGNMENTS] = "".join(item.alignment for item in items).encode()
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    contents = {"format": FORMAT, "pack": identity, "part": number, "of": of, "files": digests}
    unfinished = path.with_suffix(".unfinished")
    with tarfile.open(unfinished, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in {CONTENTS: json.dumps(contents).encode(), **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    unfinished.replace(path)
    return path
