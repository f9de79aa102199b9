"""The laboratory's commands around fairness, from a manifest to a page."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import soundfile
import torch
import typer
from typer.testing import CliRunner

from engine import checkpoint, lab_consolidate, lab_fairness, lab_planted
from engine.checkpoint import Checkpoint
from engine.errors import EngineError
from engine.model_card import ModelCard
from engine.recognizer import Recognizer
from tests.unit.engine import tiny

COUNT = 12


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> typer.Typer:
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
    monkeypatch.setattr(lab_fairness, "KEPT", tmp_path / "kept")
    app = typer.Typer()
    lab_fairness.register(app)
    lab_consolidate.register(app)
    lab_planted.register(app)
    return app


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    checkpoint.save(Checkpoint(tiny.model(), tiny.word_tokens(), ModelCard("tiny")), path)
    return path


def line(i: int) -> dict[str, Any]:
    return {
        "id": f"u{i}",
        "path": f"{i}.wav",
        "corpus": "c",
        "speaker": f"s{i:02}",
        "split": "dev",
        "text": "alpha bravo",
        "duration_s": 1.0,
        "sex": "FM"[i % 2],
        "first_language": "Mandarin" if i < 4 else None,
        "latitude": 10.0 * (i % 4),
        "longitude": float(i),
    }


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for i in range(COUNT):
        soundfile.write(folder / f"{i}.wav", tiny.noise(1.0, seed=i)[0].numpy(), 16_000)
    path = folder / "manifest.jsonl"
    path.write_text("".join(json.dumps(line(i)) + "\n" for i in range(COUNT)))
    return path


def run(app: typer.Typer, *words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, EngineError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def options(model: Path, manifest: Path) -> list[object]:
    here = manifest.parent.parent
    return ["--model", model, "--manifest", manifest, "--cache", here / "cache"]


SMALL = ("--fewest-speakers", 2, "--fewest-words", 4, "--cohorts", 3, "--regions", 3)


def test_a_manifest_becomes_a_page_a_record_and_a_card(
    app: typer.Typer, model: Path, manifest: Path, tmp_path: Path
) -> None:
    before = checkpoint.load(model)
    output = tmp_path / "out" / "report.html"
    said = run(app, "fairness", *options(model, manifest), *SMALL, "--output", output, "--card")
    assert "By voice" in said
    assert "By place" in said
    assert output.read_text().startswith("<!DOCTYPE html>")
    report = json.loads(output.with_suffix(".json").read_text())
    assert len(report["speakers"]) == COUNT
    assert report["overall"]["words"] == 2 * COUNT
    assert report["what"] == "Whole utterances, as people spoke them."
    after = checkpoint.load(model)
    overall = 100 * report["overall"]["wer"]["value"]
    assert after.card.figures["WER of everybody, %"] == pytest.approx(overall, abs=0.06)
    assert dataclasses.replace(after.card, figures={}) == before.card
    weights = before.model.state_dict()
    assert all(torch.equal(v, weights[k]) for k, v in after.model.state_dict().items())


def test_who_belongs_to_the_worst_is_listed_and_reports_are_compared(
    app: typer.Typer, model: Path, manifest: Path, tmp_path: Path
) -> None:
    output = tmp_path / "report.html"
    run(app, "fairness", *options(model, manifest), *SMALL, "--output", output)
    report = json.loads(output.with_suffix(".json").read_text())
    people = tmp_path / "people.txt"
    common = [*options(model, manifest), "--split", "dev", "--report", tmp_path / "report.json"]
    for kind in ("cohorts", "regions"):
        run(app, "fairness-people", people, *common, "--of", kind)
        worst = report[kind]["groups"][0]["speakers"]
        assert people.read_text().split() == sorted(worst)
    run(app, "fairness-people", people, *common, "--of", "first_language=Mandarin")
    assert people.read_text().split() == ["s00", "s01", "s02", "s03"]
    with pytest.raises(EngineError, match=r"--of cohorts or --of regions with --report"):
        run(app, "fairness-people", people, *common, "--of", "nothing")
    with pytest.raises(EngineError, match="The split 'test' has no speakers with text"):
        run(app, "fairness-people", people, *common, "--split", "test")
    same = run(app, "fairness-compare", *[tmp_path / "report.json"] * 2, "--markdown")
    assert "| WER, everybody |" in same
    assert ", 0.0 (0.0 to 0.0) |" in same


def test_cohorts_of_a_report_are_given_to_a_model_and_change_nothing_yet(
    app: typer.Typer, model: Path, manifest: Path, tmp_path: Path
) -> None:
    report, output = tmp_path / "report.html", tmp_path / "aware.safetensors"
    run(app, "fairness", *options(model, manifest), *SMALL, "--output", report)
    given = ["--report", report.with_suffix(".json")]
    said = run(app, "fairness-embed", model, output, *given)
    groups = json.loads(report.with_suffix(".json").read_text())["cohorts"]["groups"]
    assert f"{len(groups)} cohorts" in said
    made, before = checkpoint.load(output).model, checkpoint.load(model).model
    assert made.cohorts is not None
    torch.testing.assert_close(
        made.cohorts.centres, torch.tensor([group["centre"] for group in groups])
    )
    x = tiny.noise(1.0)
    assert torch.equal(made(x).encoded, before(x).encoded)
    with pytest.raises(EngineError, match=r"of the voices of tiny:\w+, not tiny:\w+"):
        run(app, "fairness-embed", output, tmp_path / "x.safetensors", *given)


def test_planted_countries_are_looked_for_before_and_after(
    app: typer.Typer, model: Path, manifest: Path, tmp_path: Path
) -> None:
    output = tmp_path / "planted.html"
    given = [*options(model, manifest), *SMALL, "--output", output, "--seed", 5]
    said = run(app, "fairness-planted", *given)
    assert "cohorts (k-means): agreement" in said
    report = json.loads(output.with_suffix(".json").read_text())
    assert report["what"].endswith("in two of six countries speech was altered.")
    assert sorted(report["planted"]["labels"]) == [f"s{i:02}" for i in range(COUNT)]
    assert report["overall"]["words"] == 2 * COUNT
    assert run(app, "fairness-planted", *given) == said
    run(app, "fairness-planted", *given, "--seed", 6)
    assert (tmp_path / "planted-5.json").read_text() == output.with_suffix(".json").read_text()
    assert (tmp_path / "planted-6.html").is_file()


def test_a_model_of_few_words_is_not_measured_by_others(
    app: typer.Typer, model: Path, manifest: Path
) -> None:
    loaded = checkpoint.load(model)
    card = ModelCard("tiny", vocabulary=" ".join(tiny.WORDS))
    checkpoint.save(dataclasses.replace(loaded, card=card), model)
    with pytest.raises(EngineError, match=r"6 words that this model knows.*alignments\.jsonl\.gz"):
        run(app, "fairness", *options(model, manifest))


def test_a_bad_manifest_is_refused_before_anything_is_heard(
    app: typer.Typer, model: Path, manifest: Path, tmp_path: Path
) -> None:
    good = manifest.read_text()
    manifest.write_text(good + json.dumps(line(COUNT) | {"latitude": 99}) + "\n")
    with pytest.raises(EngineError, match=r"line 13 \(u12\): the column 'latitude' is 99"):
        run(app, "fairness", *options(model, manifest))
    assert not (tmp_path / "cache").exists()
    manifest.write_text(good.splitlines()[0] + "\n")
    with pytest.raises(EngineError, match=r"1 speaker with text is too few"):
        run(app, "fairness", *options(model, manifest))
    other = manifest.rename(manifest.with_name("list.jsonl"))
    with pytest.raises(EngineError, match=r"list\.jsonl must be called manifest\.jsonl"):
        run(app, "fairness", *options(model, other))


def test_a_model_without_voices_says_what_to_do(
    app: typer.Typer, model: Path, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Recognizer.load

    def voiceless(path: Path, device: str) -> Any:
        recognizer = load(path, device)
        recognizer.model.voice = None  # type: ignore[assignment]
        return recognizer

    monkeypatch.setattr(Recognizer, "load", voiceless)
    monkeypatch.setattr(lab_fairness, "scores_of", lambda system, given: [])
    with pytest.raises(EngineError, match=r"no voice vectors.*--voices default"):
        run(app, "fairness", *options(model, manifest))


def test_shipped_models_have_names(tmp_path: Path) -> None:
    assert Path(lab_fairness.shipped("default")).is_file()
    assert lab_fairness.shipped("other.safetensors") == "other.safetensors"
