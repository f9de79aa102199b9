"""Encoders of different kinds behind one interface, chosen by configuration.

A new kind is a name in :data:`engine.config.EncoderKind`, an entry in :data:`BUILDERS`, and, to be
trained, a stack in :mod:`engine.training.encoder_stacks`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.config import EncoderConfig, EncoderKind
from engine.encoders.amortized import AmortizedEncoder
from engine.encoders.conformer import ConformerEncoder
from engine.encoders.contextnet import ContextNetEncoder
from engine.encoders.conv_attention import ConvAttentionEncoder
from engine.encoders.convrnn import ConvRnnEncoder
from engine.encoders.emformer import EmformerEncoder
from engine.encoders.identity import IdentityEncoder
from engine.encoders.lstm import LstmConfig, LstmEncoder
from engine.errors import ConfigError
from engine.streaming import Encoder


def _lstm(input_size: int, config: EncoderConfig) -> LstmEncoder:
    return LstmEncoder(LstmConfig(input_size, config.size, config.layers, config.dropout))


Builder = Callable[[int, EncoderConfig], Encoder[Any]]

BUILDERS: dict[EncoderKind, Builder] = {
    "amortized": AmortizedEncoder,
    "conformer": ConformerEncoder,
    "contextnet": ContextNetEncoder,
    "conv_attention": ConvAttentionEncoder,
    "convrnn": ConvRnnEncoder,
    "emformer": EmformerEncoder,
    "identity": IdentityEncoder,
    "lstm": _lstm,
}


def build_encoder(input_size: int, config: EncoderConfig) -> Encoder[Any]:
    """The encoder that ``config`` describes, for frames of ``input_size`` features.

    Raises:
        ConfigError: when this version has none of its kind.
    """
    if config.kind not in BUILDERS:
        raise ConfigError(f"unknown encoder kind {config.kind!r}: install a newer Crosstalk")
    return BUILDERS[config.kind](input_size, config)
