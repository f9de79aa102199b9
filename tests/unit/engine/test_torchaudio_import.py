"""Torchaudio's transducer gives the same as a model of ours as it does in torchaudio.

Weights are random: the architecture of the public bundle, and a small one for the whole path.
"""

from __future__ import annotations

import importlib
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import SearchConfig
from engine.encoders.emformer import EmformerEncoder
from engine.errors import EngineError, ModelError
from engine.events import WordsChanged
from engine.recognizer import Recognizer
from engine.tokens import BLANK, CHANGE, EOT, SOT, UNKNOWN
from engine.training import torchaudio_import
from engine.training.foreign_pieces import Pieces
from engine.training.torchaudio_import import converted
from tests.unit.engine import test_lab, tiny

run = test_lab.run  # the fixture
MEAN = [8.0 + i / 40 for i in range(80)]
INVSTDDEV = [0.25 + i / 1000 for i in range(80)]


def word_pieces(count: int) -> bytes:
    """A SentencePiece model as others make them: unknown, start and end first, then text."""
    schema: Any = importlib.import_module("sentencepiece.sentencepiece_model_pb2")
    proto = schema.ModelProto()
    proto.trainer_spec.model_type = schema.TrainerSpec.BPE
    for name, kind in (("<unk>", 2), ("<s>", 3), ("</s>", 3)):
        proto.pieces.add(piece=name, score=0.0, type=kind)
    for i in range(count - 3):
        proto.pieces.add(piece=f"\u2581w{i}" if i % 3 else f"x{i}", score=-float(i), type=1)
    proto.normalizer_spec.name = "identity"
    return bytes(proto.SerializeToString())


def transducer(**changes: Any) -> Any:
    """A small one; torchaudio's own has these arguments in other sizes."""
    from torchaudio.models import emformer_rnnt_model

    torch.manual_seed(2)
    sizes: dict[str, Any] = {
        "input_dim": 80,
        "encoding_dim": 24,
        "num_symbols": 41,
        "segment_length": 16,
        "right_context_length": 4,
        "time_reduction_input_dim": 8,
        "time_reduction_stride": 4,
        "transformer_num_heads": 4,
        "transformer_ffn_dim": 128,
        "transformer_num_layers": 3,
        "transformer_dropout": 0.1,
        "transformer_activation": "gelu",
        "transformer_left_context_length": 6,
        "transformer_max_memory_size": 0,
        "transformer_weight_init_scale_strategy": "depthwise",
        "transformer_tanh_on_mem": True,
        "symbol_embedding_dim": 16,
        "num_lstm_layers": 2,
        "lstm_layer_norm": True,
        "lstm_layer_norm_epsilon": 1e-3,
        "lstm_dropout": 0.3,
    }
    made = emformer_rnnt_model(**(sizes | changes)).eval()
    with torch.no_grad():
        made.joiner.linear.weight.mul_(6.0)  # so that much is said
    return made


@pytest.fixture(scope="module")
def theirs() -> Any:
    return transducer()


@pytest.fixture(scope="module")
def ours(theirs: Any) -> Checkpoint:
    return converted(theirs, MEAN, INVSTDDEV, Pieces.of(word_pieces(40)))


def their_features(samples: Tensor) -> Tensor:
    """What the feature extractor of the bundle makes of (samples,): (1, frames, 80)."""
    from torchaudio.pipelines.rnnt_pipeline import _gain, _piecewise_linear_log
    from torchaudio.transforms import MelSpectrogram

    mel = MelSpectrogram(sample_rate=16_000, n_fft=400, n_mels=80, hop_length=160)
    x = _piecewise_linear_log(mel(samples).transpose(1, 0) * _gain)
    normalised: Tensor = (x - torch.tensor(MEAN)) * torch.tensor(INVSTDDEV)
    return normalised[None]


@torch.inference_mode()
def their_stream(theirs: Any, features: Tensor) -> Tensor:
    """Its own streaming, segment by segment, as far as there are frames after a segment."""
    state, outputs = None, []
    for begin in range(0, features.shape[1] - 20 + 1, 16):
        piece = features[:, begin : begin + 20]
        y, _, state = theirs.transcribe_streaming(piece, torch.tensor([20]), state)
        outputs.append(y)
    return torch.cat(outputs, dim=1)


