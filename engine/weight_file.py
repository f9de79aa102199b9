"""Files of weights with named metadata (safetensors), written whole and read with plain words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from engine.errors import ModelError

Metadata = dict[str, str]
Weights = dict[str, torch.Tensor]


@dataclass(frozen=True)
class FileKind:
    """A kind of file, and how messages speak of it.

    Attributes:
        format: its name in the metadata.
        version: the newest that can be read.
        title: what it is called, as "model file".
        remedy: what to do when it cannot be used.
        absent: what to do when it is not there, or something else is.
    """

    format: str
    version: int
    title: str
    remedy: str
    absent: str

    def write(self, path: Path, weights: Weights, metadata: Metadata) -> None:
        """Write a file; an existing one is replaced only when the new one is whole.

        Raises:
            ModelError: when it cannot be written.
        """
        own = {"format": self.format, "format_version": str(self.version)}
        part = path.with_name(path.name + ".part")
        try:
            save_file(weights, part, own | metadata)
            part.replace(path)
        except (SafetensorError, OSError) as error:
            part.unlink(missing_ok=True)
            raise ModelError(
                "The {title} cannot be written to {path} ({why}): choose another folder or make "
                "room.",
                title=self.title,
                path=path,
                why=first_line(error),
            ) from error

    def read(self, path: Path, weights: bool = True) -> tuple[Metadata, Weights]:
        """Metadata, and tensors if they are asked for.

        Raises:
            ModelError: when it is missing, damaged, something else, or too new.
        """
        if not path.is_file():
            raise ModelError(
                "There is no {title} at {path}: {absent}.",
                title=self.title,
                path=path,
                absent=self.absent,
            )
        try:
            with safe_open(path, framework="pt") as file:
                metadata: Metadata = file.metadata() or {}
                names = file.keys() if weights else ()
                tensors = {name: file.get_tensor(name) for name in names}
        except (SafetensorError, OSError) as error:
            raise ModelError(
                "{path} is damaged or not a {title} ({why}): {remedy}.",
                path=path,
                title=self.title,
                why=first_line(error),
                remedy=self.remedy,
            ) from error
        self._check(path, metadata)
        broken = [name for name, weight in tensors.items() if not weight.isfinite().all()]
        if broken:
            raise ModelError(
                "{path} is damaged (no numbers in {name}): {remedy}.",
                path=path,
                name=broken[0],
                remedy=self.remedy,
            )
        return metadata, tensors

    def _check(self, path: Path, metadata: Metadata) -> None:
        if metadata.get("format") != self.format:
            raise ModelError(
                "{path} is not a {title} made for Crosstalk: {absent}.",
                path=path,
                title=self.title,
                absent=self.absent,
            )
        version = metadata.get("format_version", "")
        if not version.isdecimal() or int(version) > self.version:
            raise ModelError(
                "The {title} {path} was made for a newer Crosstalk (format {version}): update "
                "Crosstalk.",
                title=self.title,
                path=path,
                version=version,
            )


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
