"""The amortized encoder: what is off is not computed, costs nothing, and can be learned."""

from __future__ import annotations

import dataclasses
from itertools import accumulate, pairwise
from typing import Any, Literal

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.config import EncoderConfig
from engine.encoders import build_encoder, sparse_attention
from engine.encoders.amortized import AmortizedEncoder
from engine.encoders.arbiter import Arbiter, straight_through
from engine.encoders.spending import Spending, charge, set_bias, spending
from engine.errors import ConfigError
from tests.unit.engine.tiny import in_pieces, tensors

INPUT = 7
SIZES = st.lists(st.sampled_from([0, 1, 2, 3, 5, 13, 40, 61]), min_size=1, max_size=12)
Sees = Literal["audio", "both"]


def config(chunk: int = 3, left: int = 6, sees: Sees = "both") -> EncoderConfig:
    return EncoderConfig(
        "amortized", size=16, layers=2, heads=2, kernel=3, chunk=chunk, left=left, dropout=0.0,
        arbiter=4, arbiter_sees=sees,
    )  # fmt: skip


SHAPES = {
    "chunks of 3": config(),
    "chunks of 1": config(chunk=1),
    "no past": config(left=0),
    "past within a chunk": config(chunk=5, left=2),
    "the audio only": config(sees="audio"),
}


def encoder(shape: EncoderConfig | None = None) -> AmortizedEncoder:
    """Gates of random weights, about half of them on.

    In float64: rounding then moves no odds over the threshold.
    """
    torch.manual_seed(1)
    made = build_encoder(INPUT, shape or config())
    assert isinstance(made, AmortizedEncoder)
    for layer in made.blocks:
        nn.init.normal_(layer.arbiter.decide.weight, std=30.0)
        nn.init.zeros_(layer.arbiter.decide.bias)
    return made.double().eval().requires_grad_(False)


def frames(count: int, batch: int = 1) -> Tensor:
    generator = torch.Generator().manual_seed(count)
    return torch.randn(batch, count, INPUT, generator=generator, dtype=torch.float64)


def assert_equal(a: Tensor, b: Tensor) -> None:
    assert a.shape == b.shape
    torch.testing.assert_close(a, b, rtol=0, atol=1e-4)


