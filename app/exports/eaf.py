"""EAF, for ELAN: for each speaker a tier of turns and one of words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.exports.document import ExportDocument
from app.exports.tidy import milliseconds, tidy
from app.exports.tiers import tiers_of

if TYPE_CHECKING:
    from pympi.Elan import Eaf

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
TYPES = {False: "turn", True: "word"}


def write(document: ExportDocument) -> bytes:
    """The document as an annotation document; the recording is linked in ELAN itself."""
    from pympi import Elan

    document = tidy(document)
    eaf = Elan.Eaf(author="Crosstalk")
    written = document.started_at or datetime.now(UTC)
    eaf.adocument["DATE"] = written.isoformat(timespec="seconds")  # theirs is wrong in some zones
    eaf.header = {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"}
    for name in TYPES.values():
        eaf.add_linguistic_type(name)
    for tier in tiers_of(document):
        eaf.add_tier(tier.name, ling=TYPES[tier.of_words], part=tier.speaker)
        for start_s, end_s, text in tier.intervals:
            eaf.add_annotation(tier.name, milliseconds(start_s), milliseconds(end_s), text)
    if document.turns:
        eaf.remove_tier("default")
    _order_times(eaf)
    content: str = Elan.to_string(eaf)
    return DECLARATION + content.encode() + b"\n"


def _order_times(eaf: Eaf) -> None:
    """Number the time slots by time, as the format wants it; pympi numbers them as they come."""
    ascending = sorted(eaf.timeslots, key=lambda slot: eaf.timeslots[slot])
    names = {slot: f"ts{number}" for number, slot in enumerate(ascending, start=1)}
    eaf.timeslots = {names[slot]: eaf.timeslots[slot] for slot in ascending}
    for aligned, *_ in eaf.tiers.values():
        for key, (start, end, *rest) in aligned.items():
            aligned[key] = (names[start], names[end], *rest)
