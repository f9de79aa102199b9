"""Brings the documents of the repository's root into the site, with links that fit there."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
ROOT_PAGES = {
    "README.md": "overview.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
}
LINK = re.compile(r"\[([^\[\]]*)\]\((?:\.\./|docs/)?([^)#:]+)(#[^)]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the documents that lie outside of docs/."""
    for name, page in ROOT_PAGES.items():
        text = (ROOT / name).read_text("utf-8")
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links work in the repository as it is; in the site all pages lie in one folder."""
    return LINK.sub(_in_site, markdown)


def _in_site(link: re.Match[str]) -> str:
    text, target, anchor = link[1], link[2], link[3] or ""
    if target not in ROOT_PAGES and (ROOT / target).exists():
        return text  # code, which is not part of the site
    return f"[{text}]({ROOT_PAGES.get(target, target)}{anchor})"
