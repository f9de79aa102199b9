"""What is shared between the channels, what is not, and what the model says of its size."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import nn

from engine.config import EncoderKind, SearchConfig
from engine.model import SeparatorTransducerSegmenter
from engine.search import GreedySearch, TokenBeamSearch
from engine.streaming import Encoder
from engine.tokens import BLANK
from engine.transducer import LstmPrediction, StatelessPrediction, Transducer
from tests.unit.engine import tiny
from tests.unit.engine.tiny import encoder_config, model, model_config


def of_kind(kind: EncoderKind, channels: int = 2) -> SeparatorTransducerSegmenter:
    encoder = encoder_config(kind)
    return model(model_config(encoder, encoder, encoder, channels=channels))


@pytest.mark.parametrize("kind", ["conv_attention", "lstm"])
def test_one_recognition_encoder_prediction_and_joiner_serve_all_channels(
    kind: EncoderKind,
) -> None:
    made = of_kind(kind, channels=3)
    modules = list(made.modules())
    assert [m for m in modules if isinstance(m, Transducer)] == [made.transducer]
    predictions = [m for m in modules if isinstance(m, StatelessPrediction | LstmPrediction)]
    assert predictions == [made.transducer.prediction]
    encoders = {id(m) for m in modules if isinstance(m, Encoder)}
    expected = [made.separator.mixture, *made.separator.separation, made.transducer.recognition]
    assert encoders == set(map(id, expected))
    assert len(encoders) == 1 + 3 + 1


@pytest.mark.parametrize("kind", ["conv_attention", "lstm"])
def test_separation_encoders_share_nothing(kind: EncoderKind) -> None:
    separation = of_kind(kind, channels=3).separator.separation
    weights = [{p.data_ptr() for p in encoder.parameters()} for encoder in separation]
    for a, b in itertools.combinations(weights, 2):
        assert a
        assert not a & b


def test_another_channel_costs_a_separation_encoder_and_an_activity_head_only() -> None:
    def count(module: nn.Module) -> int:
        return sum(p.numel() for p in module.parameters())

    one, two = of_kind("conv_attention", 1), of_kind("conv_attention", 2)
    own = count(two.separator.separation[1]) + count(two.separator.activity_heads[1])
    assert count(two) - count(one) == own


@pytest.mark.parametrize("beam", [1, 3])
@pytest.mark.parametrize("prediction", ["stateless", "lstm"])
def test_equal_channels_are_recognised_equally(beam: int, prediction: str) -> None:
    """The same stream on both channels gives the same words: nothing knows its channel."""
    config = model_config(prediction="lstm" if prediction == "lstm" else "stateless")
    transducer = model(config, seed=3).transducer
    encoded = torch.randn(30, 1, 16, generator=torch.Generator().manual_seed(0)).repeat(1, 2, 1)
    search = SearchConfig(beam=beam, blank_bias=1.0)
    kind = GreedySearch if beam == 1 else TokenBeamSearch
    running = kind(transducer, 2, search)
    first, second = running.accept(encoded)
    assert first == second
    tail, same_tail = running.finish()
    assert tail == same_tail
    tokens = [e.token for e in (*first.committed, *tail.committed)]
    assert len(tokens) > 3
    assert BLANK not in tokens


def test_swapped_streams_are_swapped_encodings() -> None:
    made = of_kind("conv_attention")
    streams = torch.randn(2, 30, 16)  # a row a channel
    encoded = made.transducer.recognition(streams)
    swapped = made.transducer.recognition(streams.flip(0)).flip(0)
    torch.testing.assert_close(encoded, swapped)


@pytest.mark.parametrize("prediction", ["stateless", "lstm"])
def test_prediction_step_by_step_equals_all_prefixes_at_once(prediction: str) -> None:
    config = model_config(prediction="lstm" if prediction == "lstm" else "stateless")
    network = model(config).transducer.prediction
    tokens = torch.tensor([[4, 5, 2, 1, 4], [1, 9, 9, 8, 2]])
    whole = network(tokens)
    state = network.initial_state(2)
    steps = [network.output(state)]
    for column in tokens.T:
        y, state = network.step(column, state)
        torch.testing.assert_close(y, network.output(state))
        steps.append(y)
    assert whole.shape == (2, 6, 16)
    torch.testing.assert_close(torch.stack(steps, dim=1), whole)


def test_the_lattice_is_the_joiner_at_every_node() -> None:
    transducer = model().transducer
    encoded, tokens = torch.randn(1, 4, 16), torch.tensor([[4, 5]])
    lattice = transducer.lattice(encoded, tokens)
    assert lattice.shape == (1, 4, 3, 11)
    torch.testing.assert_close(lattice.exp().sum(-1), torch.ones(1, 4, 3))
    node = transducer.joint(encoded[0, 2], transducer.prediction(tokens)[0, 1])
    torch.testing.assert_close(lattice[0, 2, 1], node.log_softmax(-1))


@pytest.mark.parametrize("samples", [0, 1, 240, 900])
def test_audio_too_short_for_a_chunk_is_heard_too(samples: int) -> None:
    made = of_kind("conv_attention")
    heard = made(tiny.noise(1.0)[:, :samples])
    frames = max(0, -(-(samples - 240) // 640))
    assert heard.frames == frames
    assert heard.encoded.shape == (1, frames, 2, 16)
    assert heard.activity.shape == (1, frames, 2)
    assert heard.voice.shape == (1, frames, 2, 8)
