"""Microphones are listed, found by name, and their absence is explained."""

from __future__ import annotations

import builtins
from types import SimpleNamespace
from typing import Any

import pytest

from app.audio import devices
from app.audio.devices import find_input, input_devices, portaudio, refresh, stream_open
from app.errors import DeviceNotFound


class FakePortAudio:
    """PortAudio with the devices of a desk; ``calls`` keeps what it was told."""

    def __init__(self, names: list[str], default: int) -> None:
        self.default = SimpleNamespace(device=[default, -1])
        self.calls: list[str] = []
        speaker = {"name": "Speaker", "max_input_channels": 0}
        inputs = [{"name": name, "max_input_channels": 2} for name in names]
        common = {"hostapi": 0, "default_samplerate": 44_100.0}
        self._devices = [{**common, **device} for device in [speaker, *inputs]]

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"name": "ALSA"}]

    def query_devices(self) -> list[dict[str, Any]]:
        return self._devices

    def _terminate(self) -> None:
        self.calls.append("terminate")

    def _initialize(self) -> None:
        self.calls.append("initialize")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    audio = FakePortAudio(["Desk", "Headset"], default=2)
    monkeypatch.setattr(devices, "portaudio", lambda: audio)
    return audio


def test_only_inputs_are_listed_with_what_the_user_needs(desk: FakePortAudio) -> None:
    assert [(d.index, d.name, d.is_default) for d in input_devices()] == [
        (1, "Desk", False),
        (2, "Headset", True),
    ]
    first = input_devices()[0]
    assert (first.channels, first.rate, first.hostapi) == (2, 44_100, "ALSA")


def test_found_by_name_or_by_default(desk: FakePortAudio) -> None:
    assert find_input("Desk").index == 1
    assert find_input(None).name == "Headset"


def test_without_a_default_the_first_is_taken(
    desk: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.default, "device", [-1, -1])
    assert find_input(None).name == "Desk"


def test_a_missing_microphone_is_never_replaced_silently(desk: FakePortAudio) -> None:
    with pytest.raises(DeviceNotFound, match=r"no microphone called “Studio”.*“Desk”, “Headset”"):
        find_input("Studio")


def test_no_microphone_at_all_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "portaudio", lambda: FakePortAudio([], default=-1))
    assert input_devices() == []
    for name in (None, "Desk"):
        with pytest.raises(DeviceNotFound, match="Connect one"):
            find_input(name)


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DeviceNotFound, match="libportaudio2"):
        portaudio()


def test_refresh_looks_again_but_not_while_recording(desk: FakePortAudio) -> None:
    with stream_open():
        assert not refresh()
    assert desk.calls == []
    assert refresh()
    assert desk.calls == ["terminate", "initialize"]
