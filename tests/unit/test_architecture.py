"""The layers hold, starting is light, and the text of the project belongs to no one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MACHINE_PATH = re.compile(
    r"(?<![\w.~}$])/(?:home|Users|root|work|mnt|media)/[\w.-]+|[A-Z]:\\Users\\"
)


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    return [REPOSITORY / name for name in listing.stdout.split("\0") if name]


def machine_paths(text: str) -> list[str]:
    return [match.group() for match in MACHINE_PATH.finditer(text)]


def test_layers_are_kept() -> None:
    lint = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    # In a process of its own: it switches off every logger that there is.
    done = subprocess.run(
        [sys.executable, "-c", lint], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", ["app.cli", "app.session", "ui.application"])
def test_starting_does_not_load_torch(module: str) -> None:
    code = f"import {module}, sys; print(sorted({{'torch', 'torchaudio'}} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("open('" + "/home/" + "mary/x.wav')", ["/home/" + "mary"]),
        ("in " + "/Users/" + "mary", ["/Users/" + "mary"]),
        ("tests/home/mary and ~/home/x", []),
    ],
)
def test_machine_paths_are_recognised(text: str, found: list[str]) -> None:
    assert machine_paths(text) == found


def test_no_text_names_a_path_of_one_machine() -> None:
    texts = {p: p.read_bytes() for p in tracked_files() if p.is_file() and p.name != "LICENSE"}
    named = {
        str(path.relative_to(REPOSITORY)): paths
        for path, data in texts.items()
        if b"\0" not in data and (paths := machine_paths(data.decode("utf-8", "replace")))
    }
    assert named == {}