@torch.inference_mode()
def our_stream(ours: Checkpoint, samples: Tensor, pieces: list[int]) -> Tensor:
    state, outputs, begin = ours.model.initial_state(1), [], 0
    while begin < len(samples):
        for size in pieces:
            y, state = ours.model.step(samples[None, begin : begin + size], state)
            outputs.append(y.encoded[:, :, 0])
            begin += size
    return torch.cat(outputs, dim=1)


def assert_equal(a: Tensor, b: Tensor) -> None:
    assert a.shape == b.shape
    torch.testing.assert_close(a, b, rtol=0, atol=1e-4)


def test_features_are_the_same(ours: Checkpoint) -> None:
    samples = tiny.noise(1.7)[0]
    frontend = ours.model.frontend
    stream = torch.cat(tiny.in_pieces(frontend, samples[None], [100, 300, 5, 2000, 24_795]), dim=1)
    expected = their_features(samples)
    mirrored = 4  # of their last frames: they mirror the end, of which a stream knows nothing
    frames = (expected.shape[1] - mirrored) // 4
    assert frames > 35
    assert_equal(stream.reshape(1, -1, 80)[:, : 4 * frames], expected[:, : 4 * frames])
    assert_equal(frontend(samples[None]), stream)


@pytest.mark.parametrize("length", [0, 1, 150, 300, 679, 680, 681])
def test_features_of_very_little_sound(ours: Checkpoint, length: int) -> None:
    frontend, samples = ours.model.frontend, tiny.noise(0.1)[:, :length]
    whole = frontend(samples)
    assert whole.shape[1] == (length > 0) + (length > 680)
    assert_equal(torch.cat(tiny.in_pieces(frontend, samples, [length]), dim=1), whole)


@pytest.mark.parametrize("pieces", [[2560], [1, 700, 4000, 33], [160]])
def test_the_encoder_streams_the_same(theirs: Any, ours: Checkpoint, pieces: list[int]) -> None:
    samples = tiny.noise(2.0)[0]
    expected = their_stream(theirs, their_features(samples))
    found = our_stream(ours, samples, pieces)
    count = found.shape[1] - 4  # the last segment heard mirrored sound there
    assert count > 30
    assert_equal(found[:, :count], expected[:, :count])


def test_the_joiner_says_the_same(theirs: Any, ours: Checkpoint) -> None:
    rows = Pieces.of(word_pieces(40)).rows
    tokens = torch.tensor([[7, 11, 5, 30]])
    encoded = torch.randn(1, 6, 24)
    known = [i for i, row in enumerate(rows) if row is not None]
    with torch.inference_mode():
        said = torch.tensor([[rows[BLANK], *(rows[int(t)] for t in tokens[0])]])
        predicted, _, _ = theirs.predict(said, torch.tensor([5]), None)
        scores, _, _ = theirs.join(encoded, torch.tensor([6]), predicted, torch.tensor([5]))
        transducer = ours.model.transducer
        found = transducer.joint(encoded[:, :, None], transducer.prediction(tokens)[:, None])
    assert_equal(found[..., known], scores[..., [rows[i] for i in known]])
    others = [SOT, EOT, CHANGE]
    assert [i for i, row in enumerate(rows) if row is None] == others
    assert bool((found[..., others] < found[..., known].amin(-1, keepdim=True) - 10).all())


@torch.inference_mode()
def their_words(theirs: Any, encoded: Tensor) -> list[str]:
    """The best token of each step with torchaudio's own functions, at most four in a frame."""
    one, blank, kept = torch.tensor([1]), 40, []
    predicted, _, state = theirs.predict(torch.tensor([[blank]]), one, None)
    for t in range(encoded.shape[1]):
        for _ in range(4):
            scores, _, _ = theirs.join(encoded[:, t : t + 1], one, predicted, one)
            scores[..., 1:3] = -math.inf  # the start and the end of a sentence, which we leave out
            token = int(scores.argmax())
            if token == blank:
                break
            kept.append(token)
            predicted, _, state = theirs.predict(torch.tensor([[token]]), one, state)
    text = "".join(f"\u2581w{t - 3}" if (t - 3) % 3 else f"x{t - 3}" for t in kept if t > 2)
    return text.replace("\u2581", " ").split()


