"""Thrift is a choice where the model has one, and what is spent stands in the bar."""

from __future__ import annotations

import json

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.hardware import ComputeFound
from app.paths import data_dir
from app.settings import Settings
from engine.events import Effort, EngineState, EngineStatus, Lag
from tests.gui.conftest import OpenWindow
from tests.unit.app.model_files import model_file
from ui.live import Live, Phase
from ui.settings import engine_page
from ui.top_bar import status_text

THRIFTY = json.dumps({"separator": {"mixture": {"kind": "amortized"}}})


@pytest.fixture(autouse=True)
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_page, "found_devices", lambda: ComputeFound(4))


def test_a_model_that_cannot_save_offers_no_choice_and_says_why(
    qtbot: QtBot, open_window: OpenWindow, qapp: QApplication
) -> None:
    model_file(data_dir() / "models" / "thrifty.safetensors", config=THRIFTY)
    window = open_window()
    window.actions_.settings.trigger()
    dialog = window.preferences.dialog
    page = dialog.engine
    dialog.show_page(page)
    qtbot.waitUntil(lambda: not window.preferences.chores.busy, timeout=15_000)
    assert not page.thrift.isEnabled()
    assert "always computes everything" in page.no_thrift.text()
    page.keeper.change("model", "thrifty")
    assert page.thrift.isEnabled()
    assert (page.no_thrift.text(), page.no_thrift.isVisible()) == ("", False)
    place = page.thrift.findData("saver")
    page.thrift.setCurrentIndex(place)
    page.thrift.activated.emit(place)
    assert Settings.load()[0].thrift == "saver"
    page.thrift.setFocus()
    page.keeper.change("model", None)
    assert not page.thrift.isEnabled()
    assert qapp.focusWidget() is page.model


@pytest.mark.parametrize(
    ("status", "behind", "said"),
    [
        (EngineStatus.RUNNING, 0, "Recording. Listening with 42 % of the computation…"),
        (EngineStatus.RUNNING, 48_000, "Recording. The text is 3 s behind"),
        (EngineStatus.LOADING, 0, "Recording. The speech engine is loading…"),
    ],
)
def test_the_bar_says_what_is_spent(status: EngineStatus, behind: int, said: str) -> None:
    live = Live()
    live.follow([EngineState(status), Effort(0.418), Lag(behind)])
    assert status_text(Phase.RECORDING, live, 0) == said


def test_the_bar_says_nothing_of_it_otherwise() -> None:
    live = Live()
    live.follow([EngineState(EngineStatus.RUNNING)])
    assert status_text(Phase.RECORDING, live, 0) == "Recording. Listening…"
