"""Endless batches of random meetings, the same for the same seed."""

from __future__ import annotations

import itertools
import os
import threading
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest
import torch

from engine.data.conversation import Event
from engine.data.conversation_layout import Conversation
from engine.data.meeting_sound import MeetingSound
from engine.data.rooms import Microphone, Room
from engine.data.simulation import CONDITIONS, Acoustics, SpokenTurn, Timing
from engine.data.targets import Batch, Targeting
from engine.errors import EngineError
from engine.training.batches import (
    BatchMaker,
    SceneMaker,
    SourceShare,
    make_batch,
    simulated_batches,
)
from engine.training.workers import worker_batches
from tests.unit.engine import tiny
from tests.unit.engine.scenes import FRAME, scene, spoken

REACH = 880
QUIET_ROOM = Acoustics(room=0.0, noisy=0.0)


@dataclass(frozen=True)
class Talk:
    """Turns of a word or two."""

    word: str = "alpha"
    speakers: tuple[str, ...] = ("ann", "bob", "cid")

    def turn(self, speaker: str, random: np.random.Generator) -> SpokenTurn:
        return spoken(" ".join([self.word] * int(random.integers(1, 3))), speaker)


class Broken:
    """A source that cannot go on."""

    speakers = ("ann",)

    def turn(self, speaker: str, random: np.random.Generator) -> SpokenTurn:
        raise RuntimeError("the tape broke")


def maker(*sources: SourceShare, silence: float = 0.0, people: int = 4) -> SceneMaker:
    shares = sources or (SourceShare(Talk()),)
    timings = tuple(CONDITIONS.values())
    return SceneMaker(shares, timings, QUIET_ROOM, 4.0, people, silence)


def batch_maker(made: SceneMaker, seed: int = 0, size: int = 2, rank: int = 0) -> BatchMaker:
    return BatchMaker(made, Targeting(tiny.word_tokens(), FRAME), REACH, size, seed, rank)


def batches(made: SceneMaker, seed: int, count: int, size: int = 2, first: int = 0) -> list[Batch]:
    stream = simulated_batches(batch_maker(made, seed, size), first)
    try:
        return list(itertools.islice(stream, count))
    finally:
        stream.close()


def test_batches_are_the_same_for_the_same_seed() -> None:
    first, again, other = (batches(maker(), seed, 3) for seed in (1, 1, 2))
    for a, b in zip(first, again, strict=True):
        assert torch.equal(a.audio, b.audio)
        assert torch.equal(a.tokens, b.tokens)
    assert not torch.equal(first[0].audio, other[0].audio)
    assert not torch.equal(first[0].audio, first[1].audio)


def test_people_are_drawn_as_often_as_they_are_weighed() -> None:
    share = SourceShare(Talk(), weights=(0.0, 6.0, 2.0))
    random = np.random.default_rng(0)
    drawn = [share.people(1, random)[0] for _ in range(400)]
    assert drawn.count("ann") == 0
    assert 2.0 < drawn.count("bob") / drawn.count("cid") < 4.5


def test_scenes_can_be_laid_out_and_sound_as_meetings() -> None:
    conversation = Conversation((Event(1, False, 0.8, 0.3),) * 9, frozenset({8}))
    plain = replace(maker(), conversation=conversation, fitted=1.0)
    scene = plain.scene(np.random.default_rng(1))
    gaps = [b.start - a.end for a, b in itertools.pairwise(scene.turns)]
    assert len(gaps) > 1
    assert np.allclose(gaps, 0.8 * 16_000, atol=1)  # as they were in the meeting
    echo = np.eye(1, 1601, 1600, dtype=np.float32)[0]  # a room that is heard 0.1 s later
    sound = MeetingSound(QUIET_ROOM, [Room(Microphone.NEAR, 0.3, (echo,) * 4)])
    late = replace(plain, sound=sound, rooms=1.0).scene(np.random.default_rng(1))
    assert [t.start for t in late.turns] == [t.start for t in scene.turns]
    start = scene.turns[0].start
    here, there = (np.abs(s.audio[start : start + 1500]).mean() for s in (scene, late))
    assert there < 0.3 * here


