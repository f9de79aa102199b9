"""What was recorded stays, whatever happens."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import app.recorder
from app.errors import RecordingError
from app.recorder import Recorder, RecordingReader, repair
from app.wav import HEADER_BYTES, WavFormat


def noise(frames: int, channels: int = 1) -> NDArray[np.int16]:
    values = np.random.default_rng(frames).integers(-32_768, 32_768, (frames, channels))
    return values.astype(np.int16)


def recorded(path: Path) -> NDArray[np.int16]:
    values, _ = soundfile.read(path, dtype="int16", always_2d=True)
    return np.asarray(values, np.int16)


@given(cuts=st.lists(st.integers(0, 3_000), max_size=6), channels=st.integers(1, 8))
def test_every_frame_in_is_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], channels: int
) -> None:
    path = tmp_path_factory.mktemp("cuts") / "a.wav"
    frames = noise(sum(cuts), channels)
    with Recorder(path, 44_100, channels) as recorder:
        for block in np.split(frames, np.cumsum(cuts)):
            recorder.write(block)
        assert recorder.frames_written == len(frames)
    assert np.array_equal(recorded(path), frames)


def test_nothing_recorded_is_a_valid_file_too(tmp_path: Path) -> None:
    Recorder(tmp_path / "a.wav", 48_000, 2).close()
    assert soundfile.info(tmp_path / "a.wav").frames == 0


def test_the_file_is_valid_while_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.recorder, "SYNC_INTERVAL_S", 0.0)
    with Recorder(tmp_path / "a.wav", 16_000, 1) as recorder:
        for number in range(1, 6):
            recorder.write(noise(1_000))
            assert soundfile.info(tmp_path / "a.wav").frames == 1_000 * number


def test_the_header_is_brought_up_to_date_every_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("app.recorder.time.monotonic", lambda: now[0])
    with Recorder(tmp_path / "a.wav", 16_000, 1) as recorder:
        for now[0], expected in [(0.5, 0), (0.89, 0), (0.9, 30), (1.5, 30), (1.8, 50)]:
            recorder.write(noise(10))
            assert soundfile.info(tmp_path / "a.wav").frames == expected


def test_an_existing_file_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"precious")
    with pytest.raises(RecordingError, match="exists already"):
        Recorder(path, 16_000, 1)
    assert path.read_bytes() == b"precious"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_an_unwritable_folder_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RecordingError, match=r"cannot be written to\. Change its permissions"):
        Recorder(tmp_path / "a.wav", 16_000, 1)


def test_a_file_in_place_of_the_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("not a folder")
    with pytest.raises(RecordingError, match="Check the disk and the folder"):
        Recorder(tmp_path / "folder" / "a.wav", 16_000, 1)


class Disk:
    """A file on a disk with room for ``room`` bytes in all, which counts what is written."""

    def __init__(self, path: Path, room: int = 1 << 40) -> None:
        self._file = path.open("xb", buffering=0)
        self.room = room
        self.written = 0

    def write(self, data: bytes | memoryview) -> int:
        space = self.room - self._file.tell()
        if space <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        count = self._file.write(bytes(data)[:space])
        self.written += count
        return count

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def write_all(recorder: Recorder, blocks: list[NDArray[np.int16]]) -> None:
    for block in blocks:
        recorder.write(block)


@pytest.mark.parametrize("room", [81, 82, 83, 84, 1_000, 1_001, 1_002, 1_003, 5_000])
def test_a_full_disk_keeps_all_that_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    path, frames = tmp_path / "a.wav", noise(2_000, 2)
    disk = Disk(path, room)
    monkeypatch.setattr(Path, "open", lambda *_, **__: disk)
    recorder = Recorder(path, 16_000, 2)
    monkeypatch.undo()
    with pytest.raises(RecordingError, match=r"is full\. Everything recorded so far is saved"):
        write_all(recorder, np.split(frames, 40))
    kept = (room - HEADER_BYTES) // 4
    assert recorder.frames_written == kept
    disk.room = 1_000_000  # somebody made space
    recorder.write(frames[kept:])
    recorder.close()
    assert np.array_equal(recorded(path), frames)


def test_a_disk_without_room_for_the_header_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(tmp_path / "a.wav", 0)
    monkeypatch.setattr(Path, "open", lambda *_, **__: disk)
    with pytest.raises(RecordingError, match="is full"):
        Recorder(tmp_path / "a.wav", 16_000, 1)
    assert list(tmp_path.iterdir()) == []


def test_frames_of_another_shape_are_refused(tmp_path: Path) -> None:
    with Recorder(tmp_path / "a.wav", 16_000, 2) as recorder, pytest.raises(ValueError, match="2"):
        recorder.write(noise(5, 1))


def test_closing_writes_the_header_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(tmp_path / "a.wav")
    monkeypatch.setattr(Path, "open", lambda *_, **__: disk)
    recorder = Recorder(tmp_path / "a.wav", 16_000, 1)
    recorder.write(noise(100_000))
    before = disk.written
    recorder.close()
    assert disk.written - before == HEADER_BYTES


def test_discarding_removes_only_an_empty_file(tmp_path: Path) -> None:
    empty, full = (Recorder(tmp_path / name, 16_000, 1) for name in ("empty.wav", "full.wav"))
    full.write(noise(1))
    empty.discard_if_empty()
    full.discard_if_empty()
    assert [path.name for path in tmp_path.iterdir()] == ["full.wav"]


def test_a_reader_follows_the_writer(tmp_path: Path) -> None:
    frames = noise(5_000, 2)
    read = []
    path = tmp_path / "a.wav"
    with Recorder(path, 16_000, 2) as recorder, RecordingReader(path) as reader:
        assert reader.wav == WavFormat(16_000, 2)
        for block in np.split(frames, 10):
            assert not len(reader.read(100))
            recorder.write(block)
            read += [reader.read(300), reader.read(10_000)]
            assert reader.position == recorder.frames_written
    assert np.array_equal(np.concatenate(read), frames)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"x" * 1_000])
def test_a_reader_refuses_what_is_no_recording(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(RecordingError, match="not a recording that this program made"):
        RecordingReader(tmp_path / "a.wav")


@pytest.mark.parametrize("extra", [0, 1, 2, 3])
@pytest.mark.parametrize("frames", [0, 1, 777])
def test_repair_makes_all_whole_frames_readable_and_deletes_nothing(
    tmp_path: Path, frames: int, extra: int
) -> None:
    path, sound = tmp_path / "a.wav", noise(frames, 2)
    content = sound.tobytes() + b"\x01" * extra  # a crash in the middle of a frame
    path.write_bytes(WavFormat(16_000, 2).header(0) + content)
    assert repair(path) == frames
    assert path.read_bytes()[HEADER_BYTES:] == content
    assert np.array_equal(recorded(path), sound)


@pytest.mark.parametrize("size", [0, 1, HEADER_BYTES - 1])
def test_repair_leaves_a_file_without_a_header_alone(tmp_path: Path, size: int) -> None:
    content = WavFormat(16_000, 2).header(0)[:size]
    (tmp_path / "a.wav").write_bytes(content)
    assert repair(tmp_path / "a.wav") == 0
    assert (tmp_path / "a.wav").read_bytes() == content


def test_repair_leaves_foreign_files_alone(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(100), 16_000)
    before = (tmp_path / "a.wav").read_bytes()
    with pytest.raises(RecordingError, match="nothing was changed"):
        repair(tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_bytes() == before
    with pytest.raises(RecordingError, match="cannot be used"):
        repair(tmp_path / "missing.wav")


def test_repair_past_4_gib(tmp_path: Path) -> None:
    path, wav = tmp_path / "a.wav", WavFormat(48_000, 2)
    frames = 3 << 30  # 12 GiB, sparse
    with path.open("xb") as file:
        file.write(wav.header(5))
        file.truncate(HEADER_BYTES + frames * wav.frame_bytes)
    assert repair(path) == frames
    assert soundfile.info(path).frames == frames


RECORD_FOREVER = """
    import sys
    from pathlib import Path
    import numpy as np
    from app.recorder import Recorder

    recorder = Recorder(Path(sys.argv[1]), 16_000, 1)
    while True:
        first = recorder.frames_written
        recorder.write((np.arange(first, first + 160) % 32_768).astype(np.int16)[:, None])
        print(recorder.frames_written, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_loses_nothing_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    program = [sys.executable, "-c", textwrap.dedent(RECORD_FOREVER), str(path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(200):
            line = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert repair(path) >= int(line)
    expected = np.arange(len(recorded(path))) % 32_768
    assert np.array_equal(recorded(path)[:, 0], expected)
