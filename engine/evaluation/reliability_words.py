"""Which words of a hypothesis are right, with the confidence that they had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import kaldialign

from engine.evaluation.alignment import found_words
from engine.evaluation.error_rates import orc_errors
from engine.evaluation.reliability import JudgedWord
from engine.evaluation.segments import EmittedWord, HypothesisTurn, ReferenceTurn, split_word
from engine.events import Event, TurnStarted, Word, WordsChanged

_GAP = "<gap>"  # no normalised word contains "<"


class Said:
    """The words of some audio as they stood at the end.

    Attributes:
        turns: those with words, by start; ``emitted`` of their words is the place of the word in
            ``confidences``.
        confidences: of each word.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        started: dict[int, TurnStarted] = {}
        words: dict[int, tuple[Word, ...]] = {}
        for event in events:
            if isinstance(event, TurnStarted):
                started[event.turn] = event
            elif isinstance(event, WordsChanged):
                words[event.turn] = event.words
        self.confidences: list[float] = []
        turns = [self._turn(started[turn], said) for turn, said in words.items()]
        self.turns = sorted((t for t in turns if t.words), key=lambda t: (t.start, t.number))

    def _turn(self, started: TurnStarted, words: Sequence[Word]) -> HypothesisTurn:
        return HypothesisTurn(
            started.turn,
            started.channel,
            "",
            started.start,
            words[-1].end if words else started.start,
            tuple(self._pieces(words)),
            started.emitted,
            None,
        )

    def _pieces(self, words: Sequence[Word]) -> Iterator[EmittedWord]:
        for word in words:
            for piece in split_word(word.text, word.start, word.end):
                yield EmittedWord(*piece, emitted=len(self.confidences))
                self.confidences.append(word.confidence)


def judge_text(events: Iterable[Event], text: str, speaker: str) -> list[JudgedWord]:
    """The words of one person speaking alone, against a normalised text."""
    said = Said(events)
    words = sorted((w for turn in said.turns for w in turn.words), key=lambda word: word.start)
    pairs = kaldialign.align(text.split(), [word.text for word in words], _GAP)
    right = [left == answer for left, answer in pairs if answer != _GAP]
    return [
        JudgedWord(said.confidences[word.emitted], is_right, speaker)
        for word, is_right in zip(words, right, strict=True)
    ]


def judge_meeting(events: Iterable[Event], reference: Sequence[ReferenceTurn]) -> list[JudgedWord]:
    """The words of a meeting, aligned as for ORC-WER; each counts for who spoke most during it."""
    said = Said(events)
    ordered = sorted(reference, key=lambda turn: turn.start)
    _, assignment = orc_errors(ordered, said.turns)
    found = found_words(ordered, said.turns, assignment)
    right = {answer.emitted for turn in found for _, answer in turn if answer is not None}
    return [
        JudgedWord(said.confidences[word.emitted], word.emitted in right, _speaker(word, ordered))
        for turn in said.turns
        for word in turn.words
    ]


def _speaker(word: EmittedWord, reference: Sequence[ReferenceTurn]) -> str:
    shared = {turn.speaker: 0 for turn in reference}
    for turn in reference:
        shared[turn.speaker] += max(0, min(word.end, turn.end) - max(word.start, turn.start))
    best = max(shared, key=lambda speaker: shared[speaker], default="")
    return best if shared.get(best) else ""
