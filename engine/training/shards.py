"""A checkpoint in numbered parts, each with its digest, so that it can travel as small files.

A part is one line of JSON (:class:`Header`) and then its piece of the file, so parts need no index
beside them and say themselves what is missing.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import torch

from engine.errors import EngineError
from engine.training.run_files import LAST, read_run

FOLDER = "shards"
"""Where the parts lie, in the folder of a run."""

CHANNEL_FILES, CHANNEL_MIB = 8, 16
"""What narrow channels often let through: so many files of so many MiB."""

_FORMAT = "crosstalk-shard"
_HEADER_ROOM = 512


@dataclass(frozen=True)
class Header:
    """The first line of a part.

    Attributes:
        part, of: number of the part, from 1, and how many there are.
        step: of the checkpoint.
        digest, whole: SHA-256 of the piece that follows, and of the whole file.
    """

    part: int
    of: int
    step: int
    digest: str
    whole: str
    format: str = _FORMAT


def split(
    run: Path, part_mb: float = 14.0, *, weights_only: bool = False, bfloat16: bool = False
) -> list[Path]:
    """Write the run's last checkpoint as parts into ``run/shards``, and drop those of before.

    Args:
        run: folder of a training run.
        part_mb: size of a part at most, in units of 10^6 bytes.
        weights_only: only the averaged weights and the heads of training. They can be exported and
            started from; a run that goes on from them begins its optimizer anew.
        bfloat16: the optimizer's state in half the room; a run goes on almost as it would have.
    """
    path = run / LAST
    saved = read_run(run)
    small = weights_only or bfloat16
    with io.BytesIO(_lighter(saved, weights_only)) if small else path.open("rb") as source:
        whole, size = _digest(source)
        room = int(part_mb * 1e6) - _HEADER_ROOM
        if room <= 0:
            raise EngineError("A part must have some room: give --part-mb 1 or more.")
        return _write(source, run / FOLDER, saved["step"], whole, math.ceil(size / room), room)


def _write(
    source: BinaryIO, folder: Path, step: int, whole: str, count: int, room: int
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    old = set(folder.glob("*.part*"))
    source.seek(0)
    parts = []
    for i in range(1, count + 1):
        piece = source.read(room)
        header = Header(i, count, step, hashlib.sha256(piece).hexdigest(), whole)
        path = folder / f"step-{step:08d}.part{i:03d}-of-{count:03d}"
        try:
            path.write_bytes(json.dumps(asdict(header)).encode() + b"\n" + piece)
        except OSError as error:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise EngineError(
                f"{path} cannot be written ({error}): make room; {LAST} is whole."
            ) from error
        parts.append(path)
    for path in old - set(parts):
        path.unlink()
    return parts


def _lighter(saved: dict[str, Any], weights_only: bool) -> bytes:
    if weights_only:  # torch writes what is in two places once
        saved = {**saved, "model": saved["averaged"], "optimizer": None}
    else:
        saved = {**saved, "optimizer": _halved(saved["optimizer"])}
    out = io.BytesIO()
    torch.save(saved, out)
    return out.getvalue()


def _halved(value: Any) -> Any:
    if isinstance(value, torch.Tensor):  # a count of steps stays exact
        return value.bfloat16() if value.is_floating_point() and value.dim() else value
    if isinstance(value, dict):
        return {k: _halved(v) for k, v in value.items()}
    return value


def join(folder: Path, output: Path) -> int:
    """Put the parts in ``folder`` together as ``output/last.pt``; the step it is of.

    Raises:
        EngineError: when parts are missing, damaged, or of different checkpoints.
    """
    found = _parts(folder if any(folder.glob("*.part*")) else folder / FOLDER)
    newest = max(header.step for header, _ in found)
    mine = {h.part: (h, path) for h, path in found if h.step == newest}
    header = next(iter(mine.values()))[0]
    if any((h.of, h.whole) != (header.of, header.whole) for h, _ in mine.values()):
        raise EngineError(f"{folder} holds parts of different checkpoints: remove the old ones.")
    missing = [str(i) for i in range(1, header.of + 1) if i not in mine]
    if missing:
        raise EngineError(f"Of {header.of} parts these are missing: {', '.join(missing)}.")
    _assemble([mine[i] for i in sorted(mine)], output)
    return header.step


def _parts(folder: Path) -> list[tuple[Header, Path]]:
    found = [(_header(path), path) for path in sorted(folder.glob("*.part*-of-*"))]
    if not found:
        raise EngineError(f"{folder} holds no parts of a checkpoint.")
    return found


def _header(path: Path) -> Header:
    with path.open("rb") as file:
        try:
            header = Header(**json.loads(file.readline(_HEADER_ROOM)))
            if header.format != _FORMAT:
                raise ValueError(header.format)
        except (ValueError, TypeError) as error:
            raise EngineError(f"{path} is damaged or no part of a checkpoint.") from error
    return header


def _assemble(parts: list[tuple[Header, Path]], output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    unfinished = output / f"{LAST}.part"
    whole = hashlib.sha256()
    with unfinished.open("wb") as out:
        for header, path in parts:
            piece = path.read_bytes().partition(b"\n")[2]
            if hashlib.sha256(piece).hexdigest() != header.digest:
                raise EngineError(f"{path} is damaged: fetch it again.")
            whole.update(piece)
            out.write(piece)
    if whole.hexdigest() != parts[0][0].whole:
        raise EngineError("The parts do not make the checkpoint that they were cut from.")
    unfinished.replace(output / LAST)


def _digest(source: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(source):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    while block := source.read(1 << 20):
        yield block


def advice(parts: list[Path], *, weights_only: bool = False, bfloat16: bool = False) -> str:
    """What to say of parts that a narrow channel would not take; nothing if it would."""
    largest = max(p.stat().st_size for p in parts)
    if len(parts) <= CHANNEL_FILES and largest <= CHANNEL_MIB << 20:
        return ""
    less = " or ".join(
        option
        for option, taken in (("--bf16-optimizer", bfloat16), ("--weights-only", weights_only))
        if not (taken or weights_only)
    )
    hint = f" {less} makes it smaller." if less else " Send it in several goes."
    return f"That is more than {CHANNEL_FILES} files of {CHANNEL_MIB} MiB.{hint}"
