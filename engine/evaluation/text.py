"""The one normal form of text that references and hypotheses are compared in."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})  # noqa: RUF001
_NOT_A_WORD = re.compile(r"[^\w']|_")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def normalise(text: str) -> str:
    """Lower case, punctuation stripped but apostrophes, single spaces.

    Punctuation inside a word separates it ("twenty-one" is two words), and apostrophes alone are no
    word. Normalising twice changes nothing more.
    """
    plain = unicodedata.normalize("NFC", text).translate(_APOSTROPHES).lower()
    words = _NOT_A_WORD.sub(" ", plain).split()
    return " ".join(word for word in words if _LETTER_OR_DIGIT.search(word))
