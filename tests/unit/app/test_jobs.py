"""The queue of jobs: files that are brought in, meetings transcribed later or once more."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from filelock import FileLock
from numpy.typing import NDArray

from app.corrections.words import EditWords
from app.jobs import bring_in
from app.jobs.engines import EngineChoice
from app.jobs.job import Changed, Job, JobState, Progress, Step
from app.jobs.worker import Worker
from app.paths import library_path, recordings_dir
from app.recorder import Recorder
from app.session import EngineSession
from app.sound import Segment, Source
from app.store import Library, MeetingState, StoreError
from app.store_voices import VoiceTable
from app.transcript import Transcript
from engine.audio import read_info
from engine.errors import ModelError
from engine.events import TurnEvent
from engine.timeline import SAMPLE_RATE
from tests.media import bursts, write_media
from tests.scripted_engine import ScriptedEngine, spoken

RATE = 8_000
SCRIPT: list[TurnEvent] = [
    *spoken(1, 0.1, 0.8, "yes we can"),
    *spoken(2, 1.0, 1.5, "no", speaker=2, channel=1),
    *spoken(3, 1.6, 1.9, "the end"),
]
SAID = ["yes we can", "no", "the end"]


def scripted(model: str | None) -> Callable[[], EngineSession]:
    return lambda: ScriptedEngine(SCRIPT)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, bursts(2.0, RATE), RATE)
    return path


class Told:
    """What a worker says."""

    def __init__(self) -> None:
        self.progress: list[Progress] = []
        self.changes: list[int | None] = []
        self.errors: list[Exception] = []

    def __call__(self, message: object) -> None:
        match message:
            case Progress():
                self.progress.append(message)
            case Changed():
                self.changes.append(message.job_id)
            case Exception():
                self.errors.append(message)


def add(*paths: Path, model: str | None = None) -> list[Job]:
    with Library(library_path()) as library:
        return library.jobs.add_files(paths, model)


def jobs() -> list[Job]:
    with Library(library_path()) as library:
        return library.jobs.all()


def job(job_id: int) -> Job:
    (found,) = [each for each in jobs() if each.id == job_id]
    return found


def work(engine: EngineChoice = scripted) -> Told:
    """Do all there is to do."""
    told = Told()
    worker = Worker(library_path(), engine, told)
    worker.wake()
    assert worker.wait(30)
    assert not told.errors
    return told


def texts(meeting_id: int | None) -> list[str]:
    assert meeting_id is not None
    with Library(library_path()) as library:
        return [turn.text for turn in library.load(meeting_id).ordered()]


def recorded(seconds: float = 2.0, title: str = "Plans") -> int:
    """A meeting with sound and without text, as one that was recorded only."""
    path = recordings_dir() / f"{title}.wav"
    with Recorder(path, SAMPLE_RATE, 1) as recorder:
        recorder.write((bursts(seconds, SAMPLE_RATE) * 9_999).astype(np.int16)[:, None])
    with Library(library_path()) as library:
        number = library.create_meeting(title, path, datetime.now(UTC)).id
        library.finish_meeting(number, seconds)
    return number


class Slow(ScriptedEngine):
    """Takes its time, and says when it has begun."""

    def __init__(self, script: Sequence[TurnEvent] = SCRIPT, pause_s: float = 0.05) -> None:
        super().__init__(script)
        self.begun = threading.Event()
        self._pause_s = pause_s

    def accept(self, samples: NDArray[np.float32]) -> None:
        super().accept(samples)
        self.begun.set()
        time.sleep(self._pause_s)


def test_a_file_becomes_a_meeting_with_its_sound_and_its_words(talk: Path) -> None:
    written = datetime(2024, 5, 17, 7, 30, tzinfo=UTC)
    os.utime(talk, (written.timestamp(), written.timestamp()))
    (added,) = add(talk)
    told = work()
    done = job(added.id)
    assert (done.state, done.message, done.heard_s, done.length_s) == (JobState.DONE, "", 2.0, 2.0)
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
        assert [turn.provisional for turn in library.load(meeting.id).ordered()] == [False] * 3
    assert meeting.id == done.meeting_id
    assert (meeting.title, meeting.state) == ("talk", MeetingState.FINISHED)
    assert (meeting.started_at, meeting.duration_s) == (written, 2.0)
    assert texts(meeting.id) == SAID
    assert meeting.recording == recordings_dir() / "talk.wav"
    talk.unlink()  # nobody needs the original any more
    kept, rate = soundfile.read(meeting.recording)
    assert rate == RATE
    assert kept == pytest.approx(bursts(2.0, RATE), abs=1e-4)
    assert told.changes[0] == told.changes[-1] == added.id


def test_a_video_becomes_a_meeting(tmp_path: Path) -> None:
    video = write_media(tmp_path / "😀 שיחה.mp4", bursts(2.0), video="mpeg4", start_s=1.0)
    (added,) = add(video)
    work()
    done = job(added.id)
    assert (done.state, done.title) == (JobState.DONE, "😀 שיחה")
    assert texts(done.meeting_id) == SAID
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
    assert read_info(meeting.recording).sample_rate == 48_000
    assert read_info(meeting.recording).duration_s == pytest.approx(3.0, abs=0.05)


def test_the_channels_of_a_file_are_mixed(tmp_path: Path) -> None:
    path = tmp_path / "two.flac"
    soundfile.write(path, np.tile([0.5, -0.25], (RATE, 1)), RATE)
    (added,) = add(path)
    work()
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
    kept, _ = soundfile.read(meeting.recording)
    assert kept == pytest.approx(0.125, abs=1e-4)
    assert job(added.id).state is JobState.DONE


def bad_files(folder: Path) -> dict[Path, str]:
    """Files that cannot be brought in, with what is to be said about them."""
    letter, empty, header = folder / "letter.mp4", folder / "empty.wav", folder / "header.wav"
    letter.write_text("Dear grandmother, this is a letter.")
    empty.touch()
    soundfile.write(header, np.zeros(0), RATE)
    silent = write_media(folder / "silent.mp4", None, video="mpeg4", seconds=1.0)
    cut = write_media(folder / "cut.mp4", bursts(3.0), video="mpeg4")
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    return {
        letter: "not audio or video",
        empty: r"empty \(0 bytes\)",
        header: "holds no sound",
        silent: "no audio track",
        cut: "cut short",
        folder / "missing.wav": "does not exist",
        folder: "is a folder",
    }


def test_each_bad_file_says_why_and_the_next_one_has_its_turn(tmp_path: Path, talk: Path) -> None:
    bad = bad_files(tmp_path)
    added = add(*bad, talk)
    work()
    for each, words in zip(added, bad.values(), strict=False):
        failed = job(each.id)
        assert (failed.state, failed.meeting_id) == (JobState.FAILED, None)
        assert re.search(words, failed.message)
    assert job(added[-1].id).state is JobState.DONE
    assert [path.name for path in recordings_dir().iterdir()] == ["talk.wav"]


def test_of_a_damaged_file_the_readable_part_is_kept_and_marked(talk: Path) -> None:
    talk.write_bytes(talk.read_bytes()[: talk.stat().st_size // 2])
    (added,) = add(talk)
    work()
    done = job(added.id)
    assert done.state is JobState.DONE
    assert "cut short" in done.message
    assert done.length_s == pytest.approx(1.0, abs=0.01)
    assert texts(done.meeting_id) == SAID


def test_what_is_missing_of_a_file_is_still_told_after_a_failure(talk: Path) -> None:
    talk.write_bytes(talk.read_bytes()[: talk.stat().st_size // 2])
    (added,) = add(talk)
    work(lambda model: lambda: ScriptedEngine(SCRIPT, fail_at=1))
    assert "stopped unexpectedly" in job(added.id).message
    with Library(library_path()) as library:
        library.jobs.retry(added.id)
    work()
    assert job(added.id).state is JobState.DONE
    assert "cut short" in job(added.id).message


def test_a_meeting_in_the_bin_is_not_transcribed() -> None:
    number = recorded()
    with Library(library_path()) as library:
        added = library.jobs.add_meeting(number)
        library.bin.put(number)
    work()
    assert (job(added.id).state, "in the bin" in job(added.id).message) == (JobState.FAILED, True)
    assert texts(number) == []


def test_a_name_is_cleaned_and_never_taken_twice(tmp_path: Path) -> None:
    paths = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / ("a:b?" + "x" * 200 + ".wav"))
        soundfile.write(paths[-1], bursts(0.2, RATE), RATE)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.wav"))
    soundfile.write(str(tmp_path / "odd.wav"), bursts(0.2, RATE), RATE)
    (tmp_path / "odd.wav").rename(odd)
    added = add(*paths, odd)
    work()
    assert {each.state for each in jobs()} == {JobState.DONE}
    assert len({path.name for path in recordings_dir().iterdir()}) == 3
    assert all(len(path.name) < 100 for path in recordings_dir().iterdir())
    assert job(added[2].id).title == "�"


def test_a_full_disk_is_told_and_retry_goes_on(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (added,) = add(talk)
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "_append", full)
        work()
    failed = job(added.id)
    assert failed.state is JobState.FAILED
    assert "is full" in failed.message
    assert "Free some space and try again" in failed.message
    assert list(recordings_dir().iterdir()) == []
    with Library(library_path()) as library:
        assert library.meetings() == []
        library.jobs.retry(added.id)
    work()
    assert job(added.id).state is JobState.DONE


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is locked for root")
def test_a_locked_folder_is_told(talk: Path) -> None:
    (added,) = add(talk)
    recordings_dir().chmod(0o500)
    try:
        work()
    finally:
        recordings_dir().chmod(0o700)
    assert "permissions" in job(added.id).message


def test_a_folder_that_cannot_be_written_is_told(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (added,) = add(talk)
    real = Path.open

    def locked(path: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if "x" in mode:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, mode, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    work()
    assert job(added.id).state is JobState.FAILED
    assert "Change its permissions" in job(added.id).message


def test_an_engine_that_cannot_be_made_is_told_and_the_sound_is_kept(talk: Path) -> None:
    def broken(model: str | None) -> Callable[[], EngineSession]:
        raise ModelError(f"There is no model called {model!r}.")

    (added,) = add(talk, model="best")
    work(broken)
    failed = job(added.id)
    assert (failed.state, failed.message) == (JobState.FAILED, "There is no model called 'best'.")
    talk.unlink()
    with Library(library_path()) as library:
        library.jobs.retry(added.id)
    asked: list[str | None] = []

    def mended(model: str | None) -> Callable[[], EngineSession]:
        asked.append(model)
        return scripted(model)

    work(mended)
    assert asked == ["best"]
    assert (job(added.id).state, texts(failed.meeting_id)) == (JobState.DONE, SAID)


def test_an_engine_that_breaks_is_told_and_the_next_one_has_its_turn(
    tmp_path: Path, talk: Path
) -> None:
    engines = [ScriptedEngine(SCRIPT), ScriptedEngine(SCRIPT, fail_at=9_000)]
    added = add(talk, talk)
    work(lambda model: lambda: engines.pop())
    states = [job(each.id).state for each in added]
    assert states == [JobState.FAILED, JobState.DONE]
    assert "stopped unexpectedly" in job(added[0].id).message


def test_a_meeting_without_text_is_transcribed_later() -> None:
    number = recorded()
    with Library(library_path()) as library:
        added = library.jobs.add_meeting(number)
    work()
    assert job(added.id).state is JobState.DONE
    assert texts(number) == SAID
    with Library(library_path()) as library:
        assert library.corrections.can_undo(number) is None


def test_transcribing_again_keeps_what_was_corrected_and_can_be_undone() -> None:
    number = recorded()
    with Library(library_path()) as library:
        library.jobs.add_meeting(number)
    work()
    with Library(library_path()) as library:
        transcript = library.load(number)
        library.corrections.make(number, EditWords(2, "no thanks"), transcript)
        library.jobs.add_meeting(number, "better")
    fresh = [*spoken(1, 0.1, 0.8, "yes he can"), *spoken(2, 1.0, 1.5, "so", speaker=2, channel=1)]
    work(lambda model: lambda: ScriptedEngine(fresh))
    assert texts(number) == ["yes he can", "no thanks"]
    with Library(library_path()) as library:
        library.corrections.undo(number, library.load(number))
    assert texts(number) == ["yes we can", "no thanks", "the end"]


def test_what_is_corrected_while_a_job_runs_stays() -> None:
    number = recorded()
    with Library(library_path()) as library:
        library.jobs.add_meeting(number)
    work()
    slow = Slow()
    with Library(library_path()) as library:
        library.jobs.add_meeting(number)
        worker = Worker(library_path(), lambda model: lambda: slow, Told())
        worker.wake()
        assert slow.begun.wait(10)
        library.corrections.make(number, EditWords(2, "no thanks"), library.load(number))
        assert worker.wait(30)
    assert texts(number) == ["yes we can", "no thanks", "the end"]


def test_a_meeting_waits_only_once_and_not_while_it_is_recorded() -> None:
    number = recorded()
    with Library(library_path()) as library:
        library.jobs.add_meeting(number)
        with pytest.raises(Exception, match="being transcribed already"):
            library.jobs.add_meeting(number)
        live = library.create_meeting(None, recordings_dir() / "x.wav", datetime.now(UTC)).id
        with pytest.raises(Exception, match="still being recorded"):
            library.jobs.add_meeting(live)


def test_cancelling_ends_at_once_and_the_next_one_has_its_turn(talk: Path) -> None:
    first, second = add(talk, talk)
    engines: list[ScriptedEngine] = [ScriptedEngine(SCRIPT), slow := Slow(pause_s=0.3)]
    worker = Worker(library_path(), lambda model: lambda: engines.pop(), Told())
    worker.wake()
    assert slow.begun.wait(10)
    began = time.monotonic()
    with Library(library_path()) as library:
        library.jobs.cancel(first.id)
    worker.cancel(first.id)
    while job(second.id).state is JobState.WAITING and time.monotonic() - began < 5:
        time.sleep(0.02)
    assert time.monotonic() - began < 1.0
    assert worker.wait(30)
    assert [job(first.id).state, job(second.id).state] == [JobState.CANCELLED, JobState.DONE]
    assert texts(job(first.id).meeting_id) == []


def test_a_job_that_is_tried_again_at_once_is_done_all_the_same(talk: Path) -> None:
    (added,) = add(talk)
    slow = Slow(pause_s=0.3)
    engines: list[ScriptedEngine] = [ScriptedEngine(SCRIPT), slow]
    worker = Worker(library_path(), lambda model: lambda: engines.pop(), Told())
    worker.wake()
    assert slow.begun.wait(10)
    with Library(library_path()) as library:
        library.jobs.cancel(added.id)
        worker.cancel(added.id)
        worker.allow(added.id)
        library.jobs.retry(added.id)
    worker.wake()
    assert worker.wait(30)
    assert (job(added.id).state, texts(job(added.id).meeting_id)) == (JobState.DONE, SAID)


def test_cancelling_from_another_program_ends_it_too(talk: Path) -> None:
    (added,) = add(talk)
    slow = Slow(pause_s=0.2)
    worker = Worker(library_path(), lambda model: lambda: slow, Told())
    worker.wake()
    assert slow.begun.wait(10)
    with Library(library_path()) as library:
        library.jobs.cancel(added.id)
    assert worker.wait(3)
    assert job(added.id).state is JobState.CANCELLED
    assert slow.heard < 2 * SAMPLE_RATE


def test_cancelling_while_it_is_copied_leaves_nothing(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (added,) = add(talk)
    monkeypatch.setattr(bring_in, "BLOCK_S", 0.1)
    told = Told()

    def cancel(message: object) -> None:
        told(message)
        if isinstance(message, Progress) and message.step is Step.COPYING:
            worker.cancel(added.id)

    worker = Worker(library_path(), scripted, cancel)
    worker.wake()
    assert worker.wait(10)
    assert (job(added.id).state, job(added.id).meeting_id) == (JobState.CANCELLED, None)
    assert list(recordings_dir().iterdir()) == []


def test_waiting_jobs_change_places(tmp_path: Path, talk: Path) -> None:
    a, b, c = (each.id for each in add(talk, talk, talk))
    with Library(library_path()) as library:
        table = library.jobs
        table.move(c, -1)
        assert [each.id for each in table.all()] == [a, c, b]
        table.move(a, 5)
        assert [each.id for each in table.all()] == [c, b, a]
        table.move(c, -1)
        table.remove(b)
        assert [each.id for each in table.all()] == [c, a]
        taken = table.next()
        assert taken is not None
        assert taken.id == c
        table.remove(c)  # it runs
        table.move(c, 1)
        assert [each.id for each in table.all()] == [c, a]


def test_what_is_done_is_cleared_and_a_destroyed_meeting_takes_its_job_along(talk: Path) -> None:
    done, waiting = add(talk), recorded()
    work()
    with Library(library_path()) as library:
        job_id = library.jobs.add_meeting(waiting).id
        library.jobs.clear()
        assert [each.id for each in library.jobs.all()] == [job_id]
        library.bin.put(waiting)
        library.bin.empty()
        assert library.jobs.all() == []
    assert done


def test_a_job_waits_while_a_meeting_is_recorded(talk: Path) -> None:
    (added,) = add(talk)
    told = Told()
    worker = Worker(library_path(), scripted, told)
    worker.hold(True)
    worker.wake()
    deadline = time.monotonic() + 5
    while not told.progress and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [each.step for each in told.progress] == [Step.PAUSED]
    assert job(added.id).state is JobState.RUNNING
    assert texts_of_all() == []
    worker.hold(False)
    assert worker.wait(10)
    assert job(added.id).state is JobState.DONE


def texts_of_all() -> list[str]:
    with Library(library_path()) as library:
        return [text for meeting in library.meetings() for text in texts(meeting.id)]


def test_a_job_waits_for_the_recording_of_another_program(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.jobs import meter

    monkeypatch.setattr(meter, "LOOKED_EVERY_S", 0.05)
    told = Told()
    with Library(library_path()) as library:
        live = library.create_meeting(None, recordings_dir() / "x.wav", datetime.now(UTC)).id
        (added,) = add(talk)
        worker = Worker(library_path(), scripted, told)
        worker.wake()
        assert not worker.wait(0.5)
        assert {each.step for each in told.progress} == {Step.PAUSED}
        library.discard_meeting(live)
        assert worker.wait(10)
    assert job(added.id).state is JobState.DONE


def test_progress_tells_how_long_it_still_takes() -> None:
    heard = Progress(1, Step.HEARING, 60.0, 180.0, speed=2.0)
    assert heard.left_s == 60.0
    assert replace(heard, speed=0.0).left_s is None
    assert replace(heard, length_s=None).left_s is None
    assert replace(heard, step=Step.PAUSED).left_s is None


def test_progress_is_told_often_but_not_at_every_block(talk: Path) -> None:
    soundfile.write(talk, bursts(20.0, RATE), RATE)
    (added,) = add(talk)
    told = Told()
    worker = Worker(library_path(), lambda model: lambda: Slow(pause_s=0.008), told)
    worker.wake()
    assert worker.wait(30)
    heard = [each for each in told.progress if each.step is Step.HEARING]
    assert 3 <= len(heard) <= 25
    assert heard == sorted(heard, key=lambda each: each.done_s)
    assert heard[-1].length_s == 20.0
    assert heard[-1].speed > 1
    assert job(added.id).state is JobState.DONE


def test_two_workers_never_work_at_once(talk: Path) -> None:
    add(*[talk] * 6)
    at_work, most = [0], [0]

    class Counted(ScriptedEngine):
        def accept(self, samples: NDArray[np.float32]) -> None:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            time.sleep(0.01)
            at_work[0] -= 1
            super().accept(samples)

    told = [Told(), Told()]
    workers = [Worker(library_path(), lambda m: lambda: Counted(SCRIPT), each) for each in told]
    for worker in workers:
        worker.wake()
    assert all([worker.wait(60) for worker in workers])
    assert {each.state for each in jobs()} == {JobState.DONE}
    assert most == [1]
    with Library(library_path()) as library:
        assert len(library.meetings()) == 6


def test_while_another_program_works_nothing_is_begun(talk: Path) -> None:
    (added,) = add(talk)
    worker = Worker(library_path(), scripted, Told())
    with FileLock(library_path().parent / "jobs.lock", thread_local=False):
        worker.wake()
        assert not worker.wait(0.4)
        assert job(added.id).state is JobState.WAITING
    assert worker.wait(10)
    assert job(added.id).state is JobState.DONE


def test_a_worker_that_is_stopped_leaves_its_job_to_the_next(talk: Path) -> None:
    (added,) = add(talk)
    slow = Slow()
    worker = Worker(library_path(), lambda model: lambda: slow, Told())
    worker.wake()
    assert slow.begun.wait(10)
    worker.stop()
    assert worker.wait(2)
    assert job(added.id).state is JobState.WAITING
    work()
    assert (job(added.id).state, texts(job(added.id).meeting_id)) == (JobState.DONE, SAID)
    with Library(library_path()) as library:
        assert len(library.meetings()) == 1


KILLED = """
import sys, time
from pathlib import Path
from app.jobs.worker import Worker
from app.paths import library_path
from tests.unit.app.test_jobs import SCRIPT, Slow

