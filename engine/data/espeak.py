"""Speech of eSpeak NG, through its shared library, with the times of its words and phones."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Aligned
from engine.data.system_speech import RawSpeech, seed_noise, shared_library
from engine.errors import EngineError

_HINT = "install espeak-ng (Debian: apt install espeak-ng)"
_USUAL_SPEED = 170  # words a minute; it takes 80 to 450
_PALATAL = ";"  # softens the phoneme before it
_USUAL_PITCH = 50  # of 0 to 99, 50 to the octave

# From speak_lib.h.
_SYNCHRONOUS, _PHONEME_EVENTS, _DO_NOT_EXIT = 2, 1, 0x8000
_RATE, _PITCH = 1, 3  # parameters
_LIST_END, _WORD, _PHONEME = 0, 1, 7  # events
_BY_CHARACTER, _UTF8 = 1, 1


class _Event(ctypes.Structure):
    """An ``espeak_EVENT``."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Samples = ctypes.POINTER(ctypes.c_short)
_Events = ctypes.POINTER(_Event)
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, _Samples, ctypes.c_int, _Events)


def speak(name: str, text: str, pitch: float = 1.0, speed: float = 1.0) -> RawSpeech:
    """Let a voice say something.

    Words that the voice runs together (``of the`` in some) come back as one.

    Args:
        name: a language, ``+`` and a variant, such as ``en-gb+f2``.
        text: what to say: words in lower case, and commas and stops if wanted.
        pitch: factor on the voice's pitch, 0.5 to 1.97.
        speed: factor on 170 words a minute, 0.48 to 2.64.

    Raises:
        EngineError: when eSpeak NG or the voice is not installed.
    """
    library, rate = _library()
    if library.espeak_SetVoiceByName(name.encode("ascii")) != 0:
        raise EngineError(f"eSpeak NG has no voice {name}: {_HINT}")
    library.espeak_SetParameter(_RATE, round(_USUAL_SPEED * speed), 0)
    library.espeak_SetParameter(_PITCH, round(_USUAL_PITCH * (1.0 + math.log2(pitch))), 0)
    recording = _Recording()
    _say(library, text, recording)
    samples = np.concatenate(recording.blocks)
    words = tuple(recording.spoken_words(text, len(samples)))
    return RawSpeech(samples, rate, words, tuple(recording.spoken_phones(len(samples))))


class _Recording:
    """Gathers the samples of one text, and where its words and phonemes begin."""

    def __init__(self) -> None:
        self.blocks: list[NDArray[np.int16]] = [np.zeros(0, np.int16)]
        self.words: list[tuple[int, int]] = []  # position in the text, sample
        self.phonemes: list[tuple[str, int]] = []  # name, sample; pauses are among them

    def spoken_words(self, text: str, end: int) -> list[Aligned]:
        """Each word lasts until the next word or pause begins.

        The library now and then reports one more word inside the last; it is no word of the text.
        """
        begins = [mark for mark in self.words if f" {text}"[mark[0]] == " "]
        marks = [*begins, (len(text), end)]
        return [
            Aligned(text[position:following].strip(), start, self._end(start, latest))
            for (position, start), (following, latest) in pairwise(marks)
        ]

    def _end(self, start: int, latest: int) -> int:
        pauses = (at for name, at in self.phonemes if _is_pause(name))
        return min([pause for pause in pauses if start < pause < latest], default=latest)

    def spoken_phones(self, end: int) -> Iterator[Aligned]:
        """Each phoneme lasts until the next phoneme or pause begins."""
        marks = [m for m in self.phonemes if m[0] != _PALATAL]
        for (name, start), (_, latest) in pairwise([*marks, ("_", end)]):
            if latest > start and not _is_pause(name):
                yield Aligned(name, start, latest)


def _is_pause(name: str) -> bool:
    return name.startswith("_")


def _say(library: ctypes.CDLL, text: str, recording: _Recording) -> None:
    """Let the library speak into ``recording``; it calls back before it returns."""

    def heard(
        samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]
    ) -> int:
        if samples and count > 0:
            recording.blocks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _LIST_END:
            _note(events[index], recording)
            index += 1
        return 0  # go on

    callback = _Callback(heard)
    library.espeak_SetSynthCallback(callback)
    seed_noise()
    encoded = text.encode("ascii")
    library.espeak_Synth(encoded, len(encoded) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None)
    library.espeak_Synchronize()


def _note(event: _Event, recording: _Recording) -> None:
    if event.type == _WORD:
        recording.words.append((event.text_position - 1, event.sample))
    elif event.type == _PHONEME:
        recording.phonemes.append((event.id.decode("utf-8"), event.sample))


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    """The library and its sampling rate in hertz."""
    library = shared_library("espeak-ng", _HINT)
    options = _PHONEME_EVENTS | _DO_NOT_EXIT
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, None, options)
    if rate <= 0:
        raise EngineError(f"eSpeak NG does not start: {_HINT}")
    return library, rate
