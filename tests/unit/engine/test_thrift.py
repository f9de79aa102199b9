"""Thrift from training to a meeting: the loss, the levels of a session, and the laboratory."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import soundfile
import torch

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import EncoderKind, ModelConfig, SearchConfig
from engine.encoders.spending import charge, set_bias
from engine.errors import ConfigError
from engine.evaluation.thrift import Measured, arms
from engine.evaluation.thrift_time import EVERYTHING_ON, densified, stack_cost, usual_cost
from engine.model_card import ModelCard
from engine.training import recipes
from engine.training.encoder_stacks import EncoderStack
from engine.training.objective import ObjectiveConfig
from engine.training.trainer import Trainer, TrainerConfig
from tests.unit.engine import test_lab, test_objective, tiny
from tests.unit.engine.test_recognizer import assert_same

Lab = test_lab.Lab
run = test_lab.run  # the fixture


def config(kind: EncoderKind = "amortized", left: int = 6) -> ModelConfig:
    encoder = dataclasses.replace(
        tiny.encoder_config("conv_attention", left=left), kind=kind, arbiter=4
    )
    made = tiny.model_config(encoder, encoder, encoder)
    return dataclasses.replace(made, search=SearchConfig(blank_bias=5.0))


def gates_of_noise(model: Any) -> Any:
    """Gates that are on and off in turn."""
    torch.manual_seed(3)
    for name, weight in model.named_parameters():
        if name.endswith("decide.weight"):
            torch.nn.init.normal_(weight, std=5.0)
        elif name.endswith("decide.bias"):
            torch.nn.init.zeros_(weight)
    return model


def model() -> Any:
    return gates_of_noise(tiny.model(config()))


def model_file(path: Path, made: Any) -> Path:
    checkpoint.save(Checkpoint(made, tiny.word_tokens(), ModelCard(path.stem)), path)
    return path


def test_a_session_computes_less_the_thriftier_it_is() -> None:
    recognizer = tiny.recognizer(config())
    gates_of_noise(recognizer.model)
    audio = tiny.noise(4.0)[0].numpy()
    spent = []
    for thrift in ("saver", "balanced", "best"):
        session = recognizer.session(thrift=thrift)
        assert session.spending.share is None
        session.accept(audio)
        spent.append(session.spending)
    assert spent[0].spent < spent[1].spent < spent[2].spent
    assert len({each.dense for each in spent}) == 1
    assert 0.0 < (spent[0].share or 0.0) < (spent[2].share or 0.0) < 1.1
    plain = tiny.recognizer().session(thrift="saver")
    plain.accept(audio)
    assert (plain.spending.dense, plain.spending.share) == (0, None)


def test_a_session_of_an_unknown_level_is_refused() -> None:
    with pytest.raises(ConfigError, match="thrift is one of"):
        tiny.recognizer().session(thrift="none")  # type: ignore[arg-type]


def test_a_meeting_hears_what_a_file_hears() -> None:
    recognizer = tiny.recognizer(config())
    gates_of_noise(recognizer.model)
    audio = tiny.noise(6.0)[0].numpy()
    session = recognizer.session()
    session.accept(audio)
    session.finish()
    events, at_once = session.events(), recognizer.transcribe(audio)
    assert len(events) > 4
    assert_same(events, at_once)


def test_the_loss_has_the_share_of_computation_in_it() -> None:
    made = model().requires_grad_(True).train()
    heard = test_objective.hear(made)
    spent, dense = charge(made)
    only = dataclasses.replace(test_objective.NOTHING, activity=1.0, thrift=2.0)
    losses = test_objective.objective(made, only)(made, heard, test_objective.BATCH)
    assert losses.parts["thrift"] == pytest.approx(float(spent.detach() / dense))
    expected = losses.parts["activity"] + 2.0 * losses.parts["thrift"]
    assert float(losses.total.detach()) == pytest.approx(expected)
    losses.total.backward()
    arbiters = {n: p.grad for n, p in made.named_parameters() if ".arbiter." in n}
    assert arbiters
    assert all(grad is not None and bool(grad.any()) for grad in arbiters.values())


def test_each_pass_is_charged_alone() -> None:
    made = model().train()
    test_objective.hear(made)
    _, once = charge(made)
    test_objective.hear(made)
    assert torch.equal(charge(made)[1], once)


def test_only_amortized_encoders_can_be_charged() -> None:
    with pytest.raises(ConfigError, match="for amortized encoders only"):
        test_objective.objective(tiny.model(), ObjectiveConfig(thrift=0.1))
    with pytest.raises(ConfigError, match="must not be negative"):
        ObjectiveConfig(thrift=-0.1).validate()


def test_everything_on_is_the_dense_model_with_its_weights() -> None:
    made = model()
    set_bias(made, EVERYTHING_ON)
    audio = tiny.noise(2.0)
    torch.testing.assert_close(
        made(audio).encoded, densified(made)(audio).encoded, rtol=0, atol=1e-4
    )


def test_a_narrower_window_costs_less() -> None:
    frames = 300
    widest = recipes.default_config()
    narrow = recipes.default_config(window=10)
    assert narrow.transducer.recognition.left == 10
    assert stack_cost(widest, frames) == usual_cost(widest, frames) == usual_cost(narrow, frames)
    assert 0.9 < stack_cost(narrow, frames) / usual_cost(narrow, frames) < 0.99


def test_training_starts_from_a_dense_model_of_the_same_shape(tmp_path: Path) -> None:
    dense = model_file(tmp_path / "dense.safetensors", tiny.model(config("conv_attention")))
    made = tiny.model(config(), seed=1)
    objective = test_objective.objective(made, ObjectiveConfig(thrift=0.1))
    trainer = Trainer(made, objective, TrainerConfig(), tmp_path / "run")
    left = recipes.start_from(trainer, dense)
    assert {name.split(".arbiter.")[0] for name in left if ".arbiter." in name}
    assert not [n for n in left if n.startswith(("separator", "transducer")) and "arbiter" not in n]
    weights = checkpoint.load(dense).model.state_dict()
    own = made.state_dict()
    assert all(torch.equal(own[name], weight) for name, weight in weights.items())


def test_the_options_of_training_reach_the_recipe() -> None:
    recipe = recipes.Recipe("words", thrift=0.5, model=recipes.default_config(encoder="amortized"))
    assert recipe.objective().thrift == 0.5
    assert EncoderStack.of(recipe.model).kind == "amortized"


def measured(run: str, share: float, errors: int, thrift: Any = "balanced") -> Measured:
    return Measured(run, thrift, True, 60, share, {"a": (errors, 10), "b": (2 * errors, 30)})


def test_seeds_of_an_arm_are_pooled() -> None:
    found = arms(
        [
            measured("beta-0.3-s1", 0.4, 2),
            measured("beta-0.3-s2", 0.6, 4),
            measured("beta-0.3-s1", 0.2, 5, "saver"),
            measured("dense", 1.0, 1),
        ]
    )
    assert [(a.name, a.seeds, a.share) for a in found] == [
        ("dense", 1, 1.0),
        ("beta-0.3", 2, 0.5),
        ("beta-0.3, saver", 1, 0.2),
    ]
    assert found[1].wer.value == pytest.approx((2 + 4 + 4 + 8) / 80)


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Two short sessions of noise."""
    folder = tmp_path / "bench"
    folder.mkdir()
    lines = []
    for condition in ("0S", "0L"):
        name = f"dev-{condition}-000"
        soundfile.write(folder / f"{name}.flac", tiny.noise(3.0)[0].numpy(), 16_000)
        said = {"session_id": name, "speaker": "x", "words": "alpha bravo"}
        times = {"start_time": 0.2, "end_time": 2.0, "word_times": [[0.2, 1.0], [1.1, 2.0]]}
        lines.append({"session_id": name, "condition": condition, "reference": [said | times]})
    (folder / "dev.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


def test_the_curve_is_written_and_drawn(run: Lab, bench: Path, tmp_path: Path) -> None:
    thrifty = model_file(tmp_path / "beta-0.3-s1.safetensors", model())
    dense = model_file(tmp_path / "window-6.safetensors", tiny.model(config("conv_attention")))
    out = tmp_path / "out"
    code, said = run("thrift", thrifty, dense, "--bench", bench, "--output", out, "--levels")
    assert (code, "beta-0.3, saver" in said) == (0, True)
    found = json.loads((out / "thrift.json").read_text())
    by_name = {(one["run"], one["thrift"]): one for one in found["runs"]}
    assert len(by_name) == 4
    balanced = by_name["beta-0.3-s1", "balanced"]
    assert balanced["whole"]["trained"] > 0.0
    assert balanced["live"]["everything"] > 0.0
    assert by_name["beta-0.3-s1", "saver"]["share"] < balanced["share"] < 1.1
    assert by_name["window-6", "balanced"]["share"] < 1.0
    assert len(found["arms"]) == 4
    assert "<svg" in (out / "thrift.svg").read_text()
    assert (out / "thrift.png").stat().st_size > 10_000


def test_a_condition_that_is_not_there(run: Lab, bench: Path, tmp_path: Path) -> None:
    dense = model_file(tmp_path / "dense.safetensors", tiny.model())
    code, said = run("thrift", dense, "--bench", bench, "--condition", "99")
    assert (code, "has no condition 99: choose from 0S, 0L" in said) == (2, True)