def rows_of(module: nn.Module, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Gets how many frames go through ``module`` at each call."""
    seen: list[int] = []
    before = module.forward

    def counted(x: Tensor) -> Tensor:
        seen.append(x.shape[:-1].numel())
        y: Tensor = before(x)
        return y

    monkeypatch.setattr(module, "forward", counted)
    return seen


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@settings(max_examples=12)
@given(sizes=SIZES, batch=st.integers(1, 3))
def test_skipping_equals_masking(shape: EncoderConfig, sizes: list[int], batch: int) -> None:
    stage, x = encoder(shape), frames(sum(sizes), batch)
    skipped = torch.cat(in_pieces(stage, x, sizes), dim=1)
    stage.skips = False
    assert_equal(stage(x), skipped)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@settings(max_examples=8)
@given(sizes=SIZES)
def test_what_is_spent_does_not_depend_on_the_pieces(
    shape: EncoderConfig, sizes: list[int]
) -> None:
    stage, x = encoder(shape), frames(shape.chunk * 31, 2)
    state = stage.initial_state(2)
    for piece in torch.split(x, shape.chunk * 4, dim=1):
        _, state = stage.step(piece, state)
    other = stage.initial_state(2)
    for begin, end in pairwise([0, *accumulate(sizes), x.shape[1]]):
        _, other = stage.step(x[:, begin : max(begin, end)], other)
    assert spending(state) == spending(other)
    assert spending(state).dense > 0


def test_blocks_of_queries_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, x = encoder(), frames(100)
    expected = stage(x)
    monkeypatch.setattr(sparse_attention, "BLOCK", 4)
    assert_equal(stage(x), expected)


def test_only_frames_that_are_on_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, x = encoder(), frames(90, 2)
    block = stage.blocks[0]
    parts = (block.pointwise, block.qkv, block.feed_forward)
    audio = stage.project(x)
    on = (block.arbiter(audio, audio) > 0).sum((0, 1)).tolist()
    assert all(0 < count < 180 for count in on)
    seen = [rows_of(part, monkeypatch) for part in parts]
    others = rows_of(block.gate, monkeypatch), rows_of(block.attended, monkeypatch)
    stage.step(x, stage.initial_state(2))
    assert [sum(rows) for rows in (*seen, *others)] == [*on, on[0], on[1]]


def test_nothing_is_computed_where_all_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, x = encoder(), frames(30)
    set_bias(stage, -1e6)
    seen = [
        rows_of(part, monkeypatch)
        for block in stage.blocks
        for part in (block.gate, block.pointwise, block.qkv, block.attended, block.feed_forward)
    ]
    assert_equal(stage(x), stage.normalise(stage.project(x)))
    assert [rows for rows in seen if rows] == []


def test_with_everything_on_it_is_the_dense_encoder() -> None:
    stage, x = encoder(), frames(80, 2)
    dense = build_encoder(INPUT, dataclasses.replace(config(), kind="conv_attention")).double()
    found = dense.load_state_dict(stage.state_dict(), strict=False)
    assert found.missing_keys == []
    assert all(".arbiter." in name for name in found.unexpected_keys)
    set_bias(stage, 1e6)
    assert_equal(stage(x), dense.eval()(x))


def test_a_new_encoder_has_everything_on() -> None:
    arbiter = Arbiter(config())
    x = torch.randn(2, 50, 16)
    assert bool((arbiter(x, x) > 0).all())


def farthest_seen(stage: Any, count: int = 26) -> int:
    x = frames(count)
    before, farthest = stage(x), 0
    for t in range(1, count):
        changed = x.clone()
        changed[:, t:] += 1.0
        same = ((before - stage(changed)).abs() < 1e-9).all(2).all(0)  # but for rounding
        farthest = max(farthest, t - int(same.int().cumprod(0).sum()))
    return farthest


@pytest.mark.parametrize("bias", [0.0, 1e6])
def test_it_sees_its_look_ahead_and_no_further(bias: float) -> None:
    stage = encoder()
    set_bias(stage, bias)
    assert farthest_seen(stage) <= stage.look_ahead
    assert bias == 0.0 or farthest_seen(stage) == stage.look_ahead


def test_streams_of_a_batch_do_not_mix() -> None:
    stage, x = encoder(), frames(61)
    assert_equal(stage(torch.cat([x.flip(1), x]))[1:], stage(x))


def test_a_state_is_not_changed_and_does_not_grow() -> None:
    stage = encoder()
    _, state = stage.step(frames(61), stage.initial_state(1))
    kept = [tensor.clone() for tensor in tensors(state)]
    stage.step(frames(13), state)
    stage.flush(state)
    assert all(torch.equal(a, b) for a, b in zip(tensors(state), kept, strict=True))
    _, longer = stage.step(frames(181), stage.initial_state(1))
    assert sum(t.numel() for t in tensors(longer)) == sum(t.numel() for t in tensors(state))


def brute_force(stage: AmortizedEncoder, gates: list[Tensor]) -> int:
    """Multiply-adds of one stream, frame by frame and pair by pair."""
    c, time = stage.config, gates[0].shape[1]
    total = time * INPUT * c.size
    for on in gates:
        for t in range(time):
            begin = t // c.chunk * c.chunk
            seen = range(max(0, begin - c.left), min(time, begin + c.chunk))
            convolution, attention, feed_forward = on[0, t].tolist()
            total += convolution * (3 * c.size**2 + c.kernel * c.size)
            total += attention * 4 * c.size**2
            total += attention * 2 * c.size * sum(bool(on[0, s, 1]) for s in seen)
            total += feed_forward * 8 * c.size**2
    return total


def test_the_counter_counts_what_brute_force_counts() -> None:
    stage, x = encoder(), frames(30)
    odds: list[Tensor] = []
    for layer in stage.blocks:
        layer.arbiter.register_forward_hook(lambda *call: odds.append(call[2]))
    _, state = stage.step(x, stage.initial_state(1))
    found = spending(state)
    arbiters = len(stage.layers) * 30 * (2 * 16 * 4 + 4 * 3)
    assert found.spent == brute_force(stage, [(o > 0).long() for o in odds]) + arbiters
    assert found.dense == brute_force(stage, [torch.ones_like(o).long() for o in odds])
    assert found.share == pytest.approx(found.spent / found.dense)


def test_spending_adds_up_and_starts_from_anywhere() -> None:
    a, b = Spending(2, 10), Spending(5, 16)
    assert (a + b, b.since(a)) == (Spending(7, 26), Spending(3, 6))
    assert (b.since(a).share, Spending().share) == (0.5, None)
    assert spending((1, "no state")) == Spending()


def test_more_bias_computes_more() -> None:
    stage, x, shares = encoder(), frames(60), []
    for bias in (-40.0, -5.0, 0.0, 5.0, 40.0):
        set_bias(stage, bias)
        shares.append(spending(stage.step(x, stage.initial_state(1))[1]).share or 0.0)
    assert shares == sorted(shares)
    assert shares[0] < shares[2] < shares[4]


def test_gates_are_hard_and_have_the_gradient_of_their_probability() -> None:
    torch.manual_seed(0)
    odds = torch.full((4000,), 1.0, requires_grad=True)
    gates = straight_through(odds)
    assert set(gates.detach().round(decimals=5).tolist()) == {0.0, 1.0}
    assert float(gates.detach().mean()) == pytest.approx(0.731, abs=0.03)
    gates.sum().backward()  # type: ignore[no-untyped-call]
    assert odds.grad is not None
    assert bool((odds.grad > 0).all())


def test_the_charge_can_be_learned_away() -> None:
    torch.manual_seed(1)
    stage, x = build_encoder(INPUT, config()), frames(30, 2).float()
    optimizer = torch.optim.Adam(stage.parameters(), lr=0.02)
    shares = []
    for _ in range(60):
        stage(x)
        spent, dense = charge(stage)
        shares.append(float(spent.detach() / dense))
        optimizer.zero_grad()
        (spent / dense).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert shares[0] > 0.8
    assert shares[-1] < 0.4


@pytest.mark.parametrize("wrong", [{"arbiter": 0}, {"arbiter_sees": "nothing"}])
def test_an_arbiter_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="an arbiter needs units, and sees audio or both"):
        dataclasses.replace(config(), **wrong).validate()
