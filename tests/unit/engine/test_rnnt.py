"""The transducer loss against the sum over every alignment, written out path by path."""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import pytest
import torch
from torch import Tensor

from engine.training.rnnt import (
    compact_lattice,
    eot_delay_cost,
    transducer_loss,
)

BLANK, EOT, VOCABULARY = 2, 4, 5
LATTICES = [(1, 0), (1, 2), (3, 0), (3, 1), (4, 3), (2, 4)]


def enumerated_loss(log_probs: Tensor, tokens: list[int], frames: int) -> Tensor:
    """-log of the summed probability of all paths: token i is said at frame ``path[i]``."""
    paths = []
    for path in combinations_with_replacement(range(frames), len(tokens)):
        labels = [log_probs[t, u, tokens[u]] for u, t in enumerate(path)]
        said = [sum(emitted <= t for emitted in path) for t in range(frames)]
        blanks = [log_probs[t, u, BLANK] for t, u in enumerate(said)]
        paths.append(torch.stack(labels + blanks).sum())
    return -torch.logsumexp(torch.stack(paths), dim=0)


@dataclass(frozen=True)
class Targets:
    """Tokens (B, U) int32, how many of each row count, and how many frames of each row."""

    tokens: Tensor
    lengths: Tensor
    frames: Tensor


def ragged_batch(seed: int) -> tuple[Tensor, Targets]:
    """One stream per entry of LATTICES, padded; the longest padding is beyond every stream."""
    generator = torch.Generator().manual_seed(seed)
    frames = torch.tensor([t for t, _ in LATTICES])
    lengths = torch.tensor([u for _, u in LATTICES])
    labels = torch.tensor([0, 1, 3, EOT])
    choice = torch.randint(len(labels), (len(LATTICES), 6), generator=generator)
    logits = torch.randn(len(LATTICES), 7, 7, VOCABULARY, generator=generator) * 2
    targets = Targets(labels[choice].to(torch.int32), lengths, frames)
    return logits.log_softmax(-1).requires_grad_(), targets


def reference(log_probs: Tensor, targets: Targets) -> tuple[Tensor, Tensor]:
    """Losses and gradients by enumeration, in double precision."""
    exact = log_probs.detach().double().requires_grad_()
    rows = zip(targets.tokens.tolist(), targets.lengths, targets.frames, strict=True)
    losses = [enumerated_loss(exact[b], row[:u], int(t)) for b, (row, u, t) in enumerate(rows)]
    total = torch.stack(losses)
    (gradient,) = torch.autograd.grad(total.sum(), exact)
    return total.detach().float(), gradient.float()


