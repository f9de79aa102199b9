"""How far confidences can be relied on, and how they are put right."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
import typer
from typer.testing import CliRunner

from engine import checkpoint, lab_reliability
from engine.checkpoint import Checkpoint
from engine.confidence import calibrated
from engine.config import ConfidenceConfig
from engine.errors import EngineError
from engine.evaluation import reliability_fit
from engine.evaluation.reliability import JudgedWord, recalibrated, reliability
from engine.evaluation.reliability_fit import fit, held_out
from engine.evaluation.reliability_words import judge_meeting, judge_text
from engine.evaluation.segments import reference_turns
from engine.events import Event, TurnStarted, Word, WordsChanged
from engine.model_card import ModelCard
from tests.unit.engine import tiny

TRUE = ConfidenceConfig(scale=0.5, offset=-1.0)


def drawn(count: int, speakers: int = 10) -> list[JudgedWord]:
    """Words whose confidence is off by exactly :data:`TRUE`."""
    random = np.random.default_rng(3)
    said = random.uniform(0.02, 0.98, count)
    right = random.uniform(size=count) < [calibrated(float(c), TRUE) for c in said]
    return [
        JudgedWord(float(c), bool(r), f"s{i % speakers}")
        for i, (c, r) in enumerate(zip(said, right, strict=True))
    ]


def test_the_error_is_the_mean_distance_over_the_words_of_a_bin() -> None:
    words = [JudgedWord(0.95, True)] * 3 + [JudgedWord(0.95, False)] + [JudgedWord(0.25, True)]
    found = reliability(words)
    assert found is not None
    assert [(b.words, round(b.right, 2)) for b in found.bins] == [(1, 1.0), (4, 0.75)]
    assert found.error == pytest.approx((4 * 0.2 + 1 * 0.75) / 5)
    assert (found.right, found.confidence) == pytest.approx((0.8, 0.81))
    assert reliability([]) is None


def test_the_cross_entropy_of_words_by_hand() -> None:
    said, right = [0.9, 0.6, 0.3, 0.8], [True, True, False, False]
    words = [JudgedWord(c, r) for c, r in zip(said, right, strict=True)]
    cross = -np.mean(np.log([0.9, 0.6, 0.7, 0.2]))
    found = reliability(words)
    assert found is not None
    assert found.entropy == pytest.approx((np.log(2) - cross) / np.log(2))


def test_what_is_learned_is_what_the_words_were_drawn_with() -> None:
    words = drawn(20_000)
    learned = fit(words)
    assert learned.scale == pytest.approx(TRUE.scale, abs=0.05)
    assert learned.offset == pytest.approx(TRUE.offset, abs=0.05)
    before, after = reliability(words), reliability(recalibrated(words, learned))
    assert before is not None
    assert after is not None
    assert before.error > 0.15
    assert after.error < 0.02
    assert after.entropy > max(0.0, before.entropy)


def test_each_half_of_the_speakers_is_put_right_by_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taught: list[set[str]] = []

    def spy(words: list[JudgedWord]) -> ConfidenceConfig:
        taught.append({word.speaker for word in words})
        return fit(words)

    monkeypatch.setattr(reliability_fit, "fit", spy)
    found = held_out(drawn(4000))
    assert not taught[0] & taught[1]
    assert [len(speakers) for speakers in taught] == [5, 5]
    assert found.after.words == found.before.words == 4000
    assert found.after.error < 0.05 < found.before.error


def test_where_surer_words_are_not_righter_only_their_share_is_learned() -> None:
    words = [JudgedWord(w.confidence, not w.is_right) for w in drawn(4000)]
    learned = fit(words)
    learned.validate()
    found = reliability(recalibrated(words, learned))
    assert found is not None
    assert found.error < 0.01
    assert found.confidence == pytest.approx(found.right, abs=0.01)


def test_too_few_words_teach_nothing() -> None:
    with pytest.raises(EngineError, match="too few to learn from"):
        fit(drawn(50))
    with pytest.raises(EngineError, match="right and wrong ones"):
        fit([JudgedWord(0.5, True)] * 500)


def said(turn: int, channel: int, start: int, *words: tuple[str, float]) -> list[Event]:
    """A turn whose words each take half a second."""
    made = tuple(
        Word(text, start + i * 8000, start + (i + 1) * 8000, confidence)
        for i, (text, confidence) in enumerate(words)
    )
    return [TurnStarted(turn, channel, start, 1, start), WordsChanged(turn, made, start)]


def test_words_of_one_person() -> None:
    events = [*said(2, 0, 16_000, ("Three", 0.3)), *said(1, 0, 0, ("one", 0.1), ("to", 0.2))]
    judged = judge_text(events, "one two three", "s")
    assert judged == [
        JudgedWord(0.1, True, "s"),
        JudgedWord(0.2, False, "s"),
        JudgedWord(0.3, True, "s"),
    ]


def test_words_of_a_meeting_count_for_who_spoke_during_them() -> None:
    reference = reference_turns(
        [
            {"speaker": "x", "words": "alpha bravo", "start_time": 0.0, "end_time": 1.0},
            {"speaker": "y", "words": "charlie", "start_time": 0.5, "end_time": 1.0},
        ]
    )
    events = [
        *said(1, 0, 0, ("alpha", 0.9), ("delta", 0.8)),
        *said(2, 1, 8000, ("charlie", 0.7)),
        *said(3, 0, 80_000, ("echo", 0.6)),
    ]
    judged = judge_meeting(events, reference)
    assert [(w.confidence, w.is_right) for w in judged] == [
        (0.9, True),
        (0.8, False),
        (0.7, True),
        (0.6, False),
    ]
    assert [w.speaker for w in judged][0::3] == ["x", ""]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
    app = typer.Typer()
    lab_reliability.register(app)
    return app


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    config = dataclasses.replace(tiny.model_config(), confidence=TRUE)
    made = tiny.model(config)
    checkpoint.save(Checkpoint(made, tiny.word_tokens(), ModelCard("tiny")), path)
    return path


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Four meetings of two people who, as the tiny model hears it, often say echo."""
    folder = tmp_path / "bench"
    folder.mkdir()
    lines = []
    for i in range(4):
        name = f"m{i}"
        samples = tiny.noise(12.0, seed=i + 1)[0].numpy().clip(-1, 1)
        soundfile.write(folder / f"{name}.flac", samples, 16_000)
        turns = [
            {
                "session_id": name,
                "speaker": f"s{2 * i + k}",
                "words": "echo " * 12,
                "start_time": 6.0 * k,
                "end_time": 6.0 * k + 6,
            }
            for k in range(2)
        ]
        lines.append(json.dumps({"session_id": name, "condition": "0L", "reference": turns}))
    (folder / "dev.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_the_command_measures_learns_and_writes(
    app: typer.Typer,
    model: Path,
    bench: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reliability_fit, "FEWEST_WORDS", 5)
    better, output = tmp_path / "better.safetensors", tmp_path / "out"
    places = ["--bench", bench, "--part", "meetings", "--output", output, "--device", "cpu"]
    arguments = ["--model", model, *places, "--write", better]
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    record = json.loads((output / "reliability.json").read_text())
    assert list(record["figures"]) == ["the search", "the model", "learned, other speakers"]
    assert record["figures"]["the search"]["words"] >= 10
    assert (output / "reliability.svg").read_text().count("ECE") == 3
    assert (output / "reliability.png").stat().st_size > 1000
    before, after = checkpoint.load(model), checkpoint.load(better)
    assert dataclasses.asdict(after.model.config.confidence) == record["config"]
    weights = after.model.state_dict()
    assert all(torch.equal(w, weights[n]) for n, w in before.model.state_dict().items())


def test_nothing_is_learned_from_the_test_split(
    app: typer.Typer, model: Path, tmp_path: Path
) -> None:
    arguments = ["--model", str(model), "--split", "test", "--write", str(tmp_path / "x")]
    with pytest.raises(EngineError, match="chosen on dev"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)
