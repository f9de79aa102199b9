"""A session says the same however its audio comes in, and refuses what it cannot use."""

from __future__ import annotations

import dataclasses
import gc
import types
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import nn

from engine.config import SearchConfig
from engine.errors import AudioError, DeviceError, ModelError
from engine.events import SpeakerRevised, TurnEvent, TurnStarted, WordsChanged
from engine.recognizer import Recognizer, Session, choose_device
from tests.unit.engine import tiny
from tests.unit.engine.tiny import encoder_config, model_config
from tests.unit.engine.wellformed import assert_well_formed

LSTM = encoder_config("lstm")
CHUNKED = encoder_config()
RECOGNIZERS = {
    "conv attention": tiny.recognizer(model_config(), seed=3),
    "lstm": tiny.recognizer(model_config(LSTM, LSTM, LSTM), seed=3),
    "lstm mixture": tiny.recognizer(model_config(LSTM, CHUNKED, CHUNKED), seed=1),
    "other chunks": tiny.recognizer(
        model_config(encoder_config(chunk=2), encoder_config(chunk=3), encoder_config(chunk=5)),
        seed=1,
    ),
    "one channel": tiny.recognizer(model_config(channels=1), seed=3),
    "lstm prediction": tiny.recognizer(model_config(prediction="lstm"), seed=3),
}
SEARCHES = [SearchConfig(), SearchConfig(beam=3)]


def samples(seconds: float, seed: int = 0) -> NDArray[np.float32]:
    return tiny.noise(seconds, seed)[0].numpy()


def run(session: Session, pieces: Iterable[NDArray[np.float32]]) -> list[TurnEvent]:
    events = []
    for piece in pieces:
        session.accept(piece)
        events += session.events()
    session.finish()
    return events + session.events()


def assert_same(events: list[TurnEvent], expected: list[TurnEvent]) -> None:
    """Equal but for the rounding of confidences."""
    assert [rounded(e) for e in events] == [rounded(e) for e in expected]


def rounded(event: TurnEvent) -> TurnEvent:
    if isinstance(event, WordsChanged):
        words = (dataclasses.replace(w, confidence=round(w.confidence, 2)) for w in event.words)
        return dataclasses.replace(event, words=tuple(words))
    if isinstance(event, SpeakerRevised):
        return dataclasses.replace(event, confidence=round(event.confidence, 2))
    return event


@pytest.mark.parametrize("search", SEARCHES, ids=["greedy", "beam"])
@pytest.mark.parametrize("name", RECOGNIZERS)
@settings(max_examples=5)
@given(st.lists(st.sampled_from([0, 1, 100, 639, 640, 8000, 20_000]), max_size=12))
def test_events_do_not_depend_on_how_the_audio_is_cut(
    name: str, search: SearchConfig, cuts: list[int]
) -> None:
    recognizer, audio = RECOGNIZERS[name], samples(1.93)
    pieces = np.split(audio, np.cumsum(cuts).clip(max=len(audio)))
    whole = run(recognizer.session(search), [audio])
    assert run(recognizer.session(search), pieces) == whole
    assert any(isinstance(e, WordsChanged) for e in whole)


@pytest.mark.parametrize("seconds", [0.0, 1 / 16_000, 0.3, 4.1])
@pytest.mark.parametrize("name", RECOGNIZERS)
def test_transcribing_at_once_says_what_a_session_says(name: str, seconds: float) -> None:
    audio = samples(seconds)
    live = run(RECOGNIZERS[name].session(), np.array_split(audio, 7))
    assert_same(RECOGNIZERS[name].transcribe(audio), live)
    assert live or seconds < 1


@pytest.mark.parametrize("search", SEARCHES, ids=["greedy", "beam"])
@pytest.mark.parametrize("seed", range(6))
def test_events_are_well_formed(seed: int, search: SearchConfig) -> None:
    events = run(tiny.recognizer(seed=seed).session(search), [samples(5.0, seed)])
    assert any(isinstance(e, TurnStarted) for e in events)
    assert_well_formed(events)


def test_an_event_is_emitted_when_its_audio_has_been_consumed() -> None:
    session = RECOGNIZERS["conv attention"].session()
    said = 0
    for piece in np.array_split(samples(4.0), 37):
        session.accept(piece)
        for event in session.events():
            assert session.consumed - session.block < event.emitted <= session.consumed
            said += 1
    assert said


def test_finishing_twice_says_nothing_new() -> None:
    session = RECOGNIZERS["conv attention"].session()
    assert run(session, [samples(3.0)])
    session.finish()
    assert session.events() == []


