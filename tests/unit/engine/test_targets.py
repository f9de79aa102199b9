"""Scenes become targets: tokens, ends, activity, phones and voices, channel by channel."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import PHONES as PHONE_NAMES
from engine.data.simulation import PlacedTurn, Scene
from engine.data.targets import IGNORED, Batch, SceneTargets, Targeting, VoiceTarget, collate
from engine.errors import EngineError
from engine.tokens import BLANK, CHANGE, EOT, SOT, SPECIAL, Tokens
from engine.training.assignment import AssignmentRule
from engine.training.batches import make_batch
from tests.unit.engine import tiny
from tests.unit.engine.corpora import PHONES
from tests.unit.engine.scenes import FRAME, scene, spoken

TOKENS = tiny.word_tokens()
TARGETING = Targeting(TOKENS, FRAME, rule=AssignmentRule.FIRST_FREE)
FRAMES = 100
ALPHA, BRAVO, CHARLIE = TOKENS.encode("alpha bravo charlie")


def phone(word: str) -> int:
    return PHONE_NAMES.index(PHONES[word]) + 1


def of(scene: Scene, targeting: Targeting = TARGETING) -> SceneTargets:
    return targeting.of(scene, FRAMES)


def runs(column: np.ndarray) -> list[tuple[int, int, int]]:
    """Value, first frame and the one after the last of each run of a value that is not 0."""
    edges = [0, *(np.flatnonzero(np.diff(column)) + 1).tolist(), len(column)]
    spans = itertools.pairwise(edges)
    return [(int(column[a]), a, b) for a, b in spans if column[a] != 0]


def test_a_turn() -> None:
    targets = of(scene([(5, spoken("alpha bravo"))], FRAMES))
    assert targets.tokens == ((SOT, ALPHA, BRAVO, EOT), ())
    assert targets.eot_ends == ((25.0,) * 4, ())
    assert runs(targets.activity[:, 0]) == [(1, 5, 25)]
    assert runs(targets.activity[:, 1]) == []
    expected = [(phone("alpha"), 5, 15), (phone("bravo"), 15, 25)]
    assert runs(targets.phones[:, 0]) == expected
    assert targets.voices == (VoiceTarget(0, 5, 25, "ann"),)
    assert targets.activity.shape == targets.phones.shape == (FRAMES, 2)


def test_turns_one_after_another_stay_on_a_channel_each_with_its_end() -> None:
    turns = [(5, spoken("alpha")), (20, spoken("bravo charlie", "bob"))]
    targets = of(scene(turns, FRAMES))
    assert targets.tokens == ((SOT, ALPHA, EOT, SOT, BRAVO, CHARLIE, EOT), ())
    assert targets.eot_ends == ((15.0,) * 3 + (40.0,) * 4, ())
    assert runs(targets.activity[:, 0]) == [(1, 5, 15), (1, 20, 40)]
    assert [v.speaker for v in targets.voices] == ["ann", "bob"]


OVERLAPPED = [(5, spoken("alpha bravo")), (15, spoken("charlie alpha", "bob"))]


def test_overlapping_turns_take_a_channel_each() -> None:
    targets = of(scene(OVERLAPPED, FRAMES))
    assert targets.tokens == ((SOT, ALPHA, BRAVO, EOT), (SOT, CHARLIE, ALPHA, EOT))
    assert runs(targets.activity[:, 0]) == [(1, 5, 25)]
    assert runs(targets.activity[:, 1]) == [(1, 15, 35)]
    assert targets.voices == (VoiceTarget(0, 5, 25, "ann"), VoiceTarget(1, 15, 35, "bob"))


@pytest.mark.parametrize(
    ("rule", "channel"), [(AssignmentRule.OVERLAP_BASED, 1), (AssignmentRule.FIRST_FREE, 0)]
)
def test_the_rule_decides_where_the_talk_goes_on(rule: AssignmentRule, channel: int) -> None:
    turns = [*OVERLAPPED, (50, spoken("bravo", "cid"))]
    targets = of(scene(turns, FRAMES), Targeting(TOKENS, FRAME, rule=rule))
    assert targets.tokens[channel][-3:] == (SOT, BRAVO, EOT)
    assert len(targets.tokens[1 - channel]) == 4


def test_with_floor_a_turn_is_divided_between_words() -> None:
    turns = [(5, spoken("alpha bravo")), (18, spoken("charlie alpha bravo", "bob"))]
    targets = of(scene(turns, FRAMES), Targeting(TOKENS, FRAME))  # words of the second: 18, 28, 38
    assert targets.tokens == (
        (SOT, ALPHA, BRAVO, EOT, CHANGE, ALPHA, BRAVO, EOT),
        (SOT, CHARLIE, CHANGE),
    )
    assert targets.eot_ends == ((25.0,) * 4 + (48.0,) * 4, (28.0,) * 3)
    assert runs(targets.activity[:, 0]) == [(1, 5, 25), (1, 28, 48)]
    assert runs(targets.activity[:, 1]) == [(1, 18, 28)]
    assert runs(targets.phones[:, 1]) == [(phone("charlie"), 18, 28)]
    assert [phone_run[0] for phone_run in runs(targets.phones[:, 0])][2] == phone("alpha")
    assert targets.voices == (
        VoiceTarget(0, 5, 25, "ann"),
        VoiceTarget(0, 28, 48, "bob", begins=False),
        VoiceTarget(1, 18, 28, "bob", ends=False),
    )


def test_a_third_speaker_at_once_is_not_in_the_targets() -> None:
    turns = [*OVERLAPPED, (18, spoken("charlie", "cid"))]
    with_third, without = of(scene(turns, FRAMES)), of(scene(OVERLAPPED, FRAMES))
    assert with_third.tokens == without.tokens
    assert with_third.voices == without.voices
    np.testing.assert_array_equal(with_third.activity, without.activity)
    np.testing.assert_array_equal(with_third.phones, without.phones)


def test_two_turns_at_the_very_same_time_are_both_there() -> None:
    turns = [(5, spoken("alpha")), (5, spoken("bravo", "bob"))]
    targets = of(scene(turns, FRAMES))
    assert sorted(targets.tokens) == [(SOT, ALPHA, EOT), (SOT, BRAVO, EOT)]
    assert sorted(v.speaker for v in targets.voices) == ["ann", "bob"]


def test_without_turn_tokens_there_are_words_only() -> None:
    targets = of(scene(OVERLAPPED, FRAMES), dataclasses.replace(TARGETING, turn_tokens=False))
    assert targets.tokens == ((ALPHA, BRAVO), (CHARLIE, ALPHA))
    assert targets.eot_ends == ((25.0,) * 2, (35.0,) * 2)


def test_the_serial_baseline_writes_everybody_by_the_end_of_their_words() -> None:
    targets = of(scene(OVERLAPPED, FRAMES), Targeting(TOKENS, FRAME, channels=1, serial=True))
    # the ends: alpha 15, bravo 25, charlie 25, alpha 35
    assert targets.tokens == ((ALPHA, BRAVO, CHARLIE, ALPHA),)
    assert targets.eot_ends == ((0.0,) * 4,)
    assert targets.activity.shape == (FRAMES, 1)
    assert runs(targets.activity[:, 0]) == [(1, 5, 35)]
    assert (targets.phones[15:25, 0] == IGNORED).all()  # two speak at once
    assert (targets.phones[25:35, 0] == phone("alpha")).all()
    assert [v.speaker for v in targets.voices] == ["ann", "bob"]


PHONE_TOKENS = Tokens.train([p for p in PHONE_NAMES for _ in range(2)], len(PHONE_NAMES) + SPECIAL)
SPELLING = {"alpha": "AE L F AH", "bravo": "B R AA", "charlie": "CH AA R"}


def test_words_are_spelled_where_their_phones_are_not_known() -> None:
    targeting = Targeting(PHONE_TOKENS, FRAME, spelling=SPELLING)
    said, unsure = spoken("alpha bravo"), spoken("charlie", "bob")
    turns = [(5, said), (40, dataclasses.replace(unsure, phones=None))]
    ids, _ = of(scene(turns, FRAMES), targeting).tokens
    pieces = [PHONE_TOKENS.piece(i).replace("\u2581", "") for i in ids]
    heard = [PHONES[word] for word in ("alpha", "bravo")]  # what was said comes before the book
    assert pieces == ["<sot>", *heard, "<eot>", "<sot>", *SPELLING["charlie"].split(), "<eot>"]


def test_the_baseline_spells_words_by_their_ends() -> None:
    targeting = Targeting(PHONE_TOKENS, FRAME, 1, serial=True, spelling=SPELLING)
    (ids,) = of(scene(OVERLAPPED, FRAMES), targeting).tokens
    words = ["alpha", "bravo", "charlie", "alpha"]
    assert list(ids) == PHONE_TOKENS.encode(" ".join(SPELLING[w] for w in words))


def test_words_that_cannot_be_spelled_are_named() -> None:
    turn = dataclasses.replace(spoken("alpha bravo"), phones=None)
    targeting = Targeting(PHONE_TOKENS, FRAME, spelling={"alpha": "AE L F AH"})
    with pytest.raises(EngineError, match="cannot spell 'bravo'"):
        of(scene([(5, turn)], FRAMES), targeting)
    unlearned = dataclasses.replace(scene([(5, turn)], FRAMES), transcribed=False)
    assert targeting.of(unlearned, FRAMES).activity.any()


def test_unknown_phones_are_ignored_and_silence_is_not() -> None:
    targets = of(scene([(5, spoken("alpha", phones=False))], FRAMES))
    assert runs(targets.phones[:, 0]) == [(IGNORED, 5, 15)]


@given(st.integers(0, 90 * FRAME), st.integers(1, 8 * FRAME))
def test_a_frame_is_active_when_its_middle_is_in_the_turn(start: int, length: int) -> None:
    turn = spoken("alpha", word=length)
    placed = Scene(np.zeros(1, np.float32), (PlacedTurn(turn, start),))
    targets = of(placed)
    middles = np.arange(FRAMES) * FRAME + FRAME // 2
    inside = (start <= middles) & (middles < start + length)
    np.testing.assert_array_equal(targets.activity[:, 0] > 0, inside)
    assert len(targets.voices) == inside.any()
    assert targets.eot_ends[0][0] == pytest.approx((start + length) / FRAME)


def test_silence() -> None:
    targets = of(scene([], FRAMES))
    assert targets.tokens == ((), ())
    assert not targets.activity.any()
    assert not targets.phones.any()
    assert targets.voices == ()


def batch() -> Batch:
    quiet = scene([], FRAMES)
    read = scene([(50, spoken("charlie"))], FRAMES, transcribed=False)
    return make_batch([scene(OVERLAPPED, FRAMES), quiet, read], TARGETING, 880)


def test_a_batch_has_rows_of_channels_scene_by_scene() -> None:
    made = batch()
    assert made.audio.shape == (3, FRAMES * FRAME + 240)
    assert made.activity.shape == made.phones.shape == (3, FRAMES, 2)
    assert made.token_lengths.tolist() == [4, 4, 0, 0, 3, 0]
    assert made.tokens.tolist() == [
        [SOT, ALPHA, BRAVO, EOT],
        [SOT, CHARLIE, ALPHA, EOT],
        [BLANK] * 4,
        [BLANK] * 4,
        [SOT, CHARLIE, EOT, BLANK],
        [BLANK] * 4,
    ]
    assert made.eot_ends[0].tolist() == [25.0] * 4
    assert made.eot_ends[4].tolist() == [60.0] * 3 + [0.0]
    assert made.transcribed.tolist() == [True, True, False]
    assert [len(v) for v in made.voices] == [2, 0, 1]


def test_a_batch_of_silence_has_one_column() -> None:
    quiet = scene([], FRAMES)
    made = collate([quiet], [of(quiet)])
    assert made.tokens.shape == (2, 1)
    assert made.token_lengths.tolist() == [0, 0]


def test_a_batch_moves_with_all_of_its_tensors() -> None:
    moved = batch().to("meta")
    tensors = {k: v for k, v in vars(moved).items() if isinstance(v, torch.Tensor)}
    assert len(tensors) == 7
    assert all(t.device.type == "meta" for t in tensors.values())
    assert moved.voices == batch().voices
