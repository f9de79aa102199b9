"""The trainer learns, goes on where it was interrupted, and hides what it is told to hide."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.config import (
    EncoderConfig,
    FrontendConfig,
    ModelConfig,
    SearchConfig,
    SeparatorConfig,
    TransducerConfig,
    VoiceConfig,
)
from engine.data.targets import Batch, Targeting
from engine.errors import ConfigError, EngineError
from engine.model import SeparatorTransducerSegmenter
from engine.search import make_search
from engine.training.batches import make_batch
from engine.training.curve_file import read_curve
from engine.training.objective import Losses, Objective, ObjectiveConfig
from engine.training.run_files import kept, read_checkpoint
from engine.training.trainer import Trainer, TrainerConfig, read_run
from tests.unit.engine import tiny
from tests.unit.engine.scenes import FRAME, scene, spoken

TARGETING = Targeting(tiny.word_tokens(), FRAME)
FRAMES = 70
SCENES = [
    scene([(5, spoken("alpha bravo")), (15, spoken("charlie alpha delta", "bob"))], FRAMES),
    scene([(10, spoken("echo delta", "bob")), (45, spoken("bravo"))], FRAMES),
]
BATCHES = [make_batch([s], TARGETING, 880) for s in SCENES]
SHORT = TrainerConfig(steps=6, learning_rate=3e-3, warmup=3, save_every_s=-1.0, report_every=1)


class PlugPulledError(Exception):
    """Somebody pulled the plug."""


def alternating(first: int = 0, until: int | None = None) -> Iterator[Batch]:
    """The two batches in turn from step ``first`` on; the plug is pulled before step ``until``."""
    for step in itertools.count(first):
        if step == until:
            raise PlugPulledError
        yield BATCHES[step % 2]


def trainer(
    folder: Path,
    config: TrainerConfig = SHORT,
    model: ModelConfig | None = None,
    reports: list[str] | None = None,
) -> Trainer:
    torch.manual_seed(1)
    made = SeparatorTransducerSegmenter(model or dropping(), tiny.word_tokens().size)
    objective = Objective(made, ObjectiveConfig(), ["ann", "bob"])
    return Trainer(made, objective, config, folder, (reports if reports is not None else []).append)


def dropping() -> ModelConfig:
    """Tiny encoders with dropout, so that the state of the random numbers matters."""
    encoder = replace(tiny.encoder_config(), dropout=0.2)
    return tiny.model_config(encoder, encoder, encoder)


def assert_same_weights(a: Any, b: Any) -> None:
    assert a.keys() == b.keys()
    for key in a:
        torch.testing.assert_close(a[key], b[key], rtol=0, atol=0, msg=key)


@pytest.mark.parametrize("stop", [1, 4])
def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(tmp_path: Path, stop: int) -> None:
    said: list[str] = []
    whole = trainer(tmp_path / "whole", reports=said)
    whole.run(alternating())
    resumed_said: list[str] = []
    with pytest.raises(PlugPulledError):
        trainer(tmp_path / "cut", reports=resumed_said).run(alternating(until=stop))
    torch.manual_seed(99)  # another process
    resumed = trainer(tmp_path / "cut", reports=resumed_said)
    assert resumed.resume()
    assert resumed.step == stop
    resumed.run(alternating(stop))
    assert_same_weights(resumed.model.state_dict(), whole.model.state_dict())
    assert_same_weights(resumed.averaged.state_dict(), whole.averaged.state_dict())
    assert_same_weights(resumed.objective.state_dict(), whole.objective.state_dict())
    assert [without_time(line) for line in resumed_said] == [without_time(line) for line in said]
    assert len(said) == 6


def without_time(line: str) -> str:
    return line.split(" steps/s")[0].rsplit(" ", 1)[0]


def test_a_finished_run_stays_finished(tmp_path: Path) -> None:
    trainer(tmp_path).run(alternating())
    again = trainer(tmp_path)
    assert again.resume()
    again.run(alternating(until=0))  # asks for nothing
    assert again.step == 6


def test_there_is_nothing_to_resume_in_a_new_folder(tmp_path: Path) -> None:
    assert not trainer(tmp_path / "new").resume()
    with pytest.raises(EngineError, match=r"holds no last\.pt"):
        read_run(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_damaged_run_says_so(tmp_path: Path, share: float) -> None:
    trainer(tmp_path).save()
    whole = (tmp_path / "last.pt").read_bytes()
    (tmp_path / "last.pt").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(EngineError, match=r"last\.pt is damaged"):
        trainer(tmp_path).resume()


@pytest.mark.parametrize("error", [OSError, RuntimeError])
def test_a_save_that_broke_off_leaves_the_one_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    trainer(tmp_path).run(alternating())

    def fail(_: object, part: Path) -> None:
        part.write_bytes(b"half")
        raise error("No space left on device")

    monkeypatch.setattr(torch, "save", fail)
    with pytest.raises(EngineError, match=r"No space.*make room.*from the last good checkpoint"):
        trainer(tmp_path, replace(SHORT, steps=1)).run(alternating())
    assert read_run(tmp_path)["step"] == 6
    assert [p.name for p in tmp_path.glob("last*")] == ["last.pt"]


class NotANumberError(Objective):
    """An objective whose gradient goes wrong at some step."""

    calls = 0

    def forward(self, *arguments: Any, **options: Any) -> Losses:
        losses: Losses = super().forward(*arguments, **options)
        self.calls += 1
        worse = math.nan if self.calls == 4 else 1.0
        return replace(losses, total=losses.total * worse)


def test_a_loss_that_is_no_number_stops_the_run_and_leaves_the_good_checkpoint(
    tmp_path: Path,
) -> None:
    torch.manual_seed(1)
    made = SeparatorTransducerSegmenter(tiny.model_config(), tiny.word_tokens().size)
    objective = NotANumberError(made, ObjectiveConfig(), ["ann", "bob"])
    bad = Trainer(made, objective, SHORT, tmp_path, list[str]().append)
    with pytest.raises(EngineError, match=r"At step 4 .*last\.pt is from before.*--learning-rate"):
        bad.run(alternating())
    saved = read_run(tmp_path)
    assert saved["step"] == 3
    assert all(x.isfinite().all() for x in saved["model"].values())


def test_a_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    trainer(tmp_path).save()
    other = tiny.model_config(replace(tiny.encoder_config(), layers=3))
    with pytest.raises(EngineError, match=r"another model \(separator.mixture.layers 2 there, 3 h"):
        trainer(tmp_path, model=other).resume()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 99}, "newer Crosstalk"),
        ({"objective": {"voice_classes": torch.zeros(5, 8)}}, "other speakers"),
        ({"model": {}}, "another version"),
    ],
)
def test_a_checkpoint_of_another_kind_is_refused(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    trainer(tmp_path).save()
    torch.save(read_run(tmp_path) | change, tmp_path / "last.pt")
    with pytest.raises(EngineError, match=message):
        trainer(tmp_path).resume()


def test_a_run_of_the_first_version_goes_on(tmp_path: Path) -> None:
    trainer(tmp_path).run(alternating())
    saved = read_run(tmp_path)
    first = ("config", "model", "averaged", "objective", "optimizer", "step", "random")
    torch.save({key: saved[key] for key in first}, tmp_path / "last.pt")
    again = trainer(tmp_path, replace(SHORT, steps=8))
    assert again.resume()
    again.run(alternating(6))
    assert again.step == 8


def test_the_last_checkpoints_are_kept(tmp_path: Path) -> None:
    trainer(tmp_path, replace(SHORT, keep=2)).run(alternating())
    assert [p.name for p in kept(tmp_path)] == ["step-00000005.pt", "step-00000006.pt"]
    assert read_checkpoint(kept(tmp_path)[0])["step"] == 5


def test_a_run_stops_when_its_time_is_over(tmp_path: Path) -> None:
    short = trainer(tmp_path, replace(SHORT, minutes=0.0))
    short.run(alternating())
    assert short.step == read_run(tmp_path)["step"] == 1


def test_the_curve_says_the_losses_of_every_step_once(tmp_path: Path) -> None:
    trainer(tmp_path / "whole").run(alternating())
    with pytest.raises(PlugPulledError):
        trainer(tmp_path / "cut", replace(SHORT, save_every_s=0.0)).run(alternating(until=4))
    with (tmp_path / "cut" / "curve.jsonl").open("a") as half:
        half.write('{"step": 5, "pa')
    resumed = trainer(tmp_path / "cut")
    resumed.resume()
    resumed.run(alternating(resumed.step))
    whole, cut = (read_curve(tmp_path / name) for name in ("whole", "cut"))
    assert [p.step for p in cut] == [1, 2, 3, 4, 5, 6]
    assert [p.parts for p in cut] == [p.parts for p in whole]
    assert [p.hours_heard for p in cut] == pytest.approx([p.hours_heard for p in whole])
    assert whole[-1].hours_heard == pytest.approx(6 * (FRAMES * FRAME + 240) / 16_000 / 3600)
    assert [p.learning_rate for p in whole[:3]] == pytest.approx([1e-3, 2e-3, 3e-3])
    assert all(a.seconds < b.seconds for a, b in itertools.pairwise(whole))


def test_two_scenes_are_learned_by_heart(tmp_path: Path) -> None:
    """The loss falls near what it can, and the search finds the words of every channel."""
    encoder = EncoderConfig(size=32, layers=1, heads=2, kernel=5, chunk=3, left=15, dropout=0.0)
    config = ModelConfig(
        FrontendConfig(mel_bins=20),
        SeparatorConfig(2, mixture=encoder, separation=encoder),
        TransducerConfig(encoder, prediction_size=32, joint_size=32),
        VoiceConfig(size=8, hidden=16),
    )
    quick = TrainerConfig(
        steps=300, learning_rate=6e-3, warmup=20, average=0.9, precision="32-true", report_every=10,
        frequency_masks=0, time_masks=0,
    )  # fmt: skip
    reports: list[str] = []
    learner = trainer(tmp_path, quick, config, reports)
    batch = make_batch(SCENES, TARGETING, 880)
    learner.run(itertools.repeat(batch))
    first, last = (loss_of("transducer", line) for line in (reports[0], reports[-1]))
    assert first > 5.0
    assert last < 0.6
    assert loss_of("activity", reports[-1]) < 0.02
    assert found_by(learner.averaged.eval(), batch) == [
        row[:length].tolist() for row, length in zip(batch.tokens, batch.token_lengths, strict=True)
    ]


def loss_of(part: str, report: str) -> float:
    words = report.split()
    return float(words[words.index(part) + 1])


@torch.inference_mode()
def found_by(model: SeparatorTransducerSegmenter, batch: Batch) -> list[list[int]]:
    heard = model(batch.audio)
    said: list[list[int]] = []
    for scene_encoded in heard.encoded:
        search = make_search(model.transducer, 2, SearchConfig(beam=4))
        parts = zip(search.accept(scene_encoded), search.finish(), strict=True)
        said += [[e.token for e in (*a.committed, *b.committed)] for a, b in parts]
    return said


def test_the_average_follows_the_weights(tmp_path: Path) -> None:
    at_once = trainer(tmp_path / "a", replace(SHORT, steps=1, average=0.0))
    at_once.run(alternating())
    assert_same_weights(at_once.averaged.state_dict(), at_once.model.state_dict())
    slow = trainer(tmp_path / "b", replace(SHORT, steps=1, average=0.99))
    start = {k: v.clone() for k, v in slow.model.state_dict().items()}
    slow.run(alternating())
    moved = slow.model.state_dict()
    for key, mean in slow.averaged.state_dict().items():
        # while it is young it follows faster: 1/10 of the old at the first step
        torch.testing.assert_close(mean, 0.1 * start[key] + 0.9 * moved[key])
    assert not torch.equal(
        start["transducer.output.weight"], slow.averaged.transducer.output.weight
    )


def test_the_learning_rate_rises_and_falls(tmp_path: Path) -> None:
    config = TrainerConfig(steps=60, warmup=10, learning_rate=2.0)
    made, rates = trainer(tmp_path, config), []
    for step in range(60):
        rates.append(made._learning_rate(step) / 2.0)
    assert rates[:10] == pytest.approx([(i + 1) / 10 for i in range(10)])
    assert rates[10] == pytest.approx(1.0)
    assert rates[35] == pytest.approx(0.51)
    assert 0.02 < rates[59] < 0.03
    assert rates[9:] == sorted(rates[9:], reverse=True)


def test_bfloat16_learns_about_the_same(tmp_path: Path) -> None:
    losses = []
    for short in (True, False):
        reports: list[str] = []
        config = replace(SHORT, steps=1, precision="bf16-mixed" if short else "32-true")
        trainer(tmp_path / str(short), config, tiny.model_config(), reports).run(alternating())
        losses.append(loss_of("transducer", reports[0]))
    assert losses[0] == pytest.approx(losses[1], rel=0.02)


def test_reports_say_where_the_run_is(tmp_path: Path) -> None:
    reports: list[str] = []
    trainer(tmp_path, replace(SHORT, report_every=2), reports=reports).run(alternating())
    assert [line.split()[1] for line in reports] == ["2/6", "4/6", "6/6"]
    parts = {"transducer", "activity", "phones", "marks", "voices"}
    assert all(parts <= set(line.split()) for line in reports)
    assert all(math.isfinite(loss_of(part, reports[0])) for part in parts)


@pytest.mark.parametrize(
    "config", [TrainerConfig(steps=0), TrainerConfig(learning_rate=0), TrainerConfig(average=1.0)]
)
def test_settings_out_of_bounds_are_refused(config: TrainerConfig, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be positive"):
        trainer(tmp_path, config)
