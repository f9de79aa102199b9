"""Torchaudio's Emformer transducer of LibriSpeech as a model of ours, with one channel.

The encoder, the prediction network and the joiner keep their weights. Turn tokens are added that
are never said: turns come from speech activity, which is the loudness of the spectrum, and
everybody is one person.
"""

from __future__ import annotations

import importlib
import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import torch
from torch import Tensor

from engine.checkpoint import Checkpoint
from engine.config import (
    EncoderConfig,
    FrontendConfig,
    ModelConfig,
    SearchConfig,
    SeparatorConfig,
    TransducerConfig,
)
from engine.errors import EngineError
from engine.model import SeparatorTransducerSegmenter
from engine.model_card import ModelCard
from engine.training.foreign_pieces import Pieces

NEVER = -100.0
"""Log-odds of tokens that the foreign model does not have."""

SPEAKING_FROM = -0.75
"""Mean of the normalised spectrum, in its standard deviations, from which somebody speaks."""
STEEPNESS = 4.0

UNREADABLE = (OSError, RuntimeError, pickle.PickleError, LookupError, ValueError, EOFError)
"""What torch and others raise for a file that is something else."""

CARD = ModelCard(
    name="torchaudio-emformer-librispeech",
    description="Torchaudio's Emformer transducer, with turns by voice activity.",
    licence="BSD-2-Clause (torchaudio); learned from LibriSpeech, which is CC BY 4.0",
    training_data="LibriSpeech, by the authors of torchaudio.",
    limits="One voice at a time: no separation, no turn tokens, and everybody is one person. Needs "
    "the package torchaudio. Its accuracy was not measured in this program.",
)


@dataclass(frozen=True)
class Source:
    """The files of the bundle.

    Attributes:
        weights: ``emformer_rnnt_base_librispeech.pt``.
        stats: ``global_stats_rnnt_librispeech.json``.
        pieces: ``spm_bpe_4096_librispeech.model``.
    """

    weights: Path
    stats: Path
    pieces: Path

    @classmethod
    def of(cls, weights: Path | None, stats: Path | None, pieces: Path | None) -> Source:
        """Files that the user has; torchaudio downloads the others, or finds them in its cache."""
        bundle = torchaudio().pipelines.EMFORMER_RNNT_BASE_LIBRISPEECH
        keys = (bundle._rnnt_path, bundle._global_stats_path, bundle._sp_model_path)
        given = zip((weights, stats, pieces), keys, strict=True)
        return cls(*(file or _download(key) for file, key in given))

    def read(self) -> Checkpoint:
        """The model of ours.

        Raises:
            EngineError: when a file is missing or is something else.
        """
        pieces = Pieces.read(self.pieces)
        theirs = torchaudio().models.emformer_rnnt_base(pieces.count + 1)
        try:
            theirs.load_state_dict(torch.load(self.weights, map_location="cpu", weights_only=True))
            stats = json.loads(self.stats.read_text())
            return converted(theirs, stats["mean"], stats["invstddev"], pieces)
        except UNREADABLE as error:
            raise EngineError(
                f"These are not the files of torchaudio's EMFORMER_RNNT_BASE_LIBRISPEECH: "
                f"{self.weights}, {self.stats} ({str(error).splitlines()[0]}). Download them again."
            ) from error


def torchaudio() -> Any:
    """The package. Raises: EngineError without it."""
    try:
        return importlib.import_module("torchaudio")
    except ImportError as error:
        raise EngineError(
            "This needs the package torchaudio: pip install torchaudio==2.11.*"
        ) from error


def _download(key: str) -> Path:
    try:
        return Path(torchaudio().utils._download_asset(key))
    except (OSError, URLError, RuntimeError) as error:
        raise EngineError(
            f"https://download.pytorch.org/torchaudio/{key} cannot be fetched ({error}): download "
            "it with a browser and give its path, see --help."
        ) from error


