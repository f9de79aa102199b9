"""PocketSphinx as a system: its words in its order, as turns of one speaker."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.corpus import Aligned
from engine.evaluation.collect import collect_turns
from engine.evaluation.pocketsphinx_system import PocketsphinxSystem, turn_events
from engine.evaluation.systems import Audio, open_systems
from engine.evaluation.utterances import text_by_time
from engine.timeline import to_samples

LENGTH = to_samples(0.4)


@pytest.fixture(scope="module")
def system() -> PocketsphinxSystem:
    return PocketsphinxSystem()


def test_words_become_turns_at_pauses_of_half_a_second() -> None:
    words = [
        Aligned(text, to_samples(start), to_samples(start + 0.3))
        for text, start in (("a", 0.0), ("b", 0.7), ("c", 1.6), ("d", 1.9))
    ]
    turns = collect_turns(turn_events(words, 48_000))
    assert [[w.text for w in turn.words] for turn in turns] == [["a", "b"], ["c", "d"]]
    assert {(turn.speaker, turn.channel) for turn in turns} == {("1", 0)}
    assert [turn.end for turn in turns] == [to_samples(1.0), to_samples(2.2)]
    assert {turn.end_emitted for turn in turns} == {48_000}


def hiss(seed: int) -> Audio:
    noise = np.random.default_rng(seed).standard_normal(LENGTH)
    return (0.1 * np.sin(np.arange(LENGTH) / 9.0) * noise).astype(np.float32)


def test_fillers_and_variants_are_no_words(system: PocketsphinxSystem) -> None:
    for seed in range(2):
        for turn in collect_turns(system.transcribe(hiss(seed))):
            assert all(not set(word.text) & set("<>[]()+") for word in turn.words)
            assert 0 <= turn.start < turn.end <= LENGTH + 160


def test_a_result_does_not_depend_on_what_was_heard_before(system: PocketsphinxSystem) -> None:
    once = text_by_time(collect_turns(system.transcribe(hiss(0))))
    for seed in range(1, 3):
        list(system.transcribe(5 * hiss(seed)))
    assert text_by_time(collect_turns(system.transcribe(hiss(0)))) == once


def test_no_audio_at_all(system: PocketsphinxSystem) -> None:
    assert list(system.transcribe(np.zeros(0, np.float32))) == []


def test_it_is_opened_by_name(system: PocketsphinxSystem) -> None:
    (opened,) = open_systems(["pocketsphinx"], "cpu")
    assert (opened.name, opened.digest) == ("pocketsphinx", system.digest)
    assert not opened.knows_turns
    assert opened.describe()["model"] == "en-us"
