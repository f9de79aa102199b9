"""Speech from the voices of CMU Flite, through its shared library, with the times of its words."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Aligned
from engine.data.system_speech import seed_noise, shared_library

_HINT = "install flite (Debian: apt install flite)"
_Pointer = ctypes.c_void_p


class _Wave(ctypes.Structure):
    """The head of a ``cst_wave``."""

    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


def speak(
    name: str, text: str, pitch: float, speed: float
) -> tuple[NDArray[np.int16], int, list[Aligned]]:
    """Samples, their rate in hertz, and the words with their times in those samples.

    Args:
        name: one of Flite's built-in voices, such as ``slt``.
        text: what to say, plain words.
        pitch: factor on the voice's mean pitch.
        speed: factor on its speed.

    Raises:
        EngineError: when Flite or the voice is not installed.
    """
    utterance = _synthesise(name, text, pitch, speed)
    try:
        wave = _Wave.from_address(_library().utt_wave(utterance))
        samples = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).copy()
        rate: int = wave.sample_rate
        words = [
            Aligned(word, round(start * rate), round(end * rate))
            for word, start, end in _words(utterance)
        ]
    finally:
        _library().delete_utterance(utterance)
    return samples, rate, words


@cache
def _library() -> ctypes.CDLL:
    library = shared_library("flite", _HINT)
    for function in ("flite_synth_text", "utt_wave", "utt_relation", "relation_head"):
        getattr(library, function).restype = _Pointer
    for function in ("item_next", "item_as", "item_parent"):
        getattr(library, function).restype = _Pointer
    library.get_param_float.restype = ctypes.c_float
    library.item_feat_float.restype = ctypes.c_float
    library.item_feat_string.restype = ctypes.c_char_p
    library.flite_init()
    return library


@cache
def _voice(name: str) -> tuple[int, float]:
    """The voice and its own mean pitch in hertz."""
    _library()
    register = getattr(shared_library(f"flite_cmu_us_{name}", _HINT), f"register_cmu_us_{name}")
    register.restype = _Pointer
    voice: int = register(None)
    mean = _library().get_param_float(_features(voice), b"int_f0_target_mean", ctypes.c_float(100))
    return voice, mean


def _features(voice: int) -> _Pointer:
    """The features are the second member of a ``cst_voice``, after its name."""
    return _Pointer.from_address(voice + ctypes.sizeof(_Pointer))


def _synthesise(name: str, text: str, pitch: float, speed: float) -> _Pointer:
    voice, mean = _voice(name)
    set_float = _library().flite_feat_set_float
    set_float(_features(voice), b"int_f0_target_mean", ctypes.c_float(mean * pitch))
    set_float(_features(voice), b"duration_stretch", ctypes.c_float(1.0 / speed))
    seed_noise()
    return _Pointer(_library().flite_synth_text(text.encode("ascii"), _Pointer(voice)))


def _words(utterance: _Pointer) -> Iterator[tuple[str, float, float]]:
    """Each word with the start of its first and the end of its last segment, in seconds."""
    for parent, group in groupby(_segments(utterance), key=lambda segment: segment[0]):
        if parent is not None:
            spans = [span for _, span in group]
            name: bytes = _library().item_feat_string(_Pointer(parent), b"name")
            yield name.decode("ascii"), spans[0][0], spans[-1][1]


def _segments(utterance: _Pointer) -> Iterator[tuple[int | None, tuple[float, float]]]:
    """Each segment: the word it belongs to (none for a pause), and its span in seconds."""
    flite = _library()
    segment = flite.relation_head(_Pointer(flite.utt_relation(utterance, b"Segment")))
    start = 0.0
    while segment:
        end: float = flite.item_feat_float(_Pointer(segment), b"end")
        syllable = flite.item_parent(_Pointer(flite.item_as(_Pointer(segment), b"SylStructure")))
        yield flite.item_parent(_Pointer(syllable)), (start, end)
        start = end
        segment = flite.item_next(_Pointer(segment))
