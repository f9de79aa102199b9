"""The curve of word errors against computation, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.errors import EngineError
from engine.evaluation.drawing import COLOURS, from_zero, panels
from engine.evaluation.thrift import Arm, Measured, arms


def draw(measured: Sequence[Measured], output: Path) -> None:
    """Write the picture, as the ending of ``output`` says.

    Raises:
        EngineError: when it cannot be written.
    """
    figure, (axes,) = panels()
    found = arms(measured)
    _series(axes, [a for a in found if a.is_amortized], "parts switched off", "o-", COLOURS[0])
    _series(axes, [a for a in found if not a.is_amortized], "window", "s--", COLOURS[1])
    for one in measured:
        colour = COLOURS[0 if one.is_amortized else 1]
        axes.plot(100 * one.share, 100 * one.wer.value, ".", ms=4, alpha=0.5, color=colour)
    axes.set_xlabel("computation of the encoders, % of all with the usual window")
    axes.set_ylabel("WER %")
    axes.set_xlim(0.0, max(105.0, 105 * max(one.share for one in measured)))
    from_zero(axes)
    axes.legend(frameon=False)
    _save(figure, output)


def _series(axes: Axes, found: Sequence[Arm], label: str, form: str, colour: str) -> None:
    if not found:
        return
    share, value = [100 * a.share for a in found], [100 * a.wer.value for a in found]
    errors = [
        [100 * (a.wer.value - a.wer.low) for a in found],
        [100 * (a.wer.high - a.wer.value) for a in found],
    ]
    axes.errorbar(share, value, errors, fmt=form, ms=6, capsize=3, color=colour, label=label)
    for arm, x, y in zip(found, share, value, strict=True):
        axes.annotate(arm.name, (x, y), textcoords="offset points", xytext=(4, 6), fontsize=7)


def _save(figure: Figure, output: Path) -> None:
    try:
        figure.savefig(output, dpi=150)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"{output} cannot be written ({error}): end it with .svg or .png."
        ) from error
