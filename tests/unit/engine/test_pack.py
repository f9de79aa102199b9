"""The data of training travels in parts and is put together from those that have come."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.data.corpus import Corpus, Utterance, load_corpus
from engine.data.pack import pack
from engine.data.unpack import unpack
from engine.errors import EngineError
from tests.unit.engine import corpora

SPLITS = {"ann": "train", "bob": "train", "cid": "dev", "dan": "test", "eve": "train"}
WORDS = [("alpha", 0, 30), ("bravo", 35, 60)]
PART_MB = 0.12


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Five people with three utterances each, a noise, a text, and synthetic words."""
    folder = tmp_path / "data"
    made = corpora.corpus({person: [[*WORDS]] * 3 for person in SPLITS})
    entries = [write(made, u, folder) for u in made.utterances]
    (folder / "manifest.jsonl").write_text("".join(json.dumps(e) + "\n" for e in entries))
    with gzip.open(folder / "alignments.jsonl.gz", "wt") as out:
        for entry in entries:
            out.write(json.dumps({"id": entry["id"], "words": WORDS, "phones": None}) + "\n")
    for name in ("noise/rain/1-rain.wav", "text/books.txt", "cache/synthetic/robot.npz"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(name.encode() * 100)
    return folder


def write(made: Corpus, utterance: Utterance, folder: Path) -> dict[str, object]:
    path = f"speech/{utterance.speaker}/{utterance.id}.wav"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / path, made.audio(utterance), 16_000)
    keys = ("id", "corpus", "speaker", "text")
    own = {key: getattr(utterance, key) for key in keys}
    return {**own, "path": path, "split": SPLITS[utterance.speaker]}


def packed(data: Path, also: tuple[str, ...] = (), synthetic_mb: float = 1.0) -> list[Path]:
    return pack(data, data / "cache", data.parent / "pack", PART_MB, synthetic_mb, also)


def assert_corpus(folder: Path, original: Path, speakers: set[str]) -> None:
    """What is in a folder is as it was; whose it is may be a part of it."""
    there = load_corpus(folder, folder / "cache")
    whole = load_corpus(original, original / "cache")
    home = {u.id: u for u in whole.utterances}
    assert {u.speaker for u in there.utterances} == speakers
    for utterance in there.utterances:
        mine = home[utterance.id]
        assert (utterance.words, utterance.split) == (mine.words, mine.split)
        np.testing.assert_array_equal(there.audio(utterance), whole.audio(mine))


def test_all_parts_make_the_corpus_without_its_test_split(data: Path, tmp_path: Path) -> None:
    parts = packed(data, ("text",))
    assert len(parts) > 2
    assert all(p.stat().st_size <= PART_MB * 1e6 for p in parts)
    there = unpack([tmp_path / "pack"], tmp_path / "there")
    assert (there.missing, there.damaged, there.utterances) == ([], (), 12)
    assert_corpus(tmp_path / "there", data, {"ann", "bob", "cid", "eve"})
    for name in ("noise/rain/1-rain.wav", "text/books.txt", "cache/synthetic/robot.npz"):
        assert (tmp_path / "there" / name).read_bytes() == (data / name).read_bytes()
    assert not (tmp_path / "there" / "speech" / "dan").exists()


def test_what_free_speech_needs_travels_too(data: Path, tmp_path: Path) -> None:
    wanted = ("pronunciation.dict", "meetings/ami_words.jsonl.gz", "cache/rooms-near-2-7.npz")
    for name in wanted:
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_bytes(name.encode())
    pack(data, data / "cache", tmp_path / "pack", PART_MB, 1.0, (), free=True)
    unpack([tmp_path / "pack"], tmp_path / "there")
    assert all((tmp_path / "there" / n).read_bytes() == n.encode() for n in wanted)
    packed(data)
    unpack([tmp_path / "pack"], tmp_path / "small")
    assert not any((tmp_path / "small" / n).exists() for n in wanted)


