"""Lhotse manifests say where every word is, both ways, and a bad line is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import lhotse
import numpy as np
import pytest
import soundfile

from engine.data import bench_set
from engine.data.bench_set import BenchSession
from engine.data.corpus import load_corpus
from engine.data.manifest_export import export_manifests
from engine.data.manifest_import import import_manifests
from engine.errors import EngineError
from tests.unit.engine import corpora

RECORDING: dict[str, Any] = {
    "id": "meeting",
    "sampling_rate": 16_000,
    "num_samples": 80_000,
    "duration": 5.0,
    "channel_ids": [0, 1],
}
WORDS = [["Alpha", 1.0, 0.5, 0.9], ["", 1.5, 0.2, None], ["bravo-charlie", 1.7, 0.4, 0.5]]
SUPERVISION: dict[str, Any] = {
    "id": "meeting/1",
    "recording_id": "meeting",
    "start": 0.9,
    "duration": 1.5,
    "channel": 1,
    "text": "Alpha, bravo-charlie!",
    "speaker": "ann",
    "alignment": {"word": WORDS},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A recording of two channels; the words are on the second one."""
    samples = np.zeros((80_000, 2), np.float32)
    samples[:, 0] = 0.1 * np.random.default_rng(0).standard_normal(80_000)
    for word, start, length in (("alpha", 1.0, 0.5), ("bravo", 1.7, 0.2), ("charlie", 1.9, 0.2)):
        first, count = round(start * 16_000), round(length * 16_000)
        samples[first : first + count, 1] = corpora.tone(word, count)
    soundfile.write(tmp_path / "meeting.wav", samples, 16_000)
    return tmp_path


