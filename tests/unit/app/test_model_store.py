"""Models are described without torch, installed whole or not at all, and removed with care."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import models
from app.cli import main
from app.files import OutputError
from app.model_card import card_of
from app.model_store import ModelStoreError, install, remove, stored_models
from app.models import DEFAULT_NAME, engine_factory, find_model
from app.paths import data_dir, resource
from app.settings import Settings
from engine import checkpoint
from engine.errors import ModelError
from engine.model_card import FORMAT, FORMAT_VERSION, ModelCard
from tests.unit.app.model_files import CARD, model_file


def own() -> Path:
    return data_dir() / "models"


def names() -> list[str]:
    return [each.name for each in stored_models()]


def test_the_card_says_what_the_engine_reads_in_it() -> None:
    for name in ("default", "free-speech"):
        path = resource(f"models/{name}.safetensors")
        ours, theirs = card_of(path), checkpoint.read_card(path)
        for what in ModelCard.__dataclass_fields__:
            assert getattr(ours, what) == getattr(theirs, what)
    assert (checkpoint.FILE.format, checkpoint.FILE.version) == (FORMAT, FORMAT_VERSION)


def test_models_are_described_without_torch() -> None:
    code = (
        "import sys; from app.model_store import stored_models; assert stored_models();"
        "sys.exit(any(m in sys.modules for m in ('torch', 'PySide6')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_is_installed_under_its_name(tmp_path: Path) -> None:
    source = model_file(tmp_path / "My model 2.safetensors")
    assert install(source) == ["My model 2"]
    (mine,) = [each for each in stored_models() if not each.shipped]
    assert mine.path.read_bytes() == source.read_bytes()
    assert (mine.card.licence, mine.card.figures) == ("CC0-1.0", CARD["figures"])
    assert find_model("My model 2") == mine.path


def test_a_folder_of_models_is_installed_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    for name in ("b", "a", "readable"):
        model_file(folder / f"{name}.safetensors")
    (folder / "notes.txt").write_text("no model")
    assert install(folder) == ["a", "b"]
    assert {"a", "b"} < set(names())


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "damaged or not a model"),
        (b"nonsense" * 99, "damaged or not a model"),
        ("cut", "damaged or not a model"),
        ({"format": "other"}, "not a model made for Crosstalk"),
        ({"format_version": "2"}, "update Crosstalk"),
        ({"format_version": "x"}, "update Crosstalk"),
        ({"card": "{"}, "no readable card"),
        ({"card": "[]"}, "no readable card"),
        ({"card": json.dumps({"figures": {"WER": "bad"}})}, "no readable card"),
    ],
)
def test_a_bad_file_is_refused_with_a_reason(
    tmp_path: Path, content: bytes | str | dict[str, str], advice: str
) -> None:
    path = tmp_path / "new.safetensors"
    if isinstance(content, dict):
        model_file(path, 1_000, **content)
    elif content == "cut":
        path.write_bytes(model_file(path).read_bytes()[:-1])
    elif isinstance(content, bytes):
        path.write_bytes(content)
    before = names()
    with pytest.raises(ModelError, match=advice):
        install(path)
    assert names() == before


def test_one_bad_file_in_a_folder_leaves_nothing_half_done(tmp_path: Path) -> None:
    model_file(tmp_path / "a.safetensors")
    (tmp_path / "b.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match=r"b\.safetensors is damaged"):
        install(tmp_path)
    assert "a" not in names()


@pytest.mark.parametrize("name", ["default", "DEFAULT", "readable", ".hidden", "x" * 81, "a😀"])
def test_a_name_that_is_taken_or_impossible_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelStoreError, match="another name"):
        install(model_file(tmp_path / f"{name}.safetensors"))


def test_nothing_to_install(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model in the folder"):
        install(tmp_path)
    with pytest.raises(ModelError, match="choose or install"):
        install(tmp_path / "missing.safetensors")


def test_a_full_disk_leaves_no_half_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fills_up(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fills_up)
    with pytest.raises(OutputError, match="is full"):
        install(model_file(tmp_path / "new.safetensors"))
    assert list(own().iterdir()) == []


def test_removing_spares_what_came_with_crosstalk(tmp_path: Path) -> None:
    install(model_file(tmp_path / "mine.safetensors"))
    remove("mine")
    assert "mine" not in names()
    with pytest.raises(ModelError, match="no model called"):
        remove("mine")
    with pytest.raises(ModelStoreError, match="came with Crosstalk"):
        remove(DEFAULT_NAME)
    assert DEFAULT_NAME in names()


def test_a_meeting_goes_on_after_its_model_was_removed(tmp_path: Path) -> None:
    models._load.cache_clear()
    shutil.copyfile(resource("models/default.safetensors"), tmp_path / "mine.safetensors")
    install(tmp_path / "mine.safetensors")
    engine = engine_factory(find_model("mine"), "cpu")
    engine()
    remove("mine")
    engine_factory(find_model(DEFAULT_NAME), "cpu")()  # another meeting, with another model
    engine().finish()  # started again in mid-meeting
    models._load.cache_clear()


def run(*arguments: object) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(["models", *map(str, arguments)])
    return ended.value.code


def test_the_command_line_does_it_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("install", model_file(tmp_path / "mine.safetensors")) == 0
    assert run("use", "mine") == 0
    assert Settings.load()[0].model == "mine"
    assert run() == 0
    (row,) = [line for line in capfd.readouterr().out.splitlines() if line.startswith("mine\t")]
    assert row.split("\t")[2:5] == ["CC0-1.0", "in use", "Hears nothing at all."]
    assert run("remove", "mine") == 0
    assert "It was the one in use" in capfd.readouterr().err
    assert Settings.load()[0].model is None
    assert run("use", "mine") == 2
    assert "no model called 'mine'" in capfd.readouterr().err
