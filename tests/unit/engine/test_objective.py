"""Each part of the objective is what it says, alone and together with the others."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.data.targets import IGNORED, Batch, Targeting
from engine.errors import ConfigError
from engine.model import Heard, SeparatorTransducerSegmenter
from engine.tokens import BLANK, EOT
from engine.training.assignment import AssignmentRule
from engine.training.batches import make_batch
from engine.training.objective import Objective, ObjectiveConfig
from engine.training.rnnt import eot_delay_cost, transducer_loss
from tests.unit.engine import tiny
from tests.unit.engine.scenes import FRAME, scene, spoken

PEOPLE = ["ann", "bob"]
NOTHING = ObjectiveConfig(
    transducer=0.0, activity=0.0, phones=0.0, voices=0.0, marks=0.0, fastemit=0.0,
    eot_early=0.0, eot_late=0.0,
)  # fmt: skip
FRAMES = 60
TARGETING = Targeting(tiny.word_tokens(), FRAME, rule=AssignmentRule.FIRST_FREE)
OVERLAPPED = scene([(5, spoken("alpha bravo")), (15, spoken("charlie alpha delta", "bob"))], FRAMES)
READ = scene([(20, spoken("echo", "zoe", phones=False))], FRAMES, transcribed=False)
QUIET = scene([], FRAMES)
BATCH = make_batch([OVERLAPPED, READ, QUIET], TARGETING, 880)


def replace(config: ObjectiveConfig, **options: Any) -> ObjectiveConfig:
    return dataclasses.replace(config, **options)


def model(channels: int = 2) -> SeparatorTransducerSegmenter:
    return tiny.model(tiny.model_config(channels=channels)).requires_grad_(True)


def hear(made: SeparatorTransducerSegmenter, batch: Batch = BATCH) -> Heard:
    frames, _ = made.frontend.step(batch.audio, made.frontend.initial_state(len(batch.audio)))
    heard: Heard = made.encode(frames)
    return heard


def objective(made: SeparatorTransducerSegmenter, config: ObjectiveConfig) -> Objective:
    torch.manual_seed(0)
    return Objective(made, config, PEOPLE)


def loss(config: ObjectiveConfig, heard: Heard | None = None, batch: Batch = BATCH) -> Tensor:
    made = model()
    found = objective(made, config)(made, hear(made, batch) if heard is None else heard, batch)
    total: Tensor = found.total
    return total


def flipped(heard: Heard) -> Heard:
    return Heard(heard.encoded.flip(2), heard.activity.flip(2), heard.voice.flip(2))


@pytest.mark.parametrize("part", ["transducer", "activity", "phones", "voices", "marks"])
def test_each_part_can_be_switched(part: str) -> None:
    made = model()
    heard = hear(made)
    both = objective(made, ObjectiveConfig())(made, heard, BATCH)
    losses = objective(made, replace(NOTHING, **{part: 2.0}))(made, heard, BATCH)
    assert list(losses.parts) == [part]
    assert float(losses.total.detach()) == pytest.approx(2.0 * losses.parts[part], rel=1e-5)
    assert set(both.parts) == {"transducer", "activity", "phones", "voices", "marks"}
    without = objective(made, replace(ObjectiveConfig(), **{part: 0.0}))(made, heard, BATCH)
    assert part not in without.parts
    if part != "transducer":  # whose options are off here
        assert losses.parts[part] == pytest.approx(both.parts[part], rel=1e-5)


def test_the_total_is_the_weighted_sum() -> None:
    made = model()
    config = ObjectiveConfig()
    losses = objective(made, config)(made, hear(made), BATCH)
    expected = sum(getattr(config, name) * value for name, value in losses.parts.items())
    assert float(losses.total.detach()) == pytest.approx(expected, rel=1e-5)


def test_the_transducer_part_is_the_loss_per_token_of_what_is_to_be_learned() -> None:
    made = model()
    heard = hear(made)
    encoded = heard.encoded[0].transpose(0, 1)  # rows of the first scene
    expected = torch.zeros(())
    for row in (0, 1):
        length = int(BATCH.token_lengths[row])
        tokens = BATCH.tokens[row : row + 1, :length]
        lattice = made.transducer.lattice(encoded[row : row + 1], tokens)
        counts = torch.tensor([FRAMES]), torch.tensor([length])
        expected = expected + transducer_loss(lattice, tokens, *counts, BLANK).sum()
    silence = made.transducer.lattice(heard.encoded[2].transpose(0, 1), torch.zeros(2, 0).long())
    expected = expected - silence[:, :, 0, BLANK].sum()  # the scene in which nobody speaks
    found = objective(made, replace(NOTHING, transducer=1.0))(made, heard, BATCH).total
    torch.testing.assert_close(found, expected / (4 + 5))


def test_words_that_are_not_to_be_learned_change_nothing() -> None:
    config = replace(NOTHING, transducer=1.0)
    tokens = BATCH.tokens.clone()
    tokens[2, 1] = tiny.word_tokens().encode("foxtrot")[0]
    other = dataclasses.replace(BATCH, tokens=tokens)
    assert torch.equal(loss(config), loss(config, batch=other))
    learned = dataclasses.replace(other, transcribed=torch.tensor([True] * 3))
    assert not torch.allclose(loss(config), loss(config, batch=learned))


def gradients(config: ObjectiveConfig) -> tuple[float, Tensor]:
    made = model()
    total = objective(made, config)(made, hear(made), BATCH).total
    total.backward()
    grad = made.transducer.output.weight.grad
    assert grad is not None
    return float(total.detach()), grad


def test_fastemit_changes_gradients_and_not_the_value() -> None:
    value, plain = gradients(replace(NOTHING, transducer=1.0))
    same, fast = gradients(replace(NOTHING, transducer=1.0, fastemit=0.1))
    assert same == pytest.approx(value, rel=1e-6)
    assert not torch.allclose(plain, fast, rtol=1e-3)


def test_the_penalty_is_taken_with_all_of_its_options() -> None:
    """A row's loss is that of a lattice from which the cost was taken off."""
    made = tiny.model()
    made.transducer.output.weight.mul_(0.1)  # ends of turns may come early and late
    heard = hear(made)
    config = replace(NOTHING, transducer=1.0, eot_early=0.3, eot_late=0.2, eot_buffer_ms=120)
    expected = torch.zeros(())
    rows = heard.encoded.transpose(1, 2).flatten(0, 1)
    for row in (0, 1, 4, 5):
        length = int(BATCH.token_lengths[row])
        tokens = BATCH.tokens[row : row + 1, :length]
        cost = eot_delay_cost(
            tokens,
            EOT,
            BATCH.eot_ends[row : row + 1, :length],
            FRAMES,
            early=0.3,
            late=0.2,
            buffer=3.0,  # frames of 40 ms
        )
        lattice = made.transducer.lattice(rows[row : row + 1], tokens)
        counts = torch.tensor([FRAMES]), torch.tensor([length])
        expected = expected + transducer_loss(lattice, tokens, *counts, BLANK, 0.0, cost).sum()
    found = objective(made, config)(made, heard, BATCH).total
    torch.testing.assert_close(found, expected / 9)
    for option in ("eot_early", "eot_late"):
        without = objective(made, replace(config, **{option: 0.0}))(made, heard, BATCH).total
        assert without < found
    relaxed = objective(made, replace(config, eot_buffer_ms=400))(made, heard, BATCH).total
    assert relaxed < found


