"""What an edit changes in a transcript, so exactly that it can be taken back and made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from app.transcript import Corrected, Speaker, Transcript, Turn
from engine.events import Word

Fields = Mapping[str, Any]
"""Some fields of a turn, and ``removed``: whether it is one of those that are not shown."""

TURN_FIELDS = tuple(each.name for each in fields(Turn) if each.name != "number")


@dataclass(frozen=True, slots=True)
class TurnChange:
    """The fields of a turn that become others; None stands for no turn at all."""

    number: int
    before: Fields | None
    after: Fields | None


@dataclass(frozen=True, slots=True)
class SpeakerChange:
    """A speaker that comes, goes or has another name."""

    number: int
    before: Speaker | None
    after: Speaker | None


@dataclass(frozen=True, slots=True)
class VoiceChange:
    """Another speaker of the meeting for what the engine says of one of its own."""

    voice: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Patch:
    """All that one edit changes. Only what differs is in it."""

    turns: tuple[TurnChange, ...] = ()
    speakers: tuple[SpeakerChange, ...] = ()
    voices: tuple[VoiceChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.turns or self.speakers or self.voices)

    @property
    def numbers(self) -> list[int]:
        """The turns that it is about."""
        return [change.number for change in self.turns]

    def reversed(self) -> Patch:
        """The patch that takes this one back."""
        return Patch(
            tuple(TurnChange(each.number, each.after, each.before) for each in self.turns),
            tuple(SpeakerChange(each.number, each.after, each.before) for each in self.speakers),
            tuple(VoiceChange(each.voice, each.after, each.before) for each in self.voices),
        )

    def after(self, earlier: Patch) -> Patch | None:
        """Both as one; None if they are not about the same fields of the same one turn."""
        if len(self.turns) != 1 or len(earlier.turns) != 1 or self.speakers or earlier.speakers:
            return None
        old, new = earlier.turns[0], self.turns[0]
        if not (old.before and old.after and new.before and new.after):
            return None  # the turn comes or goes
        if old.number != new.number or _bounds(old.after) != _bounds(new.after):
            return None
        before, after = {**new.before, **old.before}, {**old.after, **new.after}
        return Patch((TurnChange(old.number, before, after),))

    def apply(self, transcript: Transcript) -> None:
        """Change the transcript. What the engine said meanwhile stays said."""
        for speaker in self.speakers:
            _put(transcript.speakers, speaker.number, speaker.after)
        for voice in self.voices:
            _put(transcript.voices, voice.voice, voice.after)
        for change in self.turns:
            _apply_to_turn(transcript, change)


def _bounds(changed: Fields) -> set[str]:
    return {"start", "end"} & changed.keys()


def patch_of(
    transcript: Transcript,
    turns: Iterable[Turn] = (),
    removed: Iterable[Turn] = (),
    speakers: Mapping[int, Speaker | None] | None = None,
    voices: Mapping[int, int] | None = None,
) -> Patch:
    """The patch after which these turns, speakers and voices are as given here.

    Speakers whom nobody named and who then say nothing any more go.
    """
    changes = [_turn_change(transcript, turn, removed=False) for turn in turns]
    changes += [_turn_change(transcript, turn, removed=True) for turn in removed]
    turn_changes = tuple(change for change in changes if change is not None)
    wanted = {**_silent(transcript, turn_changes), **(speakers or {})}
    return Patch(
        turn_changes,
        tuple(
            SpeakerChange(number, transcript.speakers.get(number), speaker)
            for number, speaker in wanted.items()
            if transcript.speakers.get(number) != speaker
        ),
        tuple(
            VoiceChange(voice, transcript.voices.get(voice), number)
            for voice, number in (voices or {}).items()
            if transcript.voices.get(voice) != number
        ),
    )


def difference(old: Transcript, new: Transcript) -> Patch:
    """The patch that makes the turns and speakers of ``old`` those of ``new``."""
    gone = (old.turns.keys() | old.removed.keys()) - new.turns.keys() - new.removed.keys()
    patch = patch_of(
        old,
        new.turns.values(),
        new.removed.values(),
        {number: new.speakers.get(number) for number in old.speakers.keys() | new.speakers.keys()},
    )
    ends = tuple(TurnChange(number, _state(old, number), None) for number in sorted(gone))
    return replace(patch, turns=patch.turns + ends)


def _turn_change(transcript: Transcript, turn: Turn, removed: bool) -> TurnChange | None:
    before, after = _state(transcript, turn.number), _fields(turn, removed)
    if before is None:
        return TurnChange(turn.number, None, after)
    other = [name for name, value in after.items() if before[name] != value]
    if not other:
        return None
    return TurnChange(
        turn.number, {name: before[name] for name in other}, {name: after[name] for name in other}
    )


def _state(transcript: Transcript, number: int) -> Fields | None:
    if number in transcript.turns:
        return _fields(transcript.turns[number], removed=False)
    if number in transcript.removed:
        return _fields(transcript.removed[number], removed=True)
    return None


def _fields(turn: Turn, removed: bool) -> Fields:
    return {**{name: getattr(turn, name) for name in TURN_FIELDS}, "removed": removed}


def _silent(transcript: Transcript, changes: Iterable[TurnChange]) -> dict[int, Speaker | None]:
    """The speakers without a name whose last turn goes with these changes."""
    speaking = {number: turn.speaker for number, turn in transcript.turns.items()}
    losing: set[int] = set()
    for change in changes:
        losing |= {speaking.pop(change.number)} if change.number in speaking else set()
        after = change.after or {"removed": True}
        state = {**(_state(transcript, change.number) or {}), **after}
        if not state["removed"]:
            speaking[change.number] = state["speaker"]
    named = {number for number, speaker in transcript.speakers.items() if speaker.named}
    return dict.fromkeys(losing - set(speaking.values()) - named)


def _apply_to_turn(transcript: Transcript, change: TurnChange) -> None:
    number, after = change.number, change.after
    turn = transcript.turns.pop(number, None) or transcript.removed.get(number)
    was_removed = transcript.removed.pop(number, None) is not None
    if after is None or (turn is None and change.before is not None):
        return  # there is none any more, or the engine does not say it any more
    if turn is None:
        turn = Turn(number, 0, 0, None, 0)
    _set_fields(transcript, turn, change.before or {}, after)
    place = transcript.removed if after.get("removed", was_removed) else transcript.turns
    place[number] = turn
    if place is transcript.turns:
        transcript.know(turn.speaker)


def _set_fields(transcript: Transcript, turn: Turn, before: Fields, after: Fields) -> None:
    known = turn.words
    for name, value in after.items():
        if name not in ("removed", "words"):
            setattr(turn, name, value)
    if "words" in after:
        former: tuple[Word, ...] = before.get("words", ())
        later = known[len(former) :] if known[: len(former)] == former else ()
        turn.words = (*after["words"], *later)
        if turn.corrected & Corrected.WORDS:
            until = max((word.end for word in (*former, *after["words"])), default=turn.start)
            transcript.hold_words(turn.number, len(after["words"]), until)


def _put(table: dict[int, Any], key: int, value: object) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
