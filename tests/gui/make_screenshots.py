"""Draws pictures of the window: ``python -m tests.gui.make_screenshots [FOLDER [NAME...]]``.

Without a folder those of docs/views.md; with one, every view in every look: light, dark, at twice
the scale, in the smallest window, in German. Names choose some of them.

The real window with the sample meeting. With a model installed its words come from the engine;
without one, from the reference of the sample meeting, through the same window.
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
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.paths import HOME_VARIABLE
from app.settings import Theme as ThemeChoice
from tests.gui import picture_home
from tests.gui.picture_scenes import Studio, draw
from ui.application import build_window
from ui.bridge import Bridge
from ui.main_window import LEAST_SIZE
from ui.translating import speak

DOCS = Path("docs/images")
OF_BEGINNING = ("first-run", "empty", "no-microphone")
EMPTY, FULL, HOME = "empty", "full", "home"


@dataclass(frozen=True)
class Look:
    """One way to see the window; ``docs`` are the views that stand in the documentation so."""

    theme: ThemeChoice = "light"
    scale: int = 1
    size: tuple[int, int] | None = None
    language: str = "en"
    docs: tuple[str, ...] = ()


LOOKS = {
    "light": Look(
        docs=(
            *("live", "review", "library", "correction", "turn-menu", "find", "export", "people"),
            *("import", "first-run", "paused", "settings", "bin"),
        )
    ),
    "dark": Look("dark", docs=("live", "review", "settings-shortcuts")),
    "large": Look(scale=2),
    "small": Look(size=LEAST_SIZE, docs=("review",)),
    "german": Look(language="de", docs=("review",)),
    "german-small": Look(language="de", size=LEAST_SIZE),
}


def main() -> None:
    """Fill a library once, then draw each look in a process of its own, from a copy of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--look", choices=LOOKS, action="append")
    parser.add_argument("--place", type=Path, help="where the libraries lie; to be drawn now")
    chosen = parser.parse_args()
    folder = chosen.folder or DOCS
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.place:
        (look,) = chosen.look
        _draw_look(look, folder, chosen.names, chosen.place)
        return
    with tempfile.TemporaryDirectory() as place:
        _prepare(Path(place))
        for look in chosen.look or LOOKS:
            _start(look, folder, _names(look, chosen.names, bool(chosen.folder)), Path(place))


def _names(look: str, names: list[str], all_of_them: bool) -> list[str] | None:
    """The views of a look; None for all."""
    if all_of_them:
        return names or None
    return [name for name in LOOKS[look].docs if not names or name in names]


def _prepare(place: Path) -> None:
    """One library for who has just come, one for who has used the program."""
    for name, welcomed in ((EMPTY, False), (FULL, True)):
        with _home(place, None):
            picture_home.settings(None, welcomed).save()
            if welcomed:
                picture_home.fill_library()
            (place / HOME).rename(place / name)


def _start(look: str, folder: Path, names: list[str] | None, place: Path) -> None:
    if names == []:
        return
    scale = {"QT_SCALE_FACTOR": str(LOOKS[look].scale)}
    command = [sys.executable, "-m", "tests.gui.make_screenshots", str(folder), *(names or [])]
    command += ["--look", look, "--place", str(place)]
    subprocess.run(command, check=True, env=os.environ | scale)


def _draw_look(look: str, folder: Path, names: list[str], place: Path) -> None:
    app = QApplication(sys.argv[:1])
    speak(app, LOOKS[look].language)
    beginning = not names or any(name in OF_BEGINNING for name in names)
    rest = not names or any(name not in OF_BEGINNING for name in names)
    for template, needed in ((EMPTY, beginning), (FULL, rest)):
        if needed:
            with _home(place, place / template):
                _draw(app, look, template, folder, names)


@contextmanager
def _home(place: Path, template: Path | None) -> Iterator[None]:
    """The program's folder is a copy of a template, always at the same place."""
    home = place / HOME
    if template:
        shutil.copytree(template, home)
    os.environ[HOME_VARIABLE] = str(home)
    yield
    shutil.rmtree(home, ignore_errors=True)


def _draw(app: QApplication, look: str, template: str, folder: Path, names: list[str]) -> None:
    chosen = LOOKS[look]
    suffix = "" if look == "light" else f"-{look}"

    def keep(name: str, shown: QWidget, above: list[QWidget]) -> None:
        draw(shown, above, str(folder / f"{name}{suffix}.png"))

    bridge = Bridge(app)
    instead = picture_home.engine()
    window = build_window(app, bridge, (lambda: instead) if instead else None)
    window.choose_theme(chosen.theme)
    if chosen.size:
        window.resize(*chosen.size)
    studio = Studio(app, window, lambda name: not names or name in names, keep)
    studio.beginning() if template == EMPTY else studio.everything()
    window.leave()
    studio.wait(lambda: not window.recording.busy)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    bridge.close()


if __name__ == "__main__":
    main()