def test_a_late_end_costs_more_with_the_penalty() -> None:
    """Of two batches that differ in where their turns end only, the later end is cheaper late."""
    config = replace(NOTHING, transducer=1.0, eot_late=1.0)
    later = dataclasses.replace(BATCH, eot_ends=BATCH.eot_ends + 20)
    assert loss(config, batch=later) < loss(config)
    without = replace(NOTHING, transducer=1.0)
    assert torch.equal(loss(without, batch=later), loss(without))


@pytest.mark.parametrize("part", ["transducer", "phones", "activity", "voices", "marks"])
def test_permutation_invariance_holds_for_every_part(part: str) -> None:
    made = model()
    heard = hear(made)
    config = replace(NOTHING, transducer=1.0, permutation_invariant=True)
    invariant = objective(made, replace(config, **{part: 1.0}))
    fixed = objective(made, replace(config, permutation_invariant=False, **{part: 1.0}))
    straight, crossed = (invariant(made, h, BATCH).parts[part] for h in (heard, flipped(heard)))
    by_order = [fixed(made, h, BATCH).parts[part] for h in (heard, flipped(heard))]
    assert by_order[0] != pytest.approx(by_order[1], rel=1e-4)
    if part != "transducer":  # scenes that are not transcribed keep their order in the others
        heard, batch = only_first(heard), first_of(BATCH)
        straight, crossed = (invariant(made, h, batch).parts[part] for h in (heard, flipped(heard)))
        by_order = [fixed(made, h, batch).parts[part] for h in (heard, flipped(heard))]
    assert straight == pytest.approx(crossed, rel=1e-5)
    assert any(straight == pytest.approx(value, rel=1e-5) for value in by_order)
    if part == "transducer":
        assert straight == pytest.approx(min(by_order), rel=1e-5)


