"""The reliability diagram: what was said against what was right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.evaluation.drawing import COLOURS, panels
from engine.evaluation.reliability import Reliability

_FORMS = ("o-", "s--", "^:")


def draw(found: Mapping[str, Reliability], output: Path) -> None:
    """Write the picture, as the ending of ``output`` says.

    Args:
        found: lines by their names.
        output: an SVG or PNG file.

    Raises:
        EngineError: when it cannot be written.
    """
    figure, (diagram, counts) = panels(2, width=8.0)
    diagram.plot([0, 100], [0, 100], color="#888888", lw=1, label="as it should be")
    width = 10 / (len(found) + 1)
    for i, (name, one) in enumerate(found.items()):
        said, right = (100 * np.array([getattr(b, of) for b in one.bins]) for of in _ENDS)
        label = f"{name}: ECE {100 * one.error:.1f} %"
        colour = COLOURS[i % len(COLOURS)]
        diagram.plot(said, right, _FORMS[i % 3], ms=5, color=colour, label=label)
        words = [b.words for b in one.bins]
        counts.bar(np.floor(said / 10) * 10 + (i + 0.5) * width, words, width, color=colour)
    diagram.set_xlabel("confidence, %")
    diagram.set_ylabel("right words, %")
    diagram.legend(frameon=False, fontsize=8)
    counts.set_xlabel("confidence, %")
    counts.set_ylabel("words")
    try:
        figure.savefig(output, dpi=150)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"{output} cannot be written ({error}): end it with .svg or .png."
        ) from error


_ENDS = ("confidence", "right")