def test_nothing_is_accepted_after_the_end() -> None:
    session = RECOGNIZERS["conv attention"].session()
    session.finish()
    with pytest.raises(AudioError, match="new session"):
        session.accept(samples(0.1))


def test_a_meeting_without_audio_has_no_events() -> None:
    assert run(RECOGNIZERS["conv attention"].session(), []) == []


@pytest.mark.parametrize("shape", [(100, 2), (1, 100), ()])
def test_more_than_one_channel_is_refused(shape: tuple[int, ...]) -> None:
    session = RECOGNIZERS["conv attention"].session()
    with pytest.raises(AudioError, match="One channel"):
        session.accept(np.zeros(shape, np.float32))
    assert session.consumed == 0


def test_what_is_no_number_is_silence() -> None:
    silent = samples(3.0)
    silent[20_000:21_000] = 0.0
    broken = silent.copy()
    broken[20_000:20_300] = np.nan
    broken[20_300:20_700] = np.inf
    broken[20_700:21_000] = -np.inf
    recognizer = RECOGNIZERS["conv attention"]
    expected = run(recognizer.session(), [silent])
    assert run(recognizer.session(), [broken]) == expected
    assert_same(recognizer.transcribe(broken), expected)


def test_a_buffer_that_is_used_again_is_harmless() -> None:
    recognizer, audio = RECOGNIZERS["conv attention"], samples(2.0)
    session, buffer = recognizer.session(), np.zeros(500, np.float32)
    for piece in audio.reshape(-1, 500):
        buffer[:] = piece
        session.accept(buffer)
        buffer[:] = 1.0
    session.finish()
    assert session.events() == run(recognizer.session(), [audio])


def test_consumed_counts_every_sample() -> None:
    session = RECOGNIZERS["conv attention"].session()
    for piece, total in ((1, 1), (0, 1), (5000, 5001)):
        session.accept(np.zeros(piece, np.float32))
        assert session.consumed == total


def test_sessions_in_threads_share_weights_and_nothing_else() -> None:
    recognizer = RECOGNIZERS["conv attention"]
    audios = [samples(3.0, seed) for seed in range(4)]
    alone = [run(recognizer.session(), [audio]) for audio in audios]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(run, recognizer.session(), np.array_split(a, 50)) for a in audios]
        together = [job.result() for job in jobs]
    assert together == alone


def held(session: Session) -> int:
    """Bytes of tensors and arrays, and items of containers, that a session holds on to."""
    shared = (nn.Module, type, types.ModuleType, types.FunctionType, types.MethodType)
    seen: set[int] = set()
    total, waiting = 0, [session.__dict__]
    while waiting:
        thing: Any = waiting.pop()
        if id(thing) in seen or isinstance(thing, shared):
            continue
        seen.add(id(thing))
        if isinstance(thing, torch.Tensor):
            total += thing.untyped_storage().nbytes()
        elif isinstance(thing, np.ndarray):
            total += thing.nbytes
        else:
            total += 8
            waiting += gc.get_referents(thing)
    return total


@pytest.mark.parametrize("search", SEARCHES, ids=["greedy", "beam"])
def test_memory_does_not_grow_with_the_meeting(search: SearchConfig) -> None:
    session, audio = tiny.recognizer(seed=3).session(search), samples(15.0)
    sizes = []
    for _ in range(4):
        for piece in np.array_split(audio, 150):
            session.accept(piece)
            session.events()
        sizes.append(held(session))
    assert sizes[0] > 10_000
    assert max(sizes[1:]) < 1.5 * sizes[0]


def test_a_long_piece_is_worked_on_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a piece is copied more than once: what is waiting is never longer than a block."""
    session = RECOGNIZERS["lstm"].session()
    taken = []
    work = session._work

    def spy(block: NDArray[np.float32]) -> None:
        taken.append((len(block), session._pending_length))
        work(block)

    monkeypatch.setattr(session, "_work", spy)
    session.accept(samples(3.0))
    assert {length for length, _ in taken} == {session.block}
    assert max(waiting for _, waiting in taken) < session.block


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="choose or install a model"):
        Recognizer.load(tmp_path / "none.safetensors", "cpu")


def test_an_unknown_device_is_refused_before_anything_else() -> None:
    with pytest.raises(DeviceError, match="choose auto or cpu"):
        choose_device("tpu")


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_takes_the_best_device_there_is(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, expected: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device("auto") == expected
    assert choose_device("cpu") == "cpu"
    for name, there in (("cuda", cuda), ("mps", mps)):
        if there:
            assert choose_device(name) == name
        else:
            with pytest.raises(DeviceError, match=f"no {name} device"):
                choose_device(name)
