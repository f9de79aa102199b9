"""Figures of fairness in a model's card are called what people understand, also in German."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.paths import data_dir
from engine.fairness import record
from engine.fairness.study import study
from tests.gui.conftest import OpenWindow
from tests.gui.test_models_page import no_torch, open_page, select
from tests.unit.app.model_files import CARD, model_file
from tests.unit.engine.fairness.test_study import FACTS, PEOPLE, SETTINGS, errors, vectors
from ui.settings.measures import measure
from ui.translating import speak, speak_no_more

__all__ = ["no_torch"]


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return record.headline(study(errors(), PEOPLE, vectors(), SETTINGS, FACTS))


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    installed = speak(qapp, "de")
    yield
    speak_no_more(qapp, installed)
    QLocale.setDefault(before)


@pytest.mark.usefixtures("german")
def test_every_figure_that_the_laboratory_writes_has_a_german_name(
    figures: dict[str, float],
) -> None:
    assert len(figures) == 5
    assert all(measure(name) != name for name in figures)
    assert measure("WER LibriSpeech, test, %") == "WER LibriSpeech, test, %"


def test_the_model_list_shows_them(
    qtbot: QtBot, open_window: OpenWindow, figures: dict[str, float]
) -> None:
    card = json.dumps(CARD | {"figures": figures})
    model_file(data_dir() / "models" / "measured.safetensors", card=card)
    page = open_page(qtbot, open_window())
    select(page, "measured")
    shown = page.facts.text()
    assert "Measured" in shown
    assert "Wrong words, everybody, %: " in shown
    assert "their share of the speakers, %: 20" in shown