def write(path: Path, *entries: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


def imported(
    folder: Path,
    recording: dict[str, Any] | None = None,
    supervisions: tuple[dict[str, Any], ...] = (SUPERVISION,),
    split: str = "train",
) -> int:
    audio = {"type": "file", "channels": [0, 1], "source": str(folder / "meeting.wav")}
    entry = RECORDING | {"sources": [audio]} | (recording or {})
    return import_manifests(
        write(folder / "recordings.jsonl", entry),
        write(folder / "supervisions.jsonl", *supervisions),
        folder / "corpus",
        split,
    )


def test_an_imported_corpus_holds_the_words_where_they_are_said(folder: Path) -> None:
    assert imported(folder) == 1
    corpus = load_corpus(folder / "corpus", folder / "cache")
    (utterance,) = corpus.utterances
    assert (utterance.id, utterance.speaker, utterance.split) == ("meeting/1", "ann", "train")
    assert utterance.text == "Alpha, bravo-charlie!"
    assert utterance.length == 24_000
    times = [(w.text, w.start, w.end) for w in utterance.words]
    assert times == [
        ("alpha", 1600, 9600),
        ("bravo", 12_800, 16_000),
        ("charlie", 16_000, 19_200),
    ]
    for word in utterance.words:
        heard = corpora.pitch_hz(corpus.audio(utterance, word.start, word.end))
        assert heard == pytest.approx(corpora.TONES_HZ[word.text], abs=5)
    assert np.abs(corpus.audio(utterance, 0, 1500)).max() < 1e-3


def test_a_second_import_adds_to_the_first(folder: Path) -> None:
    imported(folder)
    assert imported(folder, None, (SUPERVISION | {"id": "other", "speaker": "bob"},), "dev") == 1
    corpus = load_corpus(folder / "corpus", folder / "cache")
    assert [(u.id, u.split) for u in corpus.utterances] == [
        ("meeting/1", "train"),
        ("other", "dev"),
    ]
    first, second = corpus.utterances
    np.testing.assert_array_equal(corpus.audio(first), corpus.audio(second))
    assert first.words == second.words
    with pytest.raises(EngineError, match=r"line 1 \(other\).* there already"):
        imported(folder, None, (SUPERVISION | {"id": "other"},))


def test_what_is_known_of_a_speaker_comes_along(folder: Path) -> None:
    custom = {"latitude": 51.9, "longitude": -8, "age": 30, "shoe": 44}
    imported(folder, None, (SUPERVISION | {"gender": "F", "custom": custom},))
    line = json.loads((folder / "corpus" / "manifest.jsonl").read_text())
    about = {k: line[k] for k in ("sex", "age", "latitude", "longitude")}
    assert about == {"sex": "F", "age": 30, "latitude": 51.9, "longitude": -8}
    assert not {"shoe", "region"} & set(line)


def test_times_that_were_rounded_are_accepted(folder: Path) -> None:
    late = {"start": 4.0, "duration": 1.02, "alignment": {"word": [["alpha", 4.5, 0.53, None]]}}
    imported(folder, None, (SUPERVISION | late,))
    (utterance,) = load_corpus(folder / "corpus", folder / "cache").utterances
    assert utterance.length == 16_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": " ... "}, "its text is empty. Give a text"),
        ({"text": None}, "its text is empty"),
        ({"speaker": None}, "no speaker"),
        ({"alignment": {}}, "no word alignment. Align the words first"),
        ({"alignment": {"phone": WORDS}}, "no word alignment"),
        ({"recording_id": "other"}, "the recording other is in no line"),
        ({"start": -0.5}, "outside of its 5.00 s of audio. Correct its start"),
        ({"duration": 9.0}, "0.90 to 9.90 s lies outside"),
        ({"duration": 0.0}, "outside of its 5.00 s"),
        ({"duration": 0.8}, "the word 'bravo-charlie' at 1.70 s lies outside"),
        ({"start": 1.2}, "the word 'Alpha' at 1.00 s lies outside of it. Correct the times"),
        ({"channel": 5}, "no channel 5"),
        ({"custom": {"latitude": 91, "longitude": 0}}, "its latitude is 91, not between -90"),
        ({"custom": {"latitude": 0, "longitude": "east"}}, "its longitude is east, not between"),
        ({"custom": {"latitude": 4.5}}, "its longitude is missing. Give both, or neither"),
        ({"alignment": None}, "it is no SupervisionSegment"),
        ({"unheard_of": 1}, "it is no SupervisionSegment"),
    ],
)
def test_a_bad_supervision_is_named(folder: Path, change: dict[str, Any], message: str) -> None:
    bad = {"id": "bad"} | change
    with pytest.raises(EngineError) as raised:
        imported(folder, None, (SUPERVISION, SUPERVISION | bad))
    assert str(raised.value).startswith("supervisions.jsonl, line 2 (bad): ")
    assert message in str(raised.value)
    assert not (folder / "corpus").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sampling_rate": 8000}, "its sample rate is 8000 Hz, not 16000 Hz. Convert the audio"),
        ({"sources": [{"type": "file", "channels": [0], "source": "no.wav"}]}, "no.wav is missing"),
        ({"sources": [{"kind": "file"}]}, "it is no Recording"),
    ],
)
def test_a_bad_recording_is_named(folder: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(EngineError) as raised:
        imported(folder, change)
    assert str(raised.value).startswith("recordings.jsonl, line 1 (meeting): ")
    assert message in str(raised.value)


def test_a_file_of_another_rate_than_its_manifest_says_is_named(folder: Path) -> None:
    soundfile.write(folder / "meeting.wav", np.zeros((80_000, 2)), 44_100)
    with pytest.raises(EngineError, match="sample rate is 44100 Hz"):
        imported(folder)


def test_a_line_that_is_no_json_is_named(folder: Path) -> None:
    imported(folder)
    path = write(folder / "supervisions.jsonl", SUPERVISION)
    path.write_text(path.read_text() + "{half\n")
    with pytest.raises(EngineError, match=r"supervisions.jsonl, line 2 \(not JSON\)"):
        import_manifests(folder / "recordings.jsonl", path, folder / "new", "train")


def test_a_manifest_that_is_missing_is_named(folder: Path) -> None:
    with pytest.raises(EngineError, match=r"nothing\.jsonl is missing"):
        import_manifests(folder / "nothing.jsonl", folder / "nothing.jsonl", folder, "train")


SEGMENT: dict[str, Any] = {
    "session_id": "s-1",
    "speaker": "ann",
    "words": "alpha bravo",
    "start_time": 0.5,
    "end_time": 1.5,
    "word_times": [[0.5, 0.9], [1.1, 1.5]],
}


@pytest.fixture
def sessions(tmp_path: Path) -> list[BenchSession]:
    samples = np.zeros(48_000, np.float32)
    samples[8000:14_400] = corpora.tone("alpha", 6400)
    samples[17_600:24_000] = corpora.tone("bravo", 6400)
    soundfile.write(tmp_path / "s-1.flac", samples, 16_000)
    other = SEGMENT | {"speaker": "bob", "start_time": 2.0, "end_time": 2.5, "words": "echo"}
    reference = [SEGMENT, other | {"word_times": [[2.0, 2.5]]}]
    line = {"session_id": "s-1", "condition": "dry", "reference": reference}
    write(tmp_path / "train.jsonl", line)
    return list(bench_set.read(tmp_path, "train"))


def test_exported_manifests_are_what_lhotse_takes(
    sessions: list[BenchSession], tmp_path: Path
) -> None:
    assert export_manifests(sessions, tmp_path / "out") == (1, 2)
    recordings = lhotse.load_manifest(tmp_path / "out" / "recordings.jsonl.gz")
    supervisions = lhotse.load_manifest(tmp_path / "out" / "supervisions.jsonl.gz")
    lhotse.validate_recordings_and_supervisions(recordings, supervisions, read_data=True)
    first, second = supervisions
    assert (first.speaker, first.text, first.start, first.end) == ("ann", "alpha bravo", 0.5, 1.5)
    assert [(i.symbol, i.start, i.end) for i in first.alignment["word"]] == [
        ("alpha", 0.5, 0.9),
        ("bravo", 1.1, 1.5),
    ]
    assert second.speaker == "bob"
    assert recordings["s-1"].load_audio().shape == (1, 48_000)


def test_what_was_exported_can_be_imported(sessions: list[BenchSession], tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_manifests(sessions, out)
    lists = (out / "recordings.jsonl.gz", out / "supervisions.jsonl.gz")
    assert import_manifests(*lists, tmp_path / "corpus", "test") == 2
    corpus = load_corpus(tmp_path / "corpus", tmp_path / "cache")
    ann, bob = corpus.of_split("test")
    assert [(w.text, w.start, w.end) for w in ann.words] == [
        ("alpha", 0, 6400),
        ("bravo", 9600, 16_000),
    ]
    assert bob.text == "echo"
    assert corpora.pitch_hz(corpus.audio(ann, 9600, 16_000)) == pytest.approx(600, abs=5)
