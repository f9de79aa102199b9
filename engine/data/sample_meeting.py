"""The sample meeting that comes with the app, synthesised from a script of our own.

Three people who are in no training data talk for about two minutes with the words of the small
world. :func:`build` writes the recording and its reference, the same for the same seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile

from engine.data.corpus import Aligned
from engine.data.simulation import Audio, PlacedTurn, SpokenTurn
from engine.data.sources import TURN_PAUSE_S, fade
from engine.data.synthesis import Voice, sample_voices, synthesise
from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE, to_samples, to_seconds

SESSION = "meeting"

# A comma is a short pause. A plus sign: it begins before the turn in front of it is over.
SCRIPT = """
Sarah: well good people, three need more time here
Robert: right, always more time, always more work
Alan: +very good
Sarah: last time people looked about, nine people, seven work
Robert: +only nine, never more, think about nine
Alan: still very good, five people, good hand work
Sarah: people want something more, little house, good room
Alan: three room house, well down here, good place
Robert: +long away, very long away, need something back here
Sarah: right
Alan: after work people want home, home about seven
Robert: always home about five, never nine, never seven
Sarah: +never nine
Alan: love home time, little time, very good time
Sarah: think about last house, people never looked down
Robert: +also very little room, three people, only three
Alan: +right, only three
Sarah: good work place, make more room, right here
Robert: thought long about something, need good hand work
Alan: +well, hand work, after three, always little time
Sarah: going home after work, going back about nine
Robert: still going, always work, never home, love work
Alan: +love work
Sarah: well, something very good, people want five more
Robert: five more people, good, make place, make room
Alan: +make time also
Sarah: right, make time, three long, seven only little
Alan: think people need something more, more love, more time
Robert: +well thought, very well thought
Sarah: last thought, right here, after five, down back room
Robert: back room, nine always looked good, never long
Alan: +very good place
Sarah: good work, good people, also very good time
Robert: +going home, long work, love home
Alan: well, home time, very good, after three
"""
CAST: dict[str, Voice] = {
    name: replace(voice, speed=0.82)
    for name, voice in zip(("Sarah", "Robert", "Alan"), sample_voices(), strict=True)
}
"""Who speaks with which voice."""

_LEVELS = {"Sarah": 0.9, "Robert": 0.75, "Alan": 1.0}
_NOISE_RMS = 0.0012  # some 36 dB below the speech
_EDGE_S = 0.8
_PAUSE_S, _GAP_S, _OVERLAP_S = (0.2, 0.45), (0.15, 0.9), (1.1, 2.0)


@dataclass(frozen=True)
class Line:
    """A turn of the script: its phrases, and whether it begins before the one in front ends."""

    speaker: str
    phrases: tuple[str, ...]
    overlaps: bool

    @property
    def text(self) -> str:
        """The words alone."""
        return " ".join(self.phrases)


def script() -> tuple[Line, ...]:
    """The turns in the order in which they begin."""
    return tuple(_line(*written.split(": ")) for written in SCRIPT.strip().splitlines())


def build(output: Path, seed: int = 7) -> None:
    """Write ``meeting.flac`` (16 kHz mono) and ``meeting.seglst.json`` into the folder ``output``.

    Raises:
        EngineError: when Flite is not installed or the folder cannot be written.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        turns = _perform(random.Random(seed))
        segments = ",\n".join(json.dumps(_segment(turn)) for turn in turns)
        (output / f"{SESSION}.seglst.json").write_text(f"[\n{segments}\n]\n")
        soundfile.write(output / f"{SESSION}.flac", _mix(turns, seed), SAMPLE_RATE, "PCM_16")
    except (OSError, soundfile.SoundFileError) as error:
        raise EngineError(f"{output} cannot be written: choose another folder ({error})") from error


def _perform(chance: random.Random) -> list[PlacedTurn]:
    lines = script()
    return _place(lines, [_speak(line, chance) for line in lines], chance)


def _line(speaker: str, written: str) -> Line:
    phrases = tuple(phrase.strip() for phrase in written.strip("+").split(","))
    return Line(speaker, phrases, overlaps=written.startswith("+"))


def _speak(line: Line, chance: random.Random) -> SpokenTurn:
    """The phrases of a turn with pauses between them, cut where its words begin and end."""
    pieces: list[Audio] = []
    words: list[Aligned] = []
    for phrase in line.phrases:
        if pieces:
            pieces.append(np.zeros(_draw(_PAUSE_S, chance), np.float32))
        said = synthesise(CAST[line.speaker], phrase)
        first, last = said.words[0].start, said.words[-1].end
        shift = sum(map(len, pieces)) - first
        words += [Aligned(w.text, w.start + shift, w.end + shift) for w in said.words]
        pieces.append(fade(said.samples[first:last]) * np.float32(_LEVELS[line.speaker]))
    return SpokenTurn(line.speaker, np.concatenate(pieces), tuple(words), None)


def _draw(bounds_s: tuple[float, float], chance: random.Random) -> int:
    return to_samples(chance.uniform(*bounds_s))


def _place(
    lines: Sequence[Line], turns: Sequence[SpokenTurn], chance: random.Random
) -> list[PlacedTurn]:
    """Never three at once, and nobody goes on before a pause that ends their turn."""
    placed: list[PlacedTurn] = []
    for line, turn in zip(lines, turns, strict=True):
        *_, before, latest = sorted([0, to_samples(_EDGE_S), *(p.end for p in placed)])
        own = [p.end for p in placed if p.spoken.speaker == line.speaker]
        rested = max(own, default=0) + to_samples(TURN_PAUSE_S)
        if line.overlaps:
            start = latest - _draw(_OVERLAP_S, chance)
        else:
            start = latest + _draw(_GAP_S, chance)
        placed.append(PlacedTurn(turn, max(start, before, rested)))
    return placed


def _mix(turns: Sequence[PlacedTurn], seed: int) -> Audio:
    """All turns over the hum of a quiet room."""
    length = max(turn.end for turn in turns) + to_samples(_EDGE_S)
    mixture = _room_noise(length, seed)
    for turn in turns:
        mixture[turn.start : turn.end] += turn.spoken.samples
    return mixture


def _room_noise(length: int, seed: int) -> Audio:
    """Pink noise: as in a quiet room, most of it is low."""
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal(length))
    pink = np.fft.irfft(white / np.sqrt(np.arange(len(white)) + 30.0), length)
    noise: Audio = (pink * (_NOISE_RMS / pink.std())).astype(np.float32)
    return noise


def _segment(turn: PlacedTurn) -> dict[str, str | float | list[tuple[float, float]]]:
    """A segment of SegLST with one key more: start and end of every word."""
    words = turn.spoken.words
    return {
        "session_id": SESSION,
        "speaker": turn.spoken.speaker,
        "words": " ".join(word.text for word in words),
        "start_time": to_seconds(turn.start),
        "end_time": to_seconds(turn.end),
        "word_times": [
            (to_seconds(turn.start + word.start), to_seconds(turn.start + word.end))
            for word in words
        ],
    }
