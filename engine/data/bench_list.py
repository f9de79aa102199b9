"""The meetings of free speech as a list: who says which words of which utterance, and when.

The list is part of the laboratory, the speech is not: a line names utterances of the corpus, never
their words. So everybody who has the corpus builds the same meetings from it
(:mod:`engine.data.bench_set`), and two figures on a list mean the same.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.errors import EngineError

LISTS = Path(__file__).with_name("lists")
"""The lists that figures are taken on: ``SPLIT.jsonl.gz``."""

ROOMS = 32
"""Rooms of each microphone place, of :func:`engine.data.room_bank.rooms`."""


@dataclass(frozen=True)
class ListedTurn:
    """Words ``first`` to ``last`` of an utterance, said from sample ``start`` of the meeting."""

    utterance: str
    first: int
    last: int
    start: int


@dataclass(frozen=True)
class ListedPerson:
    """A person's level, and seat where the meeting is in a room."""

    speaker: str
    gain_db: float
    seat: int


@dataclass(frozen=True)
class ListedSound:
    """The room and the noise of a meeting that is not heard dry.

    Attributes:
        place: where the microphone is.
        room: which of the rooms of that place.
        noise: which recording of the fifth fold, modulo their number.
        noise_start: first sample of it; it is repeated.
        noise_db: its level relative to speech.
    """

    place: str
    room: int
    noise: int
    noise_start: int
    noise_db: float


@dataclass(frozen=True)
class ListedMeeting:
    """One meeting of the list."""

    session_id: str
    condition: str
    duration_s: float
    people: tuple[ListedPerson, ...]
    turns: tuple[ListedTurn, ...]
    sound: ListedSound


def write(meetings: Sequence[ListedMeeting], path: Path) -> str:
    """Write a list, gzipped, and return the digest of its lines."""
    text = "".join(json.dumps(asdict(m), separators=(",", ":")) + "\n" for m in meetings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> Iterator[ListedMeeting]:
    """The meetings of a list.

    Raises:
        EngineError: when there is none.
    """
    if not path.is_file():
        raise EngineError(
            f"There is no list of meetings at {path}: take the split dev or test, "
            "or draw one with `crosstalk-lab bench-list`."
        )
    with gzip.open(path, "rt") as lines:
        yield from map(_listed, lines)


def _listed(line: str) -> ListedMeeting:
    entry = json.loads(line)
    people = tuple(ListedPerson(**person) for person in entry.pop("people"))
    turns = tuple(ListedTurn(**turn) for turn in entry.pop("turns"))
    return ListedMeeting(
        people=people, turns=turns, sound=ListedSound(**entry.pop("sound")), **entry
    )


def first(meetings: Iterable[ListedMeeting], sessions: int) -> list[ListedMeeting]:
    """The first meetings of each condition, ``sessions`` at most."""
    kept: dict[str, list[ListedMeeting]] = {}
    for meeting in meetings:
        kept.setdefault(meeting.condition, []).append(meeting)
    return [meeting for group in kept.values() for meeting in group[:sessions]]


def of_split(split: str) -> Path:
    """The laboratory's own list of a split."""
    return LISTS / f"{split}.jsonl.gz"
