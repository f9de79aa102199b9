"""How words are pronounced: dictionaries in the format of CMUdict, and the one for English."""

from __future__ import annotations

import re
from pathlib import Path

from engine.data.corpus import PHONES
from engine.errors import EngineError

Pronunciations = dict[str, tuple[tuple[str, ...], ...]]
"""Phone sequences of each word, the most common one first."""

DICTIONARY = "pronunciation.dict"
"""Name of a dictionary in a corpus folder, which is taken instead of CMUdict."""

_VARIANT = re.compile(r"\(\d+\)$")


def read_dictionary(path: Path) -> Pronunciations:
    """Read lines of ``word PH PH ...`` or ``word(2) PH ...``; stress digits are dropped.

    Raises:
        EngineError: when the file is missing, or a line has no phones or unknown ones.
    """
    if not path.is_file():
        raise EngineError(f"There is no pronunciation dictionary at {path}: give one like CMUdict.")
    found: dict[str, list[tuple[str, ...]]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith(";;;"):
            continue
        word, *phones = line.split("#")[0].split()
        spoken = tuple(p.rstrip("012") for p in phones)
        if not spoken or not set(spoken) <= set(PHONES):
            raise EngineError(
                f"{path}, line {number}: {line.strip()!r} is not a word and its phones "
                f"({' '.join(PHONES[:3])} ...): correct or remove it."
            )
        variants = found.setdefault(_VARIANT.sub("", word).lower(), [])
        if spoken not in variants:
            variants.append(spoken)
    return {word: tuple(variants) for word, variants in found.items()}


def english(data: Path) -> Pronunciations:
    """The dictionary of a corpus folder if it has one, or CMUdict as PocketSphinx brings it.

    Raises:
        EngineError: when neither is there.
    """
    return read_dictionary(source(data))


def source(data: Path) -> Path:
    """Where that dictionary lies. Raises: EngineError."""
    own = data / DICTIONARY
    return own if own.is_file() else _cmudict()


def _cmudict() -> Path:
    """Where PocketSphinx has its copy of CMUdict. Raises: EngineError."""
    try:
        import pocketsphinx
    except ImportError as error:
        raise EngineError(
            "Pronunciations come with PocketSphinx: pip install 'crosstalk[lab]', or put a "
            f"{DICTIONARY} into the corpus folder."
        ) from error
    return Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
