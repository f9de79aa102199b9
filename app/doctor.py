"""What `crosstalk doctor` looks at, each with what to do about it."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from app.audio.devices import find_input, input_devices
from app.errors import AppError
from app.files import check_writable
from app.models import default_model, load_readable, load_recognizer
from app.paths import data_dir, library_path
from app.settings import Settings
from app.store import Library
from engine.errors import EngineError

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
    """Look at everything, one after the other."""
    for name, check in CHECKS:
        try:
            yield Finding(name, True, check())
        except (Concern, AppError, EngineError) as error:
            yield Finding(name, False, str(error))


def _versions() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"Crosstalk {version('crosstalk')}, Python {platform.python_version()}, {system}"


def _packages() -> str:
    try:
        return ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    except PackageNotFoundError as error:
        raise Concern(f"{error.name} is not installed: install Crosstalk again.") from error


def _microphone() -> str:
    device = find_input(None)
    return f"{device.name} ({device.rate} Hz), {len(input_devices())} in all"


def _model() -> str:
    path = default_model()
    recognizer = load_recognizer(path, "cpu")
    return f"{recognizer.card.name} {recognizer.card.version} ({path})"


def _readable() -> str:
    card = load_readable().card
    return f"case and punctuation by {card.name} {card.version}"


def _device() -> str:
    from engine.recognizer import choose_device

    settings, _ = Settings.load()
    device = choose_device(settings.device)
    return "none is used, the model runs on the CPU" if device == "cpu" else device


def _settings() -> str:
    _, warning = Settings.load()
    if warning:
        raise Concern(warning)
    return "can be read"


def _folder() -> str:
    check_writable(data_dir() / "doctor")
    return str(data_dir())


def _library() -> str:
    with Library(library_path()) as library:
        return f"{len(library.meetings())} meetings"


def _disk() -> str:
    free_gb = shutil.disk_usage(data_dir()).free / 1e9
    hours = free_gb / GB_PER_HOUR
    detail = f"{free_gb:.1f} GB, enough for about {hours:.0f} hours of recording"
    if free_gb < ENOUGH_GB:
        raise Concern(f"{detail}: free some space before a long meeting.")
    return detail


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Version", _versions),
    ("Packages", _packages),
    ("Settings", _settings),  # before others read them: a damaged file is moved away then
    ("Microphone", _microphone),
    ("Model", _model),
    ("Readable text", _readable),
    ("GPU", _device),
    ("Data folder", _folder),
    ("Library", _library),
    ("Free disk", _disk),
)