def test_a_session_writes_what_torchaudio_writes(
    theirs: Any, ours: Checkpoint, tmp_path: Path
) -> None:
    path = tmp_path / "imported.safetensors"
    checkpoint.save(ours, path)
    recognizer = Recognizer.load(path, "cpu")
    session = recognizer.session(SearchConfig())
    samples = tiny.noise(3.2)[0]
    session.accept(samples.numpy())
    shown: dict[int, str] = {}
    for event in session.events():
        if isinstance(event, WordsChanged):
            shown[event.turn] = " ".join(word.text for word in event.words)
    found = " ".join(text for _, text in sorted(shown.items()) if text).split()
    expected = their_words(theirs, their_stream(theirs, their_features(samples))[:, :-4])
    assert len(expected) > 8
    assert len(found) > 8
    assert found[: len(expected) - 2] == expected[: len(found)][: len(expected) - 2]
    session.finish()
    with_beam = recognizer.transcribe(samples.numpy())  # as its configuration says
    assert recognizer.model.config.search.beam == 4
    assert any(isinstance(event, WordsChanged) and event.words for event in with_beam)
    assert "not measured" in recognizer.card.limits


def test_the_public_architecture(tmp_path: Path) -> None:
    from torchaudio.models import emformer_rnnt_base

    torch.manual_seed(3)
    theirs = emformer_rnnt_base(4097).eval()
    ours = converted(theirs, MEAN, INVSTDDEV, Pieces.of(word_pieces(4096)))
    assert ours.tokens.size == 4096 - 2 + 4
    assert ours.model.look_ahead == 4 * 640 + 680
    samples = tiny.noise(0.7)[0]
    expected = their_stream(theirs, their_features(samples))
    found = our_stream(ours, samples, [2500])
    assert expected.shape[1] >= found.shape[1] - 4 >= 8
    count = found.shape[1] - 4
    assert_equal(found[:, :count], expected[:, :count])


def test_who_speaks_is_heard_by_loudness(ours: Checkpoint) -> None:
    loud = tiny.noise(1.0)
    quiet = torch.zeros(1, 16_000)
    activity = ours.model(torch.cat([quiet, 3 * loud.sign() * 0.1, quiet], dim=1)).activity
    spoken = activity[0, :, 0] > 0
    assert not bool(spoken[:23].any())
    assert bool(spoken[27:48].all())
    assert not bool(spoken[53:].any())


def test_pieces_keep_their_text() -> None:
    pieces = Pieces.of(word_pieces(40))
    assert (pieces.count, pieces.rows[BLANK], pieces.rows[UNKNOWN]) == (40, 40, 0)
    assert pieces.tokens.piece(5) == "x0"
    assert pieces.tokens.piece(6) == "\u2581w1"
    assert pieces.tokens.starts_word(6)
    assert pieces.tokens.text([6, 5]) == "w1x0"
    assert pieces.rows[5:8] == [3, 4, 5]
    with pytest.raises(EngineError, match="SentencePiece"):
        Pieces.of(b"no such thing")


def test_the_command(run: test_lab.Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torchaudio.models

    monkeypatch.setattr(
        torchaudio.models, "emformer_rnnt_base", lambda n: transducer(num_symbols=n)
    )
    files = {name: tmp_path / name for name in ("weights", "stats", "pieces")}
    torch.save(transducer().state_dict(), files["weights"])
    files["stats"].write_text(json.dumps({"mean": MEAN, "invstddev": INVSTDDEV}))
    files["pieces"].write_bytes(word_pieces(40))
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    code, said = run("import-torchaudio", tmp_path / "m.safetensors", *options)
    assert (code, "not measured" in said) == (0, True)
    assert checkpoint.load(tmp_path / "m.safetensors").model.channels == 1
    files["weights"].write_bytes(b"something else")
    code, said = run("import-torchaudio", tmp_path / "n.safetensors", *options)
    assert (code, "Download them again" in said) == (2, True)


def test_without_a_network_the_files_are_named(
    run: test_lab.Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torchaudio.utils

    def offline(_: str) -> str:
        raise OSError("no route to host")

    monkeypatch.setattr(torchaudio.utils, "_download_asset", offline)
    code, said = run("import-torchaudio", tmp_path / "m.safetensors")
    assert (code, "emformer_rnnt_base_librispeech.pt cannot be fetched" in said) == (2, True)


def test_without_torchaudio_the_message_says_what_to_do(
    ours: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torchaudio.models", None)
    monkeypatch.setitem(sys.modules, "torchaudio", None)
    config = ours.model.config.transducer.recognition
    with pytest.raises(ModelError, match="pip install torchaudio"):
        EmformerEncoder(320, config)
    with pytest.raises(EngineError, match="pip install torchaudio"):
        torchaudio_import.torchaudio()
