"""Which meetings are meant: by who speaks in them, and by their day."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

WITH_PERSON = """EXISTS (
    SELECT 1 FROM (
        SELECT DISTINCT speaker FROM turns WHERE meeting_id = meetings.id AND words <> '[]'
    ) AS said
    LEFT JOIN speakers ON speakers.meeting_id = meetings.id AND speakers.number = said.speaker
    WHERE folded(coalesce(speakers.name, 'Speaker ' || said.speaker)) = ?
)"""
BY_PERSON = "(turns.number IS NULL OR folded(coalesce(name, 'Speaker ' || turns.speaker)) = ?)"


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """What meetings have in common; what is None does not matter.

    Attributes:
        person: the name of somebody who says something, whatever its case and accents.
        since: first day, in local time.
        until: last day, in local time.
    """

    person: str | None = None
    since: date | None = None
    until: date | None = None


ANY = MeetingFilter()


def condition(where: MeetingFilter) -> tuple[str, list[object]]:
    """The filter as SQL about a row of ``meetings`` that is not in the bin, and its values."""
    clauses, values = ["meetings.deleted_at IS NULL"], list[object]()
    if where.since is not None:
        clauses.append("meetings.started_at >= ?")
        values.append(_midnight(where.since))
    if where.until is not None and where.until < date.max:
        clauses.append("meetings.started_at < ?")
        values.append(_midnight(where.until + timedelta(days=1)))
    if where.person is not None:
        clauses.append(WITH_PERSON)
        values.append(folded(where.person))
    return " AND ".join(clauses), values


def spoken_by(where: MeetingFilter) -> tuple[str, list[object]]:
    """The filter as SQL about a row of ``turns`` beside its ``speakers``, and its values."""
    return ("1", []) if where.person is None else (BY_PERSON, [folded(where.person)])


def folded(text: str) -> str:
    """A name as it is compared: without case, accents and needless spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def _midnight(day: date) -> str:
    """The beginning of a local day, as the library writes moments."""
    try:
        return datetime.combine(day, time()).astimezone(UTC).isoformat()
    except (OverflowError, ValueError, OSError):  # years that the system's calendar does not have
        return datetime.combine(day, time(), UTC).isoformat()
