"""A causal Conformer (arXiv 2005.08100): half-step feed-forwards around attention and convolution.

It streams as :class:`ConvAttentionEncoder` does: attention sees a bounded past, and, with chunks of
more than one frame, the rest of its chunk. With chunks of one, as it is trained here, no frame sees
ahead.
"""

from __future__ import annotations

from torch import Tensor, nn

from engine.config import EncoderConfig
from engine.encoders.conv_attention import ConvAttentionEncoder, ConvAttentionLayer, Past


class ConformerLayer(ConvAttentionLayer):
    """Half a feed-forward, attention, convolution, half a feed-forward, normalisation."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__(config)
        size = config.size
        self.feed_forward_before = nn.Sequential(
            nn.LayerNorm(size),
            nn.Linear(size, 4 * size),
            nn.SiLU(),
            nn.Linear(4 * size, size),
        )
        self.normalise = nn.LayerNorm(size)

    def forward(
        self, x: Tensor, past: Past, masks: list[Tensor], rotation: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Past]:
        """Frames (batch, time, size) and the past of this layer to the same, moved on."""
        keys, values, convolved = past
        x = x + 0.5 * self.dropout(self.feed_forward_before(x))
        y, keys, values = self._attend(self.norm_attention(x), keys, values, masks, rotation)
        x = x + y
        y, convolved = self._convolve(self.norm_convolution(x), convolved)
        x = x + y
        x = x + 0.5 * self.dropout(self.feed_forward(x))
        return self.normalise(x), (keys, values, convolved)


class ConformerEncoder(ConvAttentionEncoder):
    """Frames to frames: ``(batch, time, input_size)`` to ``(batch, time, config.size)``."""

    def _layer(self, config: EncoderConfig) -> ConvAttentionLayer:
        return ConformerLayer(config)
