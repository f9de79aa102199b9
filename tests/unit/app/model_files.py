"""Small model files: what lies in them does not matter, only their card."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

CARD = {
    "name": "tiny",
    "version": "3",
    "description": "Hears nothing at all.",
    "language": "en",
    "licence": "CC0-1.0",
    "figures": {"WER, %": 100.0},
    "vocabulary": "one two",
}


def model_file(path: Path, values: int = 1_000, **metadata: str) -> Path:
    """Write a model file with a card; ``metadata`` takes the place of what it says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own = {"format": "crosstalk-model", "format_version": "1", "card": json.dumps(CARD)}
    save_file({"weights": np.arange(values, dtype=np.float32)}, path, own | metadata)
    return path