def test_scenes_whose_words_are_not_to_be_learned_keep_their_order() -> None:
    made = model()
    batch = make_batch([READ], TARGETING, 880)
    heard = hear(made, batch)
    config = replace(NOTHING, transducer=1.0, activity=1.0)
    for h in (heard, flipped(heard)):
        invariant, fixed = (
            objective(made, replace(config, permutation_invariant=p))(made, h, batch).parts
            for p in (True, False)
        )
        assert invariant == fixed


def only_first(heard: Heard) -> Heard:
    return Heard(heard.encoded[:1], heard.activity[:1], heard.voice[:1])


def first_of(batch: Batch) -> Batch:
    channels = {"tokens", "token_lengths", "eot_ends"}
    parts = {
        f.name: getattr(batch, f.name)[: 2 if f.name in channels else 1]
        for f in dataclasses.fields(Batch)
    }
    return Batch(**parts)


def test_permutation_invariance_needs_two_channels() -> None:
    with pytest.raises(ConfigError, match="two channels"):
        objective(model(1), ObjectiveConfig(permutation_invariant=True))


def test_activity_is_cross_entropy_per_frame_and_channel() -> None:
    heard = hear(model())
    p = heard.activity.sigmoid()
    expected = -torch.where(BATCH.activity > 0, p, 1 - p).log().mean()
    torch.testing.assert_close(loss(replace(NOTHING, activity=1.0), heard), expected)


def test_phones_are_cross_entropy_with_quiet_silence_and_without_the_unknown() -> None:
    made = model()
    heard = hear(made)
    scorer = objective(made, replace(NOTHING, phones=1.0))
    log_probs = scorer.phone_head(heard.encoded).log_softmax(-1)
    known = BATCH.phones != IGNORED
    assert not known.all()
    weights = torch.where(BATCH.phones == 0, 0.2, 1.0)[known]
    picked = log_probs.gather(-1, BATCH.phones.clamp(min=0)[..., None])[..., 0][known]
    expected = -(weights * picked).sum() / weights.sum()
    torch.testing.assert_close(scorer(made, heard, BATCH).total, expected)


def test_marks_are_learned_just_after_starts_and_ends() -> None:
    made = model()
    heard = hear(made)
    scorer = objective(made, replace(NOTHING, marks=1.0, mark_ms=200))  # 5 frames
    marks = torch.zeros(3, FRAMES, 2).long()
    marks[0, 5:10, 0] = marks[0, 15:20, 1] = marks[1, 20:25, 0] = 1
    marks[0, 25:30, 0] = marks[0, 45:50, 1] = marks[1, 30:35, 0] = 2
    scores = scorer.mark_head(heard.encoded)
    expected = F.cross_entropy(scores.flatten(0, 2), marks.flatten())
    torch.testing.assert_close(scorer(made, heard, BATCH).total, expected)


