"""Configurations refuse what cannot work and survive the way through JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from engine.config import (
    AttributionConfig,
    EncoderConfig,
    FrontendConfig,
    ModelConfig,
    SearchConfig,
    SegmenterConfig,
    SeparatorConfig,
    TransducerConfig,
    VoiceConfig,
    from_dict,
    to_dict,
)
from engine.errors import ConfigError
from tests.unit.engine import tiny

BAD: list[tuple[Any, str]] = [
    (FrontendConfig(hop_ms=0), "hop_ms"),
    (FrontendConfig(window_ms=5), "window_ms"),
    (FrontendConfig(window_ms=65), "window_ms"),
    (FrontendConfig(mel_bins=7), "mel_bins"),
    (FrontendConfig(stack=9), "stack"),
    (FrontendConfig(kind="mfcc"), "unknown frontend kind 'mfcc'"),  # type: ignore[arg-type]
    (EncoderConfig(kind="gru"), "unknown encoder kind 'gru'"),  # type: ignore[arg-type]
    (EncoderConfig(layers=0), "layers"),
    (EncoderConfig(size=0), "size"),
    (EncoderConfig(size=20, heads=4), "twice the heads"),
    (EncoderConfig(heads=0), "heads"),
    (EncoderConfig(chunk=0), "chunk"),
    (EncoderConfig(left=-1), "left"),
    (EncoderConfig(kernel=1), "kernel"),
    (EncoderConfig(dropout=1.0), "dropout"),
    (EncoderConfig("lstm", dropout=-0.1), "dropout"),
    (EncoderConfig("contextnet", memory=1), "memory"),
    (EncoderConfig("convrnn", parts=0), "parts"),
    (EncoderConfig("convrnn", planes=()), "planes"),
    (EncoderConfig("convrnn", blocks=0), "blocks"),
    (EncoderConfig("emformer", right=-1), "right"),
    (EncoderConfig("emformer", width=-1), "width"),
    (SeparatorConfig(channels=0), "channels"),
    (SeparatorConfig(channels=5), "channels"),
    (SeparatorConfig(mixture=EncoderConfig(layers=0)), "layers"),
    (SeparatorConfig(separation=EncoderConfig(layers=0)), "layers"),
    (TransducerConfig(prediction="gru"), "unknown prediction 'gru'"),  # type: ignore[arg-type]
    (TransducerConfig(context=0), "context"),
    (TransducerConfig(joint="sine"), "unknown joint 'sine'"),  # type: ignore[arg-type]
    (TransducerConfig(prediction_layers=0), "prediction_layers"),
    (TransducerConfig(recognition=EncoderConfig(layers=0)), "layers"),
    (VoiceConfig(size=1), "size"),
    (SearchConfig(beam=0), "beam"),
    (SearchConfig(beam=129), "beam"),
    (SearchConfig(max_symbols=0), "max_symbols"),
    (SegmenterConfig(resume_ms=-1), "resume_ms"),
    (SegmenterConfig(silence_after_words_ms=499), "resume_ms"),
    (SegmenterConfig(longest_turn_ms=999), "longest_turn_ms"),
    (SegmenterConfig(activity_threshold=1.0), "activity_threshold"),
    (AttributionConfig(same_speaker=1.1), "same_speaker"),
    (AttributionConfig(most_speakers=0), "most_speakers"),
]
FIELDS = {type(getattr(ModelConfig(), f.name)): f.name for f in dataclasses.fields(ModelConfig)}


@pytest.mark.parametrize(("config", "named"), BAD, ids=[repr(c)[:60] for c, _ in BAD])
def test_a_value_out_of_bounds_is_named(config: Any, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        config.validate()


@pytest.mark.parametrize("config", [c for c, _ in BAD if type(c) in FIELDS])
def test_a_model_validates_all_of_its_stages(config: Any) -> None:
    with pytest.raises(ConfigError):
        dataclasses.replace(ModelConfig(), **{FIELDS[type(config)]: config}).validate()


def test_the_defaults_and_the_models_of_the_tests_are_valid() -> None:
    ModelConfig().validate()
    tiny.model_config().validate()


def test_an_lstm_needs_no_heads() -> None:
    EncoderConfig("lstm", size=17, heads=0, chunk=0).validate()


@pytest.mark.parametrize(
    "config",
    [
        ModelConfig(),
        tiny.model_config(tiny.encoder_config("lstm"), channels=1, prediction="lstm"),
        dataclasses.replace(ModelConfig(), search=SearchConfig(4, 2, 0.25)),
    ],
)
def test_json_and_back(config: ModelConfig) -> None:
    assert from_dict(ModelConfig, json.loads(json.dumps(to_dict(config)))) == config


def test_what_is_not_written_is_default() -> None:
    read = from_dict(ModelConfig, {"search": {"beam": 3}})
    assert read == dataclasses.replace(ModelConfig(), search=SearchConfig(beam=3))


@pytest.mark.parametrize(
    "values",
    [
        {"telepathy": {}},
        {"search": {"telepathy": 1}},
        {"separator": {"mixture": {"telepathy": 1}}},
        {"search": {"beam": {"telepathy": 1}}},
    ],
)
def test_unknown_settings_are_named(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"telepathy.*newer version"):
        from_dict(ModelConfig, values)


def test_sizes_follow_from_times() -> None:
    config = FrontendConfig()
    assert (config.window, config.hop, config.frame, config.size) == (400, 160, 640, 320)
