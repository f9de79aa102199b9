"""The commands write meetings that hold what their lists say, the same for the same seed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import typer
from typer.testing import CliRunner

from engine import lab_simulate
from engine.data import bench_set
from engine.data.codecs import CODECS
from engine.data.conversation import Event
from engine.data.conversation_layout import Conversation
from engine.data.fitted_turns import SilentSource
from engine.data.meeting_sound import MeetingSound
from engine.data.rooms import Microphone, Room
from engine.data.simulated_set import MeetingSet
from engine.data.simulation import Acoustics
from engine.data.sources import Perturbation, UtteranceSource
from engine.data.turn_sources import SourceName, talkative, turn_source
from engine.errors import EngineError
from tests.unit.engine import corpora

RANDOM = np.random.default_rng
PLAIN = Acoustics(room=0.0, noisy=0.0, loudness_db=(-26.0, -26.0), hiss_db=(-60.0, -60.0))
TALK = Conversation(
    (
        Event(1, False, 0.4, 2.0),
        Event(1, True, 0.5, 0.4),
        Event(1, False, -0.5, 1.5),
        Event(0, False, 0.9, 0.8),
    ),
    frozenset({3}),
)
ROOM = Room(Microphone.FAR, 0.2, (np.array([1.0, 0.0, 0.25], np.float32),) * 4)


def source(people: int = 4) -> UtteranceSource:
    said = [
        [(word, 30 * i, 30 * i + 25) for i, word in enumerate(corpora.TONES_HZ)],
        [("alpha", 10, 40), ("bravo", 50, 80)],
    ]
    return UtteranceSource(
        corpora.corpus({f"person {p}": said for p in range(people)}), "train", Perturbation()
    )


def meetings(sessions: int = 2, seed: int = 7, people: tuple[int, int] = (2, 4)) -> MeetingSet:
    return MeetingSet("train", sessions, 20.0, people, seed)


def test_the_list_is_read_as_a_benchmark(tmp_path: Path) -> None:
    meetings().write(TALK, source(), MeetingSound(PLAIN), tmp_path)
    sessions = list(bench_set.read(tmp_path, "train"))
    assert [s.session_id for s in sessions] == ["train-0000", "train-0001"]
    for session in sessions:
        assert (session.condition, session.duration_s) == ("dry", 20.0)
        starts = [segment["start_time"] for segment in session.reference]
        assert starts == sorted(starts)
        assert len(starts) > 5
        assert 2 <= len({segment["speaker"] for segment in session.reference}) <= 4


def test_the_words_of_the_reference_are_in_the_audio(tmp_path: Path) -> None:
    """Every word has a pitch of its own: where one person speaks alone it is heard."""
    meetings(1).write(TALK, source(), MeetingSound(PLAIN), tmp_path)
    (session,) = bench_set.read(tmp_path, "train")
    samples, _ = soundfile.read(session.audio, dtype="float32")
    said = [
        (word, *times)
        for segment in session.reference
        for word, times in zip(segment["words"].split(), segment["word_times"], strict=True)
    ]
    alone = 0
    for word, start, end in said:
        others = [s for s in said if s != (word, start, end)]
        if end - start > 0.15 and all(e <= start or end <= s for _, s, e in others):
            heard = corpora.pitch_hz(samples[int(start * 16_000) : int(end * 16_000)])
            assert heard == pytest.approx(corpora.TONES_HZ[word], abs=12)
            alone += 1
    assert alone > 10
    quiet = np.ones(len(samples), bool)
    for _, start, end in said:
        quiet[int(start * 16_000) : int(end * 16_000) + 1] = False
    assert np.square(samples[quiet]).mean() < 0.01 * np.square(samples[~quiet]).mean()


def test_the_same_seed_gives_the_same_digest_and_sound(tmp_path: Path) -> None:
    sound = MeetingSound(Acoustics(room=0.0), (ROOM,), (CODECS["opus"],))
    digests = [
        meetings(2, seed).write(TALK, source(), sound, tmp_path / str(i))
        for i, seed in enumerate((7, 7, 8))
    ]
    assert digests[0] == digests[1] != digests[2]
    first, again, other = (
        soundfile.read(tmp_path / str(i) / "train-0001.flac")[0] for i in range(3)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_more_meetings_leave_those_before_them_alone(tmp_path: Path) -> None:
    for count in (1, 3):
        meetings(count).write(TALK, source(), MeetingSound(PLAIN), tmp_path / str(count))
    fewer, more = ((tmp_path / n / "train.jsonl").read_text().splitlines() for n in "13")
    assert fewer == more[:1]
    assert len(more) == 3


def test_the_sound_changes_no_word(tmp_path: Path) -> None:
    """A room and a codec give the list of the dry meeting, but for the condition."""
    dry, far = MeetingSound(PLAIN), MeetingSound(PLAIN, (ROOM,), (CODECS["mp3"],))
    for name, sound in (("dry", dry), ("far", far)):
        meetings(1).write(TALK, source(), sound, tmp_path / name)
    one, other = (json.loads((tmp_path / n / "train.jsonl").read_text()) for n in ("dry", "far"))
    assert (one.pop("condition"), other.pop("condition")) == ("dry", "far")
    assert one == other
    plain, heard = (soundfile.read(tmp_path / n / "train-0000.flac")[0] for n in ("dry", "far"))
    match = np.fft.irfft(np.fft.rfft(plain).conj() * np.fft.rfft(heard))
    assert int(match.argmax()) == 0
    assert np.abs(plain - heard).max() > 1e-2


def test_more_people_than_there_are_cannot_meet() -> None:
    with pytest.raises(EngineError, match="There are 2 speakers"):
        meetings(1, people=(2, 3)).turns(TALK, source(2), 0)


@pytest.mark.parametrize(("text", "expected"), [("4", (4, 4)), ("2-4", (2, 4)), (" 1 ", (1, 1))])
def test_people_are_a_count_or_a_range(text: str, expected: tuple[int, int]) -> None:
    assert lab_simulate.people_range(text) == expected


@pytest.mark.parametrize("text", ["", "0", "4-2", "two", "2-", "-3", "2-3-4"])
def test_other_counts_of_people_are_refused(text: str) -> None:
    with pytest.raises(EngineError, match="write 4 or 2-4"):
        lab_simulate.people_range(text)


@pytest.mark.parametrize(
    ("hours", "minutes", "sessions"), [(1.0, 10.0, 6), (0.01, 10.0, 1), (2.5, 60.0, 2)]
)
def test_hours_are_filled_with_meetings(hours: float, minutes: float, sessions: int) -> None:
    made = lab_simulate.meeting_set("train", hours, minutes, "2-4", 7)
    assert (made.sessions, made.duration_s) == (sessions, 60.0 * minutes)


def test_sources_are_found_by_their_names() -> None:
    corpus = corpora.corpus({"ann": [[("alpha", 0, 30)]]})
    assert isinstance(turn_source(SourceName.SILENT, corpus, "train"), SilentSource)
    assert turn_source(SourceName.READ, corpus, "train").speakers == ["ann"]
    for name in (SourceName.READ, SourceName.SPLICED):
        with pytest.raises(EngineError, match="no aligned speech"):
            turn_source(name, corpus, "dev")


def test_who_has_said_too_little_is_left_out() -> None:
    corpus = corpora.corpus(
        {"ann": [[("alpha", 0, 30)], [("bravo", 5, 80)]], "bob": [[("alpha", 0, 90)]]}
    )
    read = turn_source(SourceName.READ, corpus, "train")
    assert talkative(read, corpus, 0.9).speakers == ["ann", "bob"]
    some = talkative(read, corpus, 1.0)
    assert some.speakers == ["ann"]
    assert some.turn("ann", RANDOM(0)).speaker == "ann"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    lab_simulate.register(app)
    return app


def test_the_commands_are_registered(app: typer.Typer) -> None:
    names = {command.name for command in app.registered_commands}
    assert names == {"simulate", "timing", "export-manifests", "import-manifests"}


def test_timing_draws_the_figure(app: typer.Typer, shared_data: Path, tmp_path: Path) -> None:
    picture = tmp_path / "figures" / "timing.png"
    options = ["--hours", "0.5", "--data", str(shared_data), "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(app, ["timing", str(picture), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "Wasserstein" in result.output
    assert not list((tmp_path / "cache").glob("speech*"))  # no sound is needed for it
