"""What became of each file of an archive, beside the results themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from engine.archive.claims import HOME
from engine.archive.folder import Folder
from engine.errors import EngineError


class State(StrEnum):
    """What became of a file."""

    DONE = "done"
    DAMAGED = "damaged"  # written down as far as it could be read
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file.

    Attributes:
        name: below the source.
        state: how it ended.
        why: what went wrong, with what to do about it.
        audio_s: seconds of sound that were heard.
        seconds: that it took one worker.
        words: that were written down.
        attempts: 1, and one more for each worker that died of it.
    """

    name: str
    state: State
    why: str = ""
    audio_s: float = 0.0
    seconds: float = 0.0
    words: int = 0
    attempts: int = 1


def result_name(name: str) -> str:
    """Where the words of a file are written."""
    return f"{name}.json"


class Ledger:
    """The outcomes that a run writes, and those of others.

    Args:
        folder: where results are written.
        run: its name.
    """

    def __init__(self, folder: Folder, run: str) -> None:
        self._folder, self._draft = folder, f"{HOME}/drafts/{run}/entry"

    def write(self, outcome: Outcome) -> None:
        """Write down what became of a file."""
        content = json.dumps(asdict(outcome), ensure_ascii=False) + "\n"
        self._folder.write(_entry(outcome.name), content.encode(), self._draft)

    def is_done(self, name: str) -> bool:
        """Whether the words of a file are there."""
        return self._folder.exists(result_name(name))

    def failed_since(self, name: str, began: datetime) -> bool:
        """Whether another run has tried the file in the meantime, in vain."""
        written = self._folder.written_at(_entry(name))
        return written is not None and written >= began and not self.is_done(name)

    def summarise(self, names: Iterable[str]) -> None:
        """Write one list of all outcomes, ``manifest.jsonl``, for those who read the results."""
        entries = [self._folder.read(_entry(name)) for name in names]
        content = b"".join(entry for entry in entries if entry)
        self._folder.write(f"{HOME}/manifest.jsonl", content, self._draft)

    def belongs_to(self, model: str) -> None:
        """All results of a folder are by one model.

        Raises:
            EngineError: when another one has begun it.
        """
        place = f"{HOME}/model.sha256"
        if not self._folder.create(place, model.encode()):
            known = (self._folder.read(place) or b"").decode()
            if known and known != model:
                raise EngineError(
                    f"{self._folder.address} was begun with another model: give another folder."
                )


def _entry(name: str) -> str:
    return f"{HOME}/ledger/{name}.json"
