"""What a meeting records, and how to open it again when it went away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.audio import devices
from app.audio.devices import InputDevice, find_input
from app.audio.file_source import FileSource
from app.audio.microphone import MicrophoneSource
from app.audio.source import AudioSource
from app.errors import DeviceNotFound
from app.sound import Source


@dataclass(frozen=True, slots=True)
class Input:
    """One source of a meeting.

    Attributes:
        source: to begin with.
        kind: what it is.
        reopen: opens it again, or what takes its place; raises as long as that cannot be done.
            None: when the source is exhausted, the meeting is over.
    """

    source: AudioSource
    kind: Source = Source.MICROPHONE
    reopen: Callable[[], AudioSource] | None = None


def microphone(name: str | None, first: AudioSource | None = None) -> Input:
    """The microphone called ``name``, or the default one; while it is away, the default one.

    ``first`` is that microphone where it is open already. Raises as :func:`find_input`.
    """
    return Input(
        first or MicrophoneSource(find_input(name)),
        reopen=lambda: MicrophoneSource(_present(name)),
    )


def as_inputs(source: AudioSource | list[Input]) -> list[Input]:
    """A single source as the inputs of a meeting."""
    if isinstance(source, list):
        return source
    kind = Source.FILE if isinstance(source, FileSource) else Source.MICROPHONE
    return [Input(source, kind)]


def _present(name: str | None) -> InputDevice:
    devices.refresh()  # PortAudio remembers what there was when it looked last
    try:
        return find_input(name)
    except DeviceNotFound:
        return find_input(None)
