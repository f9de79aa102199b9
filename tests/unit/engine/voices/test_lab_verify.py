"""The laboratory trains voice vectors, tries them, puts them into a model, or says what to do."""

from __future__ import annotations

import dataclasses
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import VoiceConfig
from engine.model import with_cohorts
from engine.model_card import ModelCard
from tests.unit.engine import test_lab, tiny

Lab = test_lab.Lab
run = test_lab.run  # the fixture

WOMEN = {"a": 200, "b": 300}
MEN = {"c": 120, "d": 160}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight people who hum, three times each; half of them are in the split dev."""
    folder = tmp_path / "data"
    folder.mkdir()
    random = np.random.default_rng(0)
    entries = []
    for split in ("train", "dev"):
        for name, pitch in {**WOMEN, **MEN}.items():
            for n in range(3):
                entry = f"{split}-{name}{n}"
                time = np.arange(40_000) / 16_000
                hum = 0.3 * np.sign(np.sin(2 * np.pi * pitch * time + n))
                hum += 0.05 * random.standard_normal(len(time))
                soundfile.write(folder / f"{entry}.wav", hum, 16_000)
                about = {"sex": "F" if name in WOMEN else "M", "age": None, "region": None}
                entries.append(
                    {"id": entry, "path": f"{entry}.wav", "corpus": "c", "duration_s": 2.5}
                    | {"speaker": f"{split}-{name}", "split": split, "text": None}
                    | {"first_language": None, **about}
                )
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, entries)))
    with gzip.open(folder / "alignments.jsonl.gz", "wt") as out:
        out.write("")
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Which takes everything for speech."""
    path = tmp_path / "model.safetensors"
    checkpoint.save(Checkpoint(tiny.model(seed=2), tiny.word_tokens(), ModelCard("tiny")), path)
    return path


def test_voices_are_trained_tried_and_put_into_a_model(
    run: Lab, data: Path, model: Path, tmp_path: Path
) -> None:
    places = ["--data", data, "--cache", tmp_path / "cache"]
    sizes = ["--hidden", 6, "--size", 4, "--regions", 2]
    train = ["train-voices", tmp_path / "run", "--model", model, "--steps", 4, *sizes, *places]
    code, said = run(*train)
    assert (code, "4 speakers" in said) == (0, True)
    assert run(*train)[0] == 0  # finished: nothing to do
    again = ["train-voices", tmp_path / "two", "--seed", 8, *train[2:]]
    assert run(*again)[0] == 0
    output = tmp_path / "figures.json"
    systems = [tmp_path / "run", tmp_path / "two", model]
    code, said = run("verify", *systems, "--least", 2, "--output", output, *places)
    assert code == 0
    assert "12 trials of one speaker, 160 of two" in said
    assert "sex: gap" in said
    names = [system["name"] for system in json.loads(output.read_text())["systems"]]
    assert names == ["pairwise, 4 steps on tiny", "tiny as it is"]
    wide = ["train-voices", tmp_path / "wide", *train[2:], "--hidden", 7]
    assert run(*wide)[0] == 0
    code, said = run("verify", tmp_path / "run", tmp_path / "wide", *places)
    assert (code, "pairwise, 4 steps on tiny #2" in said) == (0, True)  # no seed of the other
    made = tmp_path / "made.safetensors"
    code, _ = run("export-voices", tmp_path / "run", made, "--name", "new")
    assert code == 0
    written = checkpoint.load(made)
    assert written.card.name == "new"
    assert written.model.config.voice == VoiceConfig(size=4, hidden=6)
    code, said = run("verify", made, tmp_path / "run", "--output", output, *places)
    assert code == 0
    of_model, of_run = json.loads(output.read_text())["systems"]
    assert of_model["equal_error_rates"] == of_run["equal_error_rates"]


