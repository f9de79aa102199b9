"""Edits of who speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from app.corrections.edits import EditKind, EditRefused, turns_of
from app.corrections.patch import Patch, patch_of
from app.exports.tidy import one_line
from app.transcript import Corrected, Speaker, Transcript, Turn, default_name
from app.words import translate


@dataclass(frozen=True, slots=True)
class RenameSpeaker:
    """Give a speaker a name; an empty one brings the default name back."""

    speaker: int
    name: str
    kind: ClassVar[EditKind] = EditKind.RENAME

    def patch(self, transcript: Transcript) -> Patch:
        """What the name changes."""
        former = _speaker_of(transcript, self.speaker)
        return patch_of(transcript, speakers={self.speaker: former.called(one_line(self.name))})


@dataclass(frozen=True, slots=True)
class MergeSpeakers:
    """Two speakers are one person, ``into``, who also says what the engine hears of ``speaker``.

    A person without a name takes that of the other one.
    """

    speaker: int
    into: int
    kind: ClassVar[EditKind] = EditKind.MERGE

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: every turn of ``speaker``."""
        gone = _speaker_of(transcript, self.speaker)
        stays = _speaker_of(transcript, self.into)
        if gone.number == stays.number:
            said = translate("app", "That is one person already: choose two that are to be one.")
            raise EditRefused(said)
        speakers: dict[int, Speaker | None] = {gone.number: None}
        if gone.named and not stays.named:
            speakers[stays.number] = stays.called(gone.name)
        voices = [v for v, number in transcript.voices.items() if number == gone.number]
        return patch_of(
            transcript,
            _said_by(_turns_by(transcript.turns.values(), gone.number), stays.number),
            _said_by(_turns_by(transcript.removed.values(), gone.number), stays.number),
            speakers,
            dict.fromkeys(voices, stays.number),
        )


@dataclass(frozen=True, slots=True)
class Reassign:
    """Other turns of somebody else; ``to`` None is a new person, who may get a name."""

    turns: tuple[int, ...]
    to: int | None
    name: str = ""
    kind: ClassVar[EditKind] = EditKind.REASSIGN

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: the turns, and perhaps one person more."""
        turns = turns_of(transcript, self.turns)
        if self.to is not None:
            return patch_of(transcript, _said_by(turns, _speaker_of(transcript, self.to).number))
        number = transcript.next_speaker()
        person = Speaker(number, default_name(number), made=True).called(one_line(self.name))
        return patch_of(transcript, _said_by(turns, number), speakers={number: person})


@dataclass(frozen=True, slots=True)
class ReassignAll:
    """All turns that a speaker has now are somebody else's; later ones are heard as before."""

    speaker: int
    to: int | None
    name: str = ""
    kind: ClassVar[EditKind] = EditKind.REASSIGN

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: every turn of ``speaker``."""
        turns = _turns_by(transcript.ordered(), _speaker_of(transcript, self.speaker).number)
        return Reassign(tuple(turn.number for turn in turns), self.to, self.name).patch(transcript)


def _speaker_of(transcript: Transcript, number: int) -> Speaker:
    if number not in transcript.speakers:
        said = translate("app", "This person is not in the meeting any more: choose another one.")
        raise EditRefused(said)
    return transcript.speakers[number]


def _turns_by(turns: Iterable[Turn], speaker: int) -> list[Turn]:
    return [turn for turn in turns if turn.speaker == speaker]


def _said_by(turns: Iterable[Turn], speaker: int) -> list[Turn]:
    """The turns as this speaker's; what a person said of it is not the engine's to change."""
    return [
        replace(turn, speaker=speaker, corrected=turn.corrected | Corrected.SPEAKER)
        for turn in turns
    ]
