"""A meeting that was transcribed again, perhaps with another model, keeps what a person said of it.

Turns that a person corrected stay as they are, and turns that a person deleted stay away. Of the
fresh turns those words are left out that such a turn has already; the rest of them is taken. Who
is who is found by speaking time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import ClassVar

from app.corrections.edits import EditKind
from app.corrections.patch import Patch, difference
from app.transcript import OWN_NUMBERS, Speaker, Transcript, Turn
from engine.events import Word
from engine.timeline import SAMPLE_RATE

MARGIN = SAMPLE_RATE // 2
"""The same word of another model may lie this far outside the turn that it is in."""


@dataclass(frozen=True, slots=True)
class TranscribeAgain:
    """The turns of another transcription, under what a person corrected."""

    fresh: Transcript
    kind: ClassVar[EditKind] = EditKind.AGAIN

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: all turns that nobody corrected."""
        return difference(transcript, merge_again(transcript, self.fresh))


def merge_again(old: Transcript, fresh: Transcript) -> Transcript:
    """A new transcript: the corrections of ``old``, and ``fresh`` where there are none."""
    people = _people(old, fresh)
    held = [turn for turn in old.ordered() if turn.corrected]
    others = [turn for turn in old.ordered() if not turn.corrected]
    heard = [replace(turn, speaker=people[turn.speaker]) for turn in fresh.ordered()]
    said = _Said([*held, *old.removed.values()], others)
    parts = [part for turn in heard for part in said.without(turn)]
    turns = {turn.number: turn for turn in held}
    for turn in _numbered(parts, turns.keys() | old.removed.keys()):
        turns[turn.number] = replace(turn)
    made = Transcript(
        turns=turns,
        gaps=[*old.gaps, *(gap for gap in fresh.gaps if gap not in old.gaps)],
        duration=max(old.duration, fresh.duration),
        removed=dict(old.removed),
        speakers={n: speaker for n, speaker in old.speakers.items() if speaker.named},
    )
    for turn in made.turns.values():
        made.know(turn.speaker)
    _recognise(made, old, {people.get(n, 0): speaker for n, speaker in fresh.speakers.items()})
    return made


def _recognise(made: Transcript, old: Transcript, fresh: Mapping[int, Speaker]) -> None:
    """Those without a name who were recognised now, unless a person denied that before."""
    for number, speaker in made.speakers.items():
        if speaker.named:
            continue
        former = old.speakers.get(number, speaker)
        found = fresh[number].recognised if number in fresh else None
        made.speakers[number] = former.heard_as(
            *((found.person, found.name, found.sure) if found else (None, "", False))
        )


class _Said:
    """What a person has settled: turns that are ``held``, in the midst of ``others``."""

    def __init__(self, held: Sequence[Turn], others: Sequence[Turn]) -> None:
        self._held = _ByTime(held)
        self._others = _ByTime(others)

    def without(self, turn: Turn) -> list[Turn]:
        """The parts of a fresh turn that no held turn says already, from left to right."""
        again = [held for held in self._held.during(turn) if self._is_same(turn, held)]
        if not again:
            return [turn]
        runs = groupby(turn.words, lambda word: any(_holds(held, word) for held in again))
        left = [tuple(words) for taken, words in runs if not taken]
        return [_part(turn, words) for words in left]

    def _is_same(self, turn: Turn, held: Turn) -> bool:
        """Whether a turn says again what a held one says, and not what somebody said meanwhile."""
        score = _likeness(turn, held)
        meanwhile = (each for each in self._others.during(turn) if _overlap(each, held) > 0)
        rivals = (_likeness(turn, other) for other in meanwhile)
        return score > 0 and score >= max(rivals, default=0.0)


class _ByTime:
    """Turns that can be asked for by time without looking at all of them."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = sorted(turns, key=_start)
        self._longest = max((turn.until - turn.start for turn in self._turns), default=0)

    def during(self, turn: Turn) -> list[Turn]:
        """Those that overlap a turn."""
        first = bisect_left(self._turns, turn.start - self._longest, key=_start)
        last = bisect_left(self._turns, turn.until, key=_start)
        return [each for each in self._turns[first:last] if _overlap(turn, each) > 0]


def _start(turn: Turn) -> int:
    return turn.start


def _likeness(turn: Turn, other: Turn) -> float:
    """How much a turn says what another one says: shared time, the same voice, the same words."""
    shared = _overlap(turn, other)
    if shared <= 0:
        return 0.0
    words = [word.text for word in turn.words if _holds(other, word)]
    alike = SequenceMatcher(None, words, [word.text for word in other.words], autojunk=False)
    return shared * (1 + (turn.speaker == other.speaker) + 2 * alike.ratio())


def _holds(turn: Turn, word: Word) -> bool:
    middle = (word.start + word.end) // 2
    if turn.start <= middle <= turn.until:
        return True
    near = turn.start - MARGIN <= middle <= turn.until + MARGIN
    return near and any(word.text == other.text for other in turn.words)


def _overlap(one: Turn, other: Turn) -> int:
    return min(one.until, other.until) - max(one.start, other.start)


def _part(turn: Turn, words: tuple[Word, ...]) -> Turn:
    first, last = words[0] is turn.words[0], words[-1] is turn.words[-1]
    start = turn.start if first else words[0].start
    return replace(turn, words=words, start=start, end=turn.end if last else words[-1].end)


def _numbered(turns: Iterable[Turn], taken: Iterable[int]) -> Iterator[Turn]:
    """The turns with numbers of their own."""
    used = set(taken)
    free = max(OWN_NUMBERS - 1, *used, 0)
    for turn in turns:
        number = turn.number
        if number in used:
            number = free = free + 1
        used.add(number)
        yield replace(turn, number=number)


def _people(old: Transcript, fresh: Transcript) -> Mapping[int, int]:
    """For each speaker of ``fresh`` the one of ``old``, or a new one, by common speaking time."""
    common: dict[tuple[int, int], int] = defaultdict(int)
    before = _ByTime([*old.turns.values(), *old.removed.values()])
    for turn in fresh.turns.values():
        for other in before.during(turn):
            common[turn.speaker, other.speaker] += _overlap(turn, other)
    people: dict[int, int] = {}
    for speaker, known in sorted(common, key=common.__getitem__, reverse=True):
        if speaker not in people and known not in people.values():
            people[speaker] = known
    unused = old.next_speaker()
    for speaker in sorted({turn.speaker for turn in fresh.turns.values()} - people.keys()):
        people[speaker], unused = unused, unused + 1
    return people
