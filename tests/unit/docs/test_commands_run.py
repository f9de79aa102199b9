"""The commands of the app that a page shows are run, in their order, in a home that has something.

What is only read, and why, stands in ``exceptions.py``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.paths import library_path, resource
from app.store import Library
from tests.media import bursts, write_media
from tests.unit.app.model_files import model_file
from tests.unit.app.running import run
from tests.unit.app.test_store_voices import AGREED, Home, unit, voiced
from tests.unit.docs.commands import BLOCK, REPOSITORY
from tests.unit.docs.exceptions import MAY_FAIL, TYPED, is_only_read, words_of

PAGES = sorted({each.page for each in TYPED if each.program == "crosstalk"})
RATE = 8_000


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the pages name, beside a library with meetings and people."""
    folder = tmp_path / "desk"
    (folder / "interviews").mkdir(parents=True)
    (folder / "Recordings").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    sample, rate = soundfile.read(resource("sample/meeting.flac"), frames=2 * 16_000)
    for name in ("talk.wav", "a.wav", "b.wav", "interviews/first.wav", "Recordings/x.flac"):
        soundfile.write(folder / name, sample, rate)
    write_media(folder / "talk.mp4", bursts(1.0), video="mpeg4")
    write_media(folder / "interview.m4a", bursts(1.0))
    model_file(folder / "mine.safetensors")
    fill_library()
    return folder


def fill_library() -> None:
    """Somebody whose voice is saved, and as the latest a meeting in which Ada says something."""
    with Library(library_path()) as library:
        home = Home(library)
        meeting = home.meet(*voiced(1, 0, 12, 1, unit(1)))
        library.voices.enrol(meeting, 1, "Sarah", AGREED)
        soundfile.write(home.path.with_name("a.wav"), np.zeros(620 * RATE), RATE)
        planning = home.meet(*voiced(1, 601, 12, 1, unit(2)))
        library.rename_meeting(planning, "Weekly planning")
        library.rename_speaker(planning, 1, "Ada")


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_says_can_be_done(
    page: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in TYPED:
        words = [os.path.expanduser(word) for word in words_of(command)]
        if (command.page, command.program) != (page, "crosstalk") or is_only_read(words):
            continue
        with monkeypatch.context() as patch:
            for name, value in command.environment.items():
                patch.setenv(name, str(Path(value).expanduser()))
            code = run(*words)
        assert code in {0, MAY_FAIL.get(words[0], 0)}, str(command)


def test_the_archive_installs_and_goes_as_its_page_says(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "installing.md").read_text("utf-8")
    (script,) = [block for _, block in BLOCK.findall(page) if "tar xf" in block]
    (archive,) = re.findall(r"tar xf (\S+)", script)
    make_archive(tmp_path / archive)
    kept = tmp_path / ".local" / "share" / "crosstalk" / "library.sqlite"
    kept.parent.mkdir(parents=True)
    kept.touch()
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["sh", "-eux", "-c", script], cwd=tmp_path, env=home, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "it is the program" in done.stdout
    left = {path for path in (tmp_path / ".local").rglob("*") if not path.is_dir()}
    of_the_desktop = {path for path in left if path.name == "mimeinfo.cache"}
    assert left - of_the_desktop == {kept}


def make_archive(path: Path) -> None:
    """An archive like the real one, whose program says only that it is there."""
    program = path.parent / "packed"
    (program / "share" / "applications").mkdir(parents=True)
    linux = REPOSITORY / "packaging" / "linux"
    shutil.copy(linux / "org.crosstalk.Crosstalk.desktop", program / "share" / "applications")
    for name in ("install.sh", "uninstall.sh"):
        shutil.copy(linux / name, program)
    (program / "crosstalk").write_text("#!/bin/sh\necho it is the program\n")
    (program / "crosstalk").chmod(0o755)
    with tarfile.open(path, "w:xz") as tar:
        tar.add(program, path.name.removesuffix(".tar.xz"))
