"""Texts as words with what is known of their looks: books, and the words of AMI's meetings.

AMI has capitals but no marks. A capital where the word is mostly written without one says that a
sentence has begun, a lower-case word that none has; so of each mark it is known whether it is one
of ``. ? !`` or one of nothing and a comma, and the loss is that of the sum over those.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.sources import TURN_PAUSE_S
from engine.data.text_files import TimedWord, ami_people
from engine.readable.spelling import MARKS, Case, case_of

NO_MARK, COMMA, STOP, QUESTION, EXCLAMATION = (1 << i for i in range(len(MARKS)))
"""Sets of marks, as bits: what a place may have as far as is known."""
ENDING = STOP | QUESTION | EXCLAMATION
GOING_ON = NO_MARK | COMMA
UNKNOWN = ENDING | GOING_ON

UNKNOWN_CASE = 255

ABBREVIATED = frozenset(
    {"capt", "col", "dr", "eg", "esq", "etc", "gen", "hon", "ie", "jr", "lieut", "lt", "messrs"}
    | {"mme", "mr", "mrs", "ms", "mt", "prof", "rev", "sgt", "sr", "st", "vs"}
)
"""Words with a full stop of their own, besides single letters."""
LEAST_LOWER = 0.02
"""A word that is written without a capital this often gets one only where a sentence begins."""

Token = tuple[tuple[str, ...], int]
"""The words of a piece of text without spaces, as written, and the mark after the last one."""

QUOTES = "\"'"

_WORD = re.compile(r"(?:[^\W_]|')+")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})  # noqa: RUF001


@dataclass(frozen=True)
class Text:
    """N words in order.

    Attributes:
        words: as they are recognised, in lower case.
        forms: as they are written.
        cases: of each, (N,); :data:`UNKNOWN_CASE` where the writing does not tell.
        marks: sets of marks that may follow each, (N,).
        stops: whether a turn may end after each, (N,): sentences of a book, pauses of a person.
    """

    words: tuple[str, ...]
    forms: tuple[str, ...]
    cases: NDArray[np.uint8]
    marks: NDArray[np.uint8]
    stops: NDArray[np.bool_]


def text_of(forms: Sequence[str], marks: Sequence[int], stops: Sequence[bool]) -> Text:
    """A text from its words as written."""
    return Text(
        tuple(form.lower() for form in forms),
        tuple(forms),
        np.array([case_of(form) for form in forms], np.uint8),
        np.array(marks, np.uint8),
        np.array(stops, np.bool_),
    )


def written_words(text: str) -> list[str]:
    """The words of a text as written; in lower case they are those that a scorer knows."""
    plain = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    return [word for word in _WORD.findall(plain) if word.strip("'")]


def book_text(lines: Iterable[str]) -> Text:
    """Lines of books as one text. Headings, without a mark at their end, are left out.

    A capital where a quote opens is that of a sentence within another one.
    """
    forms: list[str] = []
    marks: list[int] = []
    quotes: list[int] = []
    known: dict[str, Token] = {}
    for line in lines:
        if line.rstrip("\"')")[-1:] not in (*MARKS[1:], ";", ":", "-") or line.isupper():
            continue
        for raw in line.replace("--", ", ").split():
            words, mark = known.get(raw) or known.setdefault(raw, token(raw))
            if not words and marks and mark != NO_MARK:
                marks[-1] = mark
            if words and raw[0] in QUOTES:
                quotes.append(len(forms))
            forms += words
            marks += [NO_MARK] * (len(words) - 1) + [mark] * bool(words)
    made = text_of(forms, marks, [bool(mark & ENDING) for mark in marks])
    made.cases[[i for i in quotes if made.cases[i] == Case.CAPITAL]] = UNKNOWN_CASE
    return _without_inner_ends(made)


def token(raw: str) -> Token:
    """A piece of a line between spaces, such as ``chest,"``."""
    words = written_words(raw)
    last = words[-1] if words else ""
    tail = raw[raw.rfind(last) + len(last) :] if words else raw
    for mark, signs in ((QUESTION, "?"), (EXCLAMATION, "!"), (STOP, "."), (COMMA, ",;:")):
        if any(sign in tail for sign in signs):
            return tuple(words), NO_MARK if mark == STOP and _is_short(last) else mark
    return tuple(words), NO_MARK


