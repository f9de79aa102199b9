"""Greedy and beam search against plain loops and against every path there is."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import Literal

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine import search as search_module
from engine.config import SearchConfig, TransducerConfig
from engine.search import Emission, Found, GreedySearch, Search, TokenBeamSearch, make_search
from engine.tokens import BLANK, EOT
from engine.transducer import Transducer
from tests.unit.engine.tiny import encoder_config

VOCABULARY = 4
SIZE = 16
Prediction = Literal["stateless", "lstm"]
PREDICTIONS: list[Prediction] = ["stateless", "lstm"]


def transducer(seed: int, prediction: Prediction = "stateless") -> Transducer:
    """Random, with outputs that depend much on what was heard and said."""
    torch.manual_seed(seed)
    config = TransducerConfig(
        encoder_config(), prediction, context=2, prediction_size=8, joint_size=8
    )
    made = Transducer(SIZE, VOCABULARY, config).eval().requires_grad_(False)
    for weight in (made.output.weight, made.prediction_projection.weight):
        weight *= 5.0
    return made


def encodings(frames: int, channels: int = 1, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(frames, channels, SIZE, generator=generator)


def log_probs(made: Transducer, encoded: Tensor, said: list[int], bias: float = 0.0) -> Tensor:
    """Log-probabilities (vocabulary,) after ``said``, by the parallel form of the prediction."""
    predicted = made.prediction(torch.tensor([said], dtype=torch.long))[0, -1]
    scores = made.joint(encoded, predicted)
    scores[BLANK] += bias
    return scores.log_softmax(-1)


def plain_greedy(made: Transducer, encoded: Tensor, config: SearchConfig) -> list[Emission]:
    emissions: list[Emission] = []
    for frame, x in enumerate(encoded):
        for _ in range(config.max_symbols):
            best = log_probs(made, x, [e.token for e in emissions], config.blank_bias).max(-1)
            if best.indices == BLANK:
                break
            emissions.append(Emission(int(best.indices), frame, float(best.values.exp())))
    return emissions


Said = tuple[int, ...]


def every_path(made: Transducer, encoded: Tensor, bias: float = 0.0) -> dict[Said, float]:
    """Log-probability of each token sequence with one token a frame at most, over all its paths."""
    paths: dict[Said, float] = {(): 0.0}
    for x in encoded:
        longer: dict[Said, list[float]] = defaultdict(list)
        for said, score in paths.items():
            for token, value in enumerate(log_probs(made, x, list(said), bias).tolist()):
                longer[said if token == BLANK else (*said, token)].append(score + value)
        paths = {said: _log_sum(scores) for said, scores in longer.items()}
    return paths


def _log_sum(scores: list[float]) -> float:
    top = max(scores)
    return top + math.log(sum(math.exp(s - top) for s in scores))


def run(search: Search, encoded: Tensor, sizes: list[int]) -> list[list[Emission]]:
    """All emissions of each channel."""
    found = [search.accept(piece) for piece in torch.split(encoded, sizes)] + [search.finish()]
    return [[e for part in found for e in part[k].committed] for k in range(encoded.shape[1])]


def close(a: list[Emission], b: list[Emission]) -> bool:
    same = [(e.token, e.frame) for e in a] == [(e.token, e.frame) for e in b]
    pairs = zip(a, b, strict=False)
    return same and all(math.isclose(x.confidence, y.confidence, abs_tol=1e-4) for x, y in pairs)


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("config", [SearchConfig(), SearchConfig(max_symbols=2, blank_bias=1.5)])
def test_greedy_equals_a_plain_loop_on_each_channel(
    prediction: Prediction, config: SearchConfig
) -> None:
    lengths = set()
    for seed in range(4):
        made, encoded = transducer(seed, prediction), encodings(12, 3, seed)
        said = run(GreedySearch(made, 3, config), encoded, [12])
        for k in range(3):
            assert close(said[k], plain_greedy(made, encoded[:, k], config))
            lengths.add(len(said[k]))
    assert len(lengths) > 3


def test_greedy_says_so_many_tokens_a_frame_at_most() -> None:
    made, encoded = transducer(0), encodings(6)
    for most in (1, 3):
        said = run(
            GreedySearch(made, 1, SearchConfig(max_symbols=most, blank_bias=-50)), encoded, [6]
        )
        assert [e.frame for e in said[0]] == [f for f in range(6) for _ in range(most)]


@pytest.mark.parametrize("beam", [1, 4])
def test_blank_bias_silences(beam: int) -> None:
    made, encoded = transducer(1), encodings(20)
    counts = [
        len(run(make_search(made, 1, SearchConfig(beam, blank_bias=b)), encoded, [20])[0])
        for b in (-2.0, 0.0, 2.0, 50.0)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2] > counts[3] == 0


@pytest.mark.parametrize("beam", [1, 4])
def test_turn_bias_ends_turns(beam: int) -> None:
    made, encoded = transducer(1), encodings(20)
    searches = [make_search(made, 1, SearchConfig(beam, turn_bias=b)) for b in (-50.0, -1.0, 8.0)]
    none, some, many = [sum(e.token == EOT for e in run(s, encoded, [20])[0]) for s in searches]
    assert 0 == none < some < many


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("bias", [0.0, 1.0])
def test_a_beam_wide_enough_finds_the_most_likely_tokens(
    prediction: Prediction, bias: float
) -> None:
    found = set()
    for seed in range(5):
        made, encoded = transducer(seed, prediction), encodings(5, 1, seed)
        scores = every_path(made, encoded[:, 0], bias)
        best = max(scores, key=lambda said: scores[said])
        search = TokenBeamSearch(made, 1, SearchConfig(beam=4**5, blank_bias=bias))
        assert tuple(e.token for e in run(search, encoded, [5])[0]) == best
        found.add(best)
    assert len(found) > 1


def test_equal_tokens_by_other_paths_add_up() -> None:
    """On the best single path other tokens lie than on all paths together: the sum wins."""
    differ = 0
    for seed in range(20):
        made, encoded = transducer(seed), encodings(4, 1, seed)
        scores = every_path(made, encoded[:, 0])
        best = max(scores, key=lambda said: scores[said])
        differ += best != best_single_path(made, encoded[:, 0])
        search = TokenBeamSearch(made, 1, SearchConfig(beam=4**4))
        assert tuple(e.token for e in run(search, encoded, [4])[0]) == best
    assert differ > 0


def best_single_path(made: Transducer, encoded: Tensor) -> Said:
    best: tuple[float, Said] = (-math.inf, ())
    for labels in itertools.product(range(VOCABULARY), repeat=len(encoded)):
        score = 0.0
        said: list[int] = []
        for x, label in zip(encoded, labels, strict=True):
            score += float(log_probs(made, x, said)[label])
            said += [label] if label != BLANK else []
        best = max(best, (score, tuple(said)))
    return best[1]


def test_the_scores_of_a_wide_beam_are_those_of_all_paths() -> None:
    made, encoded = transducer(3), encodings(4, 1, 3)
    scores = every_path(made, encoded[:, 0])
    search = TokenBeamSearch(made, 1, SearchConfig(beam=4**4))
    found = search.accept(encoded)[0]
    assert found.committed == ()
    hypotheses = search._beams[0]
    assert {h.tokens for h in hypotheses} == set(scores)
    top = max(scores.values())
    for hypothesis in hypotheses:
        assert hypothesis.score == pytest.approx(scores[hypothesis.tokens] - top, abs=1e-4)


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=8),
    st.integers(0, 5),
    st.sampled_from([1, 2, 5]),
    st.sampled_from(PREDICTIONS),
)
def test_tokens_do_not_depend_on_how_frames_come(
    sizes: list[int], seed: int, beam: int, prediction: Prediction
) -> None:
    made, encoded = transducer(seed, prediction), encodings(sum(sizes), 2, seed)
    config = SearchConfig(beam=beam)
    whole = run(make_search(made, 2, config), encoded, [len(encoded)])
    pieces = run(make_search(made, 2, config), encoded, sizes)
    assert all(close(a, b) for a, b in zip(pieces, whole, strict=True))


@pytest.mark.parametrize("beam", [2, 5])
def test_what_is_committed_is_never_taken_back(beam: int) -> None:
    """All of it stands at the beginning of every later best hypothesis."""
    partial_seen = 0
    for seed in (*range(6), 17, 40):  # with these two the beam would say a token out of order
        made, encoded = transducer(seed), encodings(40, 1, seed)
        search = TokenBeamSearch(made, 1, SearchConfig(beam=beam))
        committed: list[Emission] = []
        for x in encoded:
            (found,) = search.accept(x[None])
            committed += found.committed
            partial_seen += len(found.partial)
            frames = [e.frame for e in (*committed, *found.partial)]
            assert frames == sorted(frames)
            assert all(0.0 < e.confidence <= 1.0 for e in found.partial)
        (last,) = search.finish()
        committed += last.committed
        assert last.partial == ()
        assert search.finish() == [Found(())]
        assert close(
            committed, run(TokenBeamSearch(made, 1, SearchConfig(beam=beam)), encoded, [40])[0]
        )
    assert partial_seen > 0


def test_hypotheses_that_never_agree_do_not_keep_words_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited = []
    for limit in (10_000, 8):
        monkeypatch.setattr(search_module, "LONGEST_DOUBT_FRAMES", limit)
        longest = 0
        for seed in range(6):
            beam, encoded = (
                TokenBeamSearch(transducer(seed), 1, SearchConfig(beam=4)),
                encodings(80),
            )
            for frame, x in enumerate(encoded):
                (found,) = beam.accept(x[None])
                assert all(frame - e.frame <= limit for e in found.partial)
                longest = max([longest, *(frame - e.frame for e in found.partial)])
        waited.append(longest)
    assert waited[0] > waited[1] > 0


def test_the_configuration_chooses_the_search() -> None:
    made = transducer(0)
    assert isinstance(make_search(made, 2, SearchConfig(beam=1)), GreedySearch)
    assert isinstance(make_search(made, 2, SearchConfig(beam=2)), TokenBeamSearch)
