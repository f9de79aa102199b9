"""Collects the licences of everything that a build carries, and its bill of materials.

``licences.txt`` lies beside the app's other resources, where About shows it; ``sbom.cdx.json``
(CycloneDX 1.5) lies beside the program.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

from contents import EXCLUDED, NAME, ROOT, TITLE, VERSION
from tools import run

BUILD_TOOLS = {"altgraph", "macholib", "pefile", "pip", "pyinstaller", "pyinstaller-hooks-contrib"}
LEGAL = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
LINE = 78 * "-"
NOT_TOLD = {"praatio": "MIT", "pympi-ling": "MIT"}  # their packages leave it to the repository
COMMON = ROOT / "packaging" / "licence_texts"
INTRODUCTION = f"""{TITLE} {VERSION} is free software under the Apache License 2.0.

This build carries the works below, each under its own licence. FFmpeg comes as its makers of PyAV
build it, with parts under the GNU General Public License (x264, x265): this build as a whole may
therefore be passed on under the GNU General Public License, version 3. The source of {TITLE} and of
each work is public under the names given here.
"""


@dataclass(frozen=True)
class Part:
    """Something that a build carries.

    Attributes:
        name: what its makers call it.
        version: theirs.
        licence: its short name, as its makers give it.
        texts: licence texts and notices.
        address: package URL (purl).
    """

    name: str
    version: str
    licence: str
    texts: list[str] = field(default_factory=list)
    address: str = ""


def collect(program: Path, python: Path) -> None:
    """Write both files for a frozen program, with the Python that it was frozen from."""
    run(str(python), __file__, str(program))


def python_parts() -> Iterator[Part]:
    """The packages of this environment, without those that only build."""
    yield Part("Python", sys.version.split()[0], "PSF-2.0", _python_licence(), "")
    left_out = BUILD_TOOLS | {name.lower() for name in EXCLUDED} | {"mpmath", NAME}
    for each in sorted(distributions(), key=lambda d: d.name.lower()):
        if each.name.lower() not in left_out:
            address = f"pkg:pypi/{each.name.lower()}@{each.version}"
            yield Part(each.name, each.version, _licence(each), list(_texts(each)), address)


def system_parts(program: Path) -> Iterator[Part]:
    """The packages of Debian that libraries of the build come from; none elsewhere."""
    names = {p.name for p in (program / "_internal").glob("*.so*") if not p.is_symlink()}
    owners: dict[str, str] = {}
    for library in sorted(names):
        if owner := _owner(library):
            owners.setdefault(*owner)
    for package, version in sorted(owners.items()):
        legal = Path("/usr/share/doc") / package / "copyright"
        texts = [legal.read_text("utf-8", "replace")] if legal.exists() else []
        address = f"pkg:deb/debian/{package}@{version}"
        yield Part(package, version, "see its text", texts, address)


def written(parts: list[Part]) -> str:
    """All licences as one text; one that several share stands once."""
    lines, seen = [INTRODUCTION], dict[str, str]()
    for part in parts:
        lines += [LINE, f"{part.name} {part.version} ({part.licence})", ""]
        for text in part.texts:
            if text in seen:
                lines.append(f"The same text as of {seen[text]}.\n")
            else:
                seen[text] = part.name
                lines.append(f"{text.strip()}\n")
    return "\n".join(lines)


def bill(parts: list[Part]) -> dict[str, object]:
    """The bill of materials in CycloneDX's form."""
    app = {"type": "application", "name": NAME, "version": VERSION}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**app, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": [_component(part) for part in parts],
    }


def _component(part: Part) -> dict[str, object]:
    plain: dict[str, object] = {"type": "library", "name": part.name, "version": part.version}
    licence = {"licenses": [{"license": {"name": part.licence}}]}
    return plain | licence | ({"purl": part.address} if part.address else {})


def _licence(package: Distribution) -> str:
    told = package.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    classes = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or () if "License" in c]
    said = str(told.json.get("license", ""))
    short = said if "\n" not in said and len(said) < 80 else ""
    return short or ", ".join(classes) or NOT_TOLD.get(package.name, "see its text")


def _texts(package: Distribution) -> Iterator[str]:
    for file in package.files or ():
        inside = ".dist-info" in file.parts[0] or file.name.lower().startswith(
            ("license", "licence")
        )
        if inside and LEGAL.search(file.name) and file.suffix not in {".py", ".pyc"}:
            path = Path(str(file.locate()))
            if path.is_file():
                yield path.read_text("utf-8", "replace")


def _python_licence() -> list[str]:
    homes = (
        Path(sys.base_prefix),
        Path(sys.base_prefix) / "lib" / f"python3.{sys.version_info[1]}",
    )
    found = (home / name for home in homes for name in ("LICENSE.txt", "LICENSE"))
    return [path.read_text("utf-8") for path in found if path.is_file()][:1]


def _owner(library: str) -> tuple[str, str] | None:
    asked = ["dpkg-query", "--search", f"*/{library}"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    package = found.split(":", 1)[0]
    told = ["dpkg-query", "--show", "--showformat=${Version}", f"{package}"]
    version = subprocess.run(told, capture_output=True, text=True, check=True).stdout
    return package, version.split("\n")[0]


def common_texts() -> list[str]:
    """The licences that many packages name and few of them bring along."""
    return [path.read_text("utf-8") for path in sorted(COMMON.glob("*.txt"))]


def main(program: Path) -> None:
    """Write both files for a frozen program."""
    parts = [*python_parts(), *system_parts(program)]
    resources = next(p for p in program.rglob("resources") if (p / "icons").is_dir())
    own = (ROOT / "LICENSE").read_text("utf-8")
    common = Part("GNU licences", "", "as the works above say", common_texts())
    text = written([Part(TITLE, VERSION, "Apache-2.0", [own]), *parts, common])
    (resources / "licences.txt").write_text(text, encoding="utf-8")
    (program / "sbom.cdx.json").write_text(json.dumps(bill(parts), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
