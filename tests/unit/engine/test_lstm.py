"""The LSTM encoder keeps the streaming contract."""

from dataclasses import FrozenInstanceError, replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.encoders.lstm import LstmConfig, LstmEncoder
from engine.errors import ConfigError

CONFIG = LstmConfig(input_size=6, size=8, layers=3, dropout=0.1)


def encoder() -> LstmEncoder:
    torch.manual_seed(0)
    return LstmEncoder(CONFIG).eval()


def encode_in_chunks(stage: LstmEncoder, x: Tensor, sizes: list[int]) -> Tensor:
    state, pieces = stage.initial_state(len(x)), []
    for piece in torch.split(x, sizes, dim=1):
        y, state = stage.step(piece, state)
        pieces.append(y)
    return torch.cat([*pieces, stage.flush(state)], dim=1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.integers(1, 3))
def test_whole_equals_chunked(sizes: list[int], batch: int) -> None:
    stage, x = encoder(), torch.randn(batch, sum(sizes), CONFIG.input_size)
    whole = stage(x)
    assert whole.shape == (batch, sum(sizes), CONFIG.size)
    torch.testing.assert_close(encode_in_chunks(stage, x, sizes), whole, rtol=0, atol=1e-4)


def test_a_future_frame_changes_nothing_before_it() -> None:
    stage, x = encoder(), torch.randn(2, 20, CONFIG.input_size)
    changed = x.clone()
    changed[:, 11:] += 1.0
    before, after = stage(x), stage(changed)
    assert torch.equal(before[:, :11], after[:, :11])
    assert not torch.allclose(before[:, 11], after[:, 11])


def test_a_past_frame_is_remembered() -> None:
    stage, x = encoder(), torch.randn(1, 20, CONFIG.input_size)
    changed = x.clone()
    changed[:, 0] += 1.0
    assert not torch.equal(stage(x)[:, 10], stage(changed)[:, 10])


def test_streams_of_a_batch_do_not_mix() -> None:
    stage, x = encoder(), torch.randn(3, 7, CONFIG.input_size)
    torch.testing.assert_close(stage(x)[1:2], stage(x[1:2]))


def test_a_step_leaves_the_state_it_was_given_alone() -> None:
    stage, x = encoder(), torch.randn(1, 5, CONFIG.input_size)
    state = stage.step(x, stage.initial_state(1))[1]
    kept = state.h.clone(), state.c.clone()
    later = stage.step(x, state)[1]
    assert torch.equal(state.h, kept[0])
    assert torch.equal(state.c, kept[1])
    assert later.h.shape == state.h.shape == (CONFIG.layers, 1, CONFIG.size)
    with pytest.raises(FrozenInstanceError):
        state.h = later.h  # type: ignore[misc]


def test_every_weight_learns() -> None:
    stage = encoder().train()
    stage(torch.randn(2, 5, CONFIG.input_size)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in stage.parameters())


def test_says_what_it_is() -> None:
    stage = encoder()
    assert (stage.size, stage.look_ahead) == (CONFIG.size, 0)


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("input_size", replace(CONFIG, input_size=0)),
        ("size", replace(CONFIG, size=0)),
        ("layers", replace(CONFIG, layers=0)),
        ("dropout", replace(CONFIG, dropout=1.0)),
        ("dropout", replace(CONFIG, dropout=-0.1)),
    ],
)
def test_a_value_out_of_bounds_is_named(name: str, config: LstmConfig) -> None:
    with pytest.raises(ConfigError, match=name):
        LstmEncoder(config)
