"""Sound as soundfile reads it: all of it, at its true place, and little of it in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.exports import FORMATS, Selection, SoundPart, select, sound
from app.exports.audible import Audible
from app.exports.document import ExportDocument
from app.files import OutputError
from tests.unit.app.export_documents import AWKWARD

RATE = 16_000
EXACT = ["wav", "flac"]

Frames = NDArray[np.int16]
Record = Callable[..., SoundPart]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Makes a recording of noise that begins at a second of the meeting."""

    def made(
        start_s: float, length_s: float, rate: int = RATE, channels: int = 1, seed: int = 0
    ) -> SoundPart:
        path = tmp_path / f"part{start_s}.wav"
        shape = (round(length_s * rate), channels)
        noise = np.random.default_rng(seed).integers(-32_768, 32_768, shape, np.int16)
        soundfile.write(path, noise, rate)
        return SoundPart(path, start_s)

    return made


def samples(part: SoundPart) -> Frames:
    return np.asarray(soundfile.read(part.path, dtype="int16", always_2d=True)[0])


def export(document: ExportDocument, name: str, path: Path) -> tuple[Frames, int]:
    FORMATS[name].save(document, path)
    frames, rate = soundfile.read(path, dtype="int16", always_2d=True)
    return frames, rate


def of(*parts: SoundPart, selection: Selection | None = None) -> ExportDocument:
    return select(replace(AWKWARD, sound=parts), selection or Selection())


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("channels", [1, 2])
def test_wav_and_flac_are_exact(name: str, channels: int, record: Record, tmp_path: Path) -> None:
    part = record(0.0, 2.5, 44_100, channels)
    frames, rate = export(of(part), name, tmp_path / "out")
    assert rate == 44_100
    np.testing.assert_array_equal(frames, samples(part))
    info = soundfile.info(tmp_path / "out")
    assert (info.format, info.subtype) == (name.upper(), "PCM_16")


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_opus_has_the_sound_at_its_time(rate: int, tmp_path: Path) -> None:
    moments = np.arange(3 * rate) / rate
    tone = 0.5 * np.sin(2 * np.pi * 440 * moments) * ((moments > 1) & (moments < 2))
    soundfile.write(tmp_path / "tone.wav", tone, rate)
    frames, read_rate = export(of(SoundPart(tmp_path / "tone.wav")), "opus", tmp_path / "out")
    assert soundfile.info(tmp_path / "out").subtype == "OPUS"
    assert abs(len(frames) / read_rate - 3.0) < 0.001
    heard = np.flatnonzero(np.abs(frames[:, 0]) > 3_000) / read_rate
    assert abs(heard[0] - 1.0) < 0.01
    assert abs(heard[-1] - 2.0) < 0.01
    spectrum = np.abs(np.fft.rfft(frames[read_rate : 2 * read_rate, 0]))
    assert abs(int(spectrum.argmax()) - 440) <= 1


@pytest.mark.parametrize("name", EXACT)
def test_recordings_stand_at_their_place_with_silence_between(
    name: str, record: Record, tmp_path: Path
) -> None:
    parts = [record(0.0, 1.0), record(2.5, 1.0, seed=1), record(3.25, 0.5, seed=2)]
    frames, _ = export(of(*parts), name, tmp_path / "out")
    first, second, third = map(samples, parts)
    expected = np.concatenate([first, np.zeros((24_000, 1), np.int16), second, third[4_000:]])
    np.testing.assert_array_equal(frames, expected)  # where they overlap, the earlier one is heard


def test_sources_are_heard_together(record: Record, tmp_path: Path) -> None:
    mine, later = record(0.0, 1.5, seed=1), record(2.5, 1.5, seed=2)
    theirs = replace(record(1.2, 2.0, seed=3), source="system")
    alone, _ = export(of(mine, later), "wav", tmp_path / "alone")
    together, _ = export(of(mine, later, theirs), "wav", tmp_path / "together")
    expected = alone.astype(np.int32)
    expected[round(1.2 * RATE) :][: 2 * RATE] += samples(theirs)
    np.testing.assert_array_equal(together, np.clip(expected, -32_768, 32_767))


def test_recordings_of_other_devices_fit_the_best_one(record: Record, tmp_path: Path) -> None:
    moments = np.arange(8_000) / 8_000
    slow = np.sin(2 * np.pi * 440 * moments)
    soundfile.write(tmp_path / "slow.wav", 0.5 * slow, 8_000)
    part = record(0.0, 1.0, 44_100, 2)
    frames, rate = export(of(part, SoundPart(tmp_path / "slow.wav", 1.5)), "wav", tmp_path / "out")
    assert (rate, frames.shape) == (44_100, (110_250, 2))
    np.testing.assert_array_equal(frames[:44_100], samples(part))
    assert not frames[44_100:66_150].any()
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100)
    for channel in frames[66_150:].T / 32_768:
        assert np.abs(channel - tone)[500:-500].max() < 0.01