def _is_short(word: str) -> bool:
    return word.lower() in ABBREVIATED or (len(word) == 1 and word != "I")


def _without_inner_ends(text: Text) -> Text:
    """``"What?" he said`` goes on: for a listener it is no end of a sentence, but a short pause."""
    goes_on = np.append(text.cases[1:] == Case.LOWER, False)
    inner = goes_on & text.stops
    marks = np.where(inner, np.uint8(COMMA), text.marks)
    return Text(text.words, text.forms, text.cases, marks, text.stops & ~inner)


def read_meetings(data: Path) -> dict[str, list[Text]]:
    """The words of AMI by meeting, one text for each person.

    Raises:
        EngineError: when they are not there.
    """
    people = [(person.meeting, *spoken(person.words)) for person in ami_people(data)]
    lower = lower_shares(form for _, forms, _ in people for form in forms)
    meetings: dict[str, list[Text]] = {}
    for meeting, forms, stops in people:
        if forms:
            made = text_of(forms, sentence_marks(forms, lower), stops)
            meetings.setdefault(meeting, []).append(made)
    return meetings


def spoken(timed: Sequence[TimedWord]) -> tuple[list[str], list[bool]]:
    """A person's words as written, and after which of them a turn ends."""
    forms: list[str] = []
    stops: list[bool] = []
    for i, (raw, _, end) in enumerate(timed):
        pause = timed[i + 1][1] - end if i + 1 < len(timed) else TURN_PAUSE_S
        words = written_words(raw)
        forms += words
        stops += [False] * (len(words) - 1) + [pause >= TURN_PAUSE_S] * bool(words)
        if not words and stops and pause >= TURN_PAUSE_S:
            stops[-1] = True
    return forms, stops


def lower_shares(forms: Iterable[str]) -> dict[str, float]:
    """How often each word is written without a capital."""
    lower: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for form in forms:
        seen[form.lower()] += 1
        lower[form.lower()] += form.islower()
    return {word: lower[word] / count for word, count in seen.items()}


def sentence_marks(forms: Sequence[str], lower: dict[str, float]) -> list[int]:
    """What may follow each word as far as the capital of the next one tells."""
    return [*(_before(form, lower) for form in forms[1:]), UNKNOWN][: len(forms)]


def _before(form: str, lower: dict[str, float]) -> int:
    if case_of(form) is Case.LOWER:
        return GOING_ON
    letter = len(form) == 1 and form != "A"  # spelled out
    usual = lower.get(form.lower(), 0.0) >= LEAST_LOWER and not letter
    return ENDING if usual and case_of(form) is Case.CAPITAL else UNKNOWN


def mixed_forms(texts: Iterable[Text], least: int = 3) -> dict[str, str]:
    """Words with capitals inside (``mcdonald``) that are mostly written so where they have any."""
    forms: dict[str, Counter[str]] = {}
    for form in _with_capitals(texts):
        forms.setdefault(form.lower(), Counter())[form] += 1
    usual = {word: counts.most_common(1)[0] for word, counts in forms.items()}
    return {
        word: form
        for word, (form, count) in sorted(usual.items())
        if count >= least and 2 * count > forms[word].total() and _is_mixed(form)
    }


def _is_mixed(form: str) -> bool:
    return not form.isupper() and any(letter.isupper() for letter in form[1:])


def _with_capitals(texts: Iterable[Text]) -> Iterator[str]:
    for text in texts:
        yield from (form.strip("'") for form in text.forms if not form.islower())
