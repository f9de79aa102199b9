"""What was heard is on the disk, whatever happens: kills, power cuts, cut files, full disks.

``python -m tests.end2end.test_recording_faults --times 100`` kills a hundred recordings.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.exports import FORMATS, ExportDocument, SoundPart
from app.recorder import Recorder, repair
from app.sound import MeetingSound, Segment, Source
from app.wav import HEADER_BYTES
from tests.needs import lacking

RATE = 48_000
KILLS = 6
PACE = 4.0
"""Times real time: a second of the meeting lasts a quarter of one."""

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL and limits")


def talk(path: Path) -> NDArray[np.int16]:
    """Half a minute of noise, each frame unlike its neighbours."""
    frames = np.random.default_rng(4).integers(-20_000, 20_000, (30 * RATE, 1)).astype(np.int16)
    soundfile.write(path, frames, RATE)
    return frames


def victim(file: Path, recording: Path, *before: str) -> list[str]:
    command = [sys.executable, "-m", "tests.recording_victim", str(file), str(recording)]
    return [*before, *command, str(PACE)]


def killed(file: Path, recording: Path, after_s: float) -> int:
    """Record until a kill; how many frames were given to the recorder."""
    with subprocess.Popen(victim(file, recording), stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(after_s)
        os.kill(process.pid, signal.SIGKILL)
        given = (first + process.stdout.read()).split(b"\n")
    return int(given[-2])


def frames_by_ffmpeg(path: Path) -> int:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    return len(subprocess.run(command, capture_output=True, check=True).stdout) // 2


def check_kill(file: Path, frames: NDArray[np.int16], recording: Path, after_s: float) -> None:
    given = killed(file, recording, after_s)
    before = recording.read_bytes()
    # Unrepaired, as another program finds it: the header is at most a second old.
    written = soundfile.info(recording).frames
    assert given - RATE * PACE * 1.5 <= written <= given + RATE
    assert frames_by_ffmpeg(recording) >= written
    repaired = repair(recording)
    assert repaired >= given  # a kill loses nothing that was written
    assert recording.read_bytes()[HEADER_BYTES:] == before[HEADER_BYTES:]
    values, rate = soundfile.read(recording, dtype="int16", always_2d=True)
    assert (len(values), rate) == (repaired, RATE)
    np.testing.assert_array_equal(values, frames[:repaired])
    assert frames_by_ffmpeg(recording) == repaired


def check_kills(folder: Path, times: int, seed: int) -> None:
    frames = talk(folder / "talk.wav")
    moments = np.random.default_rng(seed).uniform(0.0, 1.2, times)
    for number, after_s in enumerate(moments):
        recording = folder / f"recording{number}.wav"
        check_kill(folder / "talk.wav", frames, recording, float(after_s))
        recording.unlink()


def test_a_kill_at_any_moment_loses_nothing_that_was_heard(tmp_path: Path) -> None:
    if not shutil.which("ffmpeg"):
        lacking("needs ffmpeg")
    check_kills(tmp_path, KILLS, seed=5)


def test_what_is_written_is_forced_to_the_disk_every_second(tmp_path: Path) -> None:
    """As the kernel sees it: a power cut loses what came after the last sync."""
    if not shutil.which("strace"):
        lacking("needs strace")
    talk(tmp_path / "talk.wav")
    log, recording = tmp_path / "log", tmp_path / "recording.wav"
    watch = ["strace", "-f", "-ttt", "-y", "-e", "trace=fsync,fdatasync", "-o", str(log)]
    run = subprocess.run(
        victim(tmp_path / "talk.wav", recording, *watch), capture_output=True, cwd=ROOT, check=False
    )
    if run.returncode and b"ptrace" in run.stderr:
        lacking("needs the right to trace")
    assert run.returncode == 0, run.stderr
    pattern = re.compile(rf"(\d+\.\d+) f(?:data)?sync\(\d+<{re.escape(str(recording))}>")
    moments = [
        float(found[1]) for line in log.read_text().splitlines() if (found := pattern.search(line))
    ]
    apart = [after - before for before, after in pairwise(moments)]
    assert len(moments) >= 7  # 30 s at four times their pace
    assert np.median(apart) <= 1.0
    assert max(apart) <= 1.3  # what a busy machine adds


@settings(max_examples=40)
@given(size=st.integers(0, HEADER_BYTES + 4_001), tail=st.binary(max_size=3))
def test_a_file_that_was_cut_anywhere_opens_with_all_that_is_left(
    tmp_path_factory: pytest.TempPathFactory, size: int, tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("cut") / "a.wav"
    frames = np.arange(1_000, dtype=np.int16).reshape(-1, 2)
    with Recorder(path, RATE, 2) as recorder:
        recorder.write(frames)
    whole = path.read_bytes()
    path.write_bytes(whole[:size] + tail)
    before = path.read_bytes()
    left = max(0, len(before) - HEADER_BYTES) // 4
    if len(before) >= HEADER_BYTES and size >= HEADER_BYTES:
        assert repair(path) == left
        assert soundfile.info(path).frames == left
        if left:
            values, _ = soundfile.read(path, dtype="int16")
            kept = min(left, (min(size, len(whole)) - HEADER_BYTES) // 4)
            np.testing.assert_array_equal(values[:kept], frames[:kept])
    assert path.read_bytes()[HEADER_BYTES:] == before[HEADER_BYTES:]  # nothing is cut off
    assert len(path.read_bytes()) == len(before)


LIMITED = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import numpy as np, soundfile
from app.audio.file_source import FileSource
from app.session import LiveMeeting
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
meeting = LiveMeeting(FileSource(Path(sys.argv[1]), None), Path(sys.argv[2]), None, lambda _: None)
try:
    meeting.start()
    meeting.wait()
    print(meeting.error)
except Exception as error:
    print("refused", type(error).__name__)
"""