class Talking(Slow):
    def accept(self, samples):
        super().accept(samples)
        print(self.heard, flush=True)

def tell(message):
    print(message, flush=True)

if sys.argv[1] == "copying":
    from app.recorder import Recorder
    append = Recorder._append
    def slowly(*arguments):
        append(*arguments)
        print("copied", flush=True)
        time.sleep(0.5)
    Recorder._append = slowly
worker = Worker(library_path(), lambda model: lambda: Talking(), tell)
worker.wake()
worker.wait()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize(("step", "sign"), [("copying", "copied"), ("hearing", r"\d{5}\n")])
def test_a_killed_job_ends_up_as_one_that_was_not_disturbed(
    tmp_path: Path, talk: Path, step: str, sign: str
) -> None:
    (added,) = add(talk)
    command = [sys.executable, "-c", KILLED, step]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if re.match(sign, line):
                break
        process.kill()
        process.stdout.read()
    assert job(added.id).state is JobState.RUNNING
    work()
    done = job(added.id)
    assert (done.state, texts(done.meeting_id)) == (JobState.DONE, SAID)
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
    assert [path.name for path in recordings_dir().iterdir()] == ["talk.wav"]
    assert read_info(meeting.recording).frames == 2 * RATE


def test_a_crash_before_the_sound_got_its_name_loses_nothing(talk: Path) -> None:
    (added,) = add(talk)
    with Library(library_path()) as library:
        taken = library.jobs.next()
        assert taken is not None
        part = recordings_dir() / f".import-{added.id}.part"
        brought = bring_in.bring_in(talk, part, lambda done, length: None)
        home = recordings_dir() / "talk.wav"
        library.jobs.arrive(added.id, home, datetime.now(UTC), brought.duration_s, "")
    talk.unlink()
    work()
    assert [path.name for path in recordings_dir().iterdir()] == ["talk.wav"]
    assert texts(job(added.id).meeting_id) == SAID


