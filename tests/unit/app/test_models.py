"""Models are found by name or path; their weights are loaded once, and late."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

from app import models
from app.models import default_model, engine_factory, find_model, installed_models
from app.paths import data_dir
from app.settings import Settings
from engine.errors import DeviceError, ModelError
from engine.events import TurnEvent, TurnResumed
from engine.readable import file
from engine.readable.readable import Readable
from tests.unit.engine import small_readable


def put(folder: Path, name: str, content: bytes = b"weights") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.safetensors"
    path.write_bytes(content)
    return path


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The user's folder and the shipped one, which here is empty."""
    shipped = tmp_path / "shipped"
    monkeypatch.setattr(models, "resource", lambda name: shipped / name)
    return data_dir() / "models", shipped / "models"


def test_models_are_found_in_both_folders(folders: tuple[Path, Path]) -> None:
    own, shipped = folders
    put(shipped, "default")
    put(shipped, "small")
    mine = put(own, "small", b"my own weights")
    (own / "notes.txt").write_text("no model")
    assert [(model.name, model.size_bytes) for model in installed_models()] == [
        ("default", 7),
        ("small", 14),
    ]
    assert find_model("small") == mine
    assert find_model(str(mine)) == mine


def test_the_default_is_the_shipped_one_unless_the_settings_say_otherwise(
    folders: tuple[Path, Path],
) -> None:
    own, shipped = folders
    default, mine = put(shipped, "default"), put(own, "mine")
    assert default_model() == default
    Settings(model="mine").save()
    assert default_model() == mine


def test_a_missing_model_says_what_there_is(folders: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="comes with Crosstalk is missing"):
        default_model()
    with pytest.raises(ModelError, match=r"installed: none.*Put its file into"):
        find_model("large")
    put(folders[0], "small")
    with pytest.raises(ModelError, match="installed: small"):
        find_model("large")
    with pytest.raises(ModelError, match="does not exist"):
        find_model(str(tmp_path / "large.safetensors"))
    with pytest.raises(ModelError, match="is a folder"):
        find_model(str(tmp_path))


class FakeSession:
    def __init__(self, device: str) -> None:
        self.device = device
        self.heard: list[TurnEvent] = []

    def accept(self, samples: NDArray[np.float32]) -> None:
        if self.device == "cuda":
            raise RuntimeError("CUDA out of memory.\nSee the documentation.")
        self.heard.append(TurnResumed(1, len(samples)))

    def events(self) -> list[TurnEvent]:
        return self.heard

    def finish(self) -> None:
        self.heard.append(TurnResumed(2, 0))


class FakeRecognizer:
    loaded: list[tuple[Path, str]]
    readable: object

    def __init__(self, device: str) -> None:
        self.device = device

    @classmethod
    def load(cls, path: Path, device: str = "auto", readable: object = None) -> Self:
        time.sleep(0.05)  # long enough for others to ask meanwhile
        cls.loaded.append((path, device))
        cls.readable = readable
        if device == "mps":
            raise DeviceError("no such device")
        return cls(device)

    def session(self) -> FakeSession:
        return FakeSession(self.device)


@pytest.fixture
def recognizer(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeRecognizer]]:
    FakeRecognizer.loaded = []
    module = ModuleType("engine.recognizer")
    module.use_one_thread = lambda: None  # type: ignore[attr-defined]
    module.Recognizer = FakeRecognizer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "engine.recognizer", module)
    models._load.cache_clear()
    yield FakeRecognizer
    models._load.cache_clear()


def test_weights_are_loaded_once_and_not_before_they_are_needed(
    recognizer: type[FakeRecognizer],
) -> None:
    factory = engine_factory(Path("m"), "cpu")
    assert not recognizer.loaded
    threads = [threading.Thread(target=factory) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session = factory()
    session.accept(np.zeros(5, np.float32))
    session.finish()
    assert recognizer.loaded == [(Path("m"), "cpu")]
    assert session.events() == [TurnResumed(1, 5), TurnResumed(2, 0)]


def test_words_become_readable_by_the_shipped_file(
    recognizer: type[FakeRecognizer], folders: tuple[Path, Path]
) -> None:
    saved = small_readable.readable()
    file.save(saved, put(folders[1], "readable"))
    engine_factory(Path("m"), "cpu")()
    assert isinstance(recognizer.readable, Readable)
    assert recognizer.readable.card == saved.card
    assert installed_models() == []  # it is no model that could be chosen


@pytest.mark.expected_log("Words are shown without case and punctuation")
@pytest.mark.parametrize("content", [None, b"damaged"])
def test_without_that_file_a_meeting_goes_on_with_raw_words(
    recognizer: type[FakeRecognizer], folders: tuple[Path, Path], content: bytes | None
) -> None:
    if content is not None:
        put(folders[1], "readable", content)
    session = engine_factory(Path("m"), "cpu")()
    session.finish()
    assert recognizer.readable is None
    assert session.events() == [TurnResumed(2, 0)]


def test_after_a_failure_of_the_device_the_next_session_runs_on_the_cpu(
    recognizer: type[FakeRecognizer],
) -> None:
    factory = engine_factory(Path("m"), "cuda")
    session = factory()
    with pytest.raises(DeviceError, match=r"The GPU failed \(CUDA out of memory\.\): the CPU"):
        session.accept(np.zeros(5, np.float32))
    factory().accept(np.zeros(5, np.float32))
    assert recognizer.loaded == [(Path("m"), "cuda"), (Path("m"), "cpu")]


def test_a_device_that_is_not_there_is_reported_first(recognizer: type[FakeRecognizer]) -> None:
    factory = engine_factory(Path("m"), "mps")
    with pytest.raises(DeviceError):
        factory()
    factory()
    assert [device for _, device in recognizer.loaded] == ["mps", "cpu"]


@pytest.mark.parametrize("module", ["app.models", "app.meeting", "app.cli"])
def test_importing_does_not_load_torch(module: str) -> None:
    code = f"import sys, {module}; sys.exit(any(m in sys.modules for m in ('torch', 'PySide6')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
