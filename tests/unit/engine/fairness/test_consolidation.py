"""Fisher information against finite differences, and what the penalty holds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import repeat
from pathlib import Path

import pytest
import torch

from engine.data.targets import Targeting
from engine.errors import ConfigError, EngineError, ModelError
from engine.fairness.consolidation import (
    Anchor,
    ConsolidationConfig,
    Importance,
    anchor,
    freeze,
)
from engine.fairness.fisher import fisher_information, read_model, words_loss
from engine.model import SeparatorTransducerSegmenter
from engine.training.batches import make_batch
from engine.training.curve_file import read_curve
from engine.training.objective import Objective, ObjectiveConfig
from engine.training.trainer import Trainer, TrainerConfig
from tests.unit.engine import tiny
from tests.unit.engine.scenes import FRAME, scene, spoken

TARGETING = Targeting(tiny.word_tokens(), FRAME)
SCENES = [
    scene([(2, spoken("alpha"))], 16),
    scene([(1, spoken("charlie", word=6 * FRAME)), (8, spoken("delta", "bob", 6 * FRAME))], 16),
    scene([], 16),
]
BATCHES = [make_batch([s], TARGETING, 880) for s in SCENES]
CHECKED = (
    "transducer.output.bias",
    "transducer.encoder_projection.weight",
    "transducer.prediction.embedding.weight",
)
CONFIG = TrainerConfig(
    steps=20, learning_rate=5e-3, warmup=2, report_every=4, precision="32-true", average=0.0
)


def fresh(seed: int = 1) -> SeparatorTransducerSegmenter:
    torch.manual_seed(seed)
    return SeparatorTransducerSegmenter(tiny.model_config(), tiny.word_tokens().size)


def test_fisher_information_is_the_mean_of_squared_finite_differences() -> None:
    model = fresh().double()
    batches = [replace(b, audio=b.audio.double()) for b in BATCHES]
    found = fisher_information(model, batches, examples=3)
    assert found.examples == 2  # nobody speaks in the third scene
    parameters = dict(model.named_parameters())
    step = 3e-3  # losses are in float32
    for name in CHECKED:
        flat = parameters[name].data.view(-1)
        for place in (0, len(flat) // 2, len(flat) - 1):
            before = float(flat[place])
            slopes = []
            for batch in batches[:2]:
                losses = []
                for value in (before + step, before - step):
                    flat[place] = value
                    losses.append(float(words_loss(model, batch).detach()))
                flat[place] = before
                slopes.append((losses[0] - losses[1]) / (2 * step))
            expected = sum(s * s for s in slopes) / 2
            value = float(found.fisher[name].view(-1)[place])
            assert value == pytest.approx(expected, rel=2e-2, abs=1e-3), (name, place)


def test_what_words_do_not_depend_on_has_no_fisher_information() -> None:
    found = fisher_information(fresh(), BATCHES, examples=2)
    for name, fisher in found.fisher.items():
        idle = name.startswith(("voice.", "separator.activity_heads"))
        assert bool((fisher == 0).all()) == idle, name


def test_the_model_is_left_as_it_was() -> None:
    model = fresh().eval().requires_grad_(False)
    before = {name: p.clone() for name, p in model.named_parameters()}
    fisher_information(model, BATCHES, examples=2)
    assert all(torch.equal(before[n], p) for n, p in model.named_parameters())
    assert not any(p.requires_grad for p in model.parameters())


def test_silence_alone_tells_nothing() -> None:
    with pytest.raises(EngineError, match="No example has words"):
        fisher_information(fresh(), BATCHES[2:], examples=1)


def test_the_penalty_is_the_weighted_square_of_the_way_gone() -> None:
    model = fresh()
    found = fisher_information(model, BATCHES, examples=2)
    held = Anchor(found, strength=3.0)
    assert float(held(model).detach()) == 0.0
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.01)
    expected = 1.5 * sum(float(f.sum()) for f in found.fisher.values()) * 0.01**2
    assert float(held(model).detach()) == pytest.approx(expected, rel=1e-3)
    count = sum(p.numel() for p in model.parameters())
    even = float(Anchor(found, 3.0, even=True)(model).detach())
    assert even == pytest.approx(1.5 * count * 0.01**2, rel=1e-3)


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    found = fisher_information(fresh(), BATCHES, examples=2)
    found.save(tmp_path / "fisher.safetensors")
    again = Importance.load(tmp_path / "fisher.safetensors")
    assert again.examples == 2
    for mine, theirs in ((found.start, again.start), (found.fisher, again.fisher)):
        assert mine.keys() == theirs.keys()
        assert all(torch.equal(mine[k], theirs[k]) for k in mine)


@cache
def taught() -> dict[str, torch.Tensor]:
    """Weights that know something of the first scene."""
    model = fresh()
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(40):
        optimizer.zero_grad()
        torch.autograd.backward(words_loss(model, BATCHES[0]))
        optimizer.step()
    return model.state_dict()


def knowing() -> SeparatorTransducerSegmenter:
    model = fresh()
    model.load_state_dict(taught())
    return model


def tuned(folder: Path, config: ConsolidationConfig) -> SeparatorTransducerSegmenter:
    """A model that knew the first scene, fine-tuned on the second."""
    model = knowing()
    freeze(model, config.frozen)
    objective = Objective(model, ObjectiveConfig(voices=0.0), [])
    held = anchor(config, model)
    trainer = Trainer(model, objective, CONFIG, folder, lambda _: None, anchor=held)
    trainer.run(repeat(BATCHES[1]))
    return model


@pytest.fixture
def importance(tmp_path: Path) -> Path:
    path = tmp_path / "fisher.safetensors"
    fisher_information(knowing(), BATCHES[:1], examples=1).save(path)
    return path


def test_consolidation_keeps_what_the_first_scene_needs(tmp_path: Path, importance: Path) -> None:
    loose = tuned(tmp_path / "plain", ConsolidationConfig())
    firm = tuned(tmp_path / "held", ConsolidationConfig(importance, strength=100.0))
    way = Anchor(Importance.load(importance), strength=1.0)
    assert float(way(firm).detach()) < 0.5 * float(way(loose).detach())
    parts = read_curve(tmp_path / "held")[-1].parts
    assert parts["anchor"] > 0.0
    assert "anchor" not in read_curve(tmp_path / "plain")[-1].parts


def test_a_firm_l2_holds_everything(tmp_path: Path, importance: Path) -> None:
    start = dict(knowing().named_parameters())
    firm = ConsolidationConfig(importance, strength=1e4, even=True)
    ways = []
    for name, config in (("plain", ConsolidationConfig()), ("firm", firm)):
        model = tuned(tmp_path / name, config)
        ends = {n: p.detach() for n, p in model.named_parameters()}
        ways.append(sum(float((p - start[n].detach()).square().sum()) for n, p in ends.items()))
    assert ways[1] < 0.05 * ways[0]


def test_frozen_parts_stay_as_they_were(tmp_path: Path) -> None:
    start = dict(knowing().named_parameters())
    model = tuned(tmp_path, ConsolidationConfig(frozen=("separator", "transducer.recognition")))
    for name, parameter in model.named_parameters():
        frozen = name.startswith(("separator.", "transducer.recognition."))
        if frozen:
            assert torch.equal(parameter, start[name]), name
    assert not torch.equal(model.transducer.output.bias, start["transducer.output.bias"])


@pytest.mark.parametrize(
    ("beginnings", "message"),
    [
        (("nothing",), r"No parameter begins with 'nothing': they begin with .*separator"),
        (("separator", "transducer", "voice"), "Everything is frozen"),
    ],
)
def test_what_cannot_be_frozen_is_named(beginnings: tuple[str, ...], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        freeze(fresh(), beginnings)


def test_fisher_information_of_another_model_is_refused(tmp_path: Path, importance: Path) -> None:
    other = SeparatorTransducerSegmenter(tiny.model_config(channels=1), tiny.word_tokens().size)
    with pytest.raises(EngineError, match=r"of another model \(separator.*make it again"):
        anchor(ConsolidationConfig(importance), other)
    with pytest.raises(ModelError, match=r"no Fisher information at .*crosstalk-lab consolidate"):
        anchor(ConsolidationConfig(tmp_path / "none"), other)


def test_settings_that_cannot_work_are_refused(importance: Path) -> None:
    with pytest.raises(ConfigError, match="--lambda must not be negative"):
        anchor(ConsolidationConfig(importance, strength=-1.0), fresh())
    with pytest.raises(ConfigError, match="--l2 needs the start"):
        anchor(ConsolidationConfig(even=True), fresh())


def test_the_model_of_a_run_is_that_of_its_averaged_weights(tmp_path: Path) -> None:
    model = fresh()
    trainer = Trainer(model, Objective(model, ObjectiveConfig(), []), CONFIG, tmp_path)
    with torch.no_grad():
        model.transducer.output.bias.add_(1.0)
    trainer.save()
    read = read_model(tmp_path)
    assert torch.equal(read.transducer.output.bias, trainer.averaged.transducer.output.bias)
    assert not torch.equal(read.transducer.output.bias, model.transducer.output.bias)
