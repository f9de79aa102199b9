"""The licences of Crosstalk and of the works that it is made of, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from app.paths import resource

NAME = "crosstalk"
LEGAL = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)


def licence_text() -> str:
    """Everything that may be passed on with the app, and under which licence.

    A build without Python carries the text; otherwise it is put together from the packages that are
    installed.
    """
    kept = resource("licences.txt")
    if kept.exists():
        return kept.read_text("utf-8")
    return "\n".join(_about(package) for package in packages())


def packages() -> list[Distribution]:
    """Crosstalk and the packages that it needs, as far as they are installed."""
    found: dict[str, Distribution] = {}
    wanted = [NAME]
    while wanted:
        name = wanted.pop(0)
        if name not in found and (package := _package(name)) is not None:
            found[name] = package
            wanted += _needs(package)
    first = found.pop(NAME, None)
    return [*([first] if first else []), *(found[name] for name in sorted(found))]


def _package(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:  # for another system than this one
        return None


def _needs(package: Distribution) -> Iterator[str]:
    for line in package.requires or ():
        if "extra ==" not in line and (name := re.match(r"[\w.-]+", line)):
            yield re.sub(r"[-_.]+", "-", name.group()).lower()


def _about(package: Distribution) -> str:
    lines = [78 * "-", f"{package.name} {package.version}", ""]
    files = [f for f in package.files or () if ".dist-info" in f.parts[0] and LEGAL.search(f.name)]
    texts = [f.read_text("utf-8").strip() for f in files]
    return "\n".join([*lines, *(texts or [_named(package)]), ""])


def _named(package: Distribution) -> str:
    told = package.metadata.json
    kinds = [c for c in package.metadata.get_all("Classifier") or () if c.startswith("License")]
    said = told.get("license_expression") or told.get("license") or ", ".join(kinds)
    return f"Licence: {said or 'see its source'}"
