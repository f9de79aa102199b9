"""The commands that the documentation shows, as a shell would see their words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PAGES = (
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
)

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
SHELL = ("", "sh", "bash", "console")
PROGRAMS = ("crosstalk", "crosstalk-lab", "make", "mkdocs", "pip", "pytest", "python", "torchrun")
SETTING = re.compile(r"([A-Z_]+)=(.*)")


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a page: its words without what a shell takes away, and its environment."""

    page: str
    words: tuple[str, ...]
    mentioned: bool
    """In the middle of a sentence, where arguments may be left out."""
    environment: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def program(self) -> str:
        return self.words[0]

    def __str__(self) -> str:
        return f"{self.page}: {shlex.join(self.words)}"


def commands() -> list[Command]:
    """All of them, in the order of the pages."""
    return [each for page in PAGES for each in commands_of(page.name, page.read_text("utf-8"))]


def commands_of(page: str, text: str) -> Iterator[Command]:
    """Those of one page: the lines of its blocks, then the programs that its sentences name."""
    for kind, block in BLOCK.findall(text):
        if kind in SHELL:
            yield from _typed(page, block)
    for span in SPAN.findall(BLOCK.sub("", text)):
        words = _words(" ".join(span.split()), {})
        if len(words) > 1 and _program(words[0]) in PROGRAMS:
            yield _command(page, words, mentioned=True)


def _typed(page: str, block: str) -> Iterator[Command]:
    variables: dict[str, str] = {}
    for line in block.replace("\\\n", " ").splitlines():
        words = _words(line, variables)
        if words and (setting := SETTING.fullmatch(words[-1])) and words[:-1] in ([], ["export"]):
            variables[setting[1]] = setting[2]
        elif words:
            yield _command(page, words, mentioned=False)


def _words(line: str, variables: dict[str, str]) -> list[str]:
    line = line.replace(".venv\\Scripts\\", "")  # as Windows writes it
    for name, value in variables.items():
        line = line.replace(f"${name}", value)
    words = shlex.split(line, comments=True)
    return words[: words.index(">")] if ">" in words else words


def _command(page: str, words: list[str], mentioned: bool) -> Command:
    environment: dict[str, str] = {}
    while setting := SETTING.fullmatch(words[0]):
        environment[setting[1]] = setting[2]
        words = words[1:]
    if words[0] == "sudo":
        words = words[1:]
    return Command(page, (_program(words[0]), *words[1:]), mentioned, environment)


def _program(word: str) -> str:
    return word.rpartition("/")[2]
