"""The laboratory's commands: what goes wrong is a sentence and exit code 2."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from engine import checkpoint, lab
from engine.checkpoint import Checkpoint
from engine.data.small_world import WORDS
from engine.model import SeparatorTransducerSegmenter
from engine.model_card import ModelCard
from engine.training import recipes, worlds
from engine.training.objective import Objective
from engine.training.trainer import Trainer, TrainerConfig
from tests.unit.engine import tiny


class Lab:
    """Runs ``crosstalk-lab`` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str]:
        """Exit code, and what was printed on either stream, on one line."""
        self._monkeypatch.setattr("sys.argv", ["crosstalk-lab", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            lab.main()
        out, err = self._capsys.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        return code, " ".join((out + err).split())


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lab:
    monkeypatch.setenv("COLUMNS", "1000")
    threads = torch.get_num_threads()
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
    assert torch.get_num_threads() == threads
    return Lab(monkeypatch, capsys)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A corpus of one person who says a word."""
    folder = tmp_path / "data"
    (folder / "noise").mkdir(parents=True)
    soundfile.write(folder / "a.wav", np.zeros(16_000), 16_000)
    entry = {
        "id": "a",
        "path": "a.wav",
        "corpus": "c",
        "speaker": "s",
        "split": "train",
        "text": "ABOUT",
    }
    (folder / "manifest.jsonl").write_text(json.dumps(entry) + "\n")
    with gzip.open(folder / "alignments.jsonl.gz", "wt") as out:
        out.write(json.dumps({"id": "a", "words": [["about", 10, 40]], "phones": []}))
    return folder


def test_a_folder_that_is_no_corpus(run: Lab, tmp_path: Path) -> None:
    for command in (("bench-set",), ("train", tmp_path / "run")):
        code, said = run(*command, "--data", tmp_path, "--cache", tmp_path / "cache")
        assert code == 2
        assert "Error:" in said
        assert "holds no manifest.jsonl: give the folder of a prepared corpus" in said


def test_a_benchmark_of_too_few_people(run: Lab, data: Path, tmp_path: Path) -> None:
    places = ("--data", data, "--cache", tmp_path / "cache", "--output", tmp_path / "bench")
    code, said = run("bench-set", "--world", "small", *places)
    assert (code, "too few speakers" in said) == (2, True)
    assert not (tmp_path / "bench").exists()


@pytest.mark.parametrize("command", [("evaluate", "--model"), ("calibrate",)])
def test_a_model_that_is_not_there(run: Lab, tmp_path: Path, command: tuple[str, ...]) -> None:
    code, said = run(*command, tmp_path / "none.safetensors")
    assert (code, "There is no model file at" in said) == (2, True)


@pytest.mark.parametrize("command", [("evaluate", "--model"), ("calibrate",)])
def test_a_benchmark_that_is_not_there(run: Lab, tmp_path: Path, command: tuple[str, ...]) -> None:
    model = tmp_path / "tiny.safetensors"
    checkpoint.save(Checkpoint(tiny.model(), tiny.word_tokens(), ModelCard("tiny")), model)
    before = model.read_bytes()
    code, said = run(*command, model, "--bench", tmp_path / "bench")
    assert (code, "run `crosstalk-lab bench-set --split dev` first" in said) == (2, True)
    assert model.read_bytes() == before


def test_a_device_that_is_not_there(run: Lab, tmp_path: Path) -> None:
    code, said = run("train", tmp_path / "run", "--device", "tpu")
    assert (code, "There is no tpu device" in said) == (2, True)


def test_permutation_invariance_of_one_channel(run: Lab, data: Path, tmp_path: Path) -> None:
    places = ("--data", data, "--cache", tmp_path / "cache")
    code, said = run("train", tmp_path / "run", "--channels", 1, "--pit", *places)
    assert (code, "for two channels" in said) == (2, True)


def test_a_start_that_is_no_run(run: Lab, data: Path, tmp_path: Path) -> None:
    places = ("--data", data, "--cache", tmp_path / "cache")
    code, said = run("train", tmp_path / "run", "--start", tmp_path / "nothing", *places)
    assert (code, "give the folder of a training run" in said) == (2, True)


@pytest.mark.parametrize("content", [None, b"half of it"])
def test_exporting_what_is_no_run(run: Lab, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "last.pt").write_bytes(content)
    code, said = run("export-model", tmp_path, tmp_path / "model.safetensors")
    assert (code, "Error:" in said) == (2, True)
    assert not (tmp_path / "model.safetensors").exists()


@pytest.mark.parametrize(
    "arguments",
    [("fly",), ("train",), ("train", "run", "--steps", "0"), ("train", "run", "--stage", "x")],
)
def test_a_command_that_is_not_understood(run: Lab, arguments: tuple[str, ...]) -> None:
    code, said = run(*arguments)
    assert (code, "Error" in said) == (2, True)


def trained(folder: Path, channels: int) -> SeparatorTransducerSegmenter:
    """The averaged weights of a run of the default model that did nothing yet."""
    torch.manual_seed(channels)
    recipe = recipes.Recipe("words", channels)
    config = recipes.with_channels(recipe.model, channels)
    model = SeparatorTransducerSegmenter(config, worlds.small_world_tokens().size)
    trainer = Trainer(model, Objective(model, recipe.objective(), ["s"]), TrainerConfig(), folder)
    trainer.save()
    return trainer.averaged


@pytest.mark.parametrize("channels", [1, 2])
def test_a_run_becomes_a_model_file(run: Lab, tmp_path: Path, channels: int) -> None:
    averaged = trained(tmp_path / "run", channels)
    output = tmp_path / "model.safetensors"
    code, said = run("export-model", tmp_path / "run", output, "--name", "mine")
    assert (code, str(output) in said) == (0, True)
    loaded = checkpoint.load(output)
    assert loaded.model.channels == channels
    assert loaded.card.name == "mine"
    assert loaded.card.vocabulary.split() == list(WORDS)
    weights = loaded.model.state_dict()
    assert all(torch.equal(weights[k], v) for k, v in averaged.state_dict().items())


def test_a_folder_that_cannot_be_written(run: Lab, tmp_path: Path) -> None:
    trained(tmp_path / "run", 2)
    code, said = run("export-model", tmp_path / "run", tmp_path / "no folder" / "m.safetensors")
    assert (code, "Error:" in said) == (2, True)
