"""What lies in the library when the pictures are drawn: the sample meeting, and invented ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from app.errors import AppError
from app.jobs.engines import engine_choice
from app.jobs.job import Changed, Job, JobState, Progress, Step
from app.jobs.worker import Worker
from app.models import default_model
from app.paths import library_path, recordings_dir, resource
from app.session import EngineFactory
from app.settings import Settings
from app.store import Library
from app.transcript import Transcript
from engine.errors import ModelError
from engine.events import TurnEnded, TurnEvent, TurnStarted, VoiceHeard
from tests.gui.scripted import Line, events_of_talk
from tests.scripted_engine import ScriptedEngine

SAMPLE = resource("sample/meeting.flac")
TITLE = "Sample meeting"
EARLIER = (
    ("Weekly planning", 1, 3125.0),
    ("Interview with Dr Okafor", 2, 1480.0),
    ("Design review: turn marks", 5, 2710.0),
    ("Choir committee", 9, 4012.0),
)
CUT_OFF = "Design review: turn marks"
THROWN_AWAY = (("Test of the microphone", 3, 42.0), ("Test of the microphone again", 3, 65.0))
NAMES = ("Sarah", "Robert", "Alan")
NOTES = ((13.7, "Ask Robert for the figures"), (41.0, ""), (69.5, "Decide next week"))
FILES = (
    ("Lecture on phonetics", JobState.RUNNING, ""),
    ("Letter to the editor", JobState.FAILED, "There is no sound in this file. Choose another."),
    ("Panel discussion", JobState.WAITING, ""),
    ("Board meeting March", JobState.DONE, ""),
)
VOICE_MODEL = "small-world:0000"
AGREED = datetime(2026, 1, 31, 12, tzinfo=UTC)


def settings(language: str | None, welcomed: bool) -> Settings:
    """Those of somebody who has used the program for a while, or of who starts it first."""
    agreed = AGREED if welcomed else None
    return Settings(
        first_run_done=welcomed,
        language=language,
        recognise_voices=welcomed,
        voices_agreed_at=agreed,
    )


def engine() -> EngineFactory | None:
    """None means the installed model."""
    try:
        default_model()
    except ModelError:
        print("no model is installed: words from the reference of the sample meeting")
        return lambda: ScriptedEngine(reference())
    return None


def reference() -> list[TurnEvent]:
    """The sample meeting as an engine without faults would tell it."""
    segments = json.loads(resource("sample/meeting.seglst.json").read_text("utf-8"))
    speakers: dict[str, int] = {}
    lines = []
    until = [0.0, 0.0]
    for each in segments:
        speaker = speakers.setdefault(each["speaker"], len(speakers) + 1)
        channel = 0 if each["start_time"] >= until[0] else 1
        until[channel] = each["end_time"]
        length_s = (each["end_time"] - each["start_time"]) / len(each["words"].split())
        lines.append(Line(speaker, each["start_time"], each["words"], channel, length_s))
    return events_of_talk(lines)


def fill_library() -> None:
    """Meetings from before, one of them cut off by a crash, and the sample, heard by the engine."""
    heard = _voiced(reference())
    with Library(library_path()) as library:
        for title, days, duration_s in (*EARLIER, *THROWN_AWAY):
            _add(library, title, days, None if title == CUT_OFF else duration_s, heard)
        for meeting in library.meetings():
            if meeting.title in [title for title, *_ in THROWN_AWAY]:
                library.bin.put(meeting.id)
        oldest = library.find(EARLIER[-1][0])
        for speaker, name in enumerate(NAMES, 1):
            library.voices.enrol(oldest.id, speaker, name, AGREED)
    _transcribe_sample()


def jobs() -> tuple[list[Job], dict[int, Progress]]:
    """Files in the queue, each in another state."""
    listed = [
        Job(number, title, Path(f"{title}.mp4"), None, None, state, message=message)
        for number, (title, state, message) in enumerate(FILES, 1)
    ]
    running = next(job.id for job in listed if job.state is JobState.RUNNING)
    return listed, {running: Progress(running, Step.HEARING, 1312.0, 2905.0, 4.6)}


def _add(
    library: Library, title: str, days: int, duration_s: float | None, heard: Sequence[TurnEvent]
) -> None:
    """A meeting whose recording is not there; without a length it was cut off."""
    transcript = Transcript()
    for event in heard:
        transcript.apply(event)
    began = datetime.now(UTC).replace(hour=9, minute=30) - timedelta(days=days)
    recording = recordings_dir() / f"{title}.wav"
    number = library.create_meeting(title, recording, began).id
    library.save_turns(number, transcript)
    library.voices.hear_again(number, transcript)
    library.voices.save_names(number, transcript.speakers)
    for speaker, name in enumerate(NAMES, 1):
        library.rename_speaker(number, speaker, name)
    if duration_s is not None:
        library.finish_meeting(number, duration_s)


def _voiced(said: Sequence[TurnEvent]) -> list[TurnEvent]:
    """The same with an invented voice for each speaker, so that people can be saved."""
    drawn = np.random.default_rng(0)
    started = {each.turn: each for each in said if isinstance(each, TurnStarted)}
    voices = {}
    for number in sorted({each.speaker for each in started.values()}):
        vector = drawn.standard_normal(96)
        voices[number] = tuple(map(float, vector / np.linalg.norm(vector)))
    told: list[TurnEvent] = []
    for event in said:
        if isinstance(event, TurnEnded):
            begun = started[event.turn]
            told.append(_voice(begun, event, voices[begun.speaker]))
        told.append(event)
    return told


def _voice(begun: TurnStarted, ended: TurnEnded, vector: tuple[float, ...]) -> VoiceHeard:
    length = ended.end - begun.start
    return VoiceHeard(
        ended.turn, begun.start, ended.end, length, vector, VOICE_MODEL, ended.emitted
    )


def _transcribe_sample() -> None:
    """Bring the sample in through the queue, as somebody who drops the file on the window."""
    problems: list[AppError] = []

    def note(said: Changed | Progress | AppError) -> None:
        if isinstance(said, AppError):
            problems.append(said)

    instead = engine()
    choice = (lambda _: instead) if instead else engine_choice(Settings(), library_path())
    with Library(library_path()) as library:
        library.jobs.add_files([SAMPLE])
    worker = Worker(library_path(), choice, note)
    worker.wake()
    worker.wait()
    if problems:
        raise problems[0]
    with Library(library_path()) as library:
        meeting = library.meetings()[0]
        library.rename_meeting(meeting.id, TITLE)
        for speaker in library.load(meeting.id).speakers:
            if speaker <= len(NAMES):
                library.rename_speaker(meeting.id, speaker, NAMES[speaker - 1])
        for at_s, text in NOTES:
            library.notes.add(meeting.id, round(at_s * 16_000), text)
        library.jobs.clear()
