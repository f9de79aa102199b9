"""Search over a library of a thousand meetings."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from app.store import Library
from tests.bench.measuring import Result, median
from tests.bench.talk import transcript_of

MEETINGS, TURNS = 1_000, 100
DIFFERENT = 50
BAR_S = 0.1
WANTED = {
    "a common word": "the",
    "a rare word": "karmil",
    "several words": "what would the",
    "a phrase": '"of the"',
    "one letter": "t",
    "nothing": "unheardof",
}


def measure() -> Iterator[Result]:
    """What a person may type, each beside a scan of all the words."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "library.db"
        with Library(path) as library:
            fill(library)
            scan = median(partial(scanned, path, "karmil"))
            for name, text in WANTED.items():
                took = median(partial(library.search, text))
                yield Result(
                    name=f"search {MEETINGS:,} meetings: {name}",
                    value=f"{1e3 * took.processor_s:.1f} ms (by the wall clock "
                    f"{1e3 * took.wall_s:.1f}), {len(library.search(text))} places",
                    bar=f"<= {1e3 * BAR_S:.0f} ms",
                    within=took.processor_s <= BAR_S,
                    against=f"{took.processor_s / scan.processor_s:.3f} × reading all turns",
                )


def fill(library: Library) -> None:
    """A thousand meetings, one a day."""
    different = [transcript_of(TURNS, seed) for seed in range(DIFFERENT)]
    with library.writing():
        for number in range(MEETINGS):
            day = datetime(2023, 1, 1, 9, tzinfo=UTC) + timedelta(days=number)
            meeting = library.create_meeting(f"Day {number}", library.path.parent / "x.wav", day)
            library.save_turns(meeting.id, different[number % DIFFERENT])
            library.finish_meeting(meeting.id, 600.0)


def scanned(path: Path, text: str) -> int:
    """How many turns have a text, found without an index."""
    with closing(sqlite3.connect(path)) as database:
        sql = "SELECT count(*) FROM turns WHERE words LIKE ?"
        (count,) = database.execute(sql, (f"%{text}%",)).fetchone()
    return int(count)
