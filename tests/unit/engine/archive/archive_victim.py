"""``crosstalk-lab transcribe-archive`` with a worker that is killed in the middle of a file."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import typer

from engine import lab_archive
from engine.archive import pool
from engine.archive.ledger import Outcome
from engine.archive.worker import Order, Worker


class Victim(Worker):
    """Dies while it hears ``mortal.wav``, once."""

    def __init__(self, order: Order) -> None:
        super().__init__(order)
        self._notes = Path(order.output).with_name("notes")
        self._notes.mkdir(exist_ok=True)

    def transcribe(self, name: str) -> Outcome:
        """As a worker, but for this one; every attempt leaves a note."""
        tries = len(list(self._notes.glob(f"{name}-*")))
        note = self._notes / f"{name}-{tries}"
        note.parent.mkdir(exist_ok=True)
        note.touch()
        if name == "mortal.wav" and not tries:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().transcribe(name)


if __name__ == "__main__":
    pool.WORKER = Victim
    app = typer.Typer()
    lab_archive.register(app)
    app()
