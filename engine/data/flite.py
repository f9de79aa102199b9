"""Speech of CMU Flite, through its shared library, with the times of its words and phones."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import numpy as np

from engine.data.corpus import Aligned
from engine.data.system_speech import RawSpeech, seed_noise, shared_library

_HINT = "install flite (Debian: apt install flite)"
_MEAN_PITCH = b"int_f0_target_mean"
_USUAL_PITCH_HZ = 100.0
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


def speak(name: str, text: str, pitch: float | None = None, speed: float = 1.0) -> RawSpeech:
    """Let a voice say something.

    Args:
        name: one of Flite's built-in voices, such as ``slt``.
        text: what to say: words in lower case, and commas and stops if wanted.
        pitch: factor on the mean pitch that the voice states, or 100 Hz where it states none;
            without it every voice has its natural pitch.
        speed: factor on its speed.

    Raises:
        EngineError: when Flite or the voice is not installed.
    """
    utterance = _synthesise(name, text, pitch, speed)
    try:
        wave = _Wave.from_address(_library().utt_wave(utterance))
        samples = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).copy()
        rate: int = wave.sample_rate
        segments = list(_segments(utterance, rate))
        words = tuple(_words(segments))
    finally:
        _library().delete_utterance(utterance)
    spoken = tuple(segment for word, segment in segments if word is not None)
    return RawSpeech(samples, rate, words, spoken)


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
def _voice(name: str) -> tuple[int, float | None]:
    """The voice and the mean pitch in hertz that it states; statistical voices state none."""
    _library()
    register = getattr(shared_library(f"flite_cmu_us_{name}", _HINT), f"register_cmu_us_{name}")
    register.restype = _Pointer
    voice: int = register(None)
    mean = _library().get_param_float(_features(voice), _MEAN_PITCH, ctypes.c_float(0.0))
    return voice, mean or None


def _features(voice: int) -> _Pointer:
    """The features are the second member of a ``cst_voice``, after its name."""
    return _Pointer.from_address(voice + ctypes.sizeof(_Pointer))


def _set_pitch(voice: int, mean: float | None, pitch: float | None) -> None:
    if pitch is None and mean is None:
        _library().feat_remove(_features(voice), _MEAN_PITCH)
        return
    target = (mean or _USUAL_PITCH_HZ) * (pitch or 1.0)
    _library().flite_feat_set_float(_features(voice), _MEAN_PITCH, ctypes.c_float(target))


def _synthesise(name: str, text: str, pitch: float | None, speed: float) -> _Pointer:
    voice, mean = _voice(name)
    _set_pitch(voice, mean, pitch)
    stretch = ctypes.c_float(1.0 / speed)
    _library().flite_feat_set_float(_features(voice), b"duration_stretch", stretch)
    seed_noise()
    return _Pointer(_library().flite_synth_text(text.encode("ascii"), _Pointer(voice)))


def _words(segments: list[tuple[int | None, Aligned]]) -> Iterator[Aligned]:
    """Each word with the start of its first and the end of its last segment."""
    for parent, group in groupby(segments, key=lambda segment: segment[0]):
        if parent is not None:
            spans = [segment for _, segment in group]
            name = _library().item_feat_string(_Pointer(parent), b"name").decode("ascii")
            yield Aligned(name, spans[0].start, spans[-1].end)


def _segments(utterance: _Pointer, rate: int) -> Iterator[tuple[int | None, Aligned]]:
    """Each segment, and the word that it belongs to: none for a pause."""
    flite = _library()
    segment = flite.relation_head(_Pointer(flite.utt_relation(utterance, b"Segment")))
    start = 0
    while segment:
        end = round(flite.item_feat_float(_Pointer(segment), b"end") * rate)
        name = flite.item_feat_string(_Pointer(segment), b"name").decode("ascii")
        syllable = flite.item_parent(_Pointer(flite.item_as(_Pointer(segment), b"SylStructure")))
        yield flite.item_parent(_Pointer(syllable)), Aligned(name, start, end)
        start = end
        segment = flite.item_next(_Pointer(segment))
