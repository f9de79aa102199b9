"""What pip installs: the whole program, which works without the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
import soundfile

from app.paths import resource
from tests.shipped_model import shipped_model

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
VERSION = PROJECT["version"]
PACKAGES = ("app", "engine", "ui", "resources")
SCRIPTS = Path("Scripts" if sys.platform == "win32" else "bin")
EXCERPT_S = 12
WAIT_S = 240

pytestmark = pytest.mark.timeout(2 * WAIT_S)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)], ROOT)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; the packages that it asks for are lent to it."""
    place = tmp_path_factory.mktemp("installed") / "environment"
    run([sys.executable, "-m", "venv", "--without-pip", str(place)], built)
    python = place / SCRIPTS / "python"
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    run([*pip, "--no-index", "--no-deps", str(wheel)], built)
    said = run([str(python), "-c", "import site; print(site.getsitepackages()[0])"], built)
    (Path(said.strip()) / "lent.pth").write_text("\n".join(lent()), "utf-8")
    return place


def lent() -> Iterable[str]:
    """Where this Python's packages lie; of them, paths in ``.pth`` files (ours) count no more."""
    return (path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))


def run(command: list[str], folder: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, timeout=WAIT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kept_files() -> set[str]:
    """All files of the packages, as git knows them or not."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_the_wheel_holds_every_file_of_the_packages(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"crosstalk-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    (scripts,) = (name for name in names if name.endswith("entry_points.txt"))
    assert kept_files() == {name for name in names if name.partition("/")[0] in PACKAGES}
    with zipfile.ZipFile(wheel) as archive:
        declared = archive.read(scripts).decode()
    assert [f"{name} = {place}" in declared for name, place in PROJECT["scripts"].items()] == [
        True,
        True,
    ]


def test_the_source_distribution_can_be_built_from(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert kept_files() <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "packaging/translations.py"} <= names
    assert not [name for name in names if name.startswith((".ci", ".venv", "build/", "dist/"))]


def test_the_installed_program_says_its_version(installed: Path, tmp_path: Path) -> None:
    where = "import app, ui; print(app.__file__, ui.__file__)"
    for place in run([str(installed / SCRIPTS / "python"), "-c", where], tmp_path).split():
        assert Path(place).is_relative_to(installed)
    assert VERSION in run([str(installed / SCRIPTS / "crosstalk"), "--version"], tmp_path)
    assert "simulate" in run([str(installed / SCRIPTS / "crosstalk-lab"), "--help"], tmp_path)


def test_the_installed_program_transcribes_with_its_own_model(
    installed: Path, tmp_path: Path
) -> None:
    shipped_model()
    with soundfile.SoundFile(resource("sample/meeting.flac")) as sample:
        heard = sample.read(EXCERPT_S * sample.samplerate, dtype="int16")
        soundfile.write(tmp_path / "talk.wav", heard, sample.samplerate)
    said = run([str(installed / SCRIPTS / "crosstalk"), "transcribe", "talk.wav"], tmp_path)
    assert re.search(r"Speaker 1.*\w", said)


def test_the_version_stands_in_one_place() -> None:
    """The description for desktops repeats it, and is compared in tests/unit/packaging."""
    repeated = re.compile(rf"(?<![\w.]){re.escape(VERSION)}(?![\w.]*\d)")
    folders = [*PACKAGES, "packaging"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    texts = [path for path in files if path.suffix in {".py", ".xml", ".iss", ".spec", ".sh"}]
    found = [path.name for path in texts if repeated.search(path.read_text("utf-8"))]
    assert found == ["org.crosstalk.Crosstalk.metainfo.xml"]
