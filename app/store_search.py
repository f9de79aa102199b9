"""Full-text search over all meetings: titles, people's names, and the words of turns.

The index is the FTS5 table ``search``. Triggers of the database keep it (:mod:`app.migrations`), so
that no writer can forget it and every change of words and their index are one transaction.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from app.store_filter import ANY, MeetingFilter, condition, spoken_by

MOST_HITS = 200
MOST_TERMS = 32
MARKS = ("\x02", "\x03")
"""What stands around a hit in what SQLite returns; typed text cannot contain it."""
SNIPPET_WORDS = 14

TERM = re.compile(r'"([^"]*)("?)|([^\s"]+)')
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))

HITS = """
    SELECT (search.rowid >> 30) & 3, meetings.id, meetings.title, meetings.started_at,
           turns.number, turns.start_sample, turns.speaker,
           speakers.name || iif(speakers.recognised = 'maybe', '?', ''),
           snippet(search, -1, ?, ?, '…', {words})
    FROM search
    CROSS JOIN meetings ON meetings.id = search.rowid >> 32
    LEFT JOIN turns ON turns.meeting_id = meetings.id AND turns.number =
        CASE (search.rowid >> 30) & 3
            WHEN 0 THEN search.rowid & 1073741823
            WHEN 1 THEN (
                SELECT number FROM turns AS said
                WHERE said.meeting_id = meetings.id AND words <> '[]'
                    AND said.speaker = search.rowid & 1073741823
                ORDER BY start_sample LIMIT 1
            )
        END
    LEFT JOIN speakers ON speakers.meeting_id = meetings.id AND speakers.number = turns.speaker
    WHERE search MATCH ? AND {spoken} AND meetings.id IN (SELECT value FROM json_each(?))
    ORDER BY search.rowid DESC LIMIT ?
"""

COUNT = "SELECT count(*) " + HITS[HITS.index("FROM search") :]


class HitKind(IntEnum):
    """What was found, by the number that it has in the index."""

    WORDS = 0
    PERSON = 1
    TITLE = 2


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text; ``hits`` are the half-open ranges of characters that were searched for."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()

    def marked(self, before: str, after: str) -> str:
        """The text with something around each hit."""
        pieces, last = [], 0
        for start, end in self.hits:
            pieces += [self.text[last:start], before, self.text[start:end], after]
            last = end
        return "".join([*pieces, self.text[last:]])


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where something was found.

    For a person's name, ``turn`` is the first thing they say. It is None for a title, and for a
    person who says nothing. ``start`` is in samples at 16 kHz; ``speaker`` and ``name`` tell who
    speaks there, None where nobody does or nobody gave a name.
    """

    kind: HitKind
    meeting_id: int
    title: str
    started_at: datetime
    turn: int | None
    start: int
    speaker: int | None
    name: str | None
    snippet: Snippet


def search(
    database: sqlite3.Connection, text: str, where: MeetingFilter = ANY, limit: int = MOST_HITS
) -> list[Hit]:
    """What a person typed, found in all meetings but those in the bin; any text will do.

    All words must occur, in any order; what stands in quotes, as it stands; the last word may be
    the beginning of one. Case and accents do not matter. The latest meetings come first, and within
    a meeting its title, people, and turns by time; of more than ``limit`` the rest is left out.
    """
    if not (expression := match_expression(text)):
        return []
    clause, values = condition(where)  # asked once here, not again for every hit
    meetings = database.execute(f"SELECT id FROM meetings WHERE {clause}", values).fetchall()
    if not meetings:
        return []
    spoken, names = spoken_by(where)
    sql = HITS.format(words=SNIPPET_WORDS, spoken=spoken)
    asked = json.dumps([number for (number,) in meetings])
    rows = database.execute(sql, (*MARKS, expression, *names, asked, limit))
    return sorted(map(_hit, rows), key=_order)


def count(database: sqlite3.Connection, text: str, where: MeetingFilter = ANY) -> int:
    """How many hits :func:`search` would give without a limit."""
    if not (expression := match_expression(text)):
        return 0
    clause, values = condition(where)
    meetings = database.execute(f"SELECT id FROM meetings WHERE {clause}", values).fetchall()
    spoken, names = spoken_by(where)
    asked = json.dumps([number for (number,) in meetings])
    sql = COUNT.format(spoken=spoken)
    (found,) = database.execute(sql, (expression, *names, asked, -1)).fetchone()
    return int(found)


def match_expression(text: str) -> str:
    """The text as a query of FTS5, every word in quotes; empty if there is nothing to look for."""
    terms = []
    for quoted, closing, word in TERM.findall(text.translate(QUOTES)):
        if term := _plain(quoted or word):
            terms.append((term, not closing))
    growing = bool(terms) and terms[-1][1] and not text[-1:].isspace()
    return " ".join(f'"{term}"' for term, _ in terms[:MOST_TERMS]) + ("*" if growing else "")


def _plain(term: str) -> str:
    """Letters, digits and what belongs to them; other signs only part words in the index too."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in term)
    return " ".join(kept.split())


def _hit(row: tuple[object, ...]) -> Hit:
    kind, number, title, started_at, turn, start, speaker, name, text = row
    return Hit(
        HitKind(int(str(kind))),
        int(str(number)),
        str(title),
        datetime.fromisoformat(str(started_at)),
        None if turn is None else int(str(turn)),
        0 if start is None else int(str(start)),
        None if speaker is None else int(str(speaker)),
        None if name is None else str(name),
        _snippet(str(text)),
    )


def _snippet(marked: str) -> Snippet:
    before, after = MARKS
    first, *rest = marked.split(before)
    text, hits = first, []
    for piece in rest:
        hit, _, following = piece.partition(after)
        hits.append((len(text), len(text) + len(hit)))
        text += hit + following
    return Snippet(text, tuple(hits))


def _order(hit: Hit) -> tuple[float, int, int, int]:
    return -hit.started_at.timestamp(), -hit.meeting_id, -min(hit.kind, 2), hit.start
