"""Hearing a file live: stopped early, or left by its engine."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console

from app.live_command import stop_signals, transcribe_live
from app.live_view import LiveView
from engine.errors import AudioError
from tests.scripted_engine import ScriptedEngine, spoken

RATE = 16_000


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, np.full(10 * RATE, 0.1), RATE)
    return path


@pytest.fixture
def view() -> LiveView:
    return LiveView(Console(file=io.StringIO()))


def test_ctrl_c_ends_it_with_what_was_said(talk: Path, view: LiveView) -> None:
    def interrupt() -> None:
        time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    began = time.monotonic()
    heard = transcribe_live(talk, lambda: ScriptedEngine(spoken(1, 0.1, 0.4, "yes")), view)
    assert time.monotonic() - began < 8
    assert heard.complete
    assert [turn.text for turn in heard.transcript.ordered()] == ["yes"]


def test_an_engine_that_fails_for_good_names_the_file_that_stays(
    talk: Path, view: LiveView, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(talk, np.full(RATE, 0.1), RATE)
    heard = transcribe_live(talk, lambda: ScriptedEngine([], fail_at=1), view)
    assert not heard.complete
    assert f"crosstalk transcribe {talk}" in capsys.readouterr().err


def test_a_bad_file_is_not_heard(tmp_path: Path, view: LiveView) -> None:
    with pytest.raises(AudioError):
        transcribe_live(tmp_path / "missing.wav", lambda: ScriptedEngine([]), view)


def test_the_second_signal_interrupts() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), stop_signals() as stopping:  # noqa: PT012
        signal.raise_signal(signal.SIGTERM)
        assert stopping.is_set()
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before
