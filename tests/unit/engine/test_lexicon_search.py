"""The search for words against every path there is, and what a lexicon holds."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Iterator
from functools import cache

import pytest
import torch
from torch import Tensor

from engine.config import SearchConfig, TransducerConfig
from engine.errors import ConfigError, ModelError
from engine.language_model import START, State
from engine.lexicon import Lexicon, lexicon_of
from engine.lexicon_search import LexiconSearch
from engine.search import Emission
from engine.tokens import BLANK, EOT, SOT, SPECIAL, UNKNOWN
from engine.training import ngram
from engine.transducer import Transducer
from engine.word_model import WordModel
from tests.unit.engine.tiny import encoder_config

A, B, C = SPECIAL, SPECIAL + 1, SPECIAL + 2
VOCABULARY = SPECIAL + 3
SIZE = 16
EXHAUSTIVE = SearchConfig(
    beam=128, margin=1e6, lm_scale=0.7, word_bonus=0.4, blank_bias=-0.3, turn_share=1.0
)

LEXICON = lexicon_of(
    [("a", [(A,)]), ("ab", [(A, B)]), ("bee", [(B,)]), ("be", [(B,), (B, C)]), ("cab", [(C, A, B)])]
)


@cache
def words() -> WordModel:
    sentences = [([1, 3], 2), ([2, 4, 5], 3), ([5, 1], 1), ([4], 4), ([3, 3, 2], 1)]
    return WordModel(LEXICON, ngram.train(sentences, len(LEXICON.words), (1, 1)), VOCABULARY)


@cache
def transducer(seed: int) -> Transducer:
    """Random, with outputs that depend much on what was heard and said."""
    torch.manual_seed(seed)
    config = TransducerConfig(encoder_config(), context=2, prediction_size=8, joint_size=8)
    made = Transducer(SIZE, VOCABULARY, config).eval().requires_grad_(False)
    for weight in (made.output.weight, made.prediction_projection.weight):
        weight *= 4.0
    return made


def encodings(frames: int, channels: int = 1, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(frames, channels, SIZE, generator=generator)


def heard(made: Transducer, encoded: Tensor) -> dict[tuple[int, ...], float]:
    """Every sequence of tokens, one a frame at most, with the log-probability of its best path."""
    allowed = [t for t in range(VOCABULARY) if t != UNKNOWN]
    paths: dict[tuple[int, ...], float] = {(): 0.0}
    for x in encoded:
        longer: dict[tuple[int, ...], float] = {}
        histories = {(0, 0, *said)[-2:] for said in paths}
        scored = {h: log_probs(made, x, h) for h in histories}
        for said, score in paths.items():
            after = scored[(0, 0, *said)[-2:]]
            for token in allowed:
                now = said if token == BLANK else (*said, token)
                longer[now] = max(longer.get(now, -math.inf), score + after[token])
        paths = longer
    return paths


def log_probs(made: Transducer, x: Tensor, history: tuple[int, ...]) -> list[float]:
    scores = made.joint(x, made.prediction(torch.tensor([history]))[0, -1])
    scores[BLANK] += EXHAUSTIVE.blank_bias
    found: list[float] = scores.log_softmax(-1).tolist()
    return found


def readings(said: list[int], state: State = START) -> Iterator[tuple[tuple[int, ...], float]]:
    """Every way to read tokens as words and turn tokens, with what the language model says of it.

    The last word may be unfinished: then the likeliest word of its branch stands for it.
    """
    model = words()
    if not said:
        yield (), 0.0
        return
    if said[0] < SPECIAL:
        after = START if said[0] in (SOT, EOT) else state
        for tail, score in readings(said[1:], after):
            yield (said[0], *tail), score
        return
    for word, spelling in LEXICON.spellings:
        if tuple(said[: len(spelling)]) == spelling:
            likely, after = model.language.score(state, word)
            own = EXHAUSTIVE.lm_scale * likely + EXHAUSTIVE.word_bonus
            for tail, score in readings(said[len(spelling) :], after):
                yield (SPECIAL + word, *tail), own + score
    branch = [(w, t) for w, t in LEXICON.spellings if t[: len(said)] == tuple(said)]
    if any(len(spelling) > len(said) for _, spelling in branch):
        within = [float(model.language.unigram[word]) for word, _ in branch]
        yield (), EXHAUSTIVE.lm_scale * max(within)


def best_reading(made: Transducer, encoded: Tensor) -> tuple[int, ...]:
    paths = heard(made, encoded).items()
    scored = [(a + b, reading) for said, a in paths for reading, b in readings(list(said))]
    return max(scored)[1]


def run(search: LexiconSearch, encoded: Tensor, sizes: list[int]) -> list[list[Emission]]:
    found = [search.accept(piece) for piece in torch.split(encoded, sizes)] + [search.finish()]
    return [[e for part in found for e in part[k].committed] for k in range(encoded.shape[1])]


@pytest.mark.parametrize("seed", range(12))
def test_a_wide_beam_finds_the_best_of_all_readings(seed: int) -> None:
    made, encoded = transducer(seed), encodings(4, seed=seed)
    search = LexiconSearch(made, 1, EXHAUSTIVE, words())
    (said,) = run(search, encoded, [4])
    assert tuple(e.token for e in said) == best_reading(made, encoded[:, 0])


def test_the_readings_of_the_test_differ() -> None:
    found = {best_reading(transducer(s), encodings(4, seed=s)[:, 0]) for s in range(12)}
    assert len(found) > 6
    assert any(token > SPECIAL for reading in found for token in reading)


def test_channels_and_pieces_do_not_matter() -> None:
    made, encoded = transducer(3), encodings(60, 2, seed=5)
    config = SearchConfig(beam=6, blank_bias=-1.0)
    whole = run(LexiconSearch(made, 2, config, words()), encoded, [60])
    pieces = run(LexiconSearch(made, 2, config, words()), encoded, [7, 1, 22, 30])
    alone = run(LexiconSearch(made, 1, config, words()), encoded[:, [0]], [60])
    assert whole == pieces
    assert whole[0] == alone[0]
    assert all(len(said) > 5 for said in whole)


def unsure(chance: float, frames: int) -> Transducer:
    """Says ``<sot>`` with some probability in each frame, nothing after it, and no ``<eot>``."""
    made = transducer(0)
    made = copy.deepcopy(made)
    made.output.weight.zero_()
    made.output.bias.fill_(-30.0)
    made.output.bias[BLANK] = math.log(1.0 - chance)
    made.output.bias[SOT] = math.log(chance)
    return made


@pytest.mark.parametrize(("share", "begun"), [(0.5, 2), (0.9, 10), (1.0, None)])
def test_a_turn_begins_when_that_is_likelier_than_not(share: float, begun: int | None) -> None:
    config = SearchConfig(beam=4, turn_share=share)
    search = LexiconSearch(unsure(0.2, 20), 1, config, words())
    found = search.accept(encodings(12))[0]
    first = next((e.frame for e in found.committed if e.token == SOT), None)
    assert (first is None) == (begun is None)
    if begun is not None:
        assert first is not None
        assert first <= begun + 1


def test_words_carry_the_frames_of_their_first_and_last_token() -> None:
    made, encoded = transducer(3), encodings(60, seed=5)
    (said,) = run(LexiconSearch(made, 1, SearchConfig(beam=6), words()), encoded, [60])
    lengths = {SPECIAL + w: {len(t) for v, t in LEXICON.spellings if v == w} for w in range(1, 6)}
    spoken = [e for e in said if e.token >= SPECIAL]
    assert spoken
    for emission in spoken:
        assert emission.begun is not None
        frames = emission.frame - emission.begun + 1
        assert frames >= min(lengths[emission.token])
        assert 0.0 < emission.confidence <= 1.0
    starts = [e.begun for e in spoken if e.begun is not None]
    assert starts == sorted(starts)


def test_a_prediction_network_with_a_long_memory_is_refused() -> None:
    config = TransducerConfig(encoder_config(), "lstm", prediction_size=8, joint_size=8)
    with pytest.raises(ConfigError, match="stateless"):
        LexiconSearch(Transducer(SIZE, VOCABULARY, config), 1, SearchConfig(), words())


def test_what_is_stored_comes_back() -> None:
    again = WordModel.of_arrays(words().arrays(), VOCABULARY)
    assert again.lexicon == LEXICON
    for state in (START, (1,), (2, 4), (5, 1)):
        for word in range(len(LEXICON.words)):
            score, _ = words().language.score(state, word)
            assert again.language.score(state, word)[0] == pytest.approx(score, abs=0.01)
    assert (again.tree.children == words().tree.children).all()


def test_the_tree_promises_the_likeliest_word_of_a_branch() -> None:
    tree, prior = words().tree, words().language.unigram
    node = int(tree.children[0, B])
    assert {LEXICON.words[w] for w in tree.words[node]} == {"bee", "be"}
    assert tree.promise[node] == max(prior[3], prior[4])
    assert tree.inner[node]
    assert not tree.inner[tree.children[node, C]]
    assert tree.promise[0] == prior[1:].max()


@pytest.mark.parametrize("spellings", [((9, (A,)),), ((0, (A,)),), ((1, ()),), ((1, (BLANK,)),)])
def test_a_damaged_lexicon_is_a_model_error(
    spellings: tuple[tuple[int, tuple[int, ...]], ...],
) -> None:
    with pytest.raises(ModelError, match="install the model again"):
        Lexicon(("", "a"), spellings)


def test_words_that_do_not_fit_the_model_are_refused() -> None:
    with pytest.raises(ModelError, match="do not fit"):
        dataclasses.replace(words(), vocabulary=VOCABULARY - 1)
