"""Builds the app for the system that this runs on, with all that it needs and without Python.

``python packaging/build.py`` makes ``dist/``: on Linux an archive with a launcher and a Debian
package, on Windows an installer (Inno Setup), on macOS a disk image. ``--gpu`` takes the build of
torch that uses NVIDIA's GPUs, which is some gigabytes larger.

Without ``--gpu`` torch must come as its processor-only build. On Linux that lies in an index of its
own, named by CROSSTALK_TORCH_INDEX unless pip finds it without.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import venv
from pathlib import Path

import build_linux
import build_macos
import build_windows
from contents import NAME, ROOT, TITLE, requirements
from tools import run

HERE = Path(__file__).resolve().parent
CPU_TORCH = "torch==2.13.0"
INDEX_VARIABLE = "CROSSTALK_TORCH_INDEX"


def main(arguments: list[str]) -> int:
    """Build, and say what was made and how large it is."""
    parser = argparse.ArgumentParser(description="Build the app without Python.")
    parser.add_argument("--gpu", action="store_true", help="with NVIDIA's libraries")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="where it goes")
    options = parser.parse_args(arguments)
    kind = "gpu" if options.gpu else "cpu"
    work = ROOT / "build" / f"package-{kind}"
    python = environment(work / "environment", options.gpu)
    program = freeze(python, work)
    if not options.gpu:
        refuse_cuda(program)
    options.output.mkdir(parents=True, exist_ok=True)
    system = {"linux": build_linux, "win32": build_windows, "darwin": build_macos}[sys.platform]
    suffix = "-gpu" if options.gpu else ""
    for made in system.pack(program, options.output, suffix, python):
        print(f"{made.relative_to(options.output.parent)}  {made.stat().st_size / 1e6:.0f} MB")
    return 0


def environment(folder: Path, gpu: bool) -> Path:
    """The Python of an environment with what a build is made of."""
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not gpu:
        index = os.environ.get(INDEX_VARIABLE)
        run(*pip, *(["--index-url", index] if index else []), CPU_TORCH)
    run(*pip, "pyinstaller>=6.10", *requirements(None if gpu else CPU_TORCH))
    run(*pip, "--no-deps", "--force-reinstall", str(ROOT))
    return python


def freeze(python: Path, work: Path) -> Path:
    """The folder with the program, as PyInstaller makes it."""
    made, recipe = work / "frozen", HERE / f"{NAME}.spec"
    places = ["--distpath", str(made), "--workpath", str(work / "pyinstaller")]
    if sys.platform != "linux":
        os.environ["CROSSTALK_ICON"] = str(icon(python, work))
    run(str(python), "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", *places, str(recipe))
    return next(p for p in (made / f"{TITLE}.app", made / NAME) if p.exists())


def icon(python: Path, work: Path) -> Path:
    """The app's icon as a program file carries it; on Linux only menus do."""
    path = work / ("icon.icns" if sys.platform == "darwin" else "icon.ico")
    sizes = [str(size) for size in (16, 32, 64, 128, 256)]
    run(str(python), str(HERE / "draw_icon.py"), str(path), NAME, *sizes)
    return path


def refuse_cuda(program: Path) -> None:
    """A small build must not carry gigabytes that it does not use."""
    if found := sorted(p.name for p in program.rglob("*torch_cuda*")):
        shutil.rmtree(program)
        sys.exit(
            f"torch came with CUDA ({found[0]}), some gigabytes. Set {INDEX_VARIABLE} to the "
            "address of PyTorch's index of CPU builds, or build with --gpu."
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
