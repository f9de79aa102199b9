"""Turn taking of real meetings: who speaks when, fitted to the word times of the AMI corpus.

A :class:`Talk` is a turn without its sound: words of one person less than 0.5 s apart. Whoever
talks beyond everybody so far takes the *floor*; a talk that begins and ends while another one holds
it is *inside* that one (most backchannels are). The offset at a change of floor is the start of the
next talk minus the end of the last one: a gap if positive, an overlap if negative (Heldner and
Edlund 2010, Pauses, gaps and overlaps in conversations).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.data.sources import TURN_PAUSE_S
from engine.data.text_files import AMI_WORDS, ami_people
from engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Talk:
    """A turn without its sound, in seconds of the meeting."""

    speaker: str
    start_s: float
    end_s: float
    words: int

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s


Meeting = tuple[Talk, ...]
"""The talks of a meeting, sorted by start."""


@dataclass(frozen=True, slots=True)
class Event:
    """A talk as seen from those before it.

    Attributes:
        rank: how many people had the floor more recently than this speaker; 0 is the holder.
        inside: whether it lies wholly inside the talk that holds the floor.
        place: start in seconds after the end of the floor; inside, the share (0 to 1) of the room
            before it in the talk that it lies in.
        length_s: how long it is.
    """

    rank: int
    inside: bool
    place: float
    length_s: float


def talks(speaker: str, words: Iterable[tuple[float, float]]) -> Iterator[Talk]:
    """The talks of a speaker, of the start and end of each word in seconds, in order."""
    start = end = 0.0
    count = 0
    for word_start, word_end in words:
        # to the microsecond: sums of binary fractions must not make two turns of one
        if count and round(word_start - end, 6) >= TURN_PAUSE_S:
            yield Talk(speaker, start, end, count)
            count = 0
        start, end = (start, max(end, word_end)) if count else (word_start, word_end)
        count += 1
    if count:
        yield Talk(speaker, start, end, count)


def meeting_of(people: Iterable[tuple[str, Iterable[tuple[float, float]]]]) -> Meeting:
    """A meeting of the word times of its people. What has no length is left out."""
    found = [t for speaker, words in people for t in talks(speaker, words) if t.length_s > 0]
    return tuple(sorted(found, key=lambda t: (t.start_s, -t.end_s)))


def meeting_of_segments(segments: Iterable[dict[str, Any]]) -> Meeting:
    """A meeting of SegLST segments with ``word_times``."""
    words: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for segment in sorted(segments, key=lambda s: float(s["start_time"])):
        words[segment["speaker"]] += [(start, end) for start, end in segment["word_times"]]
    return meeting_of(words.items())


def events(meeting: Meeting) -> Iterator[Event]:
    """What happened in a meeting, one event a talk, by start."""
    recent: list[str] = []
    floor: Talk | None = None
    for talk in meeting:
        rank = recent.index(talk.speaker) if talk.speaker in recent else len(recent)
        if floor is not None and talk.end_s <= floor.end_s:
            room = floor.length_s - talk.length_s
            share = (talk.start_s - floor.start_s) / room if room > 0 else 0.0
            yield Event(rank, True, min(share, 1.0), talk.length_s)
            continue
        offset = talk.start_s - floor.end_s if floor is not None else 0.0
        yield Event(rank, False, offset, talk.length_s)
        recent = [talk.speaker, *(p for p in recent if p != talk.speaker)]
        floor = talk


def load_ami(data: Path, cache: Path) -> list[Meeting]:
    """The meetings of AMI in a corpus folder; parsed once, then from ``cache``.

    Raises:
        EngineError: when the folder has no words of AMI.
    """
    path = data / AMI_WORDS
    if not path.is_file():
        raise EngineError(f"{path} is missing: give a corpus folder with the words of AMI.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    kept = cache / f"ami-talks-{digest}.json"
    if not kept.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial")  # a run that is stopped leaves no half file
        partial.write_text(json.dumps(list(_parsed(data))))
        partial.replace(kept)
    return [tuple(Talk(*talk) for talk in meeting) for meeting in json.loads(kept.read_text())]


def _parsed(data: Path) -> Iterator[list[tuple[str, float, float, int]]]:
    meetings: dict[str, list[tuple[str, list[tuple[float, float]]]]] = defaultdict(list)
    for person in ami_people(data):
        times = [(start, end) for _, start, end in person.words]
        meetings[person.meeting].append((person.speaker, times))
    for name in sorted(meetings):
        found = meeting_of(meetings[name])
        yield [(t.speaker, t.start_s, t.end_s, t.words) for t in found]