@given(
    starts=st.lists(st.integers(0, 6_000), min_size=1, max_size=3),
    cut=st.tuples(st.integers(0, 5_000), st.integers(1, 4_000)),
)
def test_a_part_is_what_the_whole_has_there(
    tmp_path_factory: pytest.TempPathFactory, starts: list[int], cut: tuple[int, int]
) -> None:
    folder, rate, length = tmp_path_factory.mktemp("parts"), 1_000, 1_500
    parts = []
    for number, start in enumerate(sorted(starts)):
        path = folder / f"{number}.wav"
        soundfile.write(path, np.full(length, (number + 1) / 8), rate)
        parts.append(SoundPart(path, start / 1_000))
    whole, _ = export(of(*parts), "wav", folder / "whole")
    begin, end = cut[0], cut[0] + cut[1]
    part = of(*parts, selection=Selection(begin / 1_000, end / 1_000, from_zero=True))
    if begin >= len(whole):
        with pytest.raises(OutputError, match="no sound in this part"):
            export(part, "wav", folder / "part")
        return
    heard, _ = export(part, "wav", folder / "part")
    np.testing.assert_array_equal(heard, whole[begin:end])


@pytest.mark.parametrize("from_zero", [False, True])
def test_only_the_chosen_people_are_heard(from_zero: bool, record: Record, tmp_path: Path) -> None:
    part = record(0.0, 8.0)
    selection = Selection(1.0, 7.0, ("Ada Lovelace", "李 雷"), from_zero)
    frames, _ = export(of(part, selection=selection), "wav", tmp_path / "out")
    expected = samples(part)[RATE : 7 * RATE]
    expected[int(0.75 * RATE) : 4 * RATE] = 0  # Ada speaks until 1.75 s, the other from 5 s on
    np.testing.assert_array_equal(frames, expected)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=6))
def test_moments_lie_in_any_of_the_stretches(pairs: list[tuple[int, int]]) -> None:
    stretches = [(float(min(pair)), float(max(pair))) for pair in pairs]
    moments = np.arange(0, 52, 0.5)
    expected = [any(start <= m < end for start, end in stretches) for m in moments]
    assert Audible.of(stretches).at(moments).tolist() == expected


@pytest.mark.parametrize("name", ["wav", "flac", "opus"])
def test_a_long_meeting_does_not_fill_the_memory(name: str, tmp_path: Path) -> None:
    path, rate = tmp_path / "long.wav", 8_000
    with soundfile.SoundFile(path, "w", rate, 1, "PCM_16") as file:
        for _ in range(300):
            file.write(np.zeros(rate, np.int16))
    tracemalloc.start()
    FORMATS[name].save(of(SoundPart(path)), tmp_path / "out")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert soundfile.info(tmp_path / "out").duration == pytest.approx(300, abs=0.01)
    assert peak < 1_000_000  # 300 s are 9,600,000 bytes as they are read


def test_a_wav_of_more_than_4_gb_has_64_bit_sizes(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = record(0.0, 1.0)
    monkeypatch.setattr(sound, "WAV_LIMIT_BYTES", 31_999)
    frames, _ = export(of(part), "wav", tmp_path / "out")
    assert soundfile.info(tmp_path / "out").format == "RF64"
    np.testing.assert_array_equal(frames, samples(part))
    half = of(part, selection=Selection(end_s=0.5))
    export(half, "wav", tmp_path / "half")
    assert soundfile.info(tmp_path / "half").format == "WAV"


def test_what_cannot_be_is_explained(record: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"earlier")
    part = record(0.0, 1.0)
    many = record(1.0, 0.1, channels=9)
    with pytest.raises(OutputError, match="no recording of this meeting"):
        FORMATS["wav"].save(AWKWARD, out)
    with pytest.raises(OutputError, match="does not exist"):
        FORMATS["wav"].save(of(part, SoundPart(tmp_path / "gone.wav", 2.0)), out)
    with pytest.raises(OutputError, match="no sound in this part"):
        FORMATS["opus"].save(of(part, selection=Selection(start_s=2.0)), out)
    with pytest.raises(OutputError, match=r"as PCM_16 .* for example wav"):
        FORMATS["flac"].save(of(many), out)
    assert out.read_bytes() == b"earlier"
    assert {path.name for path in tmp_path.iterdir()} == {"out", part.path.name, many.path.name}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_sound_goes_to_an_ordinary_file_only(record: Record) -> None:
    with pytest.raises(OutputError, match="no ordinary file"):
        FORMATS["wav"].save(of(record(0.0, 0.1)), Path("/dev/full"))