def test_a_turn_that_changes_its_channel_has_no_mark_there() -> None:
    moving = scene([(5, spoken("alpha")), (12, spoken("bravo alpha delta", "bob"))], FRAMES)
    batch = make_batch([moving], Targeting(tiny.word_tokens(), FRAME), 880)
    made = model()
    heard = hear(made, batch)
    scorer = objective(made, replace(NOTHING, marks=1.0, mark_ms=80))  # 2 frames
    marks = torch.zeros(1, FRAMES, 2).long()
    marks[0, 5:7, 0] = marks[0, 12:14, 1] = 1
    marks[0, 15:17, 0] = marks[0, 42:44, 0] = 2  # the words of the second: 12, 22, 32
    expected = F.cross_entropy(scorer.mark_head(heard.encoded).flatten(0, 2), marks.flatten())
    torch.testing.assert_close(scorer(made, heard, batch).total, expected)


def test_voices_are_those_of_known_speakers_over_their_frames() -> None:
    made = model()
    heard = hear(made)
    scorer = objective(made, replace(NOTHING, voices=1.0))
    vectors, classes = scorer.voice_vectors(made, heard, BATCH)
    assert classes.tolist() == [0, 1]  # zoe is not known
    for vector, (channel, begin, end) in zip(vectors, [(0, 5, 25), (1, 15, 45)], strict=True):
        mine = heard.voice[0, begin:end, channel]
        moments = torch.cat([mine.mean(0), mine.var(0, correction=0).sqrt()])
        expected = F.normalize(made.voice.project(moments), dim=0)
        torch.testing.assert_close(vector, expected, rtol=1e-3, atol=1e-3)


def test_voices_near_their_class_cost_little_and_a_margin_makes_them_come_nearer() -> None:
    made = model()
    heard = hear(made)
    costs = {}
    for margin in (0.0, 0.3):
        scorer = objective(made, replace(NOTHING, voices=1.0, voice_margin=margin))
        vectors, _ = scorer.voice_vectors(made, heard, BATCH)
        with torch.no_grad():
            for order in ("right", "wrong"):
                classes = vectors if order == "right" else vectors.flip(0)
                scorer.voice_classes.copy_(7.0 * classes)  # only their direction counts
                costs[order, margin] = float(scorer(made, heard, BATCH).total)
    assert costs["right", 0.0] < 0.7 < costs["wrong", 0.0]
    assert costs["right", 0.0] < costs["right", 0.3]


def test_a_batch_in_which_nobody_speaks_can_be_learned() -> None:
    made = model()
    batch = make_batch([QUIET, QUIET], TARGETING, 880)
    losses = objective(made, ObjectiveConfig())(made, hear(made, batch), batch)
    losses.total.backward()
    assert losses.total.isfinite()
    assert losses.parts["voices"] == 0.0
    assert losses.parts["transducer"] > 0.0  # what is said would be false


def test_a_batch_in_which_nothing_is_transcribed_has_no_transducer_loss() -> None:
    made = model()
    batch = make_batch([READ], TARGETING, 880)
    losses = objective(made, ObjectiveConfig())(made, hear(made, batch), batch)
    assert losses.parts["transducer"] == 0.0


def test_every_weight_learns() -> None:
    made = model()
    scorer = objective(made, ObjectiveConfig())
    scorer(made, hear(made), BATCH).total.backward()
    parameters = [*made.named_parameters(), *scorer.named_parameters()]
    still = [n for n, p in parameters if p.grad is None or not p.grad.abs().sum() > 0]
    assert still == []


@pytest.mark.parametrize(
    "config",
    [
        replace(ObjectiveConfig(), **{name: -0.1})
        for name in ("transducer", "activity", "phones", "voices", "marks", "fastemit", "eot_late")
    ],
)
def test_negative_weights_are_refused(config: ObjectiveConfig) -> None:
    with pytest.raises(ConfigError, match="negative"):
        objective(model(), config)


def test_an_objective_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="nothing is learned"):
        objective(model(), NOTHING)