def assert_same(a: Batch, b: Batch) -> None:
    assert torch.equal(a.audio, b.audio)
    assert torch.equal(a.tokens, b.tokens)
    assert a.voices == b.voices


def test_a_batch_belongs_to_its_step() -> None:
    whole = batches(maker(), 1, 5)
    for a, b in zip(batches(maker(), 1, 3, first=2), whole[2:], strict=True):
        assert_same(a, b)


def test_processes_share_the_scenes_of_one_with_a_larger_batch() -> None:
    whole = batch_maker(maker(), size=4).batch(7)
    parts = [batch_maker(maker(), size=2, rank=rank).batch(7) for rank in (0, 1)]
    assert torch.equal(torch.cat([p.audio for p in parts]), whole.audio)
    assert torch.equal(torch.cat([p.token_lengths for p in parts]), whole.token_lengths)


def test_workers_make_the_same_batches_in_the_same_order() -> None:
    stream = worker_batches(partial(batch_maker, maker(), 1), 2, first=3)
    try:
        made = list(itertools.islice(stream, 3))
    finally:
        stream.close()
    for a, b in zip(made, batches(maker(), 1, 3, first=3), strict=True):
        assert_same(a, b)


def killed() -> BatchMaker:
    os._exit(9)


def test_a_worker_that_was_killed_is_told_and_so_is_what_goes_wrong_in_one() -> None:
    with pytest.raises(EngineError, match=r"exit code 9.*fewer --workers"):
        next(worker_batches(killed, 1))
    with pytest.raises(RuntimeError, match="the tape broke"):
        next(worker_batches(partial(batch_maker, maker(SourceShare(Broken()))), 1))


def test_targets_have_a_frame_for_each_of_the_models() -> None:
    model = tiny.model()
    (batch,) = batches(maker(), 0, 1)
    frames, _ = model.frontend.step(batch.audio, model.frontend.initial_state(2))
    assert frames.shape[1] == batch.activity.shape[1] == batch.phones.shape[1]
    assert model.frontend.reach == REACH


def test_the_thread_ends_with_the_batches() -> None:
    before = threading.active_count()
    stream = simulated_batches(batch_maker(maker()))
    next(stream)
    assert threading.active_count() == before + 1
    stream.close()
    assert threading.active_count() == before


def test_what_goes_wrong_in_the_thread_is_told() -> None:
    with pytest.raises(RuntimeError, match="the tape broke"):
        batches(maker(SourceShare(Broken())), 0, 1)


def test_sources_are_drawn_by_their_shares() -> None:
    random = np.random.default_rng(0)
    made = maker(
        SourceShare(Talk("alpha"), 0.75), SourceShare(Talk("bravo"), 0.25, transcribed=False)
    )
    scenes = [made.scene(random) for _ in range(200)]
    words = [{w.text for t in s.turns for w in t.spoken.words} for s in scenes]
    assert all(len(w) == 1 for w in words)
    alphas = sum(w == {"alpha"} for w in words)
    assert 130 < alphas < 170
    assert all(s.transcribed == (w == {"alpha"}) for s, w in zip(scenes, words, strict=True))


def test_nobody_speaks_as_often_as_asked() -> None:
    random = np.random.default_rng(0)
    empty = sum(not maker(silence=0.3).scene(random).turns for _ in range(200))
    assert 40 < empty < 80


def test_people_are_as_many_as_there_are_at_most() -> None:
    random = np.random.default_rng(0)
    for most, expected in ((2, {1, 2}), (9, {1, 2, 3})):
        made = SceneMaker(
            [SourceShare(Talk())], [Timing(0.0, (0.1, 0.2))], QUIET_ROOM, 8.0, most, 0.0
        )
        people = {len({t.spoken.speaker for t in made.scene(random).turns}) for _ in range(40)}
        assert people == expected


def test_a_batch_of_given_scenes_is_cut_at_whole_frames() -> None:
    scenes = [scene([(3, spoken("alpha"))], 20), scene([], 20)]
    batch = make_batch(scenes, Targeting(tiny.word_tokens(), FRAME), REACH)
    assert batch.activity.shape == (2, 20, 2)
