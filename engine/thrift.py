"""How much a meeting may compute, for models that can leave something out; without torch.

A model with amortized encoders (arXiv 2207.02393) decides for each frame what of it to compute. At
run time a bias on what it decides by makes it do more or less.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from engine.errors import ConfigError

Thrift = Literal["best", "balanced", "saver"]

BIAS: dict[Thrift, float] = {"best": 1.5, "balanced": 0.0, "saver": -1.0}
"""Added to the log-odds of computing a part; balanced is as the model was trained."""


def bias_of(thrift: str) -> float:
    """The bias of a level.

    Raises:
        ConfigError: when there is no such level.
    """
    if thrift not in BIAS:
        raise ConfigError(f"thrift is one of {', '.join(get_args(Thrift))}, not {thrift!r}")
    return next(bias for level, bias in BIAS.items() if level == thrift)


def can_save(config: Any) -> bool:
    """Whether the configuration of a model file has encoders that leave something out."""
    if isinstance(config, dict):
        return config.get("kind") == "amortized" or any(map(can_save, config.values()))
    return False
