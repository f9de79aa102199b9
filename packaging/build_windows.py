"""The Windows build: an installer (Inno Setup). Written for GitHub's runners; not run by us yet."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import licences
from contents import APP_ID, AUDIO_ENDINGS, NAME, TITLE, VERSION, VIDEO_ENDINGS
from tools import run

SCRIPT = Path(__file__).resolve().parent / "windows" / "crosstalk.iss"


def pack(program: Path, output: Path, suffix: str, python: Path) -> list[Path]:
    """An installer for one user or for all; it needs no administrator for one."""
    licences.collect(program, python)
    endings = program.parent / "associations.iss"
    endings.write_text(associations(), encoding="utf-8")
    name = f"{NAME}-{VERSION}{suffix}-windows-x64"
    given = {
        "Program": program,
        "Version": VERSION,
        "Output": output,
        "Installer": name,
        "Associations": endings,
    }
    compiler = shutil.which("iscc") or os.path.expandvars(
        r"%ProgramFiles(x86)%\Inno Setup 6\ISCC.exe"
    )
    run(compiler, *(f"/D{key}={value}" for key, value in given.items()), str(SCRIPT))
    return [output / f"{name}.exe"]


def associations() -> str:
    """Offers the app under "Open with" of each kind of file, without taking the kind over."""
    shell = rf'Root: HKA; Subkey: "Software\Classes\{APP_ID}\shell\open\command"; '
    shell += r'ValueType: string; ValueData: """{app}\crosstalk.exe"" open ""%1"""; '
    shell += "Flags: uninsdeletekey"
    name = rf'Root: HKA; Subkey: "Software\Classes\{APP_ID}"; ValueType: string; '
    lines = [name + f'ValueData: "{TITLE}"; Flags: uninsdeletekey', shell]
    for ending in AUDIO_ENDINGS + VIDEO_ENDINGS:
        place = rf"Software\Classes\.{ending}\OpenWithProgids"
        lines.append(
            f'Root: HKA; Subkey: "{place}"; ValueType: string; ValueName: "{APP_ID}"; '
            'ValueData: ""; Flags: uninsdeletevalue'
        )
    return "\n".join(lines) + "\n"
