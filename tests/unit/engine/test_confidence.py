"""The confidence of words: what the search says, put right by two numbers of the model."""

from __future__ import annotations

import dataclasses

import pytest

from engine.confidence import calibrated, log_odds
from engine.config import ConfidenceConfig, ModelConfig, from_dict, to_dict
from engine.errors import ConfigError
from engine.events import Event, Word, WordsChanged
from engine.recognizer import Recognizer
from tests.unit.engine import tiny


def test_without_settings_it_is_what_the_search_says() -> None:
    assert [calibrated(said, ConfidenceConfig()) for said in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]


@pytest.mark.parametrize("said", [0.0, 1e-9, 0.2, 0.5, 0.9, 1.0])
def test_it_stays_a_probability_and_the_odds_are_a_line(said: float) -> None:
    config = ConfidenceConfig(scale=2.0, offset=-1.0)
    found = calibrated(said, config)
    assert 0.0 <= found <= 1.0
    if 0.01 < said < 0.99:
        assert log_odds(found) == pytest.approx(2.0 * log_odds(said) - 1.0)
    assert 0.0 <= calibrated(said, ConfidenceConfig(99.0, -99.0)) <= 1.0


def words(recognizer: Recognizer) -> list[Word]:
    events: list[Event] = list(recognizer.transcribe(tiny.noise(4.0, seed=1)[0].numpy()))
    last = {event.turn: event.words for event in events if isinstance(event, WordsChanged)}
    return [word for said in last.values() for word in said]


def test_a_model_puts_its_words_right() -> None:
    config = ConfidenceConfig(0.5, -0.7)
    raw = words(tiny.recognizer())
    put_right = words(tiny.recognizer(dataclasses.replace(tiny.model_config(), confidence=config)))
    assert len(raw) > 5
    assert [word.confidence for word in put_right] == pytest.approx(
        [calibrated(word.confidence, config) for word in raw]
    )
    assert [word.text for word in put_right] == [word.text for word in raw]


def test_a_model_made_before_there_were_settings() -> None:
    written = to_dict(tiny.model_config())
    del written["confidence"]
    assert from_dict(ModelConfig, written).confidence == ConfidenceConfig()


@pytest.mark.parametrize("config", [ConfidenceConfig(0.0), ConfidenceConfig(1.0, 200.0)])
def test_settings_that_turn_confidence_round(config: ConfidenceConfig) -> None:
    with pytest.raises(ConfigError):
        config.validate()
