"""The Linux builds: an archive that installs itself for one user, and a Debian package."""

from __future__ import annotations

import platform
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import licences
from contents import APP_ID, NAME, SUMMARY, VERSION
from tools import run

HERE = Path(__file__).resolve().parent / "linux"
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
DEPENDS = (
    "libasound2 | libasound2t64",
    "libasound2-plugins",
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libfreetype6",
    "libgl1",
    "libstdc++6",
    "libwayland-cursor0",
    "libwayland-egl1",
    "libx11-6",
    "libx11-xcb1",
)
RECOMMENDS = ("fonts-dejavu-core | fonts-noto-core", "pulseaudio-utils", "xdg-desktop-portal")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def pack(program: Path, output: Path, suffix: str, python: Path) -> list[Path]:
    """Both builds of the frozen program, put into ``output``."""
    strip(program)
    licences.collect(program, python)
    share = program / "share"
    shutil.rmtree(share, ignore_errors=True)
    desktop_files(share, python)
    name = f"{NAME}-{VERSION}{suffix}-linux-{platform.machine()}"
    return [archive(program, output / f"{name}.tar.xz", name), debian(program, output, suffix)]


def strip(program: Path) -> None:
    """Drop the symbols of torch, a fifth of its size.

    Libraries that a wheel's builder patched do not survive it, so the others are left alone.
    """
    for library in sorted((program / "_internal" / "torch" / "lib").glob("lib*.so")):
        run("strip", "--strip-unneeded", str(library))


def desktop_files(share: Path, python: Path) -> None:
    """What tells the desktop about the program, as it lies below ``/usr/share``."""
    for folder, file in (
        ("applications", f"{APP_ID}.desktop"),
        ("metainfo", f"{APP_ID}.metainfo.xml"),
    ):
        (share / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / file, share / folder)
    draw = HERE.parent / "draw_icon.py"
    sizes = [str(size) for size in ICON_SIZES]
    run(str(python), str(draw), str(share / "icons" / "hicolor"), APP_ID, *sizes)


def archive(program: Path, path: Path, name: str) -> Path:
    """The program with the scripts that install and remove it."""
    for script in ("install.sh", "uninstall.sh"):
        shutil.copy(HERE / script, program)
    with tempfile.NamedTemporaryFile(suffix=".tar", dir=path.parent) as plain:
        with tarfile.open(fileobj=plain, mode="w") as tar:
            tar.add(program, name)
        plain.flush()
        with path.open("wb") as packed:
            subprocess.run(["xz", "-T0", "-c", plain.name], stdout=packed, check=True)
    for script in ("install.sh", "uninstall.sh"):
        (program / script).unlink()
    return path


def debian(program: Path, output: Path, suffix: str) -> Path:
    """The package for Debian, Ubuntu and what comes from them."""
    machine = ARCHITECTURES[platform.machine()]
    path = output / f"{NAME}{suffix}_{VERSION}_{machine}.deb"
    with tempfile.TemporaryDirectory(dir=output) as folder:
        root = Path(folder) / "root"
        root.mkdir(mode=0o755)
        shutil.copytree(program, root / "opt" / NAME, symlinks=True)
        (root / "usr" / "bin").mkdir(parents=True)
        (root / "usr" / "bin" / NAME).symlink_to(f"/opt/{NAME}/{NAME}")
        shutil.move(root / "opt" / NAME / "share", root / "usr" / "share")
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN" / "control").write_text(control(root, suffix, machine), encoding="utf-8")
        run("dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(root), str(path))
    return path


def control(root: Path, suffix: str, machine: str) -> str:
    """What Debian's package manager reads."""
    kilobytes = sum(p.lstat().st_size for p in root.rglob("*") if p.is_file()) // 1024
    other = NAME if suffix else f"{NAME}-gpu"
    fields = {
        "Package": NAME + suffix,
        "Version": VERSION,
        "Architecture": machine,
        "Maintainer": "The Crosstalk developers <crosstalk@localhost>",
        "Installed-Size": kilobytes,
        "Depends": ", ".join(DEPENDS),
        "Recommends": ", ".join(RECOMMENDS),
        "Conflicts": other,
        "Section": "sound",
        "Priority": "optional",
        "Description": SUMMARY,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())
