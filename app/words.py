"""Sentences for people, in their language: the window says how they are translated.

The command line leaves them as they stand here. A sentence is written as
``translate("app", "The folder {folder} is full.").format(folder=folder)``, so that the collector of
translations finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from engine import errors

Translator = Callable[[str, str], str]
"""Takes the context and the English sentence."""

_translators: list[Translator] = []


def translate(context: str, sentence: str) -> str:
    """The sentence in the language of the window; as it is where there is none."""
    return _translators[-1](context, sentence) if _translators else sentence


def QT_TRANSLATE_NOOP(context: str, sentence: str) -> str:  # noqa: N802 - the collector's name
    """Mark a sentence that is translated only where it is shown."""
    return sentence


def speak_by(translator: Translator | None) -> None:
    """Translate by this from now on; None leaves everything in English."""
    _translators[:] = [translator] if translator else []
    errors.speak_by(partial(translator, "engine") if translator else None)
