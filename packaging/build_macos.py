"""The macOS build: a disk image with the app. Written for GitHub's runners; not run by us yet."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from pathlib import Path

import licences
from contents import NAME, TITLE, VERSION
from tools import run

ENTITLEMENTS = Path(__file__).resolve().parent / "macos" / "entitlements.plist"
SIGNATURE_VARIABLE = "CROSSTALK_SIGNATURE"


def pack(program: Path, output: Path, suffix: str, python: Path) -> list[Path]:
    """A disk image from which the app is dragged into the applications."""
    licences.collect(program, python)
    sign(program)
    image = output / f"{NAME}-{VERSION}{suffix}-macos-{platform.machine()}.dmg"
    with tempfile.TemporaryDirectory(dir=output) as folder:
        shutil.copytree(program, Path(folder) / program.name, symlinks=True)
        (Path(folder) / "Applications").symlink_to("/Applications")
        image.unlink(missing_ok=True)
        form = ["-format", "ULFO", "-volname", TITLE, "-srcfolder", folder]
        run("hdiutil", "create", *form, str(image))
    return [image]


def sign(program: Path) -> None:
    """Sign with the identity of the environment; without one only for this computer ("-")."""
    identity = os.environ.get(SIGNATURE_VARIABLE, "-")
    how = ["--force", "--deep", "--options", "runtime", "--entitlements", str(ENTITLEMENTS)]
    run("codesign", *how, "--sign", identity, str(program))
