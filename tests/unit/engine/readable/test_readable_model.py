"""The stage says the same however words come, and looks no further ahead than it says."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ConfigError
from engine.readable.features import TURN_ENDS, TURN_GOES_ON, WIDTH, rows
from engine.readable.model import LOGITS, ReadableConfig, ReadableModel
from tests.unit.engine.small_readable import CONFIG, SAID, model
from tests.unit.engine.tiny import in_pieces, tensors

MODELS = {ahead: model(1, ahead) for ahead in (1, 2, 3)}


def features(words: list[str]) -> torch.Tensor:
    return torch.from_numpy(rows(words, CONFIG.buckets))[None]


@pytest.mark.parametrize("ahead", MODELS)
@given(st.integers(0, len(SAID)), st.lists(st.integers(0, 4), max_size=12))
def test_the_whole_turn_equals_its_pieces(ahead: int, count: int, sizes: list[int]) -> None:
    x, rest, pieces = features(SAID[:count]), count, []
    for size in sizes:
        pieces.append(min(size, rest))
        rest -= pieces[-1]
    whole = MODELS[ahead](x)
    assert whole.shape == (1, count, LOGITS)
    torch.testing.assert_close(torch.cat(in_pieces(MODELS[ahead], x, [*pieces, rest]), 1), whole)


@pytest.mark.parametrize("ahead", MODELS)
def test_only_the_look_ahead_is_waited_for(ahead: int) -> None:
    stage = MODELS[ahead]
    y, state = stage.step(features(SAID), stage.initial_state(1))
    assert y.shape[1] == len(SAID) - ahead
    assert state.waiting.shape[1] == ahead
    assert stage.flush(state).shape[1] == stage.peek(state).shape[1] == ahead


@pytest.mark.parametrize("ahead", MODELS)
def test_words_beyond_the_look_ahead_change_nothing_before_and_those_within_do(ahead: int) -> None:
    stage, at = MODELS[ahead], 4
    whole = stage(features(SAID))
    other = stage(features([*SAID[:at], "elephant", *SAID[at + 1 :]]))
    torch.testing.assert_close(other[:, : at - ahead], whole[:, : at - ahead])
    assert not torch.allclose(other[:, at - ahead], whole[:, at - ahead], atol=1e-3)


def test_a_state_is_never_changed_in_place() -> None:
    stage = MODELS[2]
    _, state = stage.step(features(SAID), stage.initial_state(1))
    before = [tensor.clone() for tensor in tensors(state)]
    stage.step(features(["more", "words"]), state)
    stage.peek(state)
    stage.flush(state)
    for now, then in zip(tensors(state), before, strict=True):
        torch.testing.assert_close(now, then, rtol=0, atol=0)


def test_an_end_that_is_a_guess_differs_from_a_true_one() -> None:
    stage = MODELS[2]
    _, state = stage.step(features(SAID), stage.initial_state(1))
    assert not torch.allclose(stage.peek(state), stage.flush(state), atol=1e-3)


@pytest.mark.parametrize(("feature", "name"), [(TURN_ENDS, "flush"), (TURN_GOES_ON, "peek")])
def test_an_end_is_a_row_of_the_input_so_that_training_has_it_too(feature: int, name: str) -> None:
    stage = MODELS[2]
    end = torch.zeros(1, 2, WIDTH, dtype=torch.int64)
    end[:, :, 0] = feature
    trained, _ = stage.step(torch.cat([features(SAID), end], 1), stage.initial_state(1))
    y, state = stage.step(features(SAID), stage.initial_state(1))
    torch.testing.assert_close(torch.cat([y, getattr(stage, name)(state)], 1), trained)


@pytest.mark.parametrize("wrong", [{"buckets": 3}, {"look_ahead_words": 0}, {"dropout": 1.0}])
def test_impossible_sizes_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match="make no network"):
        ReadableModel(ReadableConfig(**wrong))
