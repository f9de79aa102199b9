"""How patches are written in the library: JSON of what differs."""

from __future__ import annotations

import json
from typing import Any

from app.corrections.patch import Fields, Patch, SpeakerChange, TurnChange, VoiceChange
from app.transcript import Corrected, Recognised, Speaker
from engine.events import Word


def written(patch: Patch) -> str:
    """A patch as JSON."""
    parts = {
        "turns": [[t.number, _fields(t.before), _fields(t.after)] for t in patch.turns],
        "speakers": [[s.number, _speaker(s.before), _speaker(s.after)] for s in patch.speakers],
        "voices": [[v.voice, v.before, v.after] for v in patch.voices],
    }
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Patch:
    """The patch that was written so."""
    parts = json.loads(text)
    return Patch(
        tuple(TurnChange(n, _to_fields(b), _to_fields(a)) for n, b, a in parts["turns"]),
        tuple(SpeakerChange(n, _to_speaker(b), _to_speaker(a)) for n, b, a in parts["speakers"]),
        tuple(VoiceChange(*each) for each in parts["voices"]),
    )


def _fields(fields: Fields | None) -> dict[str, Any] | None:
    if fields is None or "words" not in fields:
        return None if fields is None else dict(fields)
    words = [(w.text, w.start, w.end, w.confidence, w.final, w.readable) for w in fields["words"]]
    return {**fields, "words": words}


def _to_fields(fields: dict[str, Any] | None) -> Fields | None:
    if fields is None:
        return None
    if "words" in fields:
        fields["words"] = tuple(Word(*word) for word in fields["words"])
    if "corrected" in fields:
        fields["corrected"] = Corrected(fields["corrected"])
    return fields


def _speaker(speaker: Speaker | None) -> list[object] | None:
    if speaker is None:
        return None
    voice = speaker.recognised and [
        speaker.recognised.person,
        speaker.recognised.name,
        speaker.recognised.sure,
    ]
    denied = sorted(speaker.denied)
    return [speaker.number, speaker.name, speaker.named, speaker.made, voice, denied]


def _to_speaker(values: list[Any] | None) -> Speaker | None:
    if values is None:
        return None
    number, name, named, made, voice, *denied = values  # former versions knew no denials
    known = Recognised(*voice) if voice else None
    return Speaker(number, name, named, made, known, frozenset(*denied))
