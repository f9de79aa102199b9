"""What goes into a build, and what the desktop is told about it."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as Tree
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

from app.exports import FORMATS

ROOT = Path(__file__).resolve().parents[3]
LINUX = ROOT / "packaging" / "linux"
APP_ID = "org.crosstalk.Crosstalk"


@pytest.fixture
def contents(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    yield import_module("contents")
    for name in ("contents", "tools", "licences"):
        sys.modules.pop(name, None)


def test_the_running_app_needs_no_module_that_is_left_out(contents: ModuleType) -> None:
    code = (
        "import json, sys; import app.cli, ui.application, engine.recognizer; "
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    loaded = set(json.loads(done.stdout))
    ours = {m for m in loaded if m.partition(".")[0] in contents.PACKAGES}
    assert ours
    assert [m for m in ours if not contents.is_runtime(m)] == []
    assert loaded & set(contents.EXCLUDED) == set()


def test_the_build_has_what_the_app_opens(contents: ModuleType) -> None:
    places = {Path(folder) / Path(path).name for path, folder in contents.data_files()}
    assert {
        Path("resources/models/default.safetensors"),
        Path("resources/models/readable.safetensors"),
        Path("resources/sample/meeting.flac"),
        Path("resources/icons/record.svg"),
        Path("resources/translations/crosstalk_de.qm"),
    } <= places
    assert Path("resources/models/free-speech.safetensors") not in places
    assert not [place for place in places if place.suffix in {".py", ".pyc", ".ts"}]


@pytest.mark.parametrize(
    ("path", "used"),
    [
        ("torch/lib/libtorch_cpu.so", True),
        ("torch/test/test_ops.py", False),
        ("torch/bin/torch_shm_manager", True),
        ("torch/bin/protoc", False),
        ("PySide6/Qt/plugins/multimedia/libffmpegmediaplugin.so", True),
        ("PySide6/Qt/lib/libQt6Qml.so.6", True),  # the multimedia plugin loads it
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6\\Qt\\plugins\\generic\\qtuiotouchplugin.dll", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("PySide6/Qt/translations/qt_help_de.qm", False),
        ("resources/translations/crosstalk_de.qm", True),
        ("libasound.so.2", False),
        ("libportaudio.so.2", True),
        ("av.libs/libasound-c7818c60.so.2.0.0", True),
    ],
)
def test_only_what_is_used_comes_along(contents: ModuleType, path: str, used: bool) -> None:
    assert contents.is_used(path) is used


def test_another_build_of_torch_takes_its_place(contents: ModuleType) -> None:
    asked = contents.requirements()
    swapped = contents.requirements("torch==9")
    assert [one for one in asked if one.startswith("torch")] == ["torch==2.11.*"]
    assert [one for one in swapped if one.startswith("torch")] == ["torch==9"]
    assert len(asked) == len(swapped)


def test_the_desktop_knows_the_program() -> None:
    entry = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    entry.optionxform = str  # type: ignore[assignment]
    entry.read(LINUX / f"{APP_ID}.desktop", encoding="utf-8")
    told = entry["Desktop Entry"]
    assert told["Exec"] == "crosstalk open %F"
    assert told["Icon"] == APP_ID
    assert {"audio/flac", "audio/mpeg", "video/mp4"} <= set(told["MimeType"].split(";"))
    application = (ROOT / "ui" / "application.py").read_text("utf-8")
    assert f'setDesktopFileName("{APP_ID}")' in application


def test_the_software_centre_knows_the_release(contents: ModuleType) -> None:
    described = Tree.parse(LINUX / f"{APP_ID}.metainfo.xml").getroot()
    assert described.findtext("id") == contents.APP_ID == APP_ID
    assert described.findtext("launchable") == f"{APP_ID}.desktop"
    release = described.find("releases/release")
    assert release is not None
    assert release.get("version") == contents.VERSION == version("crosstalk")
    assert date.fromisoformat(release.get("date", ""))


def test_every_format_is_tried_in_a_bare_system() -> None:
    script = (LINUX / "first_minutes.sh").read_text("utf-8")
    tried = re.search(r"for form in (.*?); do", script)
    assert tried is not None
    assert tried[1].split() == list(FORMATS)


def test_licences_and_bill_name_every_part(contents: ModuleType, tmp_path: Path) -> None:
    licences = import_module("licences")
    (tmp_path / "_internal" / "resources" / "icons").mkdir(parents=True)
    (tmp_path / "_internal" / "libc.so.6").write_bytes(b"")
    licences.main(tmp_path)
    text = (tmp_path / "_internal" / "resources" / "licences.txt").read_text("utf-8")
    bill = json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))
    parts = {part["name"]: part for part in bill["components"]}
    assert bill["bomFormat"] == "CycloneDX"
    for name in ("Python", "torch", "PySide6_Essentials", "soxr", "praatio"):
        assert f"\n{name} {parts[name]['version']} (" in text
        assert parts[name]["licenses"][0]["license"]["name"] not in {"", "?"}
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert not {"pip", "pyinstaller"} & set(parts)
    assert re.fullmatch(r"pkg:pypi/torch@.+", parts["torch"]["purl"])