def test_the_index_has_the_digest_of_every_part(data: Path, tmp_path: Path) -> None:
    parts = packed(data)
    index = json.loads((tmp_path / "pack" / "index.json").read_text())
    assert [p["name"] for p in index["parts"]] == [p.name for p in parts]
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in parts]
    assert [p["sha256"] for p in index["parts"]] == digests
    again = [p.read_bytes() for p in packed(data)]
    assert [hashlib.sha256(content).hexdigest() for content in again] == digests


def test_parts_may_come_one_by_one_in_any_order(data: Path, tmp_path: Path) -> None:
    parts = packed(data)
    there = tmp_path / "there"
    counts = []
    for i, part in enumerate(reversed(parts)):
        state = unpack([part], there)
        counts.append(state.utterances)
        assert state.missing == list(range(1, len(parts) - i))
        entries = (there / "manifest.jsonl").read_text().splitlines()
        assert len(entries) == state.utterances
        assert all((there / json.loads(e)["path"]).is_file() for e in entries)
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] == 12
    again = tmp_path / "again"
    unpack(parts, again)  # the order in which they came is not to be seen
    for name in ("manifest.jsonl", "alignments.jsonl.gz"):
        assert (again / name).read_bytes() == (there / name).read_bytes()


def test_a_part_that_is_in_is_passed_over(data: Path, tmp_path: Path) -> None:
    parts = packed(data)
    there = tmp_path / "there"
    unpack(parts, there)
    marked = there / "noise/rain/1-rain.wav"
    marked.write_bytes(b"touched")
    assert unpack(parts, there).missing == []
    assert marked.read_bytes() == b"touched"


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_part_is_left_out_and_can_come_again(
    data: Path, tmp_path: Path, damage: str
) -> None:
    parts = packed(data)
    whole = parts[1].read_bytes()
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    parts[1].write_bytes(whole[:middle] if damage == "cut" else changed)
    there = unpack(parts, tmp_path / "there")
    assert (there.damaged, there.missing) == ((parts[1],), [2])
    assert len(load_corpus(tmp_path / "there", tmp_path / "c").utterances) == there.utterances < 12
    parts[1].write_bytes(whole)
    assert unpack([parts[1]], tmp_path / "there").utterances == 12


def test_another_pack_is_refused(data: Path, tmp_path: Path) -> None:
    unpack(packed(data), tmp_path / "there")
    with pytest.raises(EngineError, match="of another pack"):
        unpack(packed(data, ("text",)), tmp_path / "there")


def test_a_part_cannot_write_elsewhere(tmp_path: Path) -> None:
    files = {"../evil": hashlib.sha256(b"x").hexdigest()}
    contents = {"format": "crosstalk-pack", "pack": "p", "part": 1, "of": 1, "files": files}
    with tarfile.open(tmp_path / "part-001.tar", "w") as tar:
        for name, content in (("part.json", json.dumps(contents).encode()), ("../evil", b"x")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(EngineError, match="no whole part"):
        unpack([tmp_path], tmp_path / "there")
    assert not (tmp_path / "evil").exists()


def test_large_synthetic_words_stay_at_home(data: Path, tmp_path: Path) -> None:
    packed(data, synthetic_mb=0.0)
    unpack([tmp_path / "pack"], tmp_path / "there")
    assert not (tmp_path / "there" / "cache").exists()


def test_what_cannot_be_packed_is_said(data: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"does not fit into a part: give --part-mb 1 or more"):
        pack(data, tmp_path, tmp_path / "pack", 0.04, 1.0, ())
    with pytest.raises(EngineError, match="voices holds no files"):
        packed(data, ("voices",))
    with pytest.raises(EngineError, match=r"no manifest\.jsonl"):
        pack(tmp_path / "data" / "noise", tmp_path, tmp_path / "pack", 1.0, 1.0, ())
    with pytest.raises(EngineError, match="There are no parts"):
        unpack([tmp_path], tmp_path / "there")
