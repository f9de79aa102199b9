"""A screen reader hears each turn once, when it is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from engine.events import EndReason, EngineState, EngineStatus, TurnEnded
from engine.timeline import to_samples
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import TALK, ScriptedSource, events_of
from ui import announcer
from ui.live import Live, Told
from ui.main_window import MainWindow

FIRST = f"Speaker 1: {TALK[0].text}"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(announcer, "announce", lambda _, text: texts.append(text))
    return texts


@pytest.fixture
def recorded(qtbot: QtBot, open_window: OpenWindow) -> Callable[[], tuple[MainWindow, Live]]:
    """A meeting that is being recorded, and in which nobody has said anything yet."""

    def begin() -> tuple[MainWindow, Live]:
        window = open_window([])
        window.recording.begin(lambda: ScriptedSource(1.0), "Talk")
        live = window.recording.live
        assert live is not None
        qtbot.waitUntil(lambda: live.status is EngineStatus.RUNNING, timeout=15_000)
        return window, live

    return begin


def test_each_turn_is_said_once_when_it_is_over(
    recorded: Callable[[], tuple[MainWindow, Live]], said: list[str]
) -> None:
    window, live = recorded()
    events = events_of(TALK[0], 1)
    window.recording.take([Told(live, event) for event in events[:-1]])
    assert said == []
    window.recording.take([Told(live, events[-1])])
    assert said == [FIRST]


def test_an_end_that_may_be_taken_back_is_not_said(
    recorded: Callable[[], tuple[MainWindow, Live]], said: list[str]
) -> None:
    window, live = recorded()
    events = events_of(TALK[0], 1)
    end = TurnEnded(1, to_samples(4.0), EndReason.SILENCE, True, to_samples(4.2))
    window.recording.take([Told(live, event) for event in [*events[:-1], end]])
    assert said == []


def test_a_restarted_engine_does_not_have_all_of_it_said_again(
    recorded: Callable[[], tuple[MainWindow, Live]], said: list[str]
) -> None:
    window, live = recorded()
    first, second = events_of(TALK[0], 1), events_of(TALK[1], 2)
    window.recording.take([Told(live, event) for event in [*first, *second]])
    said.clear()
    again = [EngineState(EngineStatus.RESTARTING, "The engine failed."), *first]
    window.recording.take([Told(live, event) for event in again])
    assert said == []


def test_another_meeting_on_show_is_read_in_peace(
    recorded: Callable[[], tuple[MainWindow, Live]], said: list[str]
) -> None:
    window, live = recorded()
    window.desk.put_away(live.meeting_id or 0)
    window.recording.take([Told(live, event) for event in events_of(TALK[0], 1)])
    assert said == []
