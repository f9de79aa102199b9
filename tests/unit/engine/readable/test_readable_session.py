"""A meeting of the engine says readable words beside the raw ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.events import TurnEvent, WordsChanged
from engine.recognizer import Recognizer
from tests.unit.engine import small_readable, tiny

RAW = tiny.recognizer(seed=3)
AUDIO = tiny.noise(6.0, 0)[0].numpy()


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    made = tiny.recognizer(seed=3)
    made.readable = small_readable.readable()
    return made


def words(events: list[TurnEvent], raw: bool) -> dict[int, list[str]]:
    """Of each turn, the words that were said last."""
    changes = [event for event in events if isinstance(event, WordsChanged)]
    return {e.turn: [w.text if raw else w.readable for w in e.words] for e in changes}


def test_each_turn_is_restored_as_a_whole(recognizer: Recognizer) -> None:
    events = recognizer.transcribe(AUDIO)
    raw, shown = words(events, raw=True), words(events, raw=False)
    stage = small_readable.readable()
    assert raw == words(RAW.transcribe(AUDIO), raw=True)
    assert any(raw.values())
    for turn, said in raw.items():
        assert shown[turn] == stage.texts(stage.hear(stage.begin(), said), over=True)


def test_a_session_says_the_same_however_its_audio_is_cut(recognizer: Recognizer) -> None:
    session = recognizer.session()
    events: list[TurnEvent] = []
    for piece in np.array_split(AUDIO, 29):
        session.accept(piece)
        events += session.events()
    session.finish()
    events += session.events()
    assert words(events, raw=False) == words(recognizer.transcribe(AUDIO), raw=False)


def test_a_model_without_the_stage_says_raw_words() -> None:
    changes = [e for e in RAW.transcribe(AUDIO) if isinstance(e, WordsChanged)]
    assert changes
    for change in changes:
        assert [word.shown for word in change.words] == [word.text for word in change.words]
        assert change == replace(change, words=tuple(replace(w, readable="") for w in change.words))
