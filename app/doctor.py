"""What `crosstalk doctor` looks at, each with what to do about it.

The report is made to be shown to others: it holds nothing that was said, no name of a person or a
meeting, and the user's own folder is written as ``~``.
"""

from __future__ import annotations

import logging
import os
import platform
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.audio.devices import find_input, input_devices
from app.audio.system_audio import system_audio
from app.awake import can_stay_awake
from app.errors import AppError
from app.files import check_writable
from app.library_check import check_library
from app.models import default_model, load_readable, load_recognizer
from app.paths import data_dir, library_path
from app.settings import Settings
from engine.errors import EngineError

logger = logging.getLogger(__name__)

PACKAGES = ("torch", "PySide6-Essentials", "sounddevice", "soundfile", "soxr")
ENOUGH_GB = 2.0
GB_PER_HOUR = 48_000 * 2 * 2 * 3_600 / 1e9  # two channels at 48 kHz


class Concern(Exception):  # noqa: N818
    """Something that is not as it should be, and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    ok: bool
    detail: str


def examine() -> Iterator[Finding]:
    """Look at everything, one after the other. Loads torch."""
    for name, check in CHECKS:
        try:
            yield Finding(name, True, anonymous(check()))
        except (Concern, AppError, EngineError, OSError) as error:
            yield Finding(name, False, anonymous(str(error)))
        except Exception as error:  # its words may hold anything, so they go to the log only
            logger.info("%s could not be looked at", name, exc_info=True)
            yield Finding(
                name, False, f"could not be looked at ({type(error).__name__}): report it."
            )


def report() -> str:
    """All findings as lines to paste into a report of a bug."""
    return "\n".join(line_of(finding) for finding in examine())


def line_of(finding: Finding) -> str:
    """A finding as one line."""
    return f"{'ok  ' if finding.ok else 'warn'}  {finding.name + ':':14} {finding.detail}"


def anonymous(text: str) -> str:
    """The text without the user's name in paths, and with one line only."""
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~")
    user = home.rpartition(os.sep)[2]
    if len(user) > 1:  # in paths elsewhere, as of a stick
        text = re.sub(rf"(?<=[/\\]){re.escape(user)}(?=[/\\]|$)", "~", text)
    return " ".join(text.split())


def _versions() -> str:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"Crosstalk {version('crosstalk')}, Python {platform.python_version()}, {system}"


def _packages() -> str:
    try:
        return ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    except PackageNotFoundError as error:
        raise Concern(f"{error.name} is not installed: install Crosstalk again.") from error


def _microphone() -> str:
    found = input_devices()
    wanted = Settings.load()[0].input_device
    device = find_input(wanted if any(each.name == wanted for each in found) else None)
    detail = f"{device.name} ({device.rate} Hz, {device.hostapi}), {len(found)} in all"
    if wanted and device.name != wanted:
        raise Concern(
            "the microphone chosen in the settings is not connected: connect it, or choose "
            f"another. Until then it is {detail}"
        )
    return detail


def _model() -> str:
    path = default_model()
    recognizer = load_recognizer(path, "cpu")
    return f"{recognizer.card.name} {recognizer.card.version} ({path})"


def _readable() -> str:
    card = load_readable().card
    return f"case and punctuation by {card.name} {card.version}"


def _device() -> str:
    from engine.hardware import gpu_name
    from engine.recognizer import choose_device

    device = choose_device(Settings.load()[0].device)
    gpu = gpu_name()
    if device != "cpu":
        return f"{gpu} ({device})"
    unused = f"{gpu} is there, but the settings say CPU" if gpu else "none is used"
    return f"{unused}, the model runs on the CPU ({os.cpu_count()} cores)"


def _settings() -> str:
    settings, warning = Settings.load()
    if warning:
        raise Concern(warning)
    if settings.is_newer:
        return f"of a newer Crosstalk (version {settings.version}), used as far as understood"
    others = [
        name
        for name in settings.model_fields_set
        if name in SHOWN and getattr(settings, name) != Settings.model_fields[name].default
    ]
    chosen = ", ".join(f"{name} = {getattr(settings, name)}" for name in sorted(others))
    return f"version {settings.version}" + (f", {chosen}" if chosen else ", all as they came")


def _folder() -> str:
    check_writable(data_dir() / "doctor")
    return str(data_dir())


def _library() -> str:
    found = check_library(library_path())
    if found.problem:
        raise Concern(found.problem)
    return found.detail


def _disk() -> str:
    free_gb = shutil.disk_usage(data_dir()).free / 1e9
    hours = free_gb / GB_PER_HOUR
    detail = f"{free_gb:.1f} GB are free, enough for about {hours:.0f} hours of recording"
    if free_gb < ENOUGH_GB:
        raise Concern(f"{detail}: free some space before a long meeting.")
    return detail


def _computer_sound() -> str:
    wanted = Settings.load()[0].record_system_audio
    try:
        used = "recorded too" if wanted else "not recorded; the loudspeaker button switches it on"
        return f"{system_audio().source.name}, {used}"
    except AppError as error:
        if wanted:
            raise
        return f"switched off. Before switching it on: {error}"


def _awake() -> str:
    if can_stay_awake():
        return "the computer does not go to sleep while it records"
    wanted = Settings.load()[0].keep_awake
    advice = "the computer cannot be kept awake: switch sleep off before a long meeting."
    if wanted:
        raise Concern(advice)
    return advice


SHOWN = {
    "device",
    "font_scale",
    "keep_awake",
    "language",
    "pre_roll_s",
    "recognise_voices",
    "record_system_audio",
    "silence_prompt_min",
    "theme",
    "transcribe_while_recording",
}
"""The settings whose values tell nothing about the user."""

CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Version", _versions),
    ("Packages", _packages),
    ("Settings", _settings),  # before others read them: a damaged file is moved away then
    ("Microphone", _microphone),
    ("Computer sound", _computer_sound),
    ("Sleep", _awake),
    ("Model", _model),
    ("Readable text", _readable),
    ("GPU", _device),
    ("Data folder", _folder),
    ("Library", _library),
    ("Free disk", _disk),
)
