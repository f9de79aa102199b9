"""TextGrid, for Praat: for each speaker a tier of turns and one of words."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.exports.document import ExportDocument
from app.exports.tidy import tidy
from app.exports.tiers import Tier, reach_s, tiers_of

if TYPE_CHECKING:
    from praatio.data_classes.interval_tier import IntervalTier

NOTHING = Tier("turns", "", of_words=False)
"""Praat opens no file without a tier."""


def write(document: ExportDocument) -> bytes:
    """The document in Praat's long format, from 0 to the end of the meeting."""
    from praatio.textgrid import Textgrid

    document = tidy(document)
    end_s = round(reach_s(document), 3)
    grid = Textgrid(0.0, end_s)
    for tier in tiers_of(document) or [NOTHING]:
        grid.addTier(_tier(tier, end_s))
    with TemporaryDirectory(prefix="crosstalk-") as folder:
        path = Path(folder) / "grid"  # praatio writes to a path only
        grid.save(str(path), format="long_textgrid", includeBlankSpaces=True)
        return path.read_bytes()


def _tier(tier: Tier, end_s: float) -> IntervalTier:
    from praatio.data_classes.interval_tier import IntervalTier

    return IntervalTier(tier.name, [tuple(each) for each in tier.intervals], 0.0, end_s)
