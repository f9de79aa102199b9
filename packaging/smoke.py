"""Installs the Debian package into a bare Debian and uses the app there, as a person would.

``sudo python packaging/smoke.py dist/crosstalk_*.deb [--root FOLDER] [--pictures FOLDER]``

The root holds no Python of ours and no virtual environment, only what the package asks for beside
a screen (Xvfb) and a sound server (PulseAudio). The app runs as an ordinary user whose home has
spaces and letters outside Latin in its name, in a network namespace without any interface.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contents import NAME
from tools import run

HERE = Path(__file__).resolve().parent
RELEASE = "bookworm"
NEEDED = (
    "fonts-dejavu-core",
    "imagemagick",
    "matchbox-window-manager",
    "procps",
    "pulseaudio",
    "xdotool",
    "xvfb",
)
USER, HOME = "guest", "/srv/Gäste 会議"
MOUNTS = ("proc", "dev", "sys")


def main(arguments: list[str]) -> int:
    """Install, use, and say what was seen; 1 if anything was not as it must be."""
    parser = argparse.ArgumentParser(description="Try the Debian package in a bare Debian.")
    parser.add_argument("package", type=Path)
    parser.add_argument(
        "--root", type=Path, help="a folder with a bare Debian, kept; made if need be"
    )
    parser.add_argument("--pictures", type=Path, help="where the pictures of the window go")
    options = parser.parse_args(arguments)
    if os.geteuid() != 0:
        sys.exit("A bare Debian can only be made by root: run this with sudo.")
    with tempfile.TemporaryDirectory(prefix=NAME) as folder:
        root = (options.root or Path(folder)).resolve()
        bare_debian(root)
        with mounted(root):
            install(root, options.package)
            done = use(root)
            remove(root)
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
            for picture in (root / "tmp" / "seen").glob("*.png"):
                shutil.copy(picture, options.pictures)
    return done


def bare_debian(root: Path) -> None:
    """A root with Debian's smallest system, a screen and a sound server."""
    if not (root / "usr" / "bin" / "xdotool").exists():
        run("debootstrap", "--variant=minbase", f"--include={','.join(NEEDED)}", RELEASE, str(root))
    if USER in (root / "etc" / "passwd").read_text("utf-8"):
        run("chroot", str(root), "userdel", "--remove", "--force", USER)
    run("chroot", str(root), "useradd", "--create-home", "--home-dir", HOME, USER)


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """The kernel's own file systems, there while the root is used."""
    for name in MOUNTS:
        (root / name).mkdir(exist_ok=True)
        run("mount", "--rbind", f"/{name}", str(root / name))
        run("mount", "--make-rslave", str(root / name))
    try:
        yield
    finally:
        for name in reversed(MOUNTS):
            run("umount", "--recursive", "--lazy", str(root / name))


def install(root: Path, package: Path) -> None:
    """Install the package as a person does, with what it depends on."""
    shutil.copy(package, root / "tmp" / "crosstalk.deb")
    run("chroot", str(root), "apt-get", "install", "-y", "-qq", "/tmp/crosstalk.deb")
    python = root / "usr" / "bin" / "python3"
    print("Python in this system:", "yes" if python.exists() else "none")


def use(root: Path) -> int:
    """Go through the script of a person's first minutes, without a network."""
    script = root / "tmp" / "first_minutes.sh"
    shutil.copy(HERE / "linux" / "first_minutes.sh", script)
    shutil.rmtree(root / "tmp" / "seen", ignore_errors=True)
    command = ["unshare", "--net", "chroot", f"--userspec={USER}:{USER}", str(root)]
    home = ["env", "-i", f"HOME={HOME}", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
    return subprocess.run(
        [*command, *home, "bash", "/tmp/first_minutes.sh"], check=False
    ).returncode


def remove(root: Path) -> None:
    """Remove the package: the recordings must stay."""
    run("chroot", str(root), "apt-get", "purge", "-y", "-qq", NAME)
    kept = list((root / HOME.lstrip("/")).rglob("*.wav"))
    if not kept or (root / "opt" / NAME).exists():
        sys.exit("Removing the package must take the program, and leave the recordings.")
    print(f"Removed; {len(kept)} recording(s) stayed.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
