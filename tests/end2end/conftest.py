"""The virtual room for the tests of this folder."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.virtual_room import VirtualRoom, look_for_microphones, running_room


@pytest.fixture(scope="session")
def _server() -> Iterator[None]:
    with running_room():
        yield


@pytest.fixture
def virtual_room(_server: None) -> VirtualRoom:
    """A silent room with one microphone, the default one."""
    look_for_microphones()
    return VirtualRoom()


@pytest.fixture
def mortal_server() -> Iterator[subprocess.Popen[bytes]]:
    """A room of one test's own, whose server may be killed."""
    with running_room() as server:
        look_for_microphones()
        yield server
