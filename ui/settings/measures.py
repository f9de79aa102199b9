"""What the figures of a model's card are called in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def measure(name: str) -> str:
    """The name of a figure; one that only its maker knows stays as it is.

    The names are those that `crosstalk-lab fairness --card` writes.
    """
    known = {
        "WER of everybody, %": translate("measures", "Wrong words, everybody, %"),
        "WER of the voices understood worst, %": translate(
            "measures", "Wrong words, the voices understood worst, %"
        ),
        "their share of the speakers, %": translate("measures", "their share of the speakers, %"),
        "gap to all other voices, %": translate(
            "measures", "wrong words more than all other voices have, %"
        ),
        "WER of the region understood worst, %": translate(
            "measures", "Wrong words, the region understood worst, %"
        ),
    }
    return known.get(name, name)
