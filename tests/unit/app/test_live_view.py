"""What a terminal, and what a file, gets to see of a meeting."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from app.live_view import LiveView
from engine.events import (
    EndReason,
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from tests.scripted_engine import spoken

DONE = EngineState(EngineStatus.DONE)
RESTART = EngineState(EngineStatus.RESTARTING, "It is written again.")


class Screen:
    """A view and what it printed."""

    def __init__(self, terminal: bool = False) -> None:
        self.file = io.StringIO()
        console = Console(file=self.file, force_terminal=terminal, width=60, color_system=None)
        self.view = LiveView(console)

    def show(self, *events: Event) -> list[str]:
        with self.view:
            for event in events:
                self.view.show(event)
        return self.file.getvalue().splitlines()


def test_words_are_printed_as_people_read_them() -> None:
    screen = Screen()
    started, changed, end = spoken(1, 0.1, 1.0, "yes")
    assert isinstance(changed, WordsChanged)
    (word,) = changed.words
    readable = replace(changed, words=(replace(word, readable="Yes."),))
    assert screen.show(started, readable, end) == ["[0:00:00.1 - 0:00:01.0] Speaker 1: Yes."]


def test_a_turn_is_printed_when_it_is_over() -> None:
    screen = Screen()
    *before, end = spoken(1, 0.1, 1.0, "yes we can")
    assert screen.show(*before) == []
    assert screen.show(end) == ["[0:00:00.1 - 0:00:01.0] Speaker 1: yes we can"]


def test_a_long_turn_stays_on_one_line() -> None:
    text = "word " * 50
    (line,) = Screen().show(*spoken(1, 0.0, 60.0, text))
    assert line.endswith(text.strip())


def test_a_provisional_end_is_waited_for() -> None:
    screen = Screen()
    start, words, _ = spoken(1, 0.0, 1.0, "yes")
    end = TurnEnded(1, 16_000, EndReason.TOKEN, True, 17_000)
    assert screen.show(start, words, end, TurnResumed(1, 20_000)) == []
    assert screen.show(TurnEnded(1, 16_000, EndReason.TOKEN, True, 21_000)) == []
    assert len(screen.show(TurnStarted(2, 0, 40_000, 2, 40_000))) == 1


def test_the_end_of_the_meeting_prints_what_is_open() -> None:
    start, words, _ = spoken(1, 0.0, 1.0, "yes")
    assert Screen().show(start, words, DONE) == ["[0:00:00.0 -          ] Speaker 1: yes"]


def test_a_turn_without_words_is_not_printed() -> None:
    start, _, end = spoken(1, 0.0, 1.0, "yes")
    assert Screen().show(start, end, DONE) == []


def test_a_revised_speaker_is_printed_again() -> None:
    lines = Screen().show(*spoken(1, 0.0, 1.0, "yes"), SpeakerRevised(1, 2, 0.9, 20_000))
    assert lines[1] == "[0:00:00.0 - 0:00:01.0] Speaker 2: yes (revised)"


def test_a_restarted_engine_does_not_print_everything_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = [*spoken(1, 0.0, 1.0, "yes"), *spoken(2, 1.0, 2.0, "no")]
    lines = Screen().show(*script, RESTART, *script, *spoken(3, 2.0, 3.0, "maybe"), DONE)
    assert [line.split(": ")[1] for line in lines] == ["yes", "no", "maybe"]
    assert capsys.readouterr().err == "It is written again.\n"


def test_problems_go_to_standard_error_once(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    failed = EngineState(EngineStatus.FAILED, "The engine is gone.")
    finishing = EngineState(EngineStatus.FINISHING, "The disk is full.")
    screen.show(Gap(160_000, 8_000, GapReason.OVERRUN), failed, finishing)
    screen.show(EngineState(EngineStatus.DONE, "The engine is gone."))
    assert capsys.readouterr().err.splitlines() == [
        "At 0:00:10.0 0.5 s of sound are missing: the computer was too busy.",
        "The engine is gone.",
        "The disk is full.",
    ]
    assert screen.view.problems == ["The engine is gone.", "The disk is full."]


def test_a_terminal_shows_words_while_they_are_spoken() -> None:
    screen = Screen(terminal=True)
    with screen.view:
        screen.view.status("listening 0:00:01.0")
        screen.view.show(TurnStarted(1, 0, 0, 1, 0))
        screen.view.show(WordsChanged(1, (Word("hel", 0, 8_000, 0.5, final=False),), 8_000))
        screen.view._live.refresh()
        shown = screen.file.getvalue()
    assert "Speaker 1: hel" in shown
    assert "listening 0:00:01.0" in shown
