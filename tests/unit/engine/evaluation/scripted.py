"""A system that says what it is told to, and counts how often it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.evaluation.systems import Audio
from engine.events import Event

from .strategies import said


class ScriptedSystem:
    """Says one text after the other, each as a turn of its own second."""

    def __init__(
        self, texts: Sequence[str], name: str = "scripted", knows_turns: bool = True
    ) -> None:
        self.name = name
        self.digest = f"{name}-digest"
        self.knows_turns = knows_turns
        self.asked = 0
        self._texts = texts

    def transcribe(self, samples: Audio) -> Iterable[Event]:
        """The next text, in one turn."""
        text = self._texts[self.asked % len(self._texts)]
        self.asked += 1
        return said(1, 0, 1, text) if text else []

    def describe(self) -> dict[str, Any]:
        """Nothing to tell."""
        return {"kind": "scripted"}