def converted(theirs: Any, mean: list[float], invstddev: list[float], pieces: Pieces) -> Checkpoint:
    """A ``torchaudio.models.RNNT`` with an Emformer as a model of ours, for any of its sizes."""
    config = _config(theirs)
    model = SeparatorTransducerSegmenter(config, pieces.tokens.size)
    weights = {**model.state_dict(), **_weights(theirs.state_dict(), pieces.rows)}
    weights["frontend.mean"] = torch.tensor(mean)
    weights["frontend.deviation"] = 1.0 / torch.tensor(invstddev)
    size = config.frontend.size
    weights["separator.activity_heads.0.weight"] = torch.full((1, size), STEEPNESS / size)
    weights["separator.activity_heads.0.bias"] = torch.tensor([-STEEPNESS * SPEAKING_FROM])
    # a voice vector that is the same for everybody: there is no knowledge of voices in the model
    weights["voice.project.weight"] = torch.zeros_like(weights["voice.project.weight"])
    weights["voice.project.bias"] = torch.ones_like(weights["voice.project.bias"])
    model.load_state_dict(weights)
    return Checkpoint(model.eval(), pieces.tokens, CARD)


def _config(theirs: Any) -> ModelConfig:
    """What the sizes of its parts say."""
    emformer = theirs.transcriber.transformer
    layer = emformer.emformer_layers[0]
    reduced = theirs.transcriber.input_linear
    stack = layer.input_dim // reduced.out_features
    frontend = FrontendConfig(mel_bins=reduced.in_features, stack=stack, kind="torchaudio")
    through = EncoderConfig("identity", size=frontend.size, chunk=emformer.segment_length)
    joint = theirs.transcriber.output_linear.out_features
    recognition = EncoderConfig(
        "emformer",
        size=joint,
        width=layer.input_dim,
        layers=len(emformer.emformer_layers),
        heads=layer.attention.num_heads,
        chunk=emformer.segment_length,
        left=emformer.left_context_length,
        right=emformer.right_context_length,
        parts=stack,
    )
    transducer = TransducerConfig(
        recognition,
        prediction="normalised_lstm",
        prediction_size=joint,
        joint_size=joint,
        joint="relu",
        prediction_layers=len(theirs.predictor.lstm_layers),
        prediction_width=theirs.predictor.embedding.embedding_dim,
    )
    separator = SeparatorConfig(1, through, through)
    return ModelConfig(frontend, separator, transducer, search=SearchConfig(beam=4))


_PLACES = {
    "transcriber.input_linear.": "transducer.recognition.project.",
    "transcriber.transformer.": "transducer.recognition.layers.",
    "transcriber.output_linear.": "transducer.recognition.output.",
    "transcriber.layer_norm.": "transducer.recognition.normalise.",
    "predictor.": "transducer.prediction.",
    "joiner.linear.": "transducer.output.",
}


def _weights(theirs: dict[str, Tensor], rows: list[int | None]) -> dict[str, Tensor]:
    """Their weights under our names, and the two projections that they do not have."""
    ours = {_renamed(name): weight for name, weight in theirs.items()}
    embedding, output = "transducer.prediction.embedding.weight", "transducer.output."
    ours[embedding] = _rows(ours[embedding], rows, 0.0)
    ours[output + "weight"] = _rows(ours[output + "weight"], rows, 0.0)
    ours[output + "bias"] = _rows(ours[output + "bias"], rows, NEVER)
    size = ours[output + "weight"].shape[1]
    for name in ("encoder_projection", "prediction_projection"):
        ours[f"transducer.{name}.weight"] = torch.eye(size)
        ours[f"transducer.{name}.bias"] = torch.zeros(size)
    return ours


def _renamed(name: str) -> str:
    theirs = next(prefix for prefix in _PLACES if name.startswith(prefix))
    return _PLACES[theirs] + name.removeprefix(theirs)


def _rows(weight: Tensor, rows: list[int | None], missing: float) -> Tensor:
    """Rows of another table, each where our tokens want it."""
    none = torch.full_like(weight[0], missing)
    return torch.stack([none if row is None else weight[row] for row in rows])
