"""Encoders of different kinds behind one interface, chosen by configuration."""

from __future__ import annotations

from typing import Any

from engine.config import EncoderConfig
from engine.encoders.conv_attention import ConvAttentionEncoder
from engine.streaming import Encoder


def build_encoder(input_size: int, config: EncoderConfig) -> Encoder[Any]:
    """The encoder that ``config`` describes, for frames of ``input_size`` features."""
    if config.kind == "lstm":
        from engine.encoders.lstm import LstmConfig, LstmEncoder

        return LstmEncoder(LstmConfig(input_size, config.size, config.layers, config.dropout))
    return ConvAttentionEncoder(input_size, config)
