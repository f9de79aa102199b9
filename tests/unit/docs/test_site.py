"""The documentation as a site: whole, without the network, and true where that can be checked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.docs.commands import PAGES, REPOSITORY

DOCS = REPOSITORY / "docs"
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
CODE_FILE = re.compile(r"`((?:app|engine|packaging|resources|tests|ui|docs)/[\w./-]+)[^`]*`")
KEYS = re.compile(r"\b(?:(?:Ctrl|Alt|Shift)\+)+(?:\w+|,)|\bF\d+\b")
MENU = re.compile(r"\*([^*`]+ >\s[^*`]+?)\*")
QUOTE = re.compile(r"^> (.+)$", re.MULTILINE)


class Loads(HTMLParser):
    """What a page loads by itself when it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in LOADED and given.get("rel") != "canonical":
            self.addresses.append(given.get(LOADED[tag]) or "")


def build(configuration: Path, output: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    return subprocess.run(
        [*command, "--config-file", str(configuration), "--site-dir", str(output)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(REPOSITORY / "mkdocs.yml", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_it_has_every_page_and_picture(site: Path) -> None:
    made = {path.stem for path in site.glob("*.html")}
    assert {path.stem for path in DOCS.glob("*.md")} <= made
    assert {"overview", "architecture", "contributing", "changes"} <= made
    shown = {
        name for page in PAGES for name in re.findall(r"images/([\w-]+\.png)", page.read_text())
    }
    assert shown == {path.name for path in (site / "images").iterdir()}


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loads = Loads()
    for page in site.glob("*.html"):
        loads.feed(page.read_text("utf-8"))
    assert len(loads.addresses) > 100
    assert [one for one in loads.addresses if "//" in one] == []
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", sheet.read_text("utf-8"))


def test_links_between_the_documents_of_the_root_work_in_the_site(site: Path) -> None:
    assert 'href="overview.html"' in (site / "models.html").read_text("utf-8")
    assert 'href="architecture.html"' in (site / "training.html").read_text("utf-8")
    assert 'src="images/live.png"' in (site / "overview.html").read_text("utf-8")


@pytest.mark.parametrize("text", ["[x](gone.md)", "[x](index.md#gone)", "![x](images/gone.png)"])
def test_a_broken_link_fails(text: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Here\n\n{text}\n")
    ours = REPOSITORY / "mkdocs.yml"
    (tmp_path / "mkdocs.yml").write_text(f"INHERIT: {ours}\nhooks: []\nnav: [index.md]\n")
    done = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert done.returncode != 0
    assert "gone" in done.stdout + done.stderr


def test_each_page_has_one_title_and_no_steps_left_out() -> None:
    for page in DOCS.glob("*.md"):
        text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
        assert levels[0] == 1, page.name
        assert levels.count(1) == 1, page.name
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_files_that_are_named_are_there() -> None:
    for page in PAGES:
        for name in CODE_FILE.findall(page.read_text("utf-8")):
            assert (REPOSITORY / name).exists(), f"{page.name}: {name}"


def test_the_files_to_install_are_those_of_this_version() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r"crosstalk[-_](\d[\d.]*\d)", (DOCS / "installing.md").read_text("utf-8"))
    assert set(named) == {project["version"]}


@cache
def sentences() -> list[str]:
    """Every text in the code of the app, the engine and the window."""
    return [
        node.value
        for folder in ("app", "engine", "ui")
        for path in (REPOSITORY / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("quote", QUOTE.findall((DOCS / "troubleshooting.md").read_text("utf-8")))
def test_what_the_app_is_said_to_say_is_in_its_code(quote: str) -> None:
    pattern = re.compile(".*".join(map(re.escape, quote.split("…"))) + ".*", re.DOTALL)
    assert any(
        pattern.match(sentence) or re.fullmatch(filled(sentence), quote) for sentence in sentences()
    )


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_keys_and_menus_that_are_named_are_in_the_window(page: Path) -> None:
    text = page.read_text("utf-8")
    assert sorted(keys for keys in set(KEYS.findall(text)) if not is_shown(keys)) == []
    places = [" ".join(place.split()) for place in MENU.findall(text)]
    parts = {part.removesuffix("…") for place in places for part in place.split(" > ")}
    assert sorted(parts - labels()) == []


def is_shown(keys: str) -> bool:
    whole = re.compile(rf"(?<![\w+]){re.escape(keys)}(?![\w+])")
    return any(keys in text and whole.search(text) for text in sentences())


@cache
def labels() -> set[str]:
    return {text.replace("&", "").removesuffix("…") for text in sentences()}


def filled(sentence: str) -> str:
    """What a sentence may look like once something stands in its places."""
    parts = re.split(r"\{\w+\}", sentence)
    return ".+".join(map(re.escape, parts)) if len(max(parts, key=len)) > 15 else "(?!)"
