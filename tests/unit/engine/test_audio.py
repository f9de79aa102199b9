"""Any recording becomes mono at 16 kHz, whole; a bad one says what to do."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.audio import Resampler16k, read_info, stream_16k
from engine.errors import AudioError
from engine.timeline import SAMPLE_RATE

RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000]


def tone(rate: int, seconds: float, hertz: float = 440.0) -> NDArray[np.float32]:
    """A sine of half full scale: (samples,) float32."""
    time_s = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * time_s)).astype(np.float32)


def whole(path: Path, start: int = 0) -> NDArray[np.float32]:
    blocks = list(stream_16k(path, start=start))
    assert all(len(block) for block in blocks)
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def middle(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without the ends, where a sine that starts suddenly is not band-limited."""
    return samples[SAMPLE_RATE // 4 : -SAMPLE_RATE // 4]


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_gives_the_same_tone_without_a_shift(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", tone(rate, 2.0), rate)
    samples = whole(tmp_path / "a.wav")
    assert len(samples) == 2 * SAMPLE_RATE
    assert samples.dtype == np.float32
    expected = tone(SAMPLE_RATE, 2.0)
    assert np.abs(middle(samples) - middle(expected)).max() < 2e-3


@pytest.mark.parametrize("channels", range(1, 9))
def test_channels_are_averaged(tmp_path: Path, channels: int) -> None:
    frames = np.zeros((SAMPLE_RATE, channels), np.float32)
    frames[:, 0] = tone(SAMPLE_RATE, 1.0)
    soundfile.write(tmp_path / "a.wav", frames, SAMPLE_RATE, subtype="FLOAT")
    assert read_info(tmp_path / "a.wav").channels == channels
    assert whole(tmp_path / "a.wav") == pytest.approx(frames[:, 0] / channels, abs=1e-6)


@pytest.mark.parametrize(
    ("subtype", "step"), [("PCM_U8", 2**-7), ("PCM_16", 2**-15), ("PCM_24", 2**-23)]
)
def test_every_sample_width(tmp_path: Path, subtype: str, step: float) -> None:
    soundfile.write(tmp_path / "a.wav", tone(SAMPLE_RATE, 0.5), SAMPLE_RATE, subtype=subtype)
    assert np.abs(whole(tmp_path / "a.wav") - tone(SAMPLE_RATE, 0.5)).max() <= 2 * step


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "aiff", "w64", "rf64"])
def test_every_container(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, tone(SAMPLE_RATE, 1.0), SAMPLE_RATE)
    assert read_info(path).duration_s == pytest.approx(1.0, abs=0.1)
    assert len(whole(path)) == read_info(path).frames


def test_int16_is_divided_by_32768(tmp_path: Path) -> None:
    values = np.array([-32_768, -1, 0, 1, 32_767], np.int16)
    soundfile.write(tmp_path / "a.wav", values, SAMPLE_RATE)
    assert np.array_equal(whole(tmp_path / "a.wav"), values / np.float32(32_768))


def test_nan_and_infinity_are_silence_and_loud_is_clipped(tmp_path: Path) -> None:
    values = np.array([0.5, np.nan, np.inf, -np.inf, 7.0, -7.0, 0.25], np.float32)
    soundfile.write(tmp_path / "a.wav", values, SAMPLE_RATE, subtype="FLOAT")
    assert whole(tmp_path / "a.wav").tolist() == [0.5, 0, 0, 0, 1, -1, 0.25]


@pytest.mark.parametrize("rate", RATES)
def test_one_sample(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.5]), rate)
    assert read_info(tmp_path / "a.wav").frames == 1
    assert len(whole(tmp_path / "a.wav")) == int(SAMPLE_RATE / rate + 0.5)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
@pytest.mark.parametrize("start", [0, 1, 15_999, 16_000, 40_007, 47_999, 48_000, 1_000_000])
def test_start_leaves_out_exactly_what_comes_before(tmp_path: Path, rate: int, start: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 3 * rate)
    soundfile.write(tmp_path / "a.wav", noise, rate)
    assert whole(tmp_path / "a.wav", start) == pytest.approx(
        whole(tmp_path / "a.wav")[start:], abs=1e-6
    )


@given(
    rate=st.sampled_from([*RATES, 12_345]),
    channels=st.integers(1, 3),
    cuts=st.lists(st.integers(0, 6_000), max_size=8),
    integers=st.booleans(),
)
def test_cutting_changes_nothing(rate: int, channels: int, cuts: list[int], integers: bool) -> None:
    noise = np.random.default_rng(rate).normal(0, 3_000, (6_000, channels))
    frames = noise.astype(np.int16) if integers else (noise / 32_768).astype(np.float32)
    one, cut = Resampler16k(rate, channels), Resampler16k(rate, channels)
    expected = np.concatenate([one.push(frames), one.flush()])
    edges = [0, *sorted(cuts), len(frames)]
    pieces = [cut.push(frames[a:b]) for a, b in pairwise(edges)]
    assert np.array_equal(np.concatenate([*pieces, cut.flush()]), expected)
    assert len(expected) == pytest.approx(6_000 * SAMPLE_RATE / rate, abs=1)


