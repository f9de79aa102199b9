"""The sound of videos, and of audio that libsndfile does not know."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.audio import read_info, stream_16k
from engine.audio_file import AudioReader
from engine.errors import AudioError
from engine.timeline import SAMPLE_RATE
from tests.media import bursts, write_media

KINDS = {
    "talk.mp4": ("aac", "mpeg4"),
    "talk.mov": ("aac", "mpeg4"),
    "talk.mkv": ("libopus", "mpeg4"),
    "talk.webm": ("libopus", "libvpx"),
    "talk.avi": ("libmp3lame", "mpeg4"),
    "talk.ts": ("aac", "mpeg4"),
    "talk.m4a": ("aac", None),
    "talk.aac": ("aac", None),
    "talk.ac3": ("ac3", None),
    "pcm.mkv": ("pcm_s16le", None),
    "bytes.mkv": ("pcm_u8", None),
    "😀 שלום عربى.mp4": ("aac", "mpeg4"),
    "no ending": ("libopus", None),
}


def write(folder: Path, name: str, sound: NDArray[np.float32]) -> Path:
    audio, video = KINDS[name]
    path = folder / name
    written = path if path.suffix else folder / "talk.mka"
    write_media(written, sound, audio, video)
    return written.rename(path)


def heard(path: Path) -> NDArray[np.float32]:
    return np.concatenate(list(stream_16k(path)))


def heard_until_damage(path: Path) -> tuple[float, str]:
    """Seconds that could be heard, and what was said at the end."""
    samples = 0
    try:
        for block in stream_16k(path):
            samples += len(block)
    except AudioError as error:
        return samples / SAMPLE_RATE, str(error)
    return samples / SAMPLE_RATE, ""


def first_sound(samples: NDArray[np.float32]) -> float:
    """Seconds until something is heard."""
    return float(np.argmax(np.abs(samples) > 0.1)) / SAMPLE_RATE


@pytest.mark.parametrize("name", KINDS)
def test_a_file_of_every_kind_is_heard_whole_and_in_time(tmp_path: Path, name: str) -> None:
    samples = heard(write(tmp_path, name, bursts(3.0)))
    expected = bursts(3.0, SAMPLE_RATE)
    assert abs(len(samples) / SAMPLE_RATE - 3.0) < 0.05
    shift = 800  # an encoder may leave its delay in the file
    likeness = [
        float(np.corrcoef(np.abs(samples[lag : lag + 40_000]), np.abs(expected[:40_000]))[0, 1])
        for lag in range(0, shift, 10)
    ]
    assert max(likeness) > 0.9
    assert read_info(tmp_path / name).duration_s == pytest.approx(3.0, abs=0.15)


@pytest.mark.parametrize("name", ["late.mp4", "late.mkv"])
def test_sound_that_begins_after_the_picture_keeps_its_place(tmp_path: Path, name: str) -> None:
    audio = "aac" if name.endswith("mp4") else "libopus"
    path = write_media(tmp_path / name, bursts(2.0), audio, "mpeg4", start_s=2.0)
    samples = heard(path)
    assert first_sound(samples) == pytest.approx(2.5, abs=0.05)
    assert len(samples) / SAMPLE_RATE == pytest.approx(4.0, abs=0.05)


def test_a_hole_in_the_sound_is_silence(tmp_path: Path) -> None:
    whole = write_media(tmp_path / "whole.mkv", bursts(4.0), "pcm_s16le")
    content = bytearray(whole.read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    (tmp_path / "hole.mkv").write_bytes(content)
    pieces: list[NDArray[np.float32]] = []
    try:
        for piece in stream_16k(tmp_path / "hole.mkv"):
            pieces.append(piece)
    except AudioError:
        pass
    samples, expected = np.concatenate(pieces), bursts(4.0, SAMPLE_RATE)
    assert len(samples) == pytest.approx(len(expected), abs=1600)
    tail = slice(-SAMPLE_RATE, -800)
    assert np.abs(samples[tail]).mean() == pytest.approx(np.abs(expected[tail]).mean(), rel=0.1)


def test_a_video_without_sound_is_named_so(tmp_path: Path) -> None:
    path = write_media(tmp_path / "silent.mp4", None, video="mpeg4", seconds=1.0)
    with pytest.raises(AudioError, match="no audio track"):
        read_info(path)


def test_a_video_that_lost_its_index_is_named_so(tmp_path: Path) -> None:
    path = write_media(tmp_path / "talk.mp4", bursts(3.0), video="mpeg4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(AudioError, match=r"index .* is missing.*Copy the file again"):
        read_info(path)


def test_a_video_that_is_cut_short_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_media(tmp_path / "talk.mkv", bursts(6.0), "libopus", "mpeg4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    seconds, complaint = heard_until_damage(path)
    assert 3.0 < seconds < 5.0
    assert re.search(r"cut short .* of 6\.0 s .* copy the file again", complaint)


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7])
def test_a_place_that_is_damaged_costs_nothing_but_itself(tmp_path: Path, place: float) -> None:
    path = write_media(tmp_path / "talk.m4a", bursts(6.0), options={"movflags": "faststart"})
    content = bytearray(path.read_bytes())
    begin = round(len(content) * place)
    content[begin : begin + 400] = np.random.default_rng(1).bytes(400)
    path.write_bytes(content)
    seconds, complaint = heard_until_damage(path)
    assert seconds == pytest.approx(6.0, abs=0.1)
    assert "damaged: in" in complaint


def test_a_letter_named_as_a_video_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp4"
    path.write_text("Dear grandmother, this is a letter. " * 99)
    with pytest.raises(AudioError, match=r"not audio or video .* Convert it"):
        read_info(path)


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    write_media(tmp_path / "talk.ts", bursts(1.0), video="mpeg4")
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:4,\ntalk.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(AudioError, match="not audio or video"):
        read_info(path)


def test_seeking_forth_and_back_finds_the_same_samples(tmp_path: Path) -> None:
    path = write_media(tmp_path / "talk.mkv", bursts(3.0), "pcm_s16le")
    with AudioReader(path) as reader:
        whole = np.concatenate(list(reader.blocks(10_000)))
        for frame in (20_000, 70_001, 5):
            reader.seek(frame)
            (block,) = [next(iter(reader.blocks(300)))]
            np.testing.assert_array_equal(block, whole[frame : frame + 300])


def test_channels_are_mixed(tmp_path: Path) -> None:
    import av

    path = tmp_path / "two.mkv"
    left, right = np.full(48_000, 0.5, np.float32), np.full(48_000, -0.25, np.float32)
    with av.open(str(path), "w") as file:
        track = file.add_stream("pcm_f32le", rate=48_000, layout="stereo")
        packed = np.stack([left, right], 1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
        frame.sample_rate = 48_000
        file.mux(track.encode(frame))
        file.mux(track.encode(None))
    with AudioReader(path) as reader:
        assert np.concatenate(list(reader.blocks(9_999))) == pytest.approx(0.125)
