"""The sample meeting: what it holds, that its reference is true, and that it trains nothing."""

import ctypes.util
import hashlib
import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import meeteval
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from engine.data.sample_meeting import CAST, build, script
from engine.data.small_world import WORDS
from engine.data.synthesis import sample_voices, training_voices
from engine.errors import EngineError

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "resources" / "sample"
CORPUS = ROOT.parent / "shared" / "data" / "manifest.jsonl"
RATE = 16000

needs_flite = pytest.mark.skipif(
    ctypes.util.find_library("flite") is None, reason="flite is not installed"
)


class Segment(TypedDict):
    session_id: str
    speaker: str
    words: str
    start_time: float
    end_time: float
    word_times: list[tuple[float, float]]


@pytest.fixture(scope="module")
def reference() -> list[Segment]:
    segments: list[Segment] = json.loads((SAMPLE / "meeting.seglst.json").read_text())
    return segments


@pytest.fixture(scope="module")
def audio() -> NDArray[np.float32]:
    samples, rate = soundfile.read(SAMPLE / "meeting.flac", dtype="float32")
    assert (samples.ndim, rate) == (1, RATE)
    return np.asarray(samples, np.float32)


def speaking(reference: list[Segment], length: int) -> NDArray[np.int64]:
    """How many people speak at each sample."""
    count = np.zeros(length, np.int64)
    for segment in reference:
        count[round(segment["start_time"] * RATE) : round(segment["end_time"] * RATE)] += 1
    return count


def test_about_two_minutes_in_about_two_megabytes(audio: NDArray[np.float32]) -> None:
    assert 110 <= len(audio) / RATE <= 130
    assert (SAMPLE / "meeting.flac").stat().st_size < 2.5e6
    assert 0.3 < np.abs(audio).max() < 0.99


def test_three_people_overlap_in_about_a_seventh_of_the_speech(
    audio: NDArray[np.float32], reference: list[Segment]
) -> None:
    count = speaking(reference, len(audio))
    assert {segment["speaker"] for segment in reference} == set(CAST)
    assert len(CAST) == 3
    assert count.max() == 2
    assert 0.12 <= (count == 2).sum() / (count > 0).sum() <= 0.18


def test_turns_are_turns(reference: list[Segment]) -> None:
    of_speaker = defaultdict(list)
    for segment in reference:
        of_speaker[segment["speaker"]].append(segment)
    for segments in of_speaker.values():
        assert all(b["start_time"] - a["end_time"] >= 0.5 for a, b in pairwise(segments))
    for segment in reference:
        times = segment["word_times"]
        assert len(times) == len(segment["words"].split()) <= 9
        assert (times[0][0], times[-1][1]) == (segment["start_time"], segment["end_time"])
        assert all(0 <= b[0] - a[1] < 0.5 for a, b in pairwise(times))
    starts = [segment["start_time"] for segment in reference]
    assert starts == sorted(starts)
    assert 25 <= len(starts) <= 36


def test_the_recording_is_loud_in_words_and_quiet_between_turns(
    audio: NDArray[np.float32], reference: list[Segment]
) -> None:
    count = speaking(reference, len(audio))
    quiet = float(np.sqrt(np.mean(audio[count == 0] ** 2)))
    for segment in reference:
        for start, end in segment["word_times"]:
            word = audio[round(start * RATE) : round(end * RATE)]
            assert float(np.sqrt(np.mean(word**2))) > 5 * quiet > 0


def test_the_words_are_the_script_and_of_the_small_world(reference: list[Segment]) -> None:
    said = [(segment["speaker"], segment["words"]) for segment in reference]
    written = [(line.speaker, line.text) for line in script()]
    assert sorted(said) == sorted(written)
    assert {word for _, words in said for word in words.split()} <= set(WORDS)


def test_meeteval_reads_the_reference() -> None:
    segments = meeteval.io.load(SAMPLE / "meeting.seglst.json")
    rates = meeteval.wer.cpwer(segments, segments)
    assert rates["meeting"].errors == 0
    assert rates["meeting"].length == sum(len(line.text.split()) for line in script())


def test_its_voices_are_in_no_training_data() -> None:
    assert {(voice.engine, voice.name) for voice in CAST.values()} == {
        (voice.engine, voice.name) for voice in sample_voices()
    }
    assert not {voice.name for voice in CAST.values()} & {voice.name for voice in training_voices()}


def digest(text: str) -> str:
    """Of the words alone: letters and apostrophes in lower case, single spaces."""
    kept = "".join(c for c in text.lower() if c.isalpha() or c in "' ")
    return hashlib.sha256(" ".join(kept.split()).encode()).hexdigest()


@pytest.mark.skipif(not CORPUS.is_file(), reason="the training corpora are not here")
def test_its_script_is_in_no_training_data() -> None:
    entries = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    texts = {digest(entry["text"]) for entry in entries if entry["text"]}
    assert len(texts) > 1000
    assert texts.isdisjoint(digest(line.text) for line in script())
    # The people behind the three voices recorded the CMU Arctic corpus.
    assert not any("arctic" in entry["corpus"].lower() for entry in entries)


@needs_flite
def test_the_command_builds_exactly_what_is_shipped(
    tmp_path: Path, audio: NDArray[np.float32], reference: list[Segment]
) -> None:
    build(tmp_path)
    rebuilt, _ = soundfile.read(tmp_path / "meeting.flac", dtype="float32")
    assert json.loads((tmp_path / "meeting.seglst.json").read_text()) == reference
    np.testing.assert_allclose(rebuilt, audio, atol=2 / 32768)


@needs_flite
def test_another_seed_is_another_meeting_of_the_same_script(
    tmp_path: Path, reference: list[Segment]
) -> None:
    build(tmp_path, seed=8)
    other: list[Segment] = json.loads((tmp_path / "meeting.seglst.json").read_text())
    assert sorted(s["words"] for s in other) == sorted(s["words"] for s in reference)
    assert [s["start_time"] for s in other] != [s["start_time"] for s in reference]


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("kept")
    with pytest.raises(EngineError, match="choose another folder"):
        build(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "kept"
