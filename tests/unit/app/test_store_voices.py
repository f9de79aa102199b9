"""Voices are kept only where they are told, found again, and gone when they are deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.autosave import Autosave
from app.corrections.people import RenameSpeaker
from app.corrections.written import read
from app.exports import FORMATS, document_of
from app.jobs.settling import settle
from app.known_voices import voices_for
from app.settings import Settings
from app.sound import Segment, Source
from app.store import Library, StoreError
from app.transcript import Transcript
from app.transcription import Heard
from app.voices import Person, VoiceError
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    SpeakerRecognised,
    TurnEnded,
    VoiceHeard,
)
from engine.timeline import SAMPLE_RATE, to_samples
from tests.scripted_engine import spoken

AGREED = datetime(2026, 1, 31, 12, tzinfo=UTC)
MODEL = "small:00ff"
VOICE_TABLES = ("turn_voices", "people", "voices", "denials")


def unit(seed: int, size: int = 96) -> tuple[float, ...]:
    """A voice vector, the same for each seed."""
    vector = np.random.default_rng(seed).standard_normal(size)
    return tuple(map(float, vector / np.linalg.norm(vector)))


def voiced(
    turn: int,
    start_s: float,
    end_s: float,
    speaker: int,
    vector: tuple[float, ...],
    model: str = MODEL,
) -> list[Event]:
    """The events of a turn whose voice is told."""
    *said, end = spoken(turn, start_s, end_s, "some words", speaker=speaker)
    assert isinstance(end, TurnEnded)
    start, heard = to_samples(start_s), to_samples(end_s - start_s)
    return [*said, VoiceHeard(turn, start, end.end, heard, vector, model, end.emitted), end]


@dataclass
class Home:
    """A library and the meetings that are put into it."""

    library: Library

    @property
    def path(self) -> Path:
        return self.library.path

    def meet(self, *events: Event, finish: bool = True) -> int:
        """A meeting in which this happens, saved as a live one is."""
        recording = self.path.with_name("a.wav")
        number = self.library.create_meeting("Plans", recording, datetime.now(UTC)).id
        transcript = Transcript()
        autosave = Autosave(self.library, number, transcript)
        for event in events:
            autosave.follow(event, transcript.apply(event))
        if finish:
            autosave.finish(60.0)
        assert autosave.problem is None
        return number

    def enrol(self, seed: int, name: str = "Sarah") -> Person:
        """Somebody whose voice is saved from a meeting of her own."""
        meeting = self.meet(*voiced(1, 0, 12, 1, unit(seed)))
        return self.library.voices.enrol(meeting, 1, name, AGREED)

    def bytes_of_all_files(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.path.parent.glob(f"{self.path.name}*"))

    def rows(self, table: str) -> int:
        with closing(sqlite3.connect(self.path)) as database:
            (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(count)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Library(tmp_path / "library.sqlite") as library:
        yield Home(library)


def blob(vector: tuple[float, ...]) -> bytes:
    return np.array(vector, dtype="<f4").tobytes()


def test_nothing_is_kept_where_no_voice_is_told(home: Home) -> None:
    home.meet(*spoken(1, 0.0, 12.0, "yes we can"))
    assert {home.rows(table) for table in VOICE_TABLES} == {0}


@pytest.mark.parametrize("agreed", [None, AGREED])
@pytest.mark.parametrize("switched_on", [False, True])
def test_the_engine_gets_voices_only_from_who_switched_on_and_agreed(
    home: Home, switched_on: bool, agreed: datetime | None
) -> None:
    home.enrol(1)
    settings = Settings(recognise_voices=switched_on, voices_agreed_at=agreed)
    voices = voices_for(settings, home.path)
    if switched_on and agreed:
        assert voices is not None
        assert [voice.name for voice in voices()] == ["Sarah"]
    else:
        assert voices is None


def test_a_saved_voice_is_the_mean_of_the_turns_weighted_by_what_was_heard(home: Home) -> None:
    one, two, other = unit(1), unit(2), unit(3)
    meeting = home.meet(
        *voiced(1, 0, 9, 1, one), *voiced(2, 10, 40, 2, other), *voiced(3, 50, 53, 1, two)
    )
    person = home.library.voices.enrol(meeting, 1, "  Sarah  Ann ", AGREED)
    assert (person.name, person.agreed_at) == ("Sarah Ann", AGREED)
    assert [(s.meeting, s.model, s.heard_s) for s in person.samples] == [("Plans", MODEL, 12.0)]
    (known,) = home.library.voices.known()
    expected = 9 * np.array(one) + 3 * np.array(two)
    np.testing.assert_allclose(known.vector, expected / np.linalg.norm(expected), atol=1e-6)
    assert (known.id, known.name, known.model, known.weight_s) == (1, "Sarah Ann", MODEL, 12.0)
    assert home.library.load(meeting).speakers[1].name == "Sarah Ann"


def test_turns_with_somebody_else_in_them_do_not_count_if_enough_remains(home: Home) -> None:
    alone, mixed = unit(1), unit(2)
    events = [*voiced(1, 0, 11, 1, alone), *voiced(2, 20, 31, 1, mixed)]
    meeting = home.meet(*events, *voiced(3, 25, 28, 2, unit(3)))
    home.library.voices.enrol(meeting, 1, "Sarah", AGREED)
    (known,) = home.library.voices.known()
    np.testing.assert_allclose(known.vector, alone, atol=1e-6)
    meeting = home.meet(*voiced(1, 0, 11, 1, mixed), *voiced(2, 5, 8, 2, unit(3)))
    home.library.voices.enrol(meeting, 1, "Bob", AGREED)
    np.testing.assert_allclose(home.library.voices.known()[1].vector, mixed, atol=1e-6)


def test_a_voice_follows_its_turn_to_another_speaker(home: Home) -> None:
    meeting = home.meet(*voiced(1, 0, 12, 1, unit(1)), *voiced(2, 20, 32, 2, unit(2)))
    transcript = home.library.load(meeting)
    transcript.reassign(2, 1)
    home.library.save_turns(meeting, transcript)
    person = home.library.voices.enrol(meeting, 1, "Sarah", AGREED)
    assert person.heard_s == 24.0


def test_too_little_speech_is_refused_and_leaves_nothing(home: Home) -> None:
    meeting = home.meet(*voiced(1, 0, 9, 1, unit(1)))
    with pytest.raises(VoiceError, match=r"Only 9 s of this voice were heard here, and 10 s are"):
        home.library.voices.enrol(meeting, 1, "Sarah", AGREED)
    assert home.library.voices.people() == []


def test_a_meeting_of_which_no_voices_were_kept_says_so(home: Home) -> None:
    meeting = home.meet(*spoken(1, 0.0, 12.0, "yes we can"))
    with pytest.raises(VoiceError, match="recognition was off when it was heard"):
        home.library.voices.enrol(meeting, 1, "Sarah", AGREED)


def test_saved_again_from_another_meeting_a_voice_adds_up(home: Home) -> None:
    sarah = home.enrol(1)
    again = home.enrol(2, "sarah")
    assert (again.id, again.name, again.heard_s) == (sarah.id, "Sarah", 24.0)
    (known,) = home.library.voices.known()
    expected = np.array(unit(1)) + np.array(unit(2))
    np.testing.assert_allclose(known.vector, expected / np.linalg.norm(expected), atol=1e-6)


def test_saved_again_from_the_same_meeting_a_voice_counts_once(home: Home) -> None:
    meeting = home.meet(*voiced(1, 0, 12, 1, unit(1)))
    for _ in range(2):
        person = home.library.voices.enrol(meeting, 1, "Sarah", AGREED)
    assert person.heard_s == 12.0


def test_voices_of_two_models_stay_apart(home: Home) -> None:
    home.enrol(1)
    meeting = home.meet(*voiced(1, 0, 12, 1, unit(2), "large:11"))
    home.library.voices.enrol(meeting, 1, "Sarah", AGREED)
    assert [voice.model for voice in home.library.voices.known()] == [MODEL, "large:11"]
    assert home.library.voices.latest_model() == "large:11"


def recognised(voice: int | None, sure: bool = True, speaker: int = 1) -> SpeakerRecognised:
    return SpeakerRecognised(speaker, voice, "Sarah" if voice else "", 0.9, sure, 0)


@pytest.mark.parametrize(("sure", "name"), [(True, "Sarah"), (False, "Sarah?")])
def test_who_was_recognised_is_called_so_in_the_library(home: Home, sure: bool, name: str) -> None:
    sarah = home.enrol(1)
    events = [*voiced(1, 0, 2, 1, unit(1)), *voiced(2, 3, 4, 2, unit(2))]
    meeting = home.meet(*events, recognised(sarah.id, sure))
    loaded = home.library.load(meeting)
    assert [loaded.speaker_name(turn) for turn in loaded.ordered()] == [name, "Speaker 2"]
    speaker = loaded.speakers[1]
    assert not speaker.named
    assert speaker.recognised is not None
    assert (speaker.recognised.person, speaker.recognised.sure) == (sarah.id, sure)
    assert [hit.meeting_id for hit in home.library.search("Sarah")].count(meeting) == 1


def test_what_was_taken_back_is_not_there(home: Home) -> None:
    sarah = home.enrol(1)
    events = voiced(1, 0, 2, 1, unit(1))
    meeting = home.meet(*events, recognised(sarah.id), recognised(None))
    assert home.library.load(meeting).speakers[1].name == "Speaker 1"


def test_a_name_that_the_user_gave_is_never_overwritten(home: Home) -> None:
    sarah = home.enrol(1)
    meeting = home.meet(*voiced(1, 0, 2, 1, unit(1)), finish=False)
    home.library.rename_speaker(meeting, 1, "Bob")
    home.library.voices.save_names(meeting, _with(recognised(sarah.id)).speakers)
    assert home.library.load(meeting).speakers[1].name == "Bob"
    live = Transcript()
    live.rename_speaker(1, "Bob")
    live.apply(recognised(sarah.id))
    assert live.speakers[1].name == "Bob"


def _with(*events: Event) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    return transcript


def test_who_was_denied_does_not_come_back(home: Home) -> None:
    transcript = _with(recognised(7, sure=False))
    transcript.rename_speaker(1, "")
    transcript.apply(recognised(7, sure=True))
    assert transcript.speakers[1].name == "Speaker 1"
    transcript.apply(recognised(8))
    assert transcript.speakers[1].name == "Sarah"


@dataclass(frozen=True)
class Denied:
    """A meeting of whose speaker 1 somebody said that it is not Sarah."""

    meeting: int
    person: int


@pytest.fixture
def denied(home: Home) -> Denied:
    sarah = home.enrol(1)
    events = [*voiced(1, 0, 5, 1, unit(2)), *voiced(2, 6, 8, 2, unit(3))]
    meeting = home.meet(*events, recognised(sarah.id, sure=False))
    transcript = home.library.load(meeting)
    home.library.corrections.make(meeting, RenameSpeaker(1, ""), transcript)
    assert home.library.load(meeting) == transcript
    return Denied(meeting, sarah.id)


def heard_again(home: Home, denied: Denied, who: int) -> list[str]:
    """The names in the meeting after it is opened anew and transcribed again."""
    with Library(home.path) as library:
        fresh = _with(
            *voiced(1, 0, 5, 2, unit(2)),  # numbered the other way round
            *voiced(2, 6, 8, 1, unit(3)),
            recognised(who, speaker=2),
        )
        job = library.jobs.add_meeting(denied.meeting)
        assert library.jobs.next() is not None
        assert settle(library, job.id, denied.meeting, Heard(fresh, complete=True))
        loaded = library.load(denied.meeting)
    return [loaded.speaker_name(turn) for turn in loaded.ordered()]


def test_a_denial_outlives_the_program(home: Home, denied: Denied) -> None:
    assert home.library.load(denied.meeting).speakers[1].denied == {denied.person}
    assert heard_again(home, denied, denied.person) == ["Speaker 1", "Speaker 2"]
    assert heard_again(home, denied, denied.person) == ["Speaker 1", "Speaker 2"]


def test_who_was_denied_may_still_be_somebody_else(home: Home, denied: Denied) -> None:
    bob = home.enrol(4, "Bob")
    assert bob.id != denied.person
    assert heard_again(home, denied, bob.id) == ["Sarah", "Speaker 2"]


def test_a_denial_goes_with_the_voice(home: Home, denied: Denied) -> None:
    copy = home.path.with_name(f"{home.path.name}.v9.backup")
    with closing(sqlite3.connect(copy)) as target:
        home.library._database.backup(target)
    home.library.voices.delete(denied.person)
    assert home.rows("denials") == 0
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM denials").fetchone() == (0,)
    home.library.corrections.undo(denied.meeting, home.library.load(denied.meeting))
    home.library.corrections.redo(denied.meeting, home.library.load(denied.meeting))
    assert home.library.load(denied.meeting).speakers[1].name == "Speaker 1"


def test_a_denial_outlives_an_engine_that_begins_anew() -> None:
    said = [*voiced(1, 0, 2, 1, unit(1)), recognised(7)]
    transcript = _with(*said)
    transcript.rename_speaker(1, "")
    for event in (EngineState(EngineStatus.RESTARTING), *said):
        transcript.apply(event)
    assert transcript.speakers[1].name == "Speaker 1"


def test_an_edit_of_a_version_without_denials_is_read() -> None:
    former = '[1,"Sarah?",false,false,[7,"Sarah",false]]'
    (change,) = read(f'{{"turns":[],"voices":[],"speakers":[[1,{former},null]]}}').speakers
    assert (
        change.before == _with(*voiced(1, 0, 2, 1, unit(1)), recognised(7, sure=False)).speakers[1]
    )


def test_a_denial_can_be_undone_in_the_library(home: Home) -> None:
    sarah = home.enrol(1)
    meeting = home.meet(*voiced(1, 0, 2, 1, unit(1)), recognised(sarah.id, sure=False))
    transcript = home.library.load(meeting)
    corrections = home.library.corrections
    corrections.make(meeting, RenameSpeaker(1, ""), transcript)
    assert home.library.load(meeting).speakers[1].name == "Speaker 1"
    corrections.undo(meeting, transcript)
    assert home.library.load(meeting).speakers[1] == transcript.speakers[1]
    assert transcript.speakers[1].name == "Sarah?"
    corrections.make(meeting, RenameSpeaker(1, "Sarah"), transcript)
    assert home.library.load(meeting).speakers[1].named


def test_a_restarted_engine_tells_its_voices_anew(home: Home) -> None:
    restart = EngineState(EngineStatus.RESTARTING)
    first, second = voiced(1, 0, 12, 1, unit(1)), voiced(1, 0, 14, 1, unit(2))
    meeting = home.meet(*first, *voiced(2, 15, 16, 1, unit(5)), restart, *second)
    kept = home.library.voices.of_turns(meeting)
    assert set(kept) == {1}
    np.testing.assert_allclose(kept[1].vector, unit(2), atol=1e-6)


def test_a_deleted_voice_leaves_no_byte_behind(home: Home) -> None:
    sarah, bob = home.enrol(1), home.enrol(2, "Bob")
    later = home.meet(*voiced(1, 0, 2, 1, unit(3)), recognised(sarah.id))
    assert blob(unit(1)) in home.bytes_of_all_files()
    assert blob(unit(3)) in home.bytes_of_all_files()
    home.library.voices.delete(sarah.id)
    left = home.bytes_of_all_files()
    assert blob(unit(1))[:16] not in left
    assert blob(unit(3))[:16] not in left  # what was heard of her later
    assert blob(unit(2)) in left
    assert [person.id for person in home.library.voices.people()] == [bob.id]
    assert home.library.load(later).speakers[1].named  # the name is the meeting's now


def test_an_uncertain_name_goes_with_its_voice(home: Home) -> None:
    sarah = home.enrol(1)
    later = home.meet(*voiced(1, 0, 2, 1, unit(3)), recognised(sarah.id, sure=False))
    home.library.voices.delete(sarah.id)
    assert home.library.load(later).speakers[1].name == "Speaker 1"


def test_all_voices_can_be_deleted_also_from_copies_of_the_library(home: Home) -> None:
    home.enrol(1)
    home.meet(*voiced(1, 0, 2, 1, unit(2)))
    copy = home.path.with_name(f"{home.path.name}.v9.backup")
    with closing(sqlite3.connect(copy)) as target:
        home.library._database.backup(target)
    home.library.voices.delete_all()
    left = home.bytes_of_all_files()
    assert all(blob(unit(seed))[:16] not in left for seed in (1, 2))
    assert {home.rows(table) for table in VOICE_TABLES} == {0}
    assert len(home.library.meetings()) == 2


def test_a_voice_is_not_deleted_while_a_meeting_may_tell_more_of_it(home: Home) -> None:
    sarah = home.enrol(1)
    home.meet(finish=False)
    with pytest.raises(StoreError, match="being recorded or transcribed"):
        home.library.voices.delete(sarah.id)
    assert home.library.voices.people() == [sarah]


def test_a_person_can_be_called_otherwise(home: Home) -> None:
    sarah = home.enrol(1)
    home.library.voices.rename(sarah.id, " Sally ")
    assert [voice.name for voice in home.library.voices.known()] == ["Sally"]
    with pytest.raises(StoreError, match="needs a name"):
        home.library.voices.rename(sarah.id, "  ")


def test_a_meeting_that_is_destroyed_takes_its_voices_along(home: Home) -> None:
    sarah = home.enrol(1)
    meeting = home.library.meetings()[0].id
    home.library.bin.put(meeting)
    home.library.bin.empty()
    assert home.rows("turn_voices") == 0
    (sample,) = home.library.voices.person(sarah.id).samples
    assert sample.meeting is None


def test_a_meeting_transcribed_again_is_compared_again(home: Home) -> None:
    sarah = home.enrol(1)
    meeting = home.meet(*spoken(1, 0.0, 5.0, "yes we can"), *spoken(2, 6.0, 8.0, "no", speaker=2))
    home.library.rename_speaker(meeting, 2, "Bob")
    fresh = _with(
        *voiced(1, 0, 5, 1, unit(1)),
        *voiced(2, 6, 8, 2, unit(2)),
        recognised(sarah.id, sure=False),
        recognised(sarah.id, speaker=2),
    )
    job = home.library.jobs.add_meeting(meeting)
    assert home.library.jobs.next() is not None
    assert settle(home.library, job.id, meeting, Heard(fresh, complete=True))
    loaded = home.library.load(meeting)
    assert [loaded.speaker_name(turn) for turn in loaded.ordered()] == ["Sarah?", "Bob"]
    assert set(home.library.voices.of_turns(meeting)) == {1, 2}


def test_no_export_has_a_voice_in_it(home: Home, tmp_path: Path) -> None:
    transcript = _with(*voiced(1, 0, 5, 1, unit(1)), recognised(7, sure=False))
    recording = tmp_path / "a.wav"
    soundfile.write(recording, np.zeros(5 * SAMPLE_RATE), SAMPLE_RATE)
    segments = [Segment(recording, Source.MICROPHONE, 0)]
    document = document_of(transcript, "a", "Plans", started_at=AGREED, segments=segments)
    number = repr(float(np.float32(unit(1)[0])))[:8]
    for target in FORMATS.values():
        path = tmp_path / f"out{target.suffix}"
        target.save(document, path)
        written = path.read_bytes()
        assert number.encode() not in written, target.name
        assert blob(unit(1))[:16] not in written, target.name
