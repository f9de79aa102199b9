"""Transducer loss on log-probabilities, with FastEmit and the delay penalty on ``<eot>``.

Of every lattice node the loss reads two numbers only: log p(blank) and log p(next token). So they
are gathered first, and everything after that works on ``(batch, time, tokens + 1, 2)``. That is
exact, because the log-probabilities come in already normalised, and torchaudio's sum over paths
takes a seventh of the time when it need not walk over the vocabulary.
"""

from __future__ import annotations

import torch
import torchaudio
from torch import Tensor

_BLANK, _LABEL = 0, 1  # the two columns of a compact lattice


def compact_lattice(log_probs: Tensor, tokens: Tensor, blank: int) -> Tensor:
    """Log p(blank) and log p(next token) of every node: ``(B, T, U+1, V)`` -> ``(B, T, U+1, 2)``.

    The last row has no next token; its label column repeats blank and is never read.
    """
    last = tokens.new_full((len(tokens), 1), blank)
    labels = torch.cat([tokens, last], dim=1).long()  # (B, U+1)
    columns = torch.stack([torch.full_like(labels, blank), labels], dim=-1)  # (B, U+1, 2)
    return log_probs.gather(-1, columns.unsqueeze(1).expand(-1, log_probs.shape[1], -1, -1))


def eot_delay_cost(
    tokens: Tensor,
    eot: int,
    end_frames: Tensor,
    frames: int,
    *,
    early: float,
    late: float,
    buffer: float,
) -> Tensor:
    """What saying ``<eot>`` at each node costs in nats: ``(B, frames, U)``, 0 where it is not next.

    ``max(0, late * (t - t_end - buffer)) + max(0, early * (t_end - t))``, arXiv 2205.05199. Waiting
    is free for ``buffer`` frames, being early is never free.

    Args:
        tokens: ``(B, U)``.
        eot: the token that the cost is for.
        end_frames: ``(B, U)`` frame of the reference end of the turn that each ``<eot>`` closes.
        frames: T.
        early: nats per frame before the reference end.
        late: nats per frame after the reference end and the buffer.
        buffer: frames.
    """
    time = torch.arange(frames, device=tokens.device, dtype=torch.float32).view(1, -1, 1)
    after = time - end_frames.to(torch.float32).unsqueeze(1)  # (B, T, U)
    cost = (late * (after - buffer)).clamp_min(0.0) + (-early * after).clamp_min(0.0)
    return torch.where((tokens == eot).unsqueeze(1), cost, 0.0)


def transducer_loss(
    log_probs: Tensor,
    tokens: Tensor,
    frame_lengths: Tensor,
    token_lengths: Tensor,
    blank: int,
    fastemit: float = 0.0,
    label_cost: Tensor | None = None,
) -> Tensor:
    """Negative log-likelihood of ``tokens`` over all alignments, one number per stream: ``(B,)``.

    Args:
        log_probs: ``(B, T, U+1, V)`` float32, after log-softmax.
        tokens: ``(B, U)`` of the vocabulary, padding too; none is blank within its length.
        frame_lengths: ``(B,)`` valid frames, 1..T.
        token_lengths: ``(B,)`` valid tokens, 0..U.
        blank: index of blank.
        fastemit: lambda of FastEmit (arXiv 2010.11148): the gradients of labels grow by
            (1 + lambda), those of blank and the value stay.
        label_cost: ``(B, T, U)`` nats taken off the log-probability of the next token at each
            node, as :func:`eot_delay_cost` gives it.

    Raises:
        TypeError: ``log_probs`` is not float32: the sums over paths need that precision.
    """
    if log_probs.dtype != torch.float32:
        raise TypeError(f"log_probs is {log_probs.dtype}: take the log-softmax in float32")
    frames, length = int(frame_lengths.max()), int(token_lengths.max())
    tokens = tokens[:, :length]
    lattice = compact_lattice(log_probs[:, :frames, : length + 1], tokens, blank)
    if fastemit or label_cost is not None:
        lattice = _adjust_labels(lattice, fastemit, label_cost)
    losses: Tensor = torchaudio.functional.rnnt_loss(
        lattice.contiguous(),
        torch.full_like(tokens, _LABEL, dtype=torch.int32),
        frame_lengths.to(torch.int32),
        token_lengths.to(torch.int32),
        blank=_BLANK,
        reduction="none",
        fused_log_softmax=False,
    )
    return losses


def _adjust_labels(lattice: Tensor, fastemit: float, label_cost: Tensor | None) -> Tensor:
    """Scale the gradients of the label column and take the costs off it."""
    blank, label = lattice.unbind(-1)
    label = label + fastemit * (label - label.detach())
    if label_cost is not None:
        cost = label_cost[:, : label.shape[1], : label.shape[2] - 1]
        label = label - torch.nn.functional.pad(cost, (0, 1))
    return torch.stack([blank, label], dim=-1)
