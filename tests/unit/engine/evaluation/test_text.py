from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.text import normalise


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Hello,  World!", "hello world"),
        ("It’s Anna's", "it's anna's"),
        ("twenty-one", "twenty one"),
        ("'Kay -- ' --", "'kay"),
        ("„Größe“ …", "größe"),
        ("snake_case 3.5", "snake case 3 5"),
        ("", ""),
        ("\t\n", ""),
    ],
)
def test_normal_form(written: str, spoken: str) -> None:
    assert normalise(written) == spoken


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_words_are_separated_by_single_spaces(text: str) -> None:
    assert normalise(text).split(" ") == (normalise(text).split() or [""])
