"""The small world: meetings of words from a short list, so that a small model can learn them.

The words were chosen once from the aligned train split: at least four letters, no words that are
mostly unstressed in running speech, many speakers, and a pronunciation at least two phones away
from every other word of the list.
"""

from __future__ import annotations

WORDS: tuple[str, ...] = tuple(
    """about after also always away back down five going good hand here home house last little long
    looked love make more need never nine only people place right room seven something still think
    thought three time very want well work""".split()  # noqa: SIM905 -- easier to read
)