@pytest.mark.parametrize("limit", [0, 40, 80, 81, 2_000, 80 + 96_000, 1_000_001])
def test_a_file_that_may_not_grow_is_closed_with_everything_in_it(
    tmp_path: Path, limit: int
) -> None:
    """The kernel refuses the write, wherever it comes; a full disk answers the same way."""
    frames, recording = talk(tmp_path / "talk.wav"), tmp_path / "a.wav"
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "talk.wav"), str(recording)]
    run = subprocess.run([*command, str(limit)], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    if limit <= HEADER_BYTES:
        assert run.stdout.startswith("refused RecordingError")
        assert not recording.exists()
        return
    assert "full" in run.stdout or "refused" in run.stdout
    if not recording.exists():
        return
    values, _ = soundfile.read(recording, dtype="int16", always_2d=True)
    assert len(values) == (limit - HEADER_BYTES) // 2
    np.testing.assert_array_equal(values, frames[: len(values)])


def test_a_recording_of_more_than_4_gb_opens_plays_is_repaired_and_exported(tmp_path: Path) -> None:
    """Sparse: it takes no room, but every number in it is as large as that of a real one."""
    path, second = tmp_path / "long.wav", np.full((RATE, 2), 8_192, np.int16)
    day_s = 24 * 3_600
    recorder = Recorder(path, RATE, 2)
    recorder.frames_written = day_s * RATE
    recorder.write(second)
    os.fsync(recorder._file.fileno())
    recorder._file.close()  # as after a kill: the header knows of nothing
    assert repair(path) == (day_s + 1) * RATE
    assert soundfile.info(path).frames == (day_s + 1) * RATE
    with MeetingSound([Segment(path, Source.MICROPHONE, 0)], 16_000) as sound:
        assert sound.frames == (day_s + 1) * 16_000
        np.testing.assert_allclose(sound.read(day_s * 16_000 + 4_000, 8_000), 0.25, atol=1e-3)
    end = ExportDocument(
        "long", "Long", [], start_s=day_s - 1.0, end_s=day_s + 1.0, sound=(SoundPart(path),)
    )
    FORMATS["wav"].save(end, tmp_path / "end.wav")
    values, _ = soundfile.read(tmp_path / "end.wav", dtype="int16")
    assert (len(values), values[0].max(), values[-1].min()) == (2 * RATE, 0, 8_192)


def main() -> None:
    options = argparse.ArgumentParser(description="Kill recordings at random moments.")
    options.add_argument("--times", type=int, default=100)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        check_kills(Path(folder), chosen.times, chosen.seed)
    print(f"{chosen.times} recordings were killed; none lost anything that was written.")


if __name__ == "__main__":
    main()
