"""Runs over an archive, at the same time and after each other, without Ray."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from uuid import uuid4

import pytest

from engine.archive import claims as claiming
from engine.archive.claims import Claims
from engine.archive.folder import Folder
from engine.archive.ledger import Ledger, Outcome, State, result_name
from engine.archive.listing import recordings
from engine.archive.progress import Progress
from engine.archive.run import Report, Run
from engine.errors import EngineError


class Clerk:
    """One worker without a process: writes a word for each file, or fails."""

    def __init__(self, folder: Folder, bad: tuple[str, ...] = ()) -> None:
        self._folder, self._bad = folder, bad
        self._asked: deque[str] = deque()
        self.did: list[str] = []

    @property
    def idle(self) -> int:
        return 1 - len(self._asked)

    def send(self, name: str) -> None:
        self._asked.append(name)

    def wait(self, timeout_s: float) -> list[Outcome]:
        name = self._asked.popleft()
        self.did.append(name)
        if name in self._bad:
            return [Outcome(name, State.FAILED, "no sound")]
        self._folder.write(result_name(name), b"[]\n", f"draft-{name}")
        return [Outcome(name, State.DONE, words=1, audio_s=60.0)]


@pytest.fixture(params=["disk", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """Results on a disk, and in an object storage."""
    return Folder(str(tmp_path) if request.param == "disk" else f"memory://{uuid4().hex}")


SIZES = {"a.wav": 10, "b.wav": 30, "c/d.wav": 20}


def run(folder: Folder, clerk: Clerk, name: str = "one") -> Report:
    claims = Claims(folder, name)
    report = Run(SIZES, claims, Ledger(folder, name), sleep=lambda _: None).work(clerk)
    claims.close()
    return report


def test_each_file_is_done_once_and_the_largest_first(folder: Folder) -> None:
    clerk = Clerk(folder)
    assert run(folder, clerk).is_whole
    assert clerk.did == ["b.wav", "c/d.wav", "a.wav"]
    again = Clerk(folder)
    assert run(folder, again, "two").before == 3
    assert again.did == []


def test_what_failed_is_tried_again_by_the_next_run(folder: Folder) -> None:
    report = run(folder, Clerk(folder, bad=("a.wav",)))
    assert [o.name for o in report.of(State.FAILED)] == ["a.wav"]
    assert not report.is_whole
    ledger = Ledger(folder, "one")
    ledger.summarise(SIZES)
    entries = (folder.read(".archive/manifest.jsonl") or b"").splitlines()
    assert [json.loads(entry)["state"] for entry in entries] == ["failed", "done", "done"]
    next_clerk = Clerk(folder)
    assert run(folder, next_clerk, "two").is_whole
    assert next_clerk.did == ["a.wav"]


def test_two_runs_share_the_files(folder: Folder) -> None:
    """Another run works between the steps of the first, until both are done."""
    other = Clerk(folder)

    class Interrupted(Clerk):
        def wait(self, timeout_s: float) -> list[Outcome]:
            outcomes = super().wait(timeout_s)
            if not other.did:
                others = Claims(folder, "two")
                # b.wav is claimed, though not done for its ledger; the other must leave it
                sizes = {name: size for name, size in SIZES.items() if name != "b.wav"}
                Run(sizes, others, Ledger(folder, "two")).work(other)
                assert not others.take("b.wav")
                others.close()
            return outcomes

    first = Interrupted(folder)
    report = run(folder, first)
    assert sorted(first.did + other.did) == sorted(SIZES)
    assert (first.did, report.before) == (["b.wav"], 2)


def test_a_file_that_another_run_cannot_read_is_not_tried_here_too(folder: Folder) -> None:
    claims = Claims(folder, "one")
    run(folder, Clerk(folder, bad=("a.wav",)), "two")
    clerk = Clerk(folder)
    report = Run(SIZES, claims, Ledger(folder, "one")).work(clerk)
    assert (report.elsewhere, clerk.did) == (["a.wav"], [])
    assert not report.is_whole


def test_a_claim_holds_while_its_run_lives(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = (Claims(folder, name) for name in ("one", "two", "three"))
    assert one.take("a.wav")
    assert not two.take("a.wav")
    monkeypatch.setattr(claiming, "LEASE_S", -1.0)  # as if no run had given a sign for long
    assert two.take("a.wav")
    monkeypatch.undo()
    assert not three.take("a.wav")
    one.release("a.wav")  # awake again; the claim of the other stays
    assert not three.take("a.wav")
    two.release("a.wav")
    assert three.take("a.wav")


def test_a_run_that_ends_gives_up_its_claims(folder: Folder) -> None:
    one, two = Claims(folder, "one"), Claims(folder, "two")
    assert one.take("a.wav")
    one.close()
    assert two.take("a.wav")


def test_of_two_who_create_a_file_one_succeeds(folder: Folder) -> None:
    assert folder.create("x/y", b"first")
    assert not folder.create("x/y", b"second")
    assert folder.read("x/y") == b"first"
    with folder.on_disk("x/y") as path:
        assert path.read_bytes() == b"first"
    assert folder.read("x/none") is None


def test_one_model_writes_a_folder(folder: Folder) -> None:
    Ledger(folder, "one").belongs_to("model")
    Ledger(folder, "two").belongs_to("model")
    with pytest.raises(EngineError, match="was begun with another model"):
        Ledger(folder, "three").belongs_to("another")


def test_recordings_are_found_by_ending_or_by_pattern(folder: Folder) -> None:
    with pytest.raises(EngineError, match="has no recordings"):
        recordings(folder, [])
    for name in ("a.WAV", "b/c.mp4", "b/notes.txt", ".archive/claims/a.wav"):
        folder.create(name, b"123")
    assert recordings(folder, []) == {"a.WAV": 3, "b/c.mp4": 3}
    assert list(recordings(folder, ["*.txt"])) == ["b/notes.txt"]
    with pytest.raises(EngineError, match="patterns of --include"):
        recordings(folder, ["*.flac"])


def test_a_storage_that_nobody_knows() -> None:
    with pytest.raises(EngineError, match="cannot be opened"):
        Folder("nowhere://bucket")


def test_the_time_that_is_left_goes_by_size() -> None:
    said: list[str] = []
    now = iter((0.0, 10.0, 10.0, 40.0, 40.0, 40.0))
    progress = Progress({"a": 100, "b": 100, "c": 400}, said.append, lambda: next(now))
    progress.pass_over("a")
    progress.tell(Outcome("b", State.DAMAGED, "cut short", audio_s=3600.0))
    assert said == ["damaged: b: cut short"]
    assert progress.line() == (
        "2 of 3 files, 1.0 h heard, 360.0 times as fast as speech, about 1 min left"
    )
