"""What an engine spends of its computation is looked at now and then, and told when it is news."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app import models
from app.effort import EVERY, EffortMeter
from app.engine_run import _Hearing
from app.merger import Merger
from app.model_card import can_save
from app.models import _GpuSession, engine_factory
from app.settings import Settings
from app.transcript import Transcript
from engine.config import ModelConfig, to_dict
from engine.errors import ConfigError
from engine.events import Effort, Event, TurnEvent
from engine.thrift import BIAS, bias_of
from tests.unit.app.model_files import model_file
from tests.unit.engine import test_thrift, tiny


@dataclass
class Counting:
    """A session that computes everything for a sample of 1, and nothing for one of 0."""

    spending: Any = field(default_factory=lambda: SimpleNamespace(spent=0, dense=0))

    def accept(self, samples: NDArray[np.float32]) -> None:
        before = self.spending
        spent, dense = before.spent + int(samples.sum()), before.dense + len(samples)
        self.spending = SimpleNamespace(spent=spent, dense=dense)

    def events(self) -> list[TurnEvent]:
        return []

    def finish(self) -> None:
        pass


def test_the_share_is_that_of_the_last_seconds_and_told_once() -> None:
    said: list[Event] = []
    hearing = _Hearing(Counting(), lambda *events: said.extend(events))
    loud, quiet = np.ones(EVERY, np.float32), np.zeros(EVERY, np.float32)
    for samples in (loud[: EVERY // 2], quiet[: EVERY // 2], loud, loud, quiet, quiet[:-1]):
        hearing.accept(samples)
    assert said == [Effort(0.5), Effort(1.0), Effort(0.0)]


@pytest.mark.parametrize("session", [object(), Counting(None), Counting()])
def test_an_engine_that_leaves_nothing_out_says_nothing(session: object) -> None:
    meter = EffortMeter(session)
    assert [meter.look(EVERY * n) for n in range(4)] == [None] * 4


def test_a_session_on_a_gpu_counts_too() -> None:
    inner = Counting()
    session = _GpuSession(None, inner)  # type: ignore[arg-type]
    assert session.spending is inner.spending
    assert EffortMeter(_GpuSession(None, object())).look(EVERY) is None  # type: ignore[arg-type]


def test_two_sources_tell_their_mean_and_a_new_engine_begins_anew() -> None:
    merger = Merger(2, shared=True)
    assert merger.merged(0, Effort(0.25)) == Effort(0.25)
    assert merger.merged(1, Effort(0.75)) == Effort(0.5)
    merger.begin()
    assert merger.merged(1, Effort(0.8)) == Effort(0.8)
    assert Transcript().apply(Effort(0.8)) is None


def test_the_setting_is_one_of_three() -> None:
    assert Settings().thrift == "balanced"
    for level in BIAS:
        Settings(thrift=level).save()
        assert Settings.load()[0].thrift == level
    with pytest.raises(ValueError, match="thrift"):
        Settings(thrift="none")  # type: ignore[arg-type]
    assert bias_of("best") > bias_of("balanced") == 0.0 > bias_of("saver")
    with pytest.raises(ConfigError, match="thrift is one of best, balanced, saver, not 'all'"):
        bias_of("all")


@pytest.mark.parametrize(
    ("kind", "expected"), [("amortized", True), ("conv_attention", False), (None, False)]
)
def test_a_file_says_whether_its_model_can_save(
    tmp_path: Path, kind: str | None, expected: bool
) -> None:
    config = to_dict(ModelConfig())
    config["transducer"]["recognition"]["kind"] = kind
    content = json.dumps(config) if kind else "{"
    assert can_save(model_file(tmp_path / "a.safetensors", config=content)) is expected


def test_the_setting_reaches_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    class Fake:
        device = "cpu"

        @classmethod
        def load(cls, *_: Any) -> Fake:
            return cls()

        def session(self, **options: Any) -> Counting:
            asked.append(options)
            return Counting()

    module = ModuleType("engine.recognizer")
    module.use_one_thread = lambda: None  # type: ignore[attr-defined]
    module.Recognizer = Fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "engine.recognizer", module)
    monkeypatch.setattr(models, "_readable_if_there", lambda: None)
    models._load.cache_clear()
    for thrift in ("saver", "balanced"):
        engine_factory(Path("m"), "cpu", None, thrift)()
    models._load.cache_clear()
    assert asked == [{"thrift": "saver"}, {}]


def test_a_real_session_is_told_of() -> None:
    recognizer = tiny.recognizer(test_thrift.config())
    test_thrift.gates_of_noise(recognizer.model)
    said: list[Event] = []
    hearing = _Hearing(recognizer.session(), lambda *events: said.extend(events))
    for piece in np.array_split(tiny.noise(11.0)[0].numpy(), 20):
        hearing.accept(piece)
    shares = [event.share for event in said if isinstance(event, Effort)]
    assert len(shares) == 2
    assert all(0.1 < share < 1.0 for share in shares)
