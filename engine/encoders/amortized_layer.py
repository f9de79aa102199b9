"""A block whose convolution, attention and feed-forward are switched for each frame.

After arXiv 2207.02393, whose blocks have no convolution. What is off adds nothing to a frame. A
frame whose attention is off has no key and no value either: frames attend among those that are on.
Nor does a frame whose convolution is off go into those of its neighbours. So what is off need not
be computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.config import EncoderConfig
from engine.encoders.arbiter import (
    ATTENTION,
    CONVOLUTION,
    FEED_FORWARD,
    Arbiter,
    Costs,
    straight_through,
)
from engine.encoders.conv_attention import ConvAttentionLayer, rotate
from engine.encoders.sparse_attention import attend_gathered, attend_masked, glances

GATHERED = 64
"""Frames whose surroundings are gathered for the convolution at once: they fit into the cache."""


@dataclass(frozen=True)
class Past:
    """What a block remembers; zeros where a frame was off.

    Attributes:
        keys, values: (batch, left, size), before rotation.
        on: whether attention was on, (batch, left).
        convolved: inputs of the convolution, (batch, kernel - 1, size).
    """

    keys: Tensor
    values: Tensor
    on: Tensor
    convolved: Tensor


@dataclass(frozen=True)
class Surroundings:
    """What all blocks of a call share: masks and rotations, and whether to skip what is off."""

    masks: list[Tensor]
    rotation: tuple[Tensor, Tensor]
    skips: bool
    bias: float


class AmortizedLayer(ConvAttentionLayer):
    """The dense block with an arbiter; its other weights have the same names and shapes."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__(config)
        self.arbiter = Arbiter(config)
        self.costs = Costs.of(config)

    def forward(  # type: ignore[override]
        self, x: Tensor, audio: Tensor, past: Past, around: Surroundings
    ) -> tuple[Tensor, Past, Tensor | int]:
        """Frames (batch, time, size) and the past to the same, moved on, and what it cost.

        The cost is in multiply-adds of the whole batch, with a gradient to the gates in training.

        Args:
            x: frames from the block below.
            audio: the frames that entered the encoder.
            past: of this block.
            around: what the blocks share.
        """
        odds = self.arbiter(audio, x)
        gates = straight_through(odds) if self.training else odds + around.bias > 0
        on = torch.cat([past.on.to(gates.dtype), gates[..., ATTENTION]], dim=1)
        if around.skips:
            return self._skip(x, gates, on, past, around)
        x, past = self._mask(x, gates.to(x.dtype), on.to(x.dtype), past, around)
        gates, on = (g if self.training else g.long() for g in (gates, on))
        return x, past, self.costs.spent(gates.sum((0, 1)), self._glances(on))

    def _glances(self, on: Tensor) -> Tensor:
        left = self.config.left
        return (glances(on, left, self.config.chunk) * on[:, left:]).sum()

    def _mask(
        self, x: Tensor, gates: Tensor, on: Tensor, past: Past, around: Surroundings
    ) -> tuple[Tensor, Past]:
        """Everything is computed, and multiplied by its gate."""
        left = self.config.left
        gate = gates[..., CONVOLUTION, None]
        convolved = F.glu(self.gate(self.norm_convolution(x))) * gate
        convolved = torch.cat([past.convolved.to(convolved.dtype), convolved], dim=1)
        y = self.depthwise(convolved.mT).mT
        x = x + self.pointwise(F.silu(self.norm_depthwise(y))) * gate
        gate = gates[..., ATTENTION, None]
        query, key, value = self.qkv(self.norm_attention(x)).chunk(3, dim=-1)
        keys = torch.cat([past.keys.to(key.dtype), key * gate], dim=1)
        values = torch.cat([past.values.to(value.dtype), value * gate], dim=1)
        cosine, sine = around.rotation
        y = attend_masked(
            rotate(self._split(query), cosine[left:], sine[left:]),
            rotate(self._split(keys), cosine, sine),
            self._split(values),
            on,
            around.masks,
        )
        x = x + self.attended(y.transpose(1, 2).flatten(2)) * gate
        x = x + self.dropout(self.feed_forward(x)) * gates[..., FEED_FORWARD, None]
        return x, self._moved_on(keys, values, on, convolved)

    def _skip(
        self, x: Tensor, gates: Tensor, on: Tensor, past: Past, around: Surroundings
    ) -> tuple[Tensor, Past, int]:
        """Only the frames that are on are gathered, computed and added."""
        batch, time, size = x.shape
        frames = x.flatten(0, 1).clone()
        some = [part.nonzero()[:, 0] for part in gates.flatten(0, 1).unbind(1)]
        convolved = self._convolve_some(frames, some[CONVOLUTION], past.convolved, time)
        keys, values, seen = self._attend_some(frames, some[ATTENTION], on, past, around)
        if len(some[FEED_FORWARD]):
            heard = frames.index_select(0, some[FEED_FORWARD])
            frames.index_add_(0, some[FEED_FORWARD], self.feed_forward(heard))
        convolutions, attentions, feed_forwards = map(len, some)
        spent: int = self.costs.spent((convolutions, attentions, feed_forwards), seen)
        past = self._moved_on(keys, values, on, convolved)
        return frames.view(batch, time, size), past, spent

    def _convolve_some(self, frames: Tensor, some: Tensor, past: Tensor, time: int) -> Tensor:
        """Add the convolution where it is on; returns its inputs, those of the past before them."""
        batch, kernel, size = past.shape[0], self.config.kernel, self.config.size
        heard = frames.new_zeros(batch * time, size)
        if len(some):
            fresh = self.norm_convolution(frames.index_select(0, some))
            heard.index_copy_(0, some, F.glu(self.gate(fresh)))
        heard = torch.cat([past, heard.view(batch, time, size)], dim=1)
        if len(some) == len(frames):
            y = self.depthwise(heard.mT).mT.flatten(0, 1)
            frames += self.pointwise(F.silu(self.norm_depthwise(y)))
        elif len(some):
            first = some + some // time * (kernel - 1)  # of what each frame hears
            rows = heard.flatten(0, 1)
            y = torch.cat([self._filter(rows, part) for part in torch.split(first, GATHERED)])
            frames.index_add_(0, some, self.pointwise(F.silu(self.norm_depthwise(y))))
        return heard

    def _filter(self, heard: Tensor, first: Tensor) -> Tensor:
        """The depthwise convolution where it begins at these rows of ``heard``."""
        kernel = self.config.kernel
        at = first[:, None] + torch.arange(kernel, device=first.device)
        windows = heard.index_select(0, at.flatten()).view(-1, kernel, self.config.size)
        y = (windows * self.depthwise.weight[:, 0].T).sum(1)
        return y if self.depthwise.bias is None else y + self.depthwise.bias

    def _attend_some(
        self, frames: Tensor, some: Tensor, on: Tensor, past: Past, around: Surroundings
    ) -> tuple[Tensor, Tensor, int]:
        """Add attention where it is on.

        Returns:
            Keys and values of the past and of these frames, and how often a frame saw a frame.
        """
        left, batch, size = self.config.left, on.shape[0], self.config.size
        time = on.shape[1] - left
        both = frames.new_zeros(batch * time, 2 * size)
        query = frames[:0]
        if len(some):
            qkv = self.qkv(self.norm_attention(frames.index_select(0, some)))
            query = qkv[:, :size]
            both.index_copy_(0, some, qkv[:, size:])
        fresh = both.view(batch, time, 2 * size)
        keys = torch.cat([past.keys, fresh[..., :size]], dim=1)
        values = torch.cat([past.values, fresh[..., size:]], dim=1)
        if not len(some):
            return keys, values, 0
        outputs, begin, seen = [], 0, 0
        for row in range(batch):
            asked, there = on[row, left:].nonzero()[:, 0] + left, on[row].nonzero()[:, 0]
            if not len(asked):
                continue
            queries = query[begin : begin + len(asked)]
            begin += len(asked)
            seen += len(asked) * len(there)
            y = attend_gathered(
                self._heads(queries),
                self._heads(keys[row].index_select(0, there)),
                self._heads(values[row].index_select(0, there)),
                (asked, there),
                (left, self.config.chunk),
                around.rotation,
            )
            outputs.append(y)
        frames.index_add_(0, some, self.attended(torch.cat(outputs).flatten(1)))
        one_chunk = time <= self.config.chunk
        return keys, values, seen if one_chunk else int(self._glances(on.long()))

    def _heads(self, x: Tensor) -> Tensor:
        return x.view(len(x), self.config.heads, -1)

    def _moved_on(self, keys: Tensor, values: Tensor, on: Tensor, convolved: Tensor) -> Past:
        time = on.shape[1] - self.config.left
        return Past(
            keys[:, time:],
            values[:, time:],
            on[:, time:],
            convolved[:, convolved.shape[1] - (self.config.kernel - 1) :],
        )
