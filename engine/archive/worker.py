"""One worker: a recogniser of its own that hears one file after the other."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from engine.archive.claims import HOME
from engine.archive.folder import Folder
from engine.archive.ledger import Outcome, State, result_name
from engine.archive.segments import Segments
from engine.errors import EngineError
from engine.hearing import hear_file
from engine.recognizer import Recognizer
from engine.timeline import to_seconds

BLOCKS = 64
"""The encoders run over so many blocks of a live meeting at once: faster, and memory is bounded."""


@dataclass(frozen=True)
class Order:
    """What every worker of a run is told.

    Attributes:
        source: address of the recordings.
        output: address of the results.
        run: name of the run.
        model: the model file's bytes, so that it need not lie on every machine.
        device: ``cpu`` or ``cuda``.
        threads: of torch, on a CPU.
    """

    source: str
    output: str
    run: str
    model: bytes
    device: str = "cpu"
    threads: int = 1


class Worker:
    """Hears files and writes their words; an error is an outcome, never an exception."""

    def __init__(self, order: Order) -> None:
        torch.set_num_threads(order.threads)
        self._order = order
        self._source, self._output = Folder(order.source), Folder(order.output)
        with tempfile.TemporaryDirectory(prefix="crosstalk-") as folder:
            path = Path(folder) / "model.safetensors"
            path.write_bytes(order.model)
            self._recognizer = Recognizer.load(path, order.device)

    def ready(self) -> None:
        """Answer, as soon as the model is loaded."""

    def transcribe(self, name: str) -> Outcome:
        """Write the words of one file, whole or not at all."""
        begin = time.monotonic()
        segments, why = Segments(name), ""
        session = self._recognizer.session()
        session.block *= BLOCKS
        try:
            with self._source.on_disk(name) as path:
                why = segments.hear(hear_file(session, path))
            if session.consumed:
                self._write(name, segments)
        except Exception as error:  # whatever is wrong with one file, the others go on
            return Outcome(name, State.FAILED, _why(error), seconds=time.monotonic() - begin)
        state = State.DONE if not why else State.DAMAGED if session.consumed else State.FAILED
        audio_s = to_seconds(session.consumed)
        return Outcome(name, state, why, audio_s, time.monotonic() - begin, segments.count)

    def _write(self, name: str, segments: Segments) -> None:
        if not self._output.exists(result_name(name)):  # a worker given up for dead wrote it
            draft = f"{HOME}/drafts/{self._order.run}/{name}"
            self._output.write(result_name(name), segments.to_json(), draft)


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, EngineError) else f"{type(error).__name__}: {error}"