def test_integers_and_floats_of_the_same_sound_give_the_same_samples() -> None:
    frames = np.random.default_rng(2).integers(-32_768, 32_768, (9_000, 3)).astype(np.int16)
    integers, floats = Resampler16k(44_100, 3), Resampler16k(44_100, 3)
    as_floats = (frames / 32_768).astype(np.float32)
    assert np.array_equal(integers.push(frames), floats.push(as_floats))


def test_frames_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected \(n, 2\) frames"):
        Resampler16k(48_000, 2).push(np.zeros((10, 1), np.int16))
    with pytest.raises(ValueError, match="positive"):
        Resampler16k(0, 1)


def bad_files(folder: Path) -> dict[str, Path]:
    """One file of each unusable kind."""
    files = {
        "does not exist": folder / "missing.wav",
        "is a folder": folder / "folder",
        "is empty": folder / "empty.wav",
        "holds no sound": folder / "header.wav",
        "not audio": folder / "notes.wav",
        "without a header": folder / "samples.raw",
    }
    files["is a folder"].mkdir()
    files["is empty"].touch()
    soundfile.write(files["holds no sound"], np.zeros(0), SAMPLE_RATE)
    files["not audio"].write_text("Minutes of the meeting. " * 99)
    files["without a header"].write_bytes(bytes(1_000))
    return files


@pytest.mark.parametrize(
    "problem",
    [
        "does not exist",
        "is a folder",
        "is empty",
        "holds no sound",
        "not audio",
        "without a header",
    ],
)
def test_unusable_files_say_why_and_what_to_do(tmp_path: Path, problem: str) -> None:
    path = bad_files(tmp_path)[problem]
    for attempt in (read_info, whole):
        with pytest.raises(AudioError, match=problem) as caught:
            attempt(path)
        assert str(path) in str(caught.value)
        assert str(caught.value).count(".") >= 2  # what happened, and what to do


def test_a_header_cut_in_two_is_not_audio(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(SAMPLE_RATE, 0.1), SAMPLE_RATE)
    (tmp_path / "b.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:30])
    with pytest.raises(AudioError, match="not audio"):
        read_info(tmp_path / "b.wav")


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_a_truncated_file_gives_all_it_has_and_then_says_so(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, 4 * SAMPLE_RATE).astype(np.float32)
    whole_file, cut_file = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    soundfile.write(whole_file, noise, SAMPLE_RATE)
    data = whole_file.read_bytes()
    cut_file.write_bytes(data[: len(data) // 2])
    blocks: list[NDArray[np.float32]] = []
    with pytest.raises(AudioError, match=r"cut short or damaged: [12]\.\d s of 4\.0 s"):
        blocks.extend(stream_16k(cut_file))
    samples = np.concatenate(blocks)
    assert len(samples) > 1.6 * SAMPLE_RATE
    assert np.array_equal(samples, whole(whole_file)[: len(samples)])


CONTAINERS = [
    ("WAV", "IMA_ADPCM"),
    ("RF64", "PCM_16"),
    ("W64", "PCM_16"),
    ("AIFF", "PCM_16"),
    ("AU", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
]


@pytest.mark.parametrize(("container", "subtype"), CONTAINERS)
def test_a_cut_is_noticed_where_the_reader_takes_a_shorter_file_for_whole(
    tmp_path: Path, container: str, subtype: str
) -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, 4 * SAMPLE_RATE).astype(np.float32)
    path = tmp_path / "a.audio"
    soundfile.write(path, noise, SAMPLE_RATE, format=container, subtype=subtype)
    assert len(whole(path)) == pytest.approx(4 * SAMPLE_RATE, rel=0.01)
    data = path.read_bytes()
    for share in (0.5, 0.9):
        path.write_bytes(data[: round(share * len(data))])
        blocks: list[NDArray[np.float32]] = []
        with pytest.raises(AudioError, match=r"cut short or damaged: \d\.\d s could be read"):
            blocks.extend(stream_16k(path))
        assert sum(map(len, blocks)) > 0.4 * share * 4 * SAMPLE_RATE


@pytest.mark.parametrize("size", [0x7FFF_FFFF, 0xFFFF_FFFF])
def test_a_streamed_header_of_unknown_size_is_not_taken_for_damage(
    tmp_path: Path, size: int
) -> None:
    soundfile.write(tmp_path / "a.wav", tone(SAMPLE_RATE, 1.0), SAMPLE_RATE)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[4:8] = data[40:44] = struct.pack("<I", size)
    (tmp_path / "a.wav").write_bytes(data)
    assert len(whole(tmp_path / "a.wav")) == SAMPLE_RATE


def test_a_flac_that_does_not_know_its_length_is_counted(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", tone(SAMPLE_RATE, 1.3), SAMPLE_RATE)
    data = bytearray((tmp_path / "a.flac").read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    (tmp_path / "a.flac").write_bytes(data)
    assert read_info(tmp_path / "a.flac").frames == round(1.3 * SAMPLE_RATE)
    assert np.abs(whole(tmp_path / "a.flac") - tone(SAMPLE_RATE, 1.3)).max() < 1e-4


def test_an_unreadable_file_names_its_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.wav").write_bytes(b"x")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioError, match=r"cannot be opened .* permissions"):
        read_info(tmp_path / "a.wav")
