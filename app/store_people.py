"""The tables of people who are known again by their voices."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.database import StoreError, explained, transaction
from app.store_forgetting import Forgetting
from app.transcript import Transcript
from app.turn_voice import TurnVoice, Vector
from app.voices import Person, Sample, Voice, mean, voice_of
from app.words import translate
from engine.speakers.known import KnownVoice
from engine.timeline import to_seconds

FLOATS = np.dtype("<f4")


class PeopleTable:
    """The people in the library at ``path``; all methods raise :class:`StoreError`."""

    def __init__(
        self, database: sqlite3.Connection, path: Path, load: Callable[[int], Transcript]
    ) -> None:
        self._database = database
        self._path = path
        self._load = load
        self._forgetting = Forgetting(database, path)

    def of_turns(self, meeting_id: int) -> dict[int, TurnVoice]:
        """What was kept of a meeting, by the number of the turn."""
        sql = """
            SELECT turn, start_sample, end_sample, heard, model, vector FROM turn_voices
            WHERE meeting_id = ?
        """
        with explained(self._path):
            rows = self._database.execute(sql, (meeting_id,)).fetchall()
        return {
            turn: TurnVoice(turn, start, end, heard, model, _vector(vector))
            for turn, start, end, heard, model, vector in rows
        }

    def people(self) -> list[Person]:
        """Everybody whose voice is saved, by alphabet."""
        sql = "SELECT id, name, created_at, agreed_at FROM people"
        with explained(self._path):
            rows = self._database.execute(sql).fetchall()
            people = [
                Person(number, name, _moment(created), _moment(agreed), self._samples(number))
                for number, name, created, agreed in rows
            ]
        return sorted(people, key=lambda person: (person.name.casefold(), person.id))

    def person(self, person_id: int) -> Person:
        """One of them."""
        for person in self.people():
            if person.id == person_id:
                return person
        raise StoreError(translate("app", "The voice of this person is not saved any more."))

    def known(self) -> list[KnownVoice]:
        """Every saved voice, one for each person and model."""
        sql = """
            SELECT person_id, people.name, model, vector, heard FROM voices
            JOIN people ON people.id = person_id ORDER BY voices.id
        """
        with explained(self._path):
            rows = self._database.execute(sql).fetchall()
        parts: dict[tuple[int, str, str], list[tuple[Vector, int]]] = {}
        for person, name, model, vector, heard in rows:
            parts.setdefault((person, name, model), []).append((_vector(vector), heard))
        return [
            KnownVoice(*whose, mean(part), to_seconds(sum(heard for _, heard in part)))
            for whose, part in parts.items()
        ]

    def latest_model(self) -> str | None:
        """The model that heard the latest meeting of which voices were kept."""
        sql = "SELECT model FROM turn_voices ORDER BY meeting_id DESC, turn DESC LIMIT 1"
        with explained(self._path):
            row = self._database.execute(sql).fetchone()
        return None if row is None else str(row[0])

    def enrol(self, meeting_id: int, speaker: int, name: str, agreed_at: datetime) -> Person:
        """Save the voice of a speaker of a meeting, or add it to what is saved of that person.

        The person is who has this name, whatever its case. The speaker gets the name too;
        ``agreed_at`` is when the user agreed to keeping voices.

        Raises:
            VoiceError: too little of the voice was heard, or none was kept.
        """
        if not (name := " ".join(name.split())):
            raise StoreError(translate("app", "Give this speaker a name first."))
        with self._writing():
            turns = self._load(meeting_id).ordered()
            voice = voice_of(speaker, turns, self.of_turns(meeting_id).values())
            person_id, called = self._person_called(name, agreed_at)
            self._add(person_id, meeting_id, voice)
            self._call(meeting_id, speaker, called, person_id)
        return self.person(person_id)

    def rename(self, person_id: int, name: str) -> None:
        """Call a person otherwise, from now on; meetings keep the names they have."""
        if not (name := " ".join(name.split())):
            raise StoreError(translate("app", "A person needs a name: type one character or more."))
        self.person(person_id)
        with self._writing():
            values = (name, person_id)
            self._database.execute("UPDATE people SET name = ? WHERE id = ?", values)

    def delete(self, person_id: int) -> None:
        """Delete a voice for good, and the voices of the turns in which it was heard.

        Names stay in the meetings, but for those that were uncertain. Takes a while in a large
        library: the file is written anew without it.
        """
        self.person(person_id)
        self._forgetting.person(person_id)

    def delete_all(self) -> None:
        """Delete every saved voice and the voices of all turns, for good."""
        self._forgetting.everybody()

    def _samples(self, person_id: int) -> tuple[Sample, ...]:
        sql = """
            SELECT title, model, heard FROM voices LEFT JOIN meetings
            ON meetings.id = meeting_id WHERE person_id = ? ORDER BY voices.id
        """
        rows = self._database.execute(sql, (person_id,)).fetchall()
        return tuple(Sample(title, model, to_seconds(heard)) for title, model, heard in rows)

    def _person_called(self, name: str, agreed_at: datetime) -> tuple[int, str]:
        """Number and name of the person who is called so, and who is added if need be."""
        for person in self.people():
            if person.name.casefold() == name.casefold():
                return person.id, person.name
        number = self._database.execute(
            "INSERT INTO people (name, created_at, agreed_at) VALUES (?, ?, ?)",
            (name, _written(datetime.now(UTC)), _written(agreed_at)),
        ).lastrowid
        assert number is not None
        return number, name

    def _add(self, person_id: int, meeting_id: int, voice: Voice) -> None:
        """Saved again from the same meeting, it takes the place of what was saved then."""
        self._database.execute(
            """
            INSERT INTO voices (person_id, meeting_id, model, heard, vector)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id, meeting_id, model)
            DO UPDATE SET heard = excluded.heard, vector = excluded.vector
            """,
            (person_id, meeting_id, voice.model, voice.heard, to_bytes(voice.vector)),
        )

    def _call(self, meeting_id: int, speaker: int, name: str, person_id: int) -> None:
        """A speaker is this person: the user said so."""
        self._database.execute(
            """
            INSERT INTO speakers (meeting_id, number, name, person_id) VALUES (?, ?, ?, ?)
            ON CONFLICT (meeting_id, number) DO UPDATE
            SET name = excluded.name, person_id = excluded.person_id, recognised = NULL
            """,
            (meeting_id, speaker, name, person_id),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self._path), transaction(self._database):
            yield


def to_bytes(vector: Vector) -> bytes:
    """A vector as it is stored."""
    return vector.astype(FLOATS).tobytes()


def _vector(blob: bytes) -> Vector:
    return np.frombuffer(blob, FLOATS).astype(np.float32)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
