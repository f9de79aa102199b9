"""Whom training hears, and how often."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator

from engine.data.simulation import SpokenTurn
from engine.errors import ConfigError, EngineError
from engine.training.batches import SourceShare
from engine.training.emphasis import Emphasis, read_speakers
from engine.training.recipes import Recipe
from tests.unit.engine.scenes import spoken


@dataclass(frozen=True)
class Named:
    """A source of some speakers."""

    speakers: tuple[str, ...]

    def turn(self, speaker: str, random: Generator) -> SpokenTurn:
        return spoken("alpha", speaker)


PEOPLE = SourceShare(Named(("ann", "bob", "cid", "dan")), weights=[1.0, 1.0, 2.0, 4.0])
SYNTHETIC = SourceShare(Named(("robot", "toaster")))


def drawn(share: SourceShare) -> Counter[str]:
    random = np.random.default_rng(0)
    return Counter(s for _ in range(2000) for s in share.people(1, random))


def test_without_emphasis_everything_is_as_before() -> None:
    (people, synthetic) = Emphasis().applied([PEOPLE, SYNTHETIC])
    assert people is PEOPLE
    assert synthetic is SYNTHETIC


def test_some_are_drawn_more_often() -> None:
    (people, _) = Emphasis(often=frozenset({"ann", "ghost"}), factor=8.0).applied(
        [PEOPLE, SYNTHETIC]
    )
    assert people.weights == [8.0, 1.0, 2.0, 4.0]
    before, after = drawn(PEOPLE), drawn(people)
    assert after["ann"] / after["bob"] == pytest.approx(8.0, rel=0.35)
    assert before["ann"] / before["bob"] == pytest.approx(1.0, rel=0.35)


def test_only_some_are_heard_however_many_a_scene_asks_for() -> None:
    (people,) = Emphasis(only=frozenset({"ann", "cid"})).applied([PEOPLE, SYNTHETIC])
    random = np.random.default_rng(0)
    heard = [people.people(4, random) for _ in range(50)]
    assert {s for scene in heard for s in scene} == {"ann", "cid"}
    assert max(map(len, heard)) == 2


def test_people_of_whom_nothing_is_known_are_named() -> None:
    with pytest.raises(EngineError, match=r"None of the 1 speakers listed .* such as ghost"):
        Emphasis(only=frozenset({"ghost"})).applied([PEOPLE])
    with pytest.raises(ConfigError, match="--often-factor must be positive"):
        Emphasis(factor=0.0).applied([PEOPLE])


def test_fine_tuning_a_model_file_needs_no_heads_that_it_lacks() -> None:
    whole, words = (Recipe("words", words_only=only).objective() for only in (False, True))
    assert min(whole.phones, whole.marks, whole.voices) > 0.0
    assert words == replace(whole, phones=0.0, marks=0.0, voices=0.0)
    assert min(words.transducer, words.activity) > 0.0


def test_a_list_of_speakers(tmp_path: Path) -> None:
    path = tmp_path / "people.txt"
    path.write_text("ann\n\n bob \n")
    assert read_speakers(path) == {"ann", "bob"}
    assert read_speakers(None) == frozenset()
    path.write_text("\n")
    with pytest.raises(EngineError, match="names no speaker"):
        read_speakers(path)
