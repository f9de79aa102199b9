"""The installed models, and the engine that one of them makes.

Torch is loaded when the first meeting asks for its engine, in that meeting's own thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.paths import data_dir, resource
from app.session import EngineFactory, EngineSession
from app.settings import Settings
from app.words import translate
from engine.errors import DeviceError, ModelError
from engine.events import TurnEvent
from engine.thrift import Thrift

if TYPE_CHECKING:
    from engine.readable.readable import Readable
    from engine.recognizer import Recognizer
    from engine.speakers.attribution import SpeakerAttribution
    from engine.speakers.known import KnownVoice

SUFFIX = ".safetensors"
DEFAULT_NAME = "default"
READABLE_NAME = "readable"
"""The shipped file, beside the models, that gives words their case and punctuation."""

logger = logging.getLogger(__name__)

VoiceSource = Callable[[], "list[KnownVoice]"]
"""Gives the saved voices as they are now, in any thread."""

_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model file that can be asked for by its name."""

    name: str
    path: Path
    size_bytes: int


def model_folders() -> tuple[Path, Path]:
    """Where models are looked for: the user's own first, then those shipped with the app."""
    return data_dir() / "models", resource("models")


def installed_models() -> list[InstalledModel]:
    """All models that can be asked for by name; the user's own hide shipped ones of that name."""
    found = {path.stem: path for folder in reversed(model_folders()) for path in _models_in(folder)}
    return [InstalledModel(name, path, path.stat().st_size) for name, path in sorted(found.items())]


def default_model() -> Path:
    """The model of the settings, or the shipped one; raises :class:`ModelError` if missing."""
    settings, _ = Settings.load()
    if settings.model:
        return find_model(settings.model)
    if not any(model.name == DEFAULT_NAME for model in installed_models()):
        raise ModelError(
            translate(
                "app",
                "The model that comes with Crosstalk is missing ({folder}): install Crosstalk "
                "again, or name another model.",
            ).format(folder=resource("models"))
        )
    return find_model(DEFAULT_NAME)


def find_model(name_or_path: str) -> Path:
    """The file of a model, by its name or its path.

    Raises:
        ModelError: there is none; the message lists those that there are.
    """
    path = Path(name_or_path).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        raise ModelError(
            translate("app", "{path} is a folder: name the model file in it (*{suffix}).").format(
                path=path, suffix=SUFFIX
            )
        )
    models = {model.name: model.path for model in installed_models()}
    if name_or_path in models:
        return models[name_or_path]
    if path.suffix == SUFFIX or len(path.parts) > 1:
        raise ModelError(
            translate(
                "app", "The model {path} does not exist: check the name and the folder."
            ).format(path=path)
        )
    names = ", ".join(sorted(models)) or "none"
    raise ModelError(
        translate(
            "app",
            "There is no model called {name} (installed: {names}). Put its file into "
            "{folder}, or give its path.",
        ).format(name=repr(name_or_path), names=names, folder=model_folders()[0])
    )


def engine_factory(
    path: Path,
    device: str = "auto",
    voices: VoiceSource | None = None,
    thrift: Thrift = "balanced",
) -> EngineFactory:
    """What makes the engine of a meeting from the model at ``path``.

    The weights are loaded once per process and shared. When the device fails in the middle of a
    meeting, for example because its memory is full, the next session runs on the CPU.

    Args:
        path: the model file.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        voices: gives the saved voices; None: voices are neither compared nor told.
        thrift: how much to compute, where the model can leave something out.
    """
    return _EngineMaker(path, device, voices, thrift)


class _EngineMaker:
    """Makes sessions, after a failure of the device on the CPU."""

    def __init__(self, path: Path, device: str, voices: VoiceSource | None, thrift: Thrift) -> None:
        self._path = path
        self._device = device
        self._voices = voices
        self._options: dict[str, Any] = {} if thrift == "balanced" else {"thrift": thrift}
        self._loaded: Recognizer | None = None  # the file may be gone when it is wanted again

    def __call__(self) -> EngineSession:
        return self.session(self.people() if self._voices else None)

    def together(self, count: int) -> list[EngineFactory]:
        """Factories for the sources of one meeting, who share its people."""
        people = cache(self.people)
        making = threading.Lock()

        def make() -> EngineSession:
            with making:  # the weights are loaded once, and there is one list of people
                return self.session(people())

        return [make] * count

    def people(self) -> SpeakerAttribution:
        """The people of a new meeting."""
        recognizer = self._recognizer()
        return recognizer.people(self._voices()) if self._voices else recognizer.people()

    def session(self, people: SpeakerAttribution | None) -> EngineSession:
        """A meeting, or one source of it with the people of all."""
        recognizer = self._recognizer()
        options = self._options | ({"people": people} if people else {})
        session: EngineSession = recognizer.session(**options)
        if recognizer.device != "cpu":
            return _GpuSession(self, session)
        _use_one_thread()
        return session

    def _recognizer(self) -> Recognizer:
        try:
            self._loaded = self._loaded or load_recognizer(self._path, self._device)
        except DeviceError:
            self.fall_back()
            raise
        return self._loaded

    def fall_back(self) -> None:
        """Use the CPU from now on."""
        self._device, self._loaded = "cpu", None


def _use_one_thread() -> None:
    from engine.recognizer import use_one_thread  # torch is loaded by now

    use_one_thread()


class _GpuSession:
    """A session that tells its maker when the GPU fails."""

    def __init__(self, maker: _EngineMaker, session: EngineSession) -> None:
        self._maker = maker
        self._session = session

    @property
    def spending(self) -> Any:
        """What the session counted; see :class:`app.effort.EffortMeter`."""
        return getattr(self._session, "spending", None)

    def accept(self, samples: NDArray[np.float32]) -> None:
        with self._falling_back():
            self._session.accept(samples)

    def events(self) -> list[TurnEvent]:
        return self._session.events()

    def finish(self) -> None:
        with self._falling_back():
            self._session.finish()

    @contextmanager
    def _falling_back(self) -> Iterator[None]:
        try:
            yield
        except (DeviceError, RuntimeError) as error:  # torch: out of memory, a lost driver
            self._maker.fall_back()
            reason = str(error).partition("\n")[0]
            raise DeviceError(
                translate("app", "The GPU failed ({reason}): the CPU takes over.").format(
                    reason=reason
                )
            ) from error


def load_recognizer(path: Path, device: str) -> Recognizer:
    """The weights of a model; whoever asks while they are being loaded waits for them.

    Raises:
        ModelError, DeviceError: as :meth:`engine.recognizer.Recognizer.load`.
    """
    with _loading:
        return _load(path, device)


@lru_cache(maxsize=1)
def _load(path: Path, device: str) -> Recognizer:
    from engine.recognizer import Recognizer  # torch is loaded here

    return Recognizer.load(path, device, _readable_if_there())


def load_readable() -> Readable:
    """What makes words readable. Loads torch.

    Raises:
        ModelError: its file is missing or cannot be used.
    """
    from engine.readable import file

    return file.load(resource("models") / f"{READABLE_NAME}{SUFFIX}")


def _readable_if_there() -> Readable | None:
    """A meeting goes on without: its words are then shown as they were recognised."""
    try:
        return load_readable()
    except ModelError as error:
        logger.warning("Words are shown without case and punctuation. %s", error)
        return None


def _models_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob(f"*{SUFFIX}") if path.stem != READABLE_NAME)