def loss_and_gradient(
    log_probs: Tensor, targets: Targets, fastemit: float = 0.0, cost: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    losses = transducer_loss(
        log_probs, targets.tokens, targets.frames, targets.lengths, BLANK, fastemit, cost
    )
    (gradient,) = torch.autograd.grad(losses.sum(), log_probs)
    return losses.detach(), gradient


@pytest.mark.parametrize("seed", range(3))
def test_values_and_gradients_equal_enumeration_on_a_ragged_batch(seed: int) -> None:
    log_probs, targets = ragged_batch(seed)
    losses, gradient = loss_and_gradient(log_probs, targets)
    expected, expected_gradient = reference(log_probs, targets)
    torch.testing.assert_close(losses, expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(gradient, expected_gradient, rtol=1e-4, atol=1e-6)


def test_padding_gets_no_gradient() -> None:
    log_probs, targets = ragged_batch(5)
    _, gradient = loss_and_gradient(log_probs, targets)
    for b, (frames, length) in enumerate(LATTICES):
        assert gradient[b, :frames, : length + 1].abs().sum() > 0
        assert gradient[b, frames:].abs().sum() == 0
        assert gradient[b, :, length + 1 :].abs().sum() == 0


def test_no_stream_says_anything() -> None:
    log_probs = torch.randn(2, 4, 1, VOCABULARY).log_softmax(-1)
    none = torch.zeros(2, 0, dtype=torch.int32)
    losses = transducer_loss(log_probs, none, torch.tensor([4, 3]), torch.zeros(2), BLANK)
    blanks = -log_probs[:, :, 0, BLANK]
    torch.testing.assert_close(losses, torch.stack([blanks[0].sum(), blanks[1, :3].sum()]))


def test_gradients_are_those_of_the_logits_before_the_softmax() -> None:
    generator = torch.Generator().manual_seed(3)
    logits = torch.randn(1, 4, 3, VOCABULARY, generator=generator, requires_grad=True)
    tokens, frames, lengths = torch.tensor([[1, EOT]]), torch.tensor([4]), torch.tensor([2])
    loss = transducer_loss(logits.log_softmax(-1), tokens, frames, lengths, BLANK)
    (gradient,) = torch.autograd.grad(loss.sum(), logits)
    exact = logits.detach().double().requires_grad_()
    (expected,) = torch.autograd.grad(enumerated_loss(exact.log_softmax(-1)[0], [1, EOT], 4), exact)
    torch.testing.assert_close(gradient, expected.float(), rtol=1e-4, atol=1e-6)


def test_fastemit_scales_label_gradients_only_and_keeps_the_value() -> None:
    log_probs, targets = ragged_batch(11)
    expected, expected_gradient = reference(log_probs, targets)
    losses, gradient = loss_and_gradient(log_probs, targets, fastemit=0.25)
    scale = torch.full((VOCABULARY,), 1.25)
    scale[BLANK] = 1.0
    torch.testing.assert_close(losses, expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(gradient, expected_gradient * scale, rtol=1e-4, atol=1e-6)


def test_delay_cost_follows_the_formula_and_only_where_eot_is_next() -> None:
    tokens = torch.tensor([[1, EOT, 3, EOT]])
    ends = torch.tensor([[0.0, 2.0, 0.0, 5.5]])
    cost = eot_delay_cost(tokens, EOT, ends, 9, early=0.3, late=0.2, buffer=1.5)
    for t in range(9):
        for u, end in ((1, 2.0), (3, 5.5)):
            wanted = max(0.0, 0.2 * (t - end - 1.5)) + max(0.0, 0.3 * (end - t))
            assert cost[0, t, u].item() == pytest.approx(wanted, abs=1e-6)
    assert cost[0, :, [0, 2]].abs().sum() == 0
    assert cost[0, [2, 3], 1].tolist() == [0.0, 0.0]  # at the end, and within the buffer


def penalised_by_hand(log_probs: Tensor, tokens: Tensor, ends: Tensor) -> Tensor:
    expected = log_probs.detach().clone()
    for b, row in enumerate(tokens.tolist()):
        for u, token in enumerate(row):
            for t in range(log_probs.shape[1]):
                if token == EOT:
                    after = t - ends[b, u].item()
                    expected[b, t, u, EOT] -= max(0, 0.5 * (after - 1)) + max(0, -0.4 * after)
    return expected


@pytest.mark.parametrize("fastemit", [0.0, 0.1])
def test_penalty_in_the_loss_equals_enumeration(fastemit: float) -> None:
    log_probs, targets = ragged_batch(17)
    ends = torch.rand(targets.tokens.shape, generator=torch.Generator().manual_seed(1)) * 4
    cost = eot_delay_cost(targets.tokens, EOT, ends, 7, early=0.4, late=0.5, buffer=1)
    losses, gradient = loss_and_gradient(log_probs, targets, fastemit, cost)
    by_hand = penalised_by_hand(log_probs, targets.tokens, ends)
    expected, expected_gradient = reference(by_hand, targets)
    scale = torch.full((VOCABULARY,), 1 + fastemit)
    scale[BLANK] = 1.0
    torch.testing.assert_close(losses, expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(gradient, expected_gradient * scale, rtol=1e-4, atol=1e-6)
    assert not torch.allclose(losses, reference(log_probs, targets)[0])


def test_compact_lattice_keeps_blank_and_the_next_token() -> None:
    log_probs = torch.arange(2 * 3 * 3 * VOCABULARY).view(2, 3, 3, VOCABULARY).float()
    lattice = compact_lattice(log_probs, torch.tensor([[1, 3], [EOT, 0]]), BLANK)
    assert torch.equal(lattice[..., 0], log_probs[..., BLANK])
    assert torch.equal(lattice[0, :, 0, 1], log_probs[0, :, 0, 1])
    assert torch.equal(lattice[1, :, 1, 1], log_probs[1, :, 1, 0])


def test_bfloat16_is_refused_with_what_to_do() -> None:
    log_probs = torch.zeros(1, 2, 1, VOCABULARY, dtype=torch.bfloat16)
    none = torch.zeros(1, 0, dtype=torch.int32)
    with pytest.raises(TypeError, match="float32"):
        transducer_loss(log_probs, none, torch.tensor([2]), torch.tensor([0]), BLANK)
