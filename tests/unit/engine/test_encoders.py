"""Encoders are chosen by configuration, and their stacks by the laboratory."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
import torch
from torch import Tensor

from engine.config import EncoderConfig, EncoderKind, ModelConfig, from_dict, to_dict
from engine.encoders import BUILDERS, build_encoder
from engine.encoders.convrnn import ConvRnnEncoder
from engine.errors import ConfigError, EngineError
from engine.evaluation import computation
from engine.model import SeparatorTransducerSegmenter
from engine.training import recipes
from engine.training.encoder_stacks import STACKS, EncoderStack
from engine.training.recipes import Recipe
from tests.unit.engine import test_lab, test_recipes, tiny

run = test_lab.run  # the fixture


def test_every_kind_can_be_built() -> None:
    assert set(BUILDERS) == set(get_args(EncoderKind))
    for kind in get_args(EncoderKind):
        encoder = build_encoder(16, tiny.encoder_config(kind))
        assert encoder(torch.zeros(2, 7, 16)).shape == (2, 7, encoder.size)


def test_a_kind_of_a_newer_version_is_refused() -> None:
    with pytest.raises(ConfigError, match="newer Crosstalk"):
        build_encoder(16, EncoderConfig("telepathy"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "named"),
    [
        (EncoderConfig("convrnn", size=8, parts=3), "parts must divide"),
        (EncoderConfig("emformer", size=8, heads=2, parts=3), "parts must divide"),
        (EncoderConfig("identity", size=8), "size must be that of its input"),
    ],
)
def test_an_input_that_does_not_fit_is_refused(config: EncoderConfig, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        build_encoder(16, config)


def test_a_configuration_of_before_is_read() -> None:
    old = {"kind": "lstm", "size": 24, "layers": 2, "heads": 4, "kernel": 15, "chunk": 5}
    read = from_dict(ModelConfig, {"separator": {"mixture": old}}).separator.mixture
    assert (read.kind, read.size, read.memory) == ("lstm", 24, 250)
    config = ModelConfig()
    assert from_dict(ModelConfig, json.loads(json.dumps(to_dict(config)))) == config


@pytest.mark.parametrize("kind", ["convrnn", "conformer", "contextnet", "emformer"])
def test_every_weight_learns(kind: EncoderKind) -> None:
    torch.manual_seed(0)
    encoder = build_encoder(16, tiny.encoder_config(kind)).train()
    weigh = torch.randn(16)
    (encoder(torch.randn(2, 12, 16)) * weigh).sum().backward()
    silent = [n for n, p in encoder.named_parameters() if p.grad is None or not p.grad.any()]
    assert silent == []


@pytest.mark.parametrize("right", [0, 1])
@pytest.mark.parametrize("frames", [1, 3, 4, 26])
def test_an_emformer_learns_what_it_says_in_use(right: int, frames: int) -> None:
    torch.manual_seed(0)
    encoder = build_encoder(16, replace(tiny.encoder_config("emformer"), right=right))
    x = torch.randn(2, frames, 16)
    trained, used = encoder.train()(x), encoder.eval()(x)
    torch.testing.assert_close(trained, used, rtol=0, atol=1e-4)


def test_the_local_encoder_hears_neighbouring_bands_and_nothing_ahead() -> None:
    torch.manual_seed(0)
    encoder = build_encoder(40, EncoderConfig("convrnn", size=8, parts=4, planes=(5,), blocks=1))
    assert isinstance(encoder, ConvRnnEncoder)
    x = torch.randn(1, 9, 40)
    y = planes_of(encoder, x)
    assert y.shape == (1, 5, 9, 5)
    expected = torch.nn.functional.conv2d(
        torch.nn.functional.pad(x.view(1, 9, 4, 10).transpose(1, 2), (2, 2, 4, 0)),
        encoder.local.convolutions[0].weight,  # type: ignore[arg-type]
        encoder.local.convolutions[0].bias,  # type: ignore[arg-type]
        stride=(1, 2),
    )
    torch.testing.assert_close(y, torch.nn.functional.silu(expected))


def planes_of(encoder: ConvRnnEncoder, x: Tensor) -> Tensor:
    """What the convolutions say, before their projection."""
    heard: list[Tensor] = []
    local = encoder.local
    hook = local.project.register_forward_pre_hook(lambda _, given: heard.append(given[0]))
    local(x, local.initial_state(1))
    hook.remove()
    return heard[0].unflatten(2, (5, -1)).transpose(1, 2)  # type: ignore[no-untyped-call,no-any-return]


@pytest.mark.parametrize("kind", STACKS)
def test_stacks_are_of_about_equal_parameters(kind: str) -> None:
    def size(name: str) -> int:
        config = recipes.with_channels(recipes.default_config(encoder=name), 1)
        model = SeparatorTransducerSegmenter(config, 45)
        stack = (model.separator.mixture, model.separator.separation, model.transducer.recognition)
        assert EncoderStack.of(config).kind == name
        return sum(p.numel() for encoder in stack for p in encoder.parameters())

    assert size(kind) == pytest.approx(size("conv_attention"), rel=0.06)


def test_the_laboratory_trains_the_kind_that_is_asked_for(
    run: test_lab.Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Recipe] = []

    def record(recipe: Recipe, *_: Any) -> Any:
        seen.append(recipe)
        return SimpleNamespace(fabric=SimpleNamespace(is_global_zero=True), step=2000)

    monkeypatch.setattr(recipes, "run", record)
    assert run("train", tmp_path, "--encoder", "convrnn", "--device", "cpu")[0] == 0
    assert EncoderStack.of(seen[0].model).kinds == ("convrnn", "lstm", "lstm")


def test_a_run_of_another_kind_is_neither_started_from_nor_gone_on_with(tmp_path: Path) -> None:
    lstm = tiny.encoder_config("lstm")
    other = tiny.model_config(lstm, lstm, lstm)
    test_recipes.trainer(tmp_path / "before", tiny.model_config()).save()
    after = test_recipes.trainer(tmp_path / "after", other)
    with pytest.raises(EngineError, match=r"conv_attention.*has lstm.*--encoder conv_attention"):
        recipes.start_from(after, tmp_path / "before")
    with pytest.raises(EngineError, match=r"another model.*kind conv_attention there, lstm here"):
        test_recipes.trainer(tmp_path / "before", other).resume()


def test_multiply_adds_are_those_of_a_count_by_hand() -> None:
    lstm = torch.nn.LSTM(8, 16, batch_first=True)
    x = torch.randn(1, 10, 8)
    assert computation.count_multiply_adds(lambda: lstm(x)) == 10 * 4 * 16 * (8 + 16)
    config = tiny.model_config(*(tiny.encoder_config("lstm", layers=1),) * 3, channels=1)
    found = computation.cost("lstm", config, seconds=2.0)
    frame = config.frontend.size * 16 + 2 * 16 * 16 + 3 * 4 * 16 * 32
    assert found.multiply_adds == 25 * frame
    assert found.parameters == frame + 3 * (16 + 2 * 4 * 16 + 2 * 16)
    assert found.real_time_factor > 0
    assert found.look_ahead_ms == 55


def test_costs_are_a_table_and_a_file(
    run: test_lab.Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = computation.EncoderCost("lstm", 3_400_000, 85e6, 0.03, 55.0)
    monkeypatch.setattr(computation, "cost", lambda kind, *_: made)
    code, said = run("encoders", "--output", tmp_path / "costs.json")
    assert code == 0
    for part in ("lstm", "3.40", "85", "0.0300", "55"):
        assert part in said
    assert json.loads((tmp_path / "costs.json").read_text())[0] == made.to_dict()
