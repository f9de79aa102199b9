"""Typed words take the times and confidences of the words that they stand for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise, takewhile
from typing import ClassVar

from app.corrections.edits import EditKind, EditRefused, turn_of
from app.corrections.patch import Patch, patch_of
from app.exports.tidy import one_line
from app.transcript import Corrected, Transcript
from app.words import translate
from engine.events import Word

APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})  # noqa: RUF001
NOT_A_WORD = re.compile(r"[^\w']|_")
SURE = 1.0
"""A person said so."""


@dataclass(frozen=True, slots=True)
class EditWords:
    """Other words for a turn, as they are to be read.

    ``until`` is how far the words went that the person had before them, in samples: those that came
    later stay.
    """

    turn: int
    text: str
    until: int | None = None
    kind: ClassVar[EditKind] = EditKind.WORDS

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: the words of the turn, which are the person's from now on."""
        turn = turn_of(transcript, self.turn)
        seen = len(turn.words)
        if (limit := self.until) is not None:
            seen = len(list(takewhile(lambda w: w.start + w.end <= 2 * limit, turn.words)))
        old, later = turn.words[:seen], turn.words[seen:]
        end = later[0].start if later else turn.until
        new = retimed(old, self.text, turn.start, max(end, turn.start))
        if not new:
            said = translate("app", "A turn needs words: type some, or delete the turn.")
            raise EditRefused(said)
        if new == old:
            return Patch()
        corrected = turn.corrected | Corrected.WORDS
        return patch_of(transcript, [replace(turn, words=(*new, *later), corrected=corrected)])


def retimed(old: Sequence[Word], text: str, start: int, end: int) -> tuple[Word, ...]:
    """The words of a text with the times of the old ones that it keeps.

    New words share the time of those whose place they take, or the pause that they stand in; none
    begins before ``start`` or, where they come last, ends after ``end`` (samples).
    """
    typed = typed_words(text)
    if [word.shown for word in old] == typed:
        return tuple(old)
    keys = [scored(token) for token in typed]
    matcher = SequenceMatcher(None, [scored(word.shown) for word in old], keys, autojunk=False)
    made: list[Word] = []
    for what, first, last, begin, until in matcher.get_opcodes():
        tokens = typed[begin:until]
        if what == "equal":
            made += [_read_as(w, token) for w, token in zip(old[first:last], tokens, strict=True)]
        elif last - first == len(tokens):
            made += [
                _spoken(t, w.start, w.end) for w, t in zip(old[first:last], tokens, strict=True)
            ]
        elif tokens:
            made += _spread(tokens, *_room(old, first, last, start, end))
    return tuple(made)


def scored(token: str) -> str:
    """A word as it is scored: lower case, without marks but apostrophes."""
    plain = unicodedata.normalize("NFC", token).translate(APOSTROPHES).lower()
    words = NOT_A_WORD.sub(" ", plain).split()
    return " ".join(word for word in words if word.strip("'"))


def typed_words(text: str) -> list[str]:
    """The words as they were typed; a mark between blanks belongs to the word before it."""
    words: list[str] = []
    waiting = ""
    for token in one_line(text).split():
        if scored(token):
            words.append(f"{waiting} {token}".lstrip())
            waiting = ""
        elif words:
            words[-1] += f" {token}"
        else:
            waiting = f"{waiting} {token}".lstrip()
    return [*words, waiting] if waiting else words


def _read_as(word: Word, token: str) -> Word:
    """The same word; only how it is read may be another."""
    if word.shown == token and word.final:
        return word
    return replace(word, readable="" if token == word.text else token, final=True)


def _spoken(token: str, start: int, end: int) -> Word:
    text = scored(token) or token
    return Word(text, start, end, SURE, readable="" if token == text else token)


def _room(old: Sequence[Word], first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """From where to where words can lie that take the place of the old ones from first to last."""
    if first < last:
        return old[first].start, old[last - 1].end
    begin = old[first - 1].end if first else start
    return begin, max(begin, old[first].start if first < len(old) else end)


def _spread(tokens: Sequence[str], start: int, end: int) -> list[Word]:
    """Longer words take longer."""
    lengths = list(accumulate((len(token) for token in tokens), initial=0))
    marks = [start + (end - start) * length // lengths[-1] for length in lengths]
    pairs = zip(tokens, pairwise(marks), strict=True)
    return [_spoken(token, begin, until) for token, (begin, until) in pairs]
