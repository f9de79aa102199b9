"""What the engine complains of can be said in the language of the window."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine_words import SENTENCES
from app.words import speak_by
from engine.audio_file import read_info
from engine.errors import AudioError, DeviceError, ModelError

ENGINE = Path(__file__).parents[3] / "engine"
LABORATORY = ("data", "training", "evaluation", "fairness")
ERRORS = {"AudioError", "ModelError", "DeviceError"}
PARTS = {"title", "remedy", "absent"}


def sentences() -> Iterator[str]:
    """What the errors of the engine are made with, as it stands in the source."""
    for path in ENGINE.rglob("*.py"):
        inner = path.relative_to(ENGINE).parts
        if inner[0] not in LABORATORY and not inner[0].startswith("lab"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield from said_by(node, node.func.id)


def said_by(call: ast.Call, name: str) -> Iterator[str]:
    """The sentence of an error, or how the messages of a kind of file speak of it."""
    constants = [each.value for each in call.args if isinstance(each, ast.Constant)]
    if name in ERRORS:
        yield from (text for text in constants[:1] if isinstance(text, str))
    elif name == "FileKind":
        yield from (text for text in constants[-1:] if isinstance(text, str))
        yield from (
            str(each.value.value)
            for each in call.keywords
            if each.arg in PARTS and isinstance(each.value, ast.Constant)
        )


def test_every_sentence_of_the_engine_can_be_translated() -> None:
    assert set(sentences()) == set(SENTENCES)
    assert len(SENTENCES) == len(set(SENTENCES))


@pytest.fixture
def shouting() -> Iterator[None]:
    speak_by(lambda context, sentence: sentence.upper().replace("{PATH}", "{path}"))
    yield
    speak_by(None)


@pytest.mark.usefixtures("shouting")
def test_an_error_is_said_in_the_language_of_the_window(tmp_path: Path) -> None:
    with pytest.raises(AudioError) as failed:
        read_info(tmp_path / "gone.wav")
    assert (
        str(failed.value)
        == f"{tmp_path / 'gone.wav'} DOES NOT EXIST. CHECK THE NAME AND THE FOLDER."
    )
    assert str(ModelError("{odd} name")) == "{ODD} NAME"


def test_without_a_window_it_is_english() -> None:
    assert str(DeviceError("There is no {name} here.", name="cuda")) == "There is no cuda here."
    assert str(ModelError("a {brace} of its own")) == "a {brace} of its own"
