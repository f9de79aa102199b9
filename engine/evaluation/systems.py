"""What is evaluated: models of ours, and what else a user could install."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

import engine
from engine.events import Event
from engine.recognizer import Recognizer

Audio = NDArray[np.float32]


class System(Protocol):
    """Something that writes down what it hears.

    Attributes:
        name: as tables show it.
        digest: of everything that its answers depend on; they are kept under it.
        knows_turns: whether it marks turns and names speakers, or gives one stream of words.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 -- the class says it
    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def knows_turns(self) -> bool: ...  # noqa: D102

    def transcribe(self, samples: Audio) -> Iterable[Event]:
        """All events of some audio, (samples,) mono 16 kHz in [-1, 1]."""

    def describe(self) -> dict[str, Any]:
        """What a record should keep of it, as JSON can hold it."""


class ModelSystem:
    """A model file of ours."""

    knows_turns = True

    def __init__(self, path: Path, device: str = "auto") -> None:
        self._recognizer = Recognizer.load(path, device)
        self.name = path.stem
        self.model_digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.digest = _joined(self.model_digest, code_digest(), self._recognizer.device)

    def transcribe(self, samples: Audio) -> Iterable[Event]:
        """All events, as a live session emits them."""
        return self._recognizer.transcribe(samples)

    def describe(self) -> dict[str, Any]:
        """The model's card, its digest and the device."""
        return {
            "sha256": self.model_digest,
            "device": self._recognizer.device,
            "card": dataclasses.asdict(self._recognizer.card),
        }


def code_digest() -> str:
    """Of the code that turns samples into events: a change of the search is another system."""
    root = Path(engine.__file__).parent
    used = [*root.glob("*.py"), *root.glob("encoders/*.py"), *root.glob("speakers/*.py")]
    code = sorted(path for path in used if not path.name.startswith("lab"))
    return _joined(*(path.read_text() for path in code))


def _joined(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def open_systems(names: Sequence[str], device: str) -> list[System]:
    """Systems by model file, or by the name ``pocketsphinx``; equal names get their folder too.

    Raises:
        ModelError: when a model file cannot be used.
        DeviceError: when the device is not there.
        EngineError: when pocketsphinx is not installed.
    """
    return [_open(name, device, names) for name in names]


def _open(name: str, device: str, names: Sequence[str]) -> System:
    from engine.evaluation.pocketsphinx_system import NAME, PocketsphinxSystem

    if name == NAME:
        return PocketsphinxSystem()
    system = ModelSystem(Path(name), device)
    if [Path(other).stem for other in names].count(system.name) > 1:
        system.name = name
    return system
