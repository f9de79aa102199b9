"""How times, names and rows read: on the screen, to a screen reader, and in copied text."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from html import escape

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from app.transcript import Recognised
from engine.events import Gap, GapReason
from engine.timeline import SAMPLE_RATE, to_seconds
from ui import counts
from ui.rows import GapRow, Row, TurnRow

translate = QCoreApplication.translate

LONGEST_NAME = 40
"""Letters of a name where a line cannot be cut to the room that there is."""
WIDEST_HINT, LONGEST_HINT = 80, 400


def clock(samples: int) -> str:
    """A mark on the timeline of a meeting: ``m:ss.t``, from one hour on ``h:mm:ss.t``."""
    tenths = (samples * 10 + SAMPLE_RATE // 2) // SAMPLE_RATE
    seconds, tenth = divmod(tenths, 10)
    return f"{_clock(seconds)}{QLocale().decimalPoint()}{tenth}"


def stopwatch(seconds: float) -> str:
    """A running or total time: ``m:ss``, from one hour on ``h:mm:ss``."""
    return _clock(int(seconds))


def speaker_label(number: int, name: str | None) -> str:
    """What a speaker is called: the name given by the user, or a translated default."""
    return name or translate("text", "Speaker {number}").format(number=number)


def speakers_text(count: int) -> str:
    """How many people speak."""
    return counts.speakers(count)


def figure(number: float) -> str:
    """A number as the language of the window writes it, with six digits at the most."""
    locale = QLocale()
    return locale.toString(number) if isinstance(number, int) else locale.toString(number, "g", 6)


def day(moment: datetime, year: bool = True) -> str:
    """A day with the name of its month cut short, in the order of the user's country."""
    locale = QLocale()
    form = locale.dateFormat(QLocale.FormatType.LongFormat).replace("MMMM", "MMM")
    form = form.replace("dddd", "").strip(" ,،")
    if not year:
        form = re.sub(r"( 'de')?[ ,]+yyyy$", "", form)
    local = moment.astimezone()
    return locale.toString(QDate(local.year, local.month, local.day), form)


def brief(text: str, most: int = LONGEST_NAME) -> str:
    """As much of a name or a title as a menu, a question or a hint has room for, in one line."""
    line = " ".join(text[: 2 * most].split())
    return line if len(line) <= most and len(text) <= 2 * most else f"{line[: most - 1]}…"


def runs_left(text: str) -> bool:
    """Whether a text is read from right to left, as its first letter is."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def hint(text: str) -> str:
    """A text of the user's as a tooltip: never read as HTML, and broken into lines if long."""
    if len(text) <= WIDEST_HINT and "<" not in text:
        return text
    return f"<p>{escape(brief(text, LONGEST_HINT))}</p>"


def badge(number: int) -> str:
    """The mark of a speaker besides the colour."""
    return str(number)


def overlap_label(row: TurnRow) -> str:
    """Whom a turn overlaps, in words; empty if nobody.

    Two turns at once may be given to one person: then it only says that there is another.
    """
    if not row.overlaps:
        return ""
    others = dict.fromkeys(speaker_label(each.speaker, each.name) for each in row.overlaps)
    others.pop(speaker_label(row.speaker, row.name), None)
    if not (who := ", ".join(others)):
        return translate("text", "overlaps another turn")
    return translate("text", "overlaps {who}").format(who=who)


def gap_label(row: GapRow) -> str:
    """How much audio is missing, and why, in a few words."""
    if row.gap.reason is GapReason.PAUSE:
        return translate("text", "paused here")
    length = _length(row.gap)
    if row.gap.reason is GapReason.DEVICE:
        return translate("text", "{length} s missing: the microphone was away").format(
            length=length
        )
    return translate("text", "{length} s missing: the sound system dropped audio").format(
        length=length
    )


def gap_sentence(gap: Gap) -> str:
    """That audio is missing, where, and what to do about it."""
    said = translate(
        "text",
        "{length} s of sound are missing at {start}; silence stands in the recording. "
        "If this happens again, close other programs or check the microphone.",
    )
    return said.format(length=_length(gap), start=clock(gap.start))


def _length(gap: Gap) -> str:
    return QLocale().toString(to_seconds(gap.length), "f", 1)


def describe(row: Row) -> str:
    """A whole row in one sentence, for a screen reader."""
    if isinstance(row, GapRow):
        return f"{clock(row.gap.start)}: {gap_label(row)}"
    corrected = translate("text", "corrected") if row.corrected else ""
    parts = [spoken_name(row), span(row), overlap_label(row), corrected]
    said = " ".join(word.shown for word in row.words)
    return ", ".join(part for part in parts if part) + (f": {said}" if said else "")


def spoken_name(row: TurnRow) -> str:
    """Who speaks, and how sure that is where the program recognised the voice."""
    if row.recognised is None:
        return speaker_label(row.speaker, row.name)
    if row.recognised.sure:
        said = translate("text", "{name}, recognised by voice")
    else:
        said = translate("text", "perhaps {name}, recognised by voice but not surely")
    return said.format(name=row.recognised.name)


def recognition_hint(recognised: Recognised) -> str:
    """What a name that the program gave means, and what can be done about it."""
    if recognised.sure:
        said = translate(
            "text",
            "Recognised by the saved voice of {name}. If this is somebody "
            "else, say so in the menu of the turn.",
        )
    else:
        said = translate(
            "text", "Perhaps {name}: the voice is similar. Say yes or no in the menu of the turn."
        )
    return said.format(name=brief(recognised.name))


def correction_hint() -> str:
    """What the sign of a corrected turn means."""
    return translate(
        "text", "Corrected by a person: the speech engine changes nothing of that any more."
    )


def span(row: TurnRow) -> str:
    """From where to where a turn goes, in words."""
    if row.end is None:
        return translate("text", "from {start}, speaking now").format(start=clock(row.start))
    return translate("text", "from {start} to {end}").format(
        start=clock(row.start), end=clock(row.end)
    )


def plain(row: Row) -> str:
    """A row as it is copied: marks, who, words."""
    if isinstance(row, GapRow):
        return f"[{clock(row.gap.start)}] ({gap_label(row)})"
    end = "" if row.end is None else clock(row.end)
    said = " ".join(word.shown for word in row.words)
    who = speaker_label(row.speaker, row.name)
    overlaps = f" ({overlap})" if (overlap := overlap_label(row)) else ""
    return f"[{clock(row.start)} – {end}] {who}{overlaps}: {said}"


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
