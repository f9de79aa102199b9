"""Which commands of the documentation are not run and why, and what stands in for a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.unit.docs.commands import Command, commands

ALL = commands()
TYPED = [each for each in ALL if not each.mentioned]

NOT_RUN = {
    "": "opens the window: tests/gui/test_start.py",
    "open": "opens the window: tests/gui/test_single_instance.py",
    "record": "needs a microphone and a person who stops it: "
    "tests/gui/test_microphone_end_to_end.py",
    "models download": "its address is no address: tests/unit/app/test_download.py",
}
"""Commands of the app that are only read, and where they are run."""

NOT_SMALL = {
    "consolidate": "tests/unit/engine/fairness/test_consolidation.py tries what it does",
    "overfit": "needs the corpora and minutes; its training and scoring have their own tests",
    "transcribe-archive": "tests/unit/engine/archive tries what it does",
}
"""Commands of the laboratory that no test runs by their names, even on a small corpus."""

OF_OTHERS = {
    "apt": "changes the system",
    "install.sh": "is run with the rest of its block below",
    "pip": "needs the network",
    "py": "is of Windows",
    "ray": "starts a cluster of machines",
    "tar": "is run with the rest of its block below",
    "uninstall.sh": "is run with the rest of its block below",
}
"""Programs that are neither ours nor read by a test."""

MAY_FAIL = {"devices": 2}
"""Commands that say what to do where there is no microphone."""

STAND_INS = {
    "K": "convrnn",
    "S": "7",
    "FORM": "pairwise",
    "SEED": "1",
    "FILE_OR_FOLDER": "mine.safetensors",
}
"""What a page lets a letter stand for, where the command line takes not just any word."""

NAMES = {"models": "mine", "people": "Sarah"}
"""Who NAME is: a model that was installed, a person whose voice was saved."""


def words_of(command: Command) -> list[str]:
    """The arguments, with something in place of each placeholder."""
    words = [word.removesuffix("...") for word in command.words[1:] if word != "..."]
    for letter, value in {**STAND_INS, "NAME": NAMES.get(words[0] if words else "", "x")}.items():
        words = [re.sub(rf"(?<![\w.]){letter}(?![\w])", value, word) for word in words]
    return words


def is_only_read(words: Sequence[str]) -> bool:
    """Whether a command of the app is in the list of those that are not run here."""
    return " ".join(words[:1]) in NOT_RUN or " ".join(words[:2]) in NOT_RUN
