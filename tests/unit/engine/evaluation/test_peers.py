"""Peers: hearing live, the pipeline that a user could build, and the benchmark of all."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import SearchConfig
from engine.data.corpus import Aligned
from engine.errors import EngineError
from engine.evaluation import peers_memory, peers_model, peers_pipeline, peers_process
from engine.evaluation.collect import collect_turns
from engine.evaluation.peers import LiveClock, open_peer, pieces
from engine.evaluation.peers_model import ModelPeer
from engine.evaluation.peers_pipeline import LoudStretches, PipelinePeer, clustered
from engine.evaluation.peers_pocketsphinx import PocketsphinxPeer, carried, one_speaker
from engine.evaluation.segments import EmittedWord
from engine.evaluation.systems import Audio
from engine.model_card import ModelCard
from engine.recognizer import Recognizer
from engine.timeline import to_samples, to_seconds
from tests.unit.engine import test_lab, tiny

Lab = test_lab.Lab
run = test_lab.run  # the fixture


def test_the_clock_waits_for_the_audio_and_for_the_work_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = iter([0.0, 0.5, 1.0, 3.0, 3.0, 3.25])
    monkeypatch.setattr(time, "process_time", lambda: next(ticks))
    clock, said = LiveClock(), []
    for heard_s in (1.0, 2.0, 3.0):
        with clock.working(to_samples(heard_s)):
            pass
        said.append(to_seconds(clock.now))
    assert said == [1.5, 4.0, 4.25]  # the third piece waited for the second
    assert clock.work_s == 2.75


def test_audio_comes_in_pieces() -> None:
    samples = np.arange(4000, dtype=np.float32)
    heard = list(pieces(samples))
    assert [now for _, now in heard] == [1600, 3200, 4000]
    assert np.array_equal(np.concatenate([piece for piece, _ in heard]), samples)


def test_our_model_hears_what_a_session_hears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers_model, "use_one_thread", lambda: None)
    path = model_file(tmp_path)
    samples = tiny.noise(3.0)[0].numpy()
    found = ModelPeer(path).hear(samples, LiveClock())
    plain = collect_turns(Recognizer.load(path, "cpu").transcribe(samples))
    assert plain
    assert [[w.text for w in t.words] for t in found] == [[w.text for w in t.words] for t in plain]
    pairs = zip(found, plain, strict=True)
    assert all(a.words[0].emitted >= b.words[0].emitted for a, b in pairs)


def model_file(folder: Path) -> Path:
    path = folder / "tiny.safetensors"
    talkative = dataclasses.replace(tiny.model_config(), search=SearchConfig(blank_bias=-2.0))
    made = tiny.model(talkative, seed=1)
    checkpoint.save(Checkpoint(made, tiny.word_tokens(), ModelCard("tiny")), path)
    return path


def test_a_word_is_said_when_it_came_to_stay() -> None:
    one = carried([], [Aligned("a", 0, 10), Aligned("b", 10, 20)], 100)
    two = carried(one, [Aligned("A", 0, 11), Aligned("c", 11, 20), Aligned("d", 20, 30)], 200)
    assert two == [
        EmittedWord("a", 0, 11, 100),
        EmittedWord("c", 11, 20, 200),
        EmittedWord("d", 20, 30, 200),
    ]
    turns = one_speaker([*two, EmittedWord("e", 20_000, 20_100, 300)])
    assert [(t.start, t.end, t.start_emitted, t.end_emitted) for t in turns] == [
        (0, 30, 100, 200),
        (20_000, 20_100, 300, 300),
    ]


def loud(spans: list[tuple[float, float]], seconds: float) -> Audio:
    """Noise at -20 dB in the spans, at -60 dB elsewhere."""
    random = np.random.default_rng(0)
    samples = 1e-3 * random.standard_normal(to_samples(seconds))
    for start, end in spans:
        samples[to_samples(start) : to_samples(end)] *= 100
    return samples.astype(np.float32)


@pytest.mark.parametrize("size", [100, 1600, 160_000])
def test_loud_stretches_end_at_pauses(size: int) -> None:
    audio = loud([(0.0, 1.0), (1.3, 2.0), (3.0, 4.0), (5.0, 5.04), (6.0, 7.0)], 7.0)
    stretches, found = LoudStretches(), []
    for begin in range(0, len(audio), size):
        found += stretches.accept(audio[begin : begin + size])
    found += stretches.finish()
    times = [(round(to_seconds(a), 2), round(to_seconds(b), 2)) for a, b in found]
    assert times == [(0.0, 2.1), (2.9, 4.1), (5.9, 7.0)]


def test_nothing_is_loud_in_silence() -> None:
    stretches = LoudStretches()
    assert stretches.accept(np.zeros(32_000, np.float32)) + stretches.finish() == []


def test_voices_are_clustered_by_their_angle() -> None:
    a, b = np.eye(2, dtype=np.float32)
    assert clustered([], 0.75) == []
    assert clustered([a], 0.75) == [1]
    who = clustered([a, 5 * a, b, a + 0.1 * b], 0.75)
    assert who[0] == who[1] == who[3] != who[2]
    assert len(set(clustered([a, b], 0.0))) == 1


class Voices:
    """Knows a voice by how loud it is."""

    def embed_utterance(self, samples: Audio) -> Any:
        quiet = float(np.abs(samples).max()) < 0.5
        return np.array([1.0, 0.0] if quiet else [0.0, 1.0])


def test_the_pipeline_says_a_turn_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_pipeline, "public_encoder", Voices)
    audio = loud([(0.5, 1.5), (3.0, 4.0)], 5.0)
    audio[to_samples(3.0) : to_samples(4.0)] *= 8
    peer = PipelinePeer()
    monkeypatch.setattr(
        peer._recogniser,
        "_words",
        lambda said: [Aligned("a", 1600, 3200), Aligned("b", 3200, 4800)],
    )
    turns = peer.hear(audio, LiveClock())
    assert [[w.text for w in t.words] for t in turns] == [["a", "b"], ["a", "b"]]
    assert [t.number for t in turns] == [1, 2]
    assert turns[0].speaker != turns[1].speaker
    for turn, (start_s, end_s) in zip(turns, ((0.4, 1.6), (2.9, 4.1)), strict=True):
        assert to_seconds(turn.start) == pytest.approx(start_s, abs=0.03)
        assert turn.words[0].start == turn.start + 1600
        assert turn.words[0].emitted == turn.end_emitted
        assert turn.words[0].emitted >= to_samples(end_s + 0.35)


def test_the_pipeline_needs_resemblyzer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resemblyzer", None)
    with pytest.raises(EngineError, match="pip install resemblyzer"):
        open_peer("pipeline")


@pytest.mark.parametrize("live", [True, False])
def test_pocketsphinx_hears_a_meeting(live: bool) -> None:
    samples = loud([(0.1, 0.4)], 0.6)
    clock = LiveClock()
    turns = PocketsphinxPeer(live).hear(samples, clock)
    assert clock.work_s > 0.0
    assert all(t.speaker == "1" and t.end <= len(samples) + 160 for t in turns)
    if not live:
        assert all(w.emitted >= len(samples) for t in turns for w in t.words)


def test_no_such_peer() -> None:
    with pytest.raises(EngineError, match="give a model file, or one of pocketsphinx, "):
        open_peer("whisper")


def test_memory_is_what_was_touched() -> None:
    touch = "p = peers_memory.peak_mb; print(p()); x = b'1' * 100_000_000; print(p())"
    program = f"from engine.evaluation import peers_memory; {touch}"
    said = subprocess.check_output([sys.executable, "-c", program], text=True)
    before, after = map(float, said.split())
    assert before < after - 90 < before + 20


def test_the_room_of_a_package_includes_what_it_needs(tmp_path: Path) -> None:
    names = {d.metadata["Name"].lower() for d in peers_memory.needed(["pocketsphinx"])}
    assert {"pocketsphinx", "sounddevice", "cffi"} <= names
    assert "pytest" not in {d.metadata["Name"] for d in peers_memory.needed(["crosstalk"])}
    file = tmp_path / "model"
    file.write_bytes(bytes(3_000_000))
    alone = peers_memory.installed_mb(["cffi"])
    assert peers_memory.installed_mb(["cffi", "no-such"], [file]) == pytest.approx(alone + 3)
    assert peers_memory.installed_mb(["pocketsphinx"]) > 20  # its model is inside


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Two short meetings of noise."""
    folder, lines = tmp_path / "bench", []
    folder.mkdir()
    for name, condition in (("a", "0L"), ("b", "20")):
        soundfile.write(folder / f"{name}.flac", tiny.noise(2.0, ord(name))[0].numpy(), 16_000)
        said = {"speaker": "x", "words": "alpha bravo", "start_time": 0.2, "end_time": 1.0}
        entry = {"session_id": name, "condition": condition, "reference": [said]}
        lines.append(json.dumps(entry))
    (folder / "test.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_one_command_measures_all(run: Lab, bench: Path, tmp_path: Path) -> None:
    model, output = model_file(tmp_path), tmp_path / "out"
    places = ("--bench", bench, "--output", output)
    code, said = run("benchmark", "--model", model, "--peer", "pocketsphinx", *places)
    assert (code, "Instead of Crosstalk" in said) == (0, True)
    record = json.loads((output / "peers.json").read_text())
    ours, theirs = record["peers"]
    assert (ours["title"], theirs["title"]) == ("tiny", "PocketSphinx, live")
    assert list(ours["figures"]) == ["0L", "20", "all"]
    assert theirs["figures"]["all"]["der"]["value"] is None
    assert theirs["figures"]["20"]["wer"]["value"] is None
    assert ours["figures"]["all"]["der"]["value"] is not None
    assert ours["real_time_factor"] > 0.0
    assert ours["peak_mb"] > 50.0  # torch alone
    assert 0.0 < theirs["installed_mb"] < ours["installed_mb"]
    assert record["sets"]["meetings"]["sessions"] == {"0L": 1, "20": 1}
    assert "ORC-WER, tiny less PocketSphinx, live" in (output / "peers.md").read_text()


def test_what_cannot_be_measured(run: Lab, bench: Path) -> None:
    code, said = run("benchmark", "--bench", bench)
    assert (code, "There is nothing to measure" in said) == (2, True)
    code, said = run("benchmark", "--model", "none.safetensors", "--bench", bench)
    assert (code, "none.safetensors is neither a model file nor a peer" in said) == (2, True)


def test_an_error_in_the_process_of_a_peer_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"nothing")
    with pytest.raises(EngineError, match="broken"):
        peers_process.run_peer(str(broken), [])


def test_torch_does_not_count_for_a_peer_without_it() -> None:
    opened = "peers_process.open_peer('pocketsphinx')"
    program = f"import sys; from engine.evaluation import peers_process; {opened}; "
    program += "sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_meeting_does_not_depend_on_the_one_before() -> None:
    peer = PocketsphinxPeer(live=True)
    first, second = loud([(0.1, 0.5)], 0.7), (0.3 * tiny.noise(0.7)[0]).numpy()
    once = [w.text for t in peer.hear(first, LiveClock()) for w in t.words]
    peer.hear(second, LiveClock())
    assert [w.text for t in peer.hear(first, LiveClock()) for w in t.words] == once
