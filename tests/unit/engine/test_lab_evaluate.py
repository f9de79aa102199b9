"""The laboratory's commands around evaluation."""

from __future__ import annotations

import dataclasses
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
import typer
from typer.testing import CliRunner

from engine import checkpoint, lab_bench, lab_evaluate
from engine.checkpoint import Checkpoint
from engine.config import SearchConfig
from engine.data import bench_list
from engine.errors import EngineError
from engine.evaluation import calibration
from engine.model_card import ModelCard
from tests.unit.engine import tiny

WORDS = ("alpha", "bravo", "charlie", "delta")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> typer.Typer:
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
    monkeypatch.setattr(lab_evaluate, "KEPT", tmp_path / "kept")
    app = typer.Typer()
    lab_bench.register(app)
    lab_evaluate.register(app)
    return app


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Four people, each saying two words with a long pause between; one noise, one clip."""
    folder = tmp_path / "data"
    (folder / "noise").mkdir(parents=True)
    (folder / "meetings" / "ami_clips").mkdir(parents=True)
    random = np.random.default_rng(0)
    entries, aligned = [], []
    for i, word in enumerate(WORDS):
        soundfile.write(folder / f"{i}.wav", random.uniform(-0.3, 0.3, 32_000), 16_000)
        name = {"id": f"u{i}", "path": f"{i}.wav", "corpus": "c", "speaker": f"s{i}"}
        entries.append(name | {"split": "dev", "text": f"{word} {word}"})
        aligned.append({"id": f"u{i}", "words": [[word, 10, 60], [word, 120, 180]], "phones": []})
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, entries)))
    with gzip.open(folder / "alignments.jsonl.gz", "wt") as out:
        out.write("\n".join(map(json.dumps, aligned)))
    noise = random.uniform(-0.1, 0.1, 16_000)
    soundfile.write(folder / "noise" / "5-1.opus", noise, 16_000, format="OGG", subtype="OPUS")
    clip = folder / "meetings" / "ami_clips" / "clip"
    soundfile.write(clip.with_suffix(".flac"), random.uniform(-0.1, 0.1, 32_000), 16_000)
    said = [{"speaker": "x", "words": "Alpha, bravo.", "start_time": 0.2, "end_time": 1.0}]
    clip.with_suffix(".seglst.json").write_text(json.dumps(said))
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that says little, to be fast."""
    path = tmp_path / "tiny.safetensors"
    config = dataclasses.replace(tiny.model_config(), search=SearchConfig(blank_bias=50.0))
    made = tiny.model(config)
    checkpoint.save(Checkpoint(made, tiny.word_tokens(), ModelCard("tiny")), path)
    return path


def run(app: typer.Typer, *arguments: object) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def built(app: typer.Typer, data: Path, folder: Path, sessions: int = 6) -> Path:
    """A benchmark of one meeting a condition, or of the first of them."""
    places = ("--data", data, "--cache", folder / "cache")
    listed = folder / "dev.jsonl.gz"
    run(app, "bench-list", listed, "--sessions", 1, "--duration", 10, *places)
    run(app, "bench-set", "--meetings", listed, "--output", folder / "bench", *places)
    made = folder / "bench" / "dev.jsonl"
    made.write_text("".join(made.read_text().splitlines(keepends=True)[:sessions]))
    return folder / "bench"


def test_a_list_is_drawn_and_built(app: typer.Typer, data: Path, tmp_path: Path) -> None:
    bench = built(app, data, tmp_path)
    names = [m.session_id for m in bench_list.read(tmp_path / "dev.jsonl.gz")]
    assert sorted(p.stem for p in bench.glob("*.flac")) == sorted(names)
    assert len(names) == 6


def test_an_evaluation_is_written_everywhere(
    app: typer.Typer, data: Path, model: Path, tmp_path: Path
) -> None:
    bench = built(app, data, tmp_path, 2)
    places = ("--data", data, "--cache", tmp_path / "cache", "--bench", bench)
    out = tmp_path / "out"
    said = run(app, "evaluate", "--model", model, *places, "--output", out, "--device", "cpu")
    assert "Single utterances" in said
    assert "False words a minute" in said
    record = json.loads((out / "evaluation.json").read_text())
    assert record["sets"]["utterances"]["utterances"] == {"c": 4}
    assert record["sets"]["clips"]["sessions"] == {"AMI": 1}
    assert record["systems"][0]["description"]["card"]["name"] == "tiny"
    assert (out / "evaluation.html").read_text().count("<svg") >= 5
    kept = list((tmp_path / "kept").iterdir())
    assert [p.name.partition("-")[0] for p in kept] == ["tiny"]
    run(app, "evaluate", "--model", model, *places, "--output", tmp_path / "again.json")
    again = json.loads((tmp_path / "again.json").read_text())
    assert again["systems"] == record["systems"]  # the processor's seconds are kept too


def test_two_systems_are_compared(
    app: typer.Typer, data: Path, model: Path, tmp_path: Path
) -> None:
    models = ("--model", model, "--model", "pocketsphinx")
    places = ("--data", data, "--cache", tmp_path / "cache")
    said = run(
        app, "evaluate", *models, *places, "--part", "utterances", "--limit", 1, "--markdown"
    )
    assert "## tiny less pocketsphinx" in said
    assert "| WER % | tiny | pocketsphinx |" in said
    assert "Meetings" not in said


def test_systems_of_one_name_are_told_apart(
    app: typer.Typer, data: Path, model: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / model.name
    other.parent.mkdir()
    other.write_bytes(model.read_bytes())
    models = ("--model", model, "--model", other)
    places = ("--data", data, "--cache", tmp_path / "cache")
    said = run(app, "evaluate", *models, *places, "--part", "clips", "--markdown")
    assert f"| {model} | {other} |" in said
    assert len(list((tmp_path / "kept").iterdir())) == 1  # the same weights and code
    assert [p.name for p in other.parent.iterdir()] == [model.name]


def test_settings_are_calibrated_on_a_benchmark(
    app: typer.Typer,
    data: Path,
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for settings in ("BLANK_BIASES", "TURN_BIASES", "RESUME", "SAME_SPEAKER"):
        monkeypatch.setattr(calibration, settings, (0.625,))
    bench = built(app, data, tmp_path, 1)
    said = run(app, "calibrate", model, "--bench", bench, "--limit", 1)
    assert "blank bias +0.62" in said
    loaded = checkpoint.load(model)
    assert loaded.model.config.search.blank_bias == 0.625
    assert loaded.card.name == "tiny"


def test_a_world_that_was_not_built(
    app: typer.Typer, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EngineError, match=r"\.lab/bench-free/dev\.jsonl is missing"):
        run(app, "evaluate", "--model", model, "--part", "meetings")


def test_a_clip_of_another_rate(app: typer.Typer, data: Path, model: Path) -> None:
    clip = data / "meetings" / "ami_clips" / "clip.flac"
    soundfile.write(clip, np.zeros(800), 8000)
    with pytest.raises(EngineError, match="not mono 16 kHz"):
        run(app, "evaluate", "--model", model, "--part", "clips", "--data", data)