def test_a_library_that_cannot_be_used_ends_the_work_with_a_reason() -> None:
    library_path().write_bytes(b"no database" * 1_000)
    told = Told()
    worker = Worker(library_path(), scripted, told)
    worker.wake()
    assert worker.wait(10)
    assert ["not a library" in str(error) for error in told.errors] == [True]


def test_a_meeting_whose_sound_is_gone_says_so() -> None:
    number = recorded()
    (recordings_dir() / "Plans.wav").unlink()
    with Library(library_path()) as library:
        added = library.jobs.add_meeting(number)
        library.save_turns(number, transcript := Transcript())
    assert not transcript.turns
    work()
    assert (job(added.id).state, "does not exist" in job(added.id).message) == ("failed", True)


def test_each_source_of_a_meeting_is_heard_by_a_session_of_its_own() -> None:
    number = recorded(4.0)
    for name, source, start in (
        ("later", Source.MICROPHONE, 5 * SAMPLE_RATE),
        ("music", Source.SYSTEM, SAMPLE_RATE),
    ):
        path = recordings_dir() / f"{name}.wav"
        with Recorder(path, 48_000, 1) as recorder:
            recorder.write(np.ones((48_000, 1), np.int16))
        with Library(library_path()) as library:
            library.add_segment(number, Segment(path, source, start))
    with Library(library_path()) as library:
        library.jobs.add_meeting(number)
    made: list[ScriptedEngine] = []

    def engine() -> EngineSession:
        script = spoken(1, 0.2, 0.8, "from the room") if not made else spoken(1, 1.0, 1.9, "hello")
        made.append(ScriptedEngine(script))
        return made[-1]

    work(lambda model: engine)
    assert [each.heard for each in made] == [6 * SAMPLE_RATE, 2 * SAMPLE_RATE]
    assert texts(number) == ["from the room", "hello"]
    with Library(library_path()) as library:
        turns = library.load(number).ordered()
    assert [turn.channel for turn in turns] == [0, 2]
    assert len({turn.speaker for turn in turns}) == 2


def test_a_text_that_cannot_be_saved_leaves_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    number = recorded()
    with Library(library_path()) as library:
        library.jobs.add_meeting(number)
    work()
    with Library(library_path()) as library:
        added = library.jobs.add_meeting(number)
    fresh = spoken(1, 0.1, 0.8, "something else")

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(VoiceTable, "hear_again", full)  # the last thing that is saved
        work(lambda model: lambda: ScriptedEngine(fresh))
    assert (job(added.id).state, job(added.id).message) == (JobState.FAILED, "The disk is full.")
    assert texts(number) == SAID
    with Library(library_path()) as library:
        assert library.corrections.can_undo(number) is None
        library.jobs.retry(added.id)
    work(lambda model: lambda: ScriptedEngine(fresh))
    assert texts(number) == ["something else"]