def test_voices_are_fitted_in_closed_form(
    run: Lab, data: Path, model: Path, tmp_path: Path
) -> None:
    places = ["--data", data, "--cache", tmp_path / "cache"]
    folder, made = tmp_path / "lda", tmp_path / "made.safetensors"
    train = ["train-voices", folder, "--model", model, "--form", "lda", *places]
    code, said = run(*train, "--size", 5, "--shrinkage", 0.5)
    assert (code, "vectors of 5" in said) == (0, True)
    assert run("export-voices", folder, made)[0] == 0
    before, after = checkpoint.load(model).model, checkpoint.load(made).model
    assert after.config.voice == VoiceConfig(size=5, hidden=before.config.voice.hidden)
    kept = {k: v for k, v in before.state_dict().items() if not k.startswith("voice.project")}
    assert all(torch.equal(v, after.state_dict()[k]) for k, v in kept.items())
    code, said = run("verify", folder, model, *places, "--least", 2)
    assert (code, "lda, 1 steps on tiny" in said) == (0, True)
    code, said = run(*train)  # 96 is more than it has
    assert (code, "the size is 2 to 16" in said) == (2, True)


def test_cohorts_want_the_voices_that_they_were_found_with(
    run: Lab, data: Path, model: Path, tmp_path: Path
) -> None:
    loaded = checkpoint.load(model)
    aware = with_cohorts(loaded.model, torch.randn(2, loaded.model.config.voice.size))
    checkpoint.save(dataclasses.replace(loaded, model=aware), model)
    places = ["--data", data, "--cache", tmp_path / "cache"]
    train = ["train-voices", tmp_path / "run", "--model", model, "--form", "lda", *places]
    assert run(*train, "--size", 4)[0] == 0
    code, said = run("export-voices", tmp_path / "run", tmp_path / "x.safetensors")
    assert (code, "run `crosstalk-lab fairness-embed` afterwards" in said) == (2, True)


def test_what_is_wrong_is_said(run: Lab, data: Path, model: Path, tmp_path: Path) -> None:
    places = ["--data", data, "--cache", tmp_path / "cache"]
    code, said = run("verify", tmp_path, *places)
    assert (code, "is no system: give a model file" in said) == (2, True)
    code, said = run("export-voices", tmp_path, tmp_path / "x.safetensors")
    assert (code, "holds no run of `crosstalk-lab train-voices`" in said) == (2, True)
    code, said = run("verify", model, "--split", "test", *places)
    assert (code, "'split' says 'test': use a split that it has" in said) == (2, True)
    train = ["train-voices", tmp_path / "run", "--model", model, "--steps", 1, *places]
    code, said = run(*train, "--regions", 9)
    assert (code, "take fewer --regions" in said) == (2, True)
    manifest = data / "manifest.jsonl"
    lines = manifest.read_text().splitlines()
    manifest.write_text("\n".join([lines[0], lines[1].replace('"speaker"', '"who"'), *lines[2:]]))
    for command in (["verify", model, *places], train):
        code, said = run(*command)
        assert (code, "line 2: the column 'speaker' is missing: add it" in said) == (2, True)


def test_a_run_wants_the_model_that_it_began_with(
    run: Lab, data: Path, model: Path, tmp_path: Path
) -> None:
    places = ["--data", data, "--cache", tmp_path / "cache"]
    folder = tmp_path / "run"
    form = ["--form", "baseline", "--warm", "--steps", 1]
    assert run("train-voices", folder, "--model", model, *form, *places)[0] == 0
    torch.manual_seed(1)
    other = Checkpoint(tiny.model(seed=1), tiny.word_tokens(), ModelCard("tiny"))
    checkpoint.save(other, model)
    code, said = run("verify", folder, *places)
    assert (code, "is not the model that the run began with" in said) == (2, True)


def test_resemblyzer_is_asked_for_where_it_is_missing(
    run: Lab, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resemblyzer", None)
    code, said = run("verify", "resemblyzer", "--data", data, "--cache", tmp_path / "cache")
    assert (code, "pip install resemblyzer" in said) == (2, True)
