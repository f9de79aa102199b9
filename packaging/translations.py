"""Collects every sentence of the window for translation, and builds what Qt reads.

``python packaging/translations.py`` brings ``resources/translations/*.ts`` up to date and builds
the ``.qm`` files; afterwards it lists what is not translated yet and fails if that is anything.
With ``--check`` nothing is changed.

Each sentence around a number (``%n``) has as many forms as its language needs. The file of English,
the language of the source, holds nothing but these.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as Tree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
PACKAGES = ("app", "ui")
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class Message:
    """A sentence and its translation, which is empty as long as there is none.

    ``forms`` are the translations of a sentence around a number; other sentences have none.
    """

    context: str
    source: str
    translation: str
    forms: tuple[str, ...] = ()


def main(arguments: list[str]) -> int:
    """Update, build and list; 1 if something is missing."""
    missing = 0
    for shipped in sorted(FOLDER.glob("*.ts")):
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / shipped.name
            shutil.copyfile(shipped, fresh)
            update(fresh)
            lacking = [each for each in messages(fresh) if not each.translation]
            stale = "--check" in arguments and set(messages(fresh)) != set(messages(shipped))
            if "--check" not in arguments:
                shutil.copyfile(fresh, shipped)
                build(shipped, shipped.with_suffix(".qm"))
        for each in lacking:
            print(f"{shipped.name}: not translated: [{each.context}] {each.source!r}")
        if stale and not lacking:
            print(f"{shipped.name} holds what is used no more: run packaging/translations.py")
        missing += len(lacking) + stale
    return 1 if missing else 0


def update(ts: Path) -> None:
    """Add to a ``.ts`` file what is new in the source, and drop what is gone."""
    sources = [str(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    options = ["-no-obsolete", "-locations", "none", "-source-language", SOURCE_LANGUAGE]
    options += ["-pluralonly"] if language(ts) == SOURCE_LANGUAGE else []
    _tool("lupdate", *options, *sources, "-ts", str(ts))


def build(ts: Path, qm: Path) -> None:
    """Make the file that Qt reads."""
    _tool("lrelease", str(ts), "-qm", str(qm))


def messages(ts: Path) -> Iterator[Message]:
    """Everything in a ``.ts`` file."""
    for context in Tree.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            forms = tuple(form.text or "" for form in message.iter("numerusform"))
            translation = message.find("translation")
            done = translation is not None and translation.get("type") != "unfinished"
            text = "\n".join(forms) or (message.findtext("translation") or "")
            complete = done and all(forms)
            name, source = context.findtext("name", ""), message.findtext("source", "")
            yield Message(name, source, text if complete else "", forms)


def language(ts: Path) -> str:
    """The language of a ``.ts`` file, by its name."""
    return ts.stem.rpartition("_")[2]


def _tool(name: str, *arguments: str) -> None:
    tool = Path(sys.executable).with_name(f"pyside6-{name}")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr or done.stdout}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
