"""Every stage and every kind of encoder keeps the streaming contract."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.config import EncoderConfig, FrontendConfig, SeparatorConfig
from engine.encoders import build_encoder, conv_attention
from engine.frontend import LogMel
from engine.model import Heard, join
from engine.separator import Separator
from engine.streaming import Encoder, stacked_look_ahead
from tests.unit.engine import tiny
from tests.unit.engine.tiny import encoder_config, in_pieces, model, model_config

INPUT = 7
LSTM = encoder_config("lstm")
CONVRNN = encoder_config("convrnn")
CONFORMER = encoder_config("conformer", chunk=1)
CONTEXTNET = encoder_config("contextnet")
EMFORMER = replace(encoder_config("emformer", chunk=3), right=1)
PARTED = replace(encoder_config("emformer", chunk=2), right=2, parts=7, width=28)
ENCODERS = {
    "chunks of 3": encoder_config(),
    "chunks of 1": encoder_config(chunk=1),
    "no past": encoder_config(left=0),
    "past within a chunk": encoder_config(chunk=5, left=2),
    "lstm": LSTM,
    "convrnn": CONVRNN,
    "conformer": CONFORMER,
    "conformer in chunks": encoder_config("conformer"),
    "contextnet": CONTEXTNET,
    "emformer": EMFORMER,
    "emformer, parts and width": PARTED,
}
STACKS = {
    "conv attention": (encoder_config(), encoder_config(), encoder_config()),
    "lstm": (LSTM, LSTM, LSTM),
    "convrnn": (CONVRNN, LSTM, LSTM),
    "causal": (CONFORMER, CONTEXTNET, CONTEXTNET),
    "emformer": (EMFORMER, encoder_config("emformer"), LSTM),
    "lstm between": (encoder_config(chunk=4), LSTM, encoder_config(chunk=4)),
    "other chunks": (encoder_config(chunk=2), encoder_config(chunk=3), encoder_config(chunk=4)),
}
SIZES = st.lists(st.sampled_from([0, 1, 2, 3, 5, 13, 40, 61]), min_size=1, max_size=12)
SAMPLES = st.lists(st.sampled_from([0, 1, 2, 159, 640, 881, 3201, 9000]), min_size=1, max_size=12)
FRONTENDS = {"default": FrontendConfig(), "30 ms": FrontendConfig(stack=3, mel_bins=40)}


def encoder(config: EncoderConfig) -> Encoder[Any]:
    torch.manual_seed(1)
    return build_encoder(INPUT, config).eval().requires_grad_(False)


def separator(mixture: EncoderConfig, separation: EncoderConfig) -> Separator:
    torch.manual_seed(1)
    return Separator(INPUT, SeparatorConfig(2, mixture, separation)).eval().requires_grad_(False)


def model_of(stack: str) -> Any:
    return model(model_config(*STACKS[stack]))


def frames(count: int, batch: int = 1) -> Tensor:
    return torch.randn(batch, count, INPUT, generator=torch.Generator().manual_seed(count))


def assert_equal(a: Tensor, b: Tensor) -> None:
    assert a.shape == b.shape
    torch.testing.assert_close(a, b, rtol=0, atol=1e-4)


@pytest.mark.parametrize("config", FRONTENDS.values(), ids=FRONTENDS)
@settings(max_examples=30)
@given(sizes=SAMPLES)
def test_frontend_whole_equals_chunked(config: FrontendConfig, sizes: list[int]) -> None:
    stage, x = LogMel(config), tiny.noise(sum(sizes) / 16_000)
    assert_equal(torch.cat(in_pieces(stage, x, sizes), dim=1), stage(x))


@pytest.mark.parametrize("config", ENCODERS.values(), ids=ENCODERS)
@settings(max_examples=30)
@given(sizes=SIZES, batch=st.integers(1, 3))
def test_encoder_whole_equals_chunked(config: EncoderConfig, sizes: list[int], batch: int) -> None:
    stage, x = encoder(config), frames(sum(sizes), batch)
    whole = stage(x)
    assert whole.shape == (batch, sum(sizes), stage.size)
    assert_equal(torch.cat(in_pieces(stage, x, sizes), dim=1), whole)


@pytest.mark.parametrize("stack", STACKS)
@settings(max_examples=15)
@given(sizes=SIZES)
def test_separator_whole_equals_chunked(stack: str, sizes: list[int]) -> None:
    stage, x = separator(*STACKS[stack][:2]), frames(sum(sizes), 2)
    whole = stage(x)
    assert whole.shape == (2, sum(sizes), 2, stage.size)
    assert_equal(torch.cat(in_pieces(stage, x, sizes), dim=1), whole)


@pytest.mark.parametrize("stack", STACKS)
@settings(max_examples=15)
@given(sizes=SAMPLES)
def test_model_whole_equals_chunked(stack: str, sizes: list[int]) -> None:
    stage, x = model_of(stack), tiny.noise(sum(sizes) / 16_000)
    whole: Heard = stage(x)
    pieces = join(in_pieces(stage, x, sizes))
    assert_equal(pieces.encoded, whole.encoded)
    assert_equal(pieces.activity, whole.activity)
    assert_equal(pieces.voice, whole.voice)


def test_model_in_single_samples() -> None:
    stage, x = model_of("conv attention"), tiny.noise(0.25)
    pieces = join(in_pieces(stage, x, [1] * x.shape[1]))
    assert pieces.frames == stage(x).frames == 6
    assert_equal(pieces.encoded, stage(x).encoded)


@pytest.mark.parametrize("stack", STACKS)
def test_training_hears_what_a_meeting_hears(stack: str) -> None:
    stage, x = model_of(stack), tiny.noise(2.0)
    live, training = stage(x), stage.encode(stage.frontend(x))
    assert_equal(training.encoded, live.encoded)
    assert_equal(training.activity, live.activity)
    assert_equal(training.voice, live.voice)


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_attention_in_other_blocks_is_the_same(
    monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    stage, x = encoder(encoder_config()), frames(100)
    expected = stage(x)
    monkeypatch.setattr(conv_attention, "BLOCK_CHUNKS", blocks)
    assert_equal(stage(x), expected)


def first_changed(before: Tensor, after: Tensor) -> int:
    """The first frame that differs, or the number of frames."""
    same = (before == after).flatten(2).all(2).all(0)
    return int(same.int().cumprod(0).sum())


def farthest_seen(stage: Any, count: int = 26) -> int:
    """How many frames ahead an output of the stage depends on, over all changed frames."""
    x = frames(count)
    before, farthest = stage(x), 0
    for t in range(1, count):
        changed = x.clone()
        changed[:, t:] += 1.0
        first = first_changed(before, stage(changed))
        assert first < count
        farthest = max(farthest, t - first)
    return farthest


@pytest.mark.parametrize("config", ENCODERS.values(), ids=ENCODERS)
def test_an_encoder_sees_its_look_ahead_and_no_further(config: EncoderConfig) -> None:
    stage = encoder(config)
    assert farthest_seen(stage) == stage.look_ahead


@pytest.mark.parametrize("stack", STACKS)
def test_a_separator_sees_its_look_ahead_and_no_further(stack: str) -> None:
    stage = separator(*STACKS[stack][:2])
    assert farthest_seen(stage) == stage.look_ahead


@pytest.mark.parametrize("config", FRONTENDS.values(), ids=FRONTENDS)
def test_a_frame_of_the_frontend_sees_its_reach_and_no_further(config: FrontendConfig) -> None:
    stage, x, frame = LogMel(config), tiny.noise(1.0), 3
    last = frame * config.frame + stage.reach - 1
    before = stage(x)
    for sample, expected in ((last, frame), (last + 1, frame + 1)):
        changed = x.clone()
        changed[:, sample:] += 1.0
        assert first_changed(before, stage(changed)) == expected


@pytest.mark.parametrize("stack", STACKS)
def test_the_model_sees_its_look_ahead_and_no_further(stack: str) -> None:
    stage, x = model_of(stack), tiny.noise(1.5)
    frame, before = stage.config.frontend.frame, stage(x).encoded
    reached = set()
    for f in range(14):
        changed = x.clone()
        changed[:, f * frame + stage.look_ahead :] += 1.0
        assert first_changed(before, stage(changed).encoded) > f
        changed[:, f * frame + stage.look_ahead - 1] += 1.0
        reached.add(first_changed(before, stage(changed).encoded) <= f)
    assert True in reached  # the bound is tight


def test_the_look_ahead_of_the_default_model_is_short_enough() -> None:
    from engine.config import ModelConfig
    from engine.model import SeparatorTransducerSegmenter

    assert SeparatorTransducerSegmenter(ModelConfig(), 20).look_ahead <= 0.320 * 16_000


@pytest.mark.parametrize(
    ("chunks", "expected"), [([], 0), ([1], 0), ([5], 4), ([5, 5, 5], 4), ([3, 5], 6), ([5, 3], 6)]
)
def test_stacked_look_ahead(chunks: list[int], expected: int) -> None:
    assert stacked_look_ahead([encoder(encoder_config(chunk=c)) for c in chunks]) == expected


@pytest.mark.parametrize("stack", STACKS)
def test_the_model_says_how_many_frames_come_when(stack: str) -> None:
    stage, x, said = model_of(stack), tiny.noise(1.0), 0
    state = stage.initial_state(1)
    for heard, piece in zip(range(97, 20_000, 97), torch.split(x, 97, dim=1), strict=False):
        y, state = stage.step(piece, state)
        said += y.frames
        assert said == stage.frames_after(heard)


@dataclass(frozen=True)
class Streamed:
    """A stage, some input, and a longer one that leaves as much waiting."""

    stage: Any
    x: Tensor
    longer: Tensor


def streamed() -> dict[str, Streamed]:
    stages: dict[str, Streamed] = {
        "frontend": Streamed(LogMel(FrontendConfig()), tiny.noise(1.0), tiny.noise(3.0))
    }
    for name, config in ENCODERS.items():
        stages[f"encoder, {name}"] = Streamed(encoder(config), frames(61), frames(181))
    for stack in STACKS:
        short, long = frames(61), frames(181)
        stages[f"separator, {stack}"] = Streamed(separator(*STACKS[stack][:2]), short, long)
        seconds = tiny.noise(61 * 0.04), tiny.noise(181 * 0.04)
        stages[f"model, {stack}"] = Streamed(model_of(stack), *seconds)
    return stages


STREAMED = streamed()


@pytest.mark.parametrize("name", STREAMED)
def test_a_step_leaves_the_state_it_was_given_alone(name: str) -> None:
    stage, x = STREAMED[name].stage, STREAMED[name].x
    _, state = stage.step(x, stage.initial_state(1))
    kept = [tensor.clone() for tensor in tiny.tensors(state)]
    assert kept
    stage.step(x, state)
    stage.flush(state)
    assert all(torch.equal(a, b) for a, b in zip(tiny.tensors(state), kept, strict=True))


@pytest.mark.parametrize("name", STREAMED)
def test_states_are_frozen(name: str) -> None:
    states = tiny.dataclasses_in(STREAMED[name].stage.initial_state(1))
    assert states
    for state in states:
        with pytest.raises(FrozenInstanceError):
            setattr(state, next(iter(vars(state))), None)


@pytest.mark.parametrize("name", STREAMED)
def test_a_state_does_not_grow(name: str) -> None:
    case = STREAMED[name]

    def size(x: Tensor) -> int:
        state = case.stage.step(x, case.stage.initial_state(1))[1]
        return sum(tensor.numel() for tensor in tiny.tensors(state))

    assert size(case.longer) == size(case.x)


@pytest.mark.parametrize("name", STREAMED)
def test_streams_of_a_batch_do_not_mix(name: str) -> None:
    stage, x = STREAMED[name].stage, STREAMED[name].x
    both, alone = stage(torch.cat([x.flip(1), x])), stage(x)
    if isinstance(both, Heard):
        both, alone = both.encoded, alone.encoded
    assert_equal(both[1:], alone)
