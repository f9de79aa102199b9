"""A corpus folder is decoded once and read with sample-exact times."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from engine.data.corpus import ALIGNMENT_HOP, PHONES, Corpus, load_corpora, load_corpus
from engine.errors import EngineError


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "path": f"{name}.wav",
        "corpus": "c",
        "speaker": "s",
        "split": "train",
        "text": "ONE TWO",
        "duration_s": 1.0,
        **more,
    }


def write(folder: Path, entries: list[dict[str, Any]], alignments: list[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    for number, e in enumerate(entries):
        samples = np.arange(1600 * (number + 1), dtype=np.int16) + 100 * ord(e["id"][0])
        soundfile.write(folder / e["path"], samples, 16_000, subtype="PCM_16")
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, entries)) + "\n")
    with gzip.open(folder / "alignments.jsonl.gz", "wt") as out:
        out.writelines(json.dumps(a) + "\n" for a in alignments)


ALIGNMENTS = [
    {"id": "a", "words": [["one", 1, 4], ["two", 5, 9]], "phones": [["W", 1, 2], ["AH", 2, 4]]},
    {"id": "b", "words": [["one", 0, 3]], "phones": []},
]
ENTRIES = [entry("a"), entry("b", split="dev"), entry("c")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "corpus", ENTRIES, ALIGNMENTS)
    return tmp_path / "corpus"


def load(folder: Path) -> Corpus:
    return load_corpus(folder, folder.parent / "cache")


def test_utterances_have_their_samples(folder: Path) -> None:
    corpus = load(folder)
    for utterance, e in zip(corpus.utterances, ENTRIES, strict=True):
        samples, _ = soundfile.read(folder / e["path"], dtype="float32")
        assert utterance.length == len(samples)
        np.testing.assert_array_equal(corpus.audio(utterance), samples)
        np.testing.assert_array_equal(corpus.audio(utterance, 10, 90), samples[10:90])
        np.testing.assert_array_equal(corpus.audio(utterance, -5, 10**6), samples)


def test_times_are_in_samples(folder: Path) -> None:
    a, b, c = load(folder).utterances
    assert [(w.text, w.start, w.end) for w in a.words] == [("one", 160, 640), ("two", 800, 1440)]
    assert a.phones is not None
    assert [(p.text, p.start, p.end) for p in a.phones] == [("W", 160, 320), ("AH", 320, 640)]
    assert b.phones is None
    assert (c.words, c.phones) == ((), None)


def test_splits(folder: Path) -> None:
    corpus = load(folder)
    assert [u.id for u in corpus.of_split("train")] == ["a", "c"]
    assert [u.id for u in corpus.of_split("dev")] == ["b"]
    assert corpus.of_split("test") == []


def test_audio_is_decoded_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(folder)
    monkeypatch.setattr(soundfile, "read", lambda *_: pytest.fail("decoded again"))
    again = load(folder)
    assert again.utterances == first.utterances


@pytest.mark.parametrize("entries", [ENTRIES[::-1], ENTRIES[:2], [*ENTRIES, entry("d")]])
def test_another_manifest_is_decoded_anew(folder: Path, entries: list[dict[str, Any]]) -> None:
    load(folder)
    write(folder, entries, ALIGNMENTS)
    corpus = load(folder)
    assert [u.id for u in corpus.utterances] == [e["id"] for e in entries]
    for utterance in corpus.utterances:
        samples, _ = soundfile.read(folder / f"{utterance.id}.wav", dtype="float32")
        np.testing.assert_array_equal(corpus.audio(utterance), samples)


def test_a_decoding_that_broke_off_starts_again(folder: Path) -> None:
    soundfile.write(folder / "c.wav", np.zeros(100), 8_000)
    with pytest.raises(EngineError, match=r"c\.wav is not mono 16 kHz"):
        load(folder)
    soundfile.write(folder / "c.wav", np.full(100, 0.25), 16_000)
    corpus = load(folder)
    np.testing.assert_array_equal(corpus.audio(corpus.utterances[2]), np.full(100, 0.25))


def test_stereo_is_refused(folder: Path) -> None:
    soundfile.write(folder / "a.wav", np.zeros((100, 2)), 16_000)
    with pytest.raises(EngineError, match="convert the corpus"):
        load(folder)


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"manifest\.jsonl"):
        load_corpus(tmp_path, tmp_path / "cache")


def test_real_alignments_lie_within_their_recordings(shared_data: Path) -> None:
    """In order, not empty, of known phones, and past the end by less than one frame."""
    lines = (shared_data / "manifest.jsonl").read_text().splitlines()
    lengths = {e["id"]: e["duration_s"] * 16_000 for e in map(json.loads, lines)}
    known, count = set(PHONES), 0
    with gzip.open(shared_data / "alignments.jsonl.gz", "rt") as alignments:
        for alignment in map(json.loads, alignments):
            for items in (alignment["words"], alignment["phones"] or []):
                clock = 0
                for _, start, end in items:
                    assert clock <= start < end
                    clock = end
                assert clock * ALIGNMENT_HOP < lengths[alignment["id"]] + 2 * ALIGNMENT_HOP
            assert {p for p, _, _ in alignment["phones"] or []} <= known
            count += 1
    assert count > 1000


def test_real_speech_is_where_the_alignments_say(shared_data: Path, tmp_path: Path) -> None:
    """In a few recordings aligned words are louder than what is around them."""
    lines = (shared_data / "manifest.jsonl").read_text().splitlines()
    chosen = [json.loads(line) for line in lines if '"ljspeech"' in line][:8]
    for e in chosen:
        e["path"] = str(shared_data / e["path"])
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, chosen)))
    (tmp_path / "alignments.jsonl.gz").write_bytes(
        (shared_data / "alignments.jsonl.gz").read_bytes()
    )
    corpus = load_corpus(tmp_path, tmp_path / "cache")
    loud, quiet = [], []
    for utterance in (u for u in corpus.utterances if u.words):
        power = corpus.audio(utterance) ** 2
        inside = np.zeros(len(power), bool)
        for word in utterance.words:
            inside[word.start : word.end] = True
        loud.append(power[inside])
        quiet.append(power[~inside])
    assert np.concatenate(loud).mean() > 20 * np.concatenate(quiet).mean()


def test_several_folders_are_one_corpus(folder: Path) -> None:
    other = folder.parent / "other"
    write(other, [entry("x"), entry("y", speaker="t")], [{**ALIGNMENTS[0], "id": "y"}])
    corpus = load_corpora([folder, other], folder.parent / "cache")
    assert [u.id for u in corpus.utterances] == ["a", "b", "c", "x", "y"]
    for utterance in corpus.utterances:
        place = folder if utterance.id in "abc" else other
        samples, _ = soundfile.read(place / f"{utterance.id}.wav", dtype="float32")
        np.testing.assert_array_equal(corpus.audio(utterance), samples)
        np.testing.assert_array_equal(corpus.audio(utterance, 100, 200), samples[100:200])
        beyond = utterance.length + 50
        assert len(corpus.audio(utterance, beyond, beyond + 10)) == 0
    assert [w.text for w in corpus.utterances[4].words] == ["one", "two"]


def test_each_of_several_folders_is_decoded_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the first just where it is decoded alone."""
    other = folder.parent / "other"
    write(other, [entry("x")], [])
    alone = load(folder)
    load_corpora([folder, other], folder.parent / "cache")
    monkeypatch.setattr(soundfile, "read", lambda *_: pytest.fail("decoded again"))
    assert load(folder).utterances == alone.utterances
    both = load_corpora([folder, other], folder.parent / "cache")
    assert both.utterances[:3] == alone.utterances


def test_an_utterance_that_two_folders_hold_is_refused(folder: Path) -> None:
    other = folder.parent / "other"
    write(other, [entry("b")], [])
    with pytest.raises(EngineError, match="b is in the corpora twice"):
        load_corpora([folder, other], folder.parent / "cache")
    with pytest.raises(EngineError, match="at least one"):
        load_corpora([], folder.parent / "cache")
