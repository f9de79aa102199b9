from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from app import peaks
from app.peaks import BUCKET, Peaks, load_peaks
from app.sound import Segment, Source
from engine.errors import AudioError
from engine.timeline import to_samples

RATE = 48_000


def meeting(tmp_path: Path, seconds: float = 150.0) -> list[Segment]:
    """Silence but for one loud second at 0:20 and a short click at 1:40."""
    sound = np.zeros(round(seconds * RATE), np.float32)
    sound[20 * RATE : 21 * RATE] = 0.25
    sound[100 * RATE] = -0.81
    soundfile.write(tmp_path / "a.wav", sound, RATE, subtype="FLOAT")
    return [Segment(tmp_path / "a.wav", Source.MICROPHONE, 0)]


def loudest(finest: NDArray[np.uint8], start: float, end: float, wider: int = 0) -> int:
    """The loudest bucket that a piece touches, and ``wider`` more on both sides."""
    first, last = int(start // BUCKET) - wider, int(end // BUCKET) + wider
    return int(finest[max(0, first) : last + 1].max(initial=0))


def test_each_moment_is_as_loud_as_its_loudest_sample(tmp_path: Path) -> None:
    found = load_peaks(meeting(tmp_path), tmp_path)
    assert found.samples == pytest.approx(to_samples(150), abs=BUCKET)
    seconds = found.between(0, to_samples(150), 150)
    heard = {n: int(v) for n, v in enumerate(seconds) if v}
    assert heard.keys() <= {19, 20, 21, 99, 100, 101}  # a value counts where it is touched
    assert (heard[20], heard[100]) == (128, 230)


@pytest.mark.parametrize("buckets", [3, 5000, 40_000])
@pytest.mark.parametrize("count", [3, 100, 700])
def test_every_resolution_tells_the_same(buckets: int, count: int) -> None:
    finest = (255 * np.random.default_rng(0).random(40_000) ** 30).astype(np.uint8)
    start, end = (40_000 - buckets) // 2 * BUCKET, (40_000 + buckets) // 2 * BUCKET
    found = Peaks.of(finest).between(start, end, count)
    edges = np.linspace(start, end, count + 1)
    step = max(1, buckets // count)
    for value, a, b in zip(found, edges, edges[1:], strict=False):
        assert loudest(finest, a, b - BUCKET) <= value <= loudest(finest, a, b, wider=step)


def test_beyond_the_end_there_is_silence() -> None:
    whole = Peaks.of(np.full(10, 99, np.uint8))
    found = whole.between(0, 20 * BUCKET, 20)
    assert found.tolist() == [99] * 10 + [0] * 10
    assert whole.between(0, 0, 5).tolist() == [99] * 5
    assert not Peaks.of(np.zeros(0, np.uint8)).between(0, 1000, 7).any()


def test_they_are_kept_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segments = meeting(tmp_path)
    first = load_peaks(segments, tmp_path)
    monkeypatch.setattr(peaks, "_compute", lambda *_: pytest.fail("computed again"))
    again = load_peaks(segments, tmp_path)
    np.testing.assert_array_equal(again.levels[0], first.levels[0])
    assert sum(each.stat().st_size for each in (tmp_path / "peaks").iterdir()) < 12_000


def test_another_recording_has_others(tmp_path: Path) -> None:
    load_peaks(meeting(tmp_path), tmp_path)
    assert load_peaks(meeting(tmp_path, 160.0), tmp_path).samples > to_samples(155)


def test_they_grow_and_a_stop_keeps_nothing(tmp_path: Path) -> None:
    told: list[int] = []
    stopping = threading.Event()

    def grown(so_far: Peaks) -> None:
        told.append(so_far.samples)
        stopping.set()

    found = load_peaks(meeting(tmp_path), tmp_path, grown, stopping)
    assert told == [found.samples] == [60 * 16_000]
    assert not (tmp_path / "peaks").exists()


def test_only_so_many_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peaks, "MOST_FILES", 2)
    for seconds in (1.0, 2.0, 3.0):
        found = load_peaks(meeting(tmp_path, 101 + seconds), tmp_path)
    assert len(list((tmp_path / "peaks").iterdir())) == 2
    assert found.samples > 0


def test_no_recording_is_an_error_and_no_place_is_none(tmp_path: Path) -> None:
    with pytest.raises(AudioError):
        load_peaks([Segment(tmp_path / "no.wav", Source.FILE, 0)], tmp_path)
    (tmp_path / "peaks").write_text("a file, where a folder is wanted")
    assert load_peaks(meeting(tmp_path), tmp_path).samples > 0


def test_eight_hours_are_looked_up_at_once() -> None:
    whole = Peaks.of(np.zeros(8 * 3600 * 16_000 // BUCKET, np.uint8))
    start = time.perf_counter()
    for _ in range(20):
        whole.between(0, whole.samples, 1500)
    assert (time.perf_counter() - start) / 20 < 0.005
