"""What synthesisers say when, in the words of the text and in the phones of the corpus."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from engine.data.corpus import ALIGNMENT_HOP, PHONES, UNKNOWN_PHONE, Aligned

_REDUCED = {
    **{"ax": ("AH",), "axr": ("ER",), "dx": ("T",), "hv": ("HH",), "nx": ("N",)},
    **{"el": ("AH", "L"), "em": ("AH", "M"), "en": ("AH", "N")},
}
ARPABET: Mapping[str, tuple[str, ...]] = {**{p.lower(): (p,) for p in PHONES}, **_REDUCED}
"""Names of Flite and Festival."""

_ESPEAK_ALIKE = {
    **{"AA": "A: 0 A~", "AE": "a aa", "AH": "V @ @2 @- a#", "AO": "O: O O2", "AW": "aU"},
    **{"AY": "aI aI2", "B": "b", "CH": "tS", "D": "d", "DH": "D", "EH": "E E2", "EY": "eI"},
    **{"ER": "3 3: VR IR ER", "F": "f", "G": "g", "HH": "h", "IH": "I I2 I#", "IY": "i i:"},
    **{"JH": "dZ", "K": "k x", "L": "l l/", "M": "m", "N": "n", "NG": "N", "OW": "oU"},
    **{"OY": "OI", "P": "p", "R": "r r- r/", "S": "s", "SH": "S", "T": "t t# t2 ?", "TH": "T"},
    **{"UH": "U", "UW": "u: u", "V": "v", "W": "w w#", "Y": "j", "Z": "z", "ZH": "Z"},
}
_ESPEAK_PAIRS = {
    **{"@L": ("AH", "L"), "n-": ("AH", "N"), "m-": ("AH", "M"), "aI@": ("AY", "AH")},
    **{"aI3": ("AY", "ER"), "aU@": ("AW", "ER"), "A@": ("AA", "R"), "O@": ("AO", "R")},
    **{"o@": ("AO", "R"), "e@": ("EH", "R"), "i@3": ("IH", "R"), "U@": ("UH", "R")},
    **{"i@": ("IY", "AH")},
}
ESPEAK: Mapping[str, tuple[str, ...]] = {
    **{name: (phone,) for phone, names in _ESPEAK_ALIKE.items() for name in names.split()},
    **_ESPEAK_PAIRS,
}
"""Names of eSpeak NG's English phonemes. Its British accents say no r where these have one, just as
the dictionary that real speech is aligned with."""


def phones(segments: Iterable[Aligned], names: Mapping[str, tuple[str, ...]]) -> list[Aligned]:
    """Segments as phones of the corpus; those that one segment holds share its time.

    An r after ER is part of it, as in CMU's dictionary.
    """
    found: list[Aligned] = []
    for segment in segments:
        parts = names.get(segment.text, (UNKNOWN_PHONE,))
        length = segment.end - segment.start
        cuts = [segment.start + length * i // len(parts) for i in range(len(parts) + 1)]
        if parts == ("R",) and found and found[-1].text == "ER" and found[-1].end == segment.start:
            found[-1] = Aligned("ER", found[-1].start, segment.end)
            continue
        found += [Aligned(p, s, e) for p, (s, e) in zip(parts, pairwise(cuts), strict=True)]
    return found


def fitted(spoken: Sequence[Aligned], words: Sequence[str]) -> tuple[Aligned, ...] | None:
    """The words of the text with the times of what was spoken.

    Synthesisers run words together ("of the") or take them apart ("john", "'s"): where a word is no
    spoken one, its letters share the time of those that hold them.

    Returns:
        None when other words were spoken than written, such as "saint" for "st".
    """
    written = [_letters(word) for word in words]
    said = [(letters, word) for word in spoken if (letters := _letters(word.text))]
    if "".join(written) != "".join(letters for letters, _ in said):
        return None
    first = [0, *accumulate(len(letters) for letters, _ in said)]

    def moment(letter: int, ends: bool) -> int:
        index = bisect_right(first, letter - ends) - 1
        token = said[index][1]
        share = (letter - first[index]) / (first[index + 1] - first[index])
        return token.start + round(share * (token.end - token.start))

    begins = [0, *accumulate(len(letters) for letters in written)]
    return tuple(
        Aligned(word, moment(begins[i], False), moment(begins[i + 1], True))
        for i, word in enumerate(words)
    )


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalpha())


def in_frames(items: Sequence[Aligned], length: int) -> Iterator[tuple[str, int, int]]:
    """Times in frames of 10 ms, each item one frame at least, in order, within ``length`` samples.

    Items for which no frame is left at the end are dropped.
    """
    frames, clock = -(-length // ALIGNMENT_HOP), 0
    for item in items:
        start = max(clock, round(item.start / ALIGNMENT_HOP))
        clock = max(start + 1, round(item.end / ALIGNMENT_HOP))
        if start >= frames:
            return
        clock = min(clock, frames)
        yield item.text, start, clock
