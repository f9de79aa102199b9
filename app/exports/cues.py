"""Turns cut into subtitles that can be read: two short lines, a few seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.exports.document import ExportDocument, ExportTurn, ExportWord
from app.exports.tidy import unused

LINES = 2
LINE_CHARACTERS = 42
MOST_CHARACTERS = LINES * LINE_CHARACTERS + 1  # and the space where the line breaks
LONGEST_NAME = LINE_CHARACTERS - 1  # and the colon
LONGEST_S = 7.0
SHORTEST_S = 0.7
"""Less cannot be read; such a cue stays until then, or until the next one of its turn."""

SENTENCE_ENDS = (".", "?", "!")


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle of one speaker; times in seconds."""

    speaker: str
    start_s: float
    end_s: float
    lines: list[str]


def cues_of(document: ExportDocument, prefix: str = "") -> list[Cue]:
    """The cues of a tidy document by start; turns that overlap have cues that do.

    Args:
        document: what was said.
        prefix: stands before the text of each cue, with the name for ``{}``, and counts as text. A
            name that leaves no room for words is shortened there.
    """
    names = _short_names(document.speakers)
    cues = [
        cue
        for turn in document.turns
        for cue in _of_turn(turn, prefix.format(names[turn.speaker]).split())
    ]
    return sorted(cues, key=lambda cue: cue.start_s)


def wrapped(words: list[str]) -> list[str]:
    """Words in lines of at most :data:`LINE_CHARACTERS`; two lines are about as long.

    More than :data:`LINES` come only of what does not fit; a longer word has a line of its own.
    """
    whole = " ".join(words)
    if len(whole) <= LINE_CHARACTERS or len(words) < LINES:
        return [whole]
    if len(whole) > MOST_CHARACTERS:  # a word may have ten thousand
        return _filled(words)
    halves = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    fitting = [pair for pair in halves if max(map(len, pair)) <= LINE_CHARACTERS]
    return min(fitting, key=_unevenness) if fitting else _filled(words)


def _unevenness(pair: list[str]) -> tuple[bool, int]:
    """A number alone on the last line of SRT looks like the number of the next cue."""
    first, second = pair
    return second.isdigit(), abs(len(first) - len(second))


def _filled(words: list[str]) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if len(longer) <= LINE_CHARACTERS:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _short_names(names: list[str]) -> dict[str, str]:
    """Different names that fit on a line."""
    made: dict[str, str] = {}
    for name in names:
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 5].rstrip()}…"
        made[name] = unused(short, made.values())
    return made


def _of_turn(turn: ExportTurn, prefix: list[str]) -> Iterator[Cue]:
    groups = list(_groups(turn.words, prefix))
    starts = [*(group[0].start_s for group in groups[1:]), float("inf")]
    for group, next_s in zip(groups, starts, strict=True):
        start_s = group[0].start_s
        end_s = max(group[-1].end_s, min(start_s + SHORTEST_S, next_s))
        lines = wrapped(_texts(group, prefix))
        yield Cue(turn.speaker, start_s, min(end_s, start_s + LONGEST_S), lines)


def _groups(words: tuple[ExportWord, ...], prefix: list[str]) -> Iterator[list[ExportWord]]:
    group: list[ExportWord] = []
    for word in words:
        if group and (_is_over(group) or not _fits([*group, word], prefix)):
            yield group
            group = []
        group.append(word)
    yield group


def _is_over(group: list[ExportWord]) -> bool:
    """Whether a sentence ends where a new cue is no waste."""
    length = sum(len(word.readable) + 1 for word in group)
    return length > LINE_CHARACTERS and group[-1].readable.endswith(SENTENCE_ENDS)


def _fits(group: list[ExportWord], prefix: list[str]) -> bool:
    texts = _texts(group, prefix)
    if sum(map(len, texts)) > MOST_CHARACTERS:
        return False
    lines = wrapped(texts)
    short = len(lines) <= LINES and max(map(len, lines)) <= LINE_CHARACTERS
    return short and group[-1].end_s - group[0].start_s <= LONGEST_S


def _texts(group: list[ExportWord], prefix: list[str]) -> list[str]:
    return [*prefix, *(word.readable for word in group)]
