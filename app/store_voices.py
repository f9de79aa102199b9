"""The tables of voices: of turns, and of speakers who were recognised by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.database import explained
from app.speaker import Recognised, Speaker
from app.store_people import PeopleTable, to_bytes
from app.store_speakers import recognise_speaker
from app.transcript import Transcript
from app.turn_voice import TurnVoice


class VoiceTable(PeopleTable):
    """What was heard in meetings, besides the people; all methods raise :class:`StoreError`."""

    def keep(self, meeting_id: int, voices: Iterable[TurnVoice]) -> None:
        """Keep the voices of turns of a meeting, in the place of those they had."""
        rows = [
            (meeting_id, v.turn, v.start, v.end, v.heard, v.model, to_bytes(v.vector))
            for v in voices
        ]
        with self._writing():
            sql = "INSERT OR REPLACE INTO turn_voices VALUES (?, ?, ?, ?, ?, ?, ?)"
            self._database.executemany(sql, rows)

    def forget(self, meeting_id: int) -> None:
        """Keep no voices of the turns of a meeting; another account of it comes."""
        with self._writing():
            sql = "DELETE FROM turn_voices WHERE meeting_id = ?"
            self._database.execute(sql, (meeting_id,))

    def save_names(self, meeting_id: int, speakers: Mapping[int, Speaker]) -> None:
        """Let recognised speakers be called so; names that the user gave stay as they are."""
        with self._writing():
            sql = "DELETE FROM speakers WHERE meeting_id = ? AND recognised IS NOT NULL"
            self._database.execute(sql, (meeting_id,))
            for speaker in speakers.values():
                if speaker.recognised and not speaker.named:
                    recognise_speaker(self._database, meeting_id, speaker)

    def hear_again(self, meeting_id: int, fresh: Transcript) -> None:
        """Keep the voices of a fresh account of a meeting, in the place of those it had."""
        with self._writing():
            self.forget(meeting_id)
            self.keep(meeting_id, fresh.heard.values())

    def recognised(self, meeting_id: int) -> dict[int, Recognised]:
        """By which voices the speakers of a meeting were recognised."""
        sql = """
            SELECT number, person_id, name, recognised = 'sure' FROM speakers
            WHERE meeting_id = ? AND recognised IS NOT NULL AND person_id IS NOT NULL
        """
        with explained(self._path):
            rows = self._database.execute(sql, (meeting_id,)).fetchall()
        return {number: Recognised(who, name, bool(sure)) for number, who, name, sure in rows}

    def denied(self, meeting_id: int) -> dict[int, frozenset[int]]:
        """Whose voices the speakers of a meeting do not have, as a person said."""
        sql = "SELECT number, person_id FROM denials WHERE meeting_id = ?"
        with explained(self._path):
            rows = self._database.execute(sql, (meeting_id,)).fetchall()
        return {n: frozenset(who for number, who in rows if number == n) for n, _ in rows}
