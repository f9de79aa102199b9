"""What tests of synthetic speech share: small plans and whether there is a synthesiser."""

from __future__ import annotations

import ctypes.util
import shutil

import pytest

from engine.data import festival
from engine.data.speech_text import Line, line_of
from engine.data.synthetic_speakers import SAMPLE_VOICES, VOICES, BaseVoice
from engine.errors import EngineError
from tests.needs import lacking

TEXTS = (
    "Nobody had ever seen the old house by the river, without thinking of the people.",
    "So um, I think we should start with the remote control.",
    "He's always talking about seven little bottles of water.",
    "Which of the four wheels do they usually measure?",
    "Where the king's people's house is, I found my brother's.",
)
BASES = (*VOICES[:4], VOICES[8], *SAMPLE_VOICES)
"""A voice of each kind, and all of the sample meeting's."""


def lines() -> list[Line]:
    found = [line_of(text) for text in TEXTS]
    return [line for line in found if line is not None]


def can_speak(voice: BaseVoice) -> BaseVoice:
    """The voice; the test is skipped where its synthesiser is not installed."""
    if voice.engine != "festival":
        library = {"flite": "flite", "espeak": "espeak-ng"}[voice.engine]
        return voice if ctypes.util.find_library(library) else lacking(f"no {library}")
    if shutil.which("festival") is None:
        lacking("festival is not installed")
    try:
        festival.speak(voice.name, "yes")
    except EngineError as error:
        lacking(str(error))
    return voice


@pytest.fixture(params=BASES, ids=lambda voice: voice.id)
def voice(request: pytest.FixtureRequest) -> BaseVoice:
    base: BaseVoice = request.param
    return can_speak(base)
