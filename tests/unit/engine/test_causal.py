"""Convolutions and means that see the past only, over hours too."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.encoders import build_encoder
from engine.encoders.causal import CausalConvolution, Excitation, MeanState, running_mean
from tests.unit.engine import tiny

HOURS = 3 * 3600 * 25  # frames of 40 ms


def one_by_one(x: Tensor, memory: int) -> Tensor:
    """The running mean as it is defined, in float64."""
    mean = torch.zeros(x.shape[0], x.shape[2], dtype=torch.float64)
    means = []
    for t, frame in enumerate(x.double().unbind(1)):
        mean = mean + (frame - mean) / min(t + 1, memory)
        means.append(mean)
    return torch.stack(means, dim=1)


def in_pieces(x: Tensor, sizes: list[int], memory: int) -> tuple[Tensor, MeanState]:
    state = MeanState(torch.zeros(x.shape[0], x.shape[2]), 0)
    means = []
    for piece in torch.split(x, sizes, dim=1):
        y, state = running_mean(piece, state, memory)
        means.append(y)
    return torch.cat(means, dim=1), state


@pytest.mark.parametrize("memory", [2, 3, 50, 1000])
@pytest.mark.parametrize("sizes", [[300], [1, 2, 0, 7, 130, 160], [1] * 300])
def test_a_running_mean_is_what_it_says(memory: int, sizes: list[int]) -> None:
    x = torch.randn(2, 300, 3, generator=torch.Generator().manual_seed(0)) + 2
    found, _ = in_pieces(x, sizes, memory)
    torch.testing.assert_close(found.double(), one_by_one(x, memory), rtol=0, atol=1e-5)


def test_within_the_memory_it_is_the_plain_mean() -> None:
    x = torch.randn(1, 100, 2)
    found, state = in_pieces(x, [60, 40], 250)
    counts = torch.arange(1, 101)[:, None]
    torch.testing.assert_close(found, x.cumsum(1) / counts, rtol=0, atol=1e-5)
    assert state.count == 100


def test_hours_cost_neither_memory_nor_precision() -> None:
    x = torch.randn(1, HOURS, 2, generator=torch.Generator().manual_seed(1)) + 10.0
    x[:, HOURS // 2 :] += 5.0  # somebody came closer to the microphone
    found, state = in_pieces(x, [1500] * (HOURS // 1500), 250)
    late = x[:, -5000:]
    expected = one_by_one(late, 250)[:, -2000:]  # what was before is forgotten by then
    torch.testing.assert_close(found[:, -2000:].double(), expected, rtol=0, atol=1e-4)
    assert (state.count, state.mean.shape, state.mean.dtype) == (250, (1, 2), torch.float32)
    follows = found[0, HOURS // 2 + 1250]  # five memories later
    torch.testing.assert_close(follows, torch.full((2,), 15.0), rtol=0, atol=0.5)


def test_a_mean_is_not_rounded_in_mixed_precision() -> None:
    x = torch.randn(1, 500, 4) + 100.0
    exact, _ = in_pieces(x, [500], 250)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed, state = in_pieces(x, [500], 250)
    assert torch.equal(exact, mixed)
    assert state.mean.dtype == torch.float32


def test_a_mean_that_was_computed_in_use_can_be_trained() -> None:
    x = torch.randn(1, 37, 2)
    with torch.inference_mode():
        in_pieces(x, [37], 31)
    learned = x.clone().requires_grad_()
    torch.autograd.backward(in_pieces(learned, [37], 31)[0].sum())
    assert learned.grad is not None


def test_the_beginning_has_silence_before_it() -> None:
    convolution = CausalConvolution(3, kernel=3, dilation=2)
    x = torch.randn(2, 9, 3)
    y, past = convolution(x, convolution.initial_state(2))
    padded = torch.nn.functional.pad(x.transpose(1, 2), (4, 0))
    torch.testing.assert_close(y, convolution.convolution(padded).transpose(1, 2))
    assert torch.equal(past, x[:, -4:])


def test_an_excitation_weighs_features_by_the_mean_so_far() -> None:
    excitation = Excitation(8, memory=250)
    x = torch.randn(1, 20, 8)
    y, _ = excitation(x, excitation.initial_state(1))
    for t in (0, 7, 19):
        gate = excitation.gate(x[:, : t + 1].mean(1))
        torch.testing.assert_close(y[:, t], x[:, t] * gate, rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", ["convrnn", "contextnet"])
def test_an_encoder_is_as_exact_after_a_long_meeting(kind: str) -> None:
    torch.manual_seed(0)
    encoder = build_encoder(6, tiny.encoder_config(kind)).eval()  # type: ignore[arg-type]
    x = torch.randn(1, 20_000, 6)
    with torch.inference_mode():
        state = encoder.initial_state(1)
        sizes = [sum(t.numel() for t in tiny.tensors(state))]
        for piece in torch.split(x, 2000, dim=1):
            y, state = encoder.step(piece, state)
            sizes.append(sum(t.numel() for t in tiny.tensors(state)))
        # what it hears now depends on the last minute only, however long the meeting was
        late = encoder(x[:, -2000:])
    assert len(set(sizes)) == 1
    torch.testing.assert_close(y[:, -500:], late[:, -500:], rtol=0, atol=1e-4)
