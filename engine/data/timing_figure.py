"""Simulated turn taking beside real turn taking: distances, and histograms as a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.table import Table
from scipy.stats import ks_2samp, wasserstein_distance

from engine.data.turn_taking import Seconds, TurnTaking

QUANTITIES: dict[str, Callable[[TurnTaking], Seconds]] = {
    "turn length (s)": lambda t: t.turn_s,
    "words in a turn": lambda t: t.turn_words,
    "floor transfer offset (s)": lambda t: t.transfer_s,
    "gap at a transfer (s)": lambda t: t.gap_s,
    "overlap at a transfer (s)": lambda t: t.overlap_s,
    "pause of the same speaker (s)": lambda t: t.pause_s,
    "backchannel (s)": lambda t: t.backchannel_s,
}

SHARES: dict[str, Callable[[TurnTaking], float]] = {
    "overlapped, of the time with speech": lambda t: t.overlapped,
    "three or more at once, of that time": lambda t: t.crowded,
    "backchannels, of the turns": lambda t: t.backchannels,
    "transfers with overlap": lambda t: float((t.transfer_s < 0).mean()),
    "the last but one speaker returns": lambda t: t.returns,
}


@dataclass(frozen=True)
class Distance:
    """Two samples of a quantity side by side.

    ``wasserstein``: the Wasserstein-1 distance in the unit of the quantity; ``kolmogorov``: the
    Kolmogorov-Smirnov statistic, the largest difference of the distribution functions, 0 to 1.
    """

    quantity: str
    real: Seconds
    simulated: Seconds
    wasserstein: float
    kolmogorov: float


def distances(real: TurnTaking, simulated: TurnTaking) -> list[Distance]:
    """The distance of every quantity that both have."""
    found = []
    for name, of in QUANTITIES.items():
        a, b = of(real), of(simulated)
        if len(a) and len(b):
            statistic = float(ks_2samp(a, b, method="asymp").statistic)
            found.append(Distance(name, a, b, float(wasserstein_distance(a, b)), statistic))
    return found


def table(real: TurnTaking, simulated: TurnTaking, other: TurnTaking) -> Table:
    """Medians, means and distances from ``real``, then the shares.

    ``other`` is real as well: its distance, in brackets, is what real meetings differ by.
    """
    lines = Table("", "AMI", "simulated", "Wasserstein-1", "Kolmogorov-Smirnov")
    between = {d.quantity: d for d in distances(real, other)}
    for d in distances(real, simulated):
        spans = [f"{np.median(x):.2f} ({x.mean():.2f})" for x in (d.real, d.simulated)]
        o = between[d.quantity]
        lines.add_row(
            f"{d.quantity}: median (mean)",
            *spans,
            f"{d.wasserstein:.3f} ({o.wasserstein:.3f})",
            f"{d.kolmogorov:.3f} ({o.kolmogorov:.3f})",
        )
    for name, share in SHARES.items():
        lines.add_row(name, f"{share(real):.1%}", f"{share(simulated):.1%}", "", "")
    rates = [f"{t.turns_per_minute:.1f}" for t in (real, simulated)]
    lines.add_row("turns a minute", *rates, "", "")
    return lines


def draw(real: TurnTaking, simulated: TurnTaking, path: Path) -> None:
    """Write the histograms of both, one panel a quantity, as PNG."""
    panels = distances(real, simulated)
    figure = Figure(figsize=(4.2 * 4, 3.2 * 2), layout="constrained")
    axes = list(figure.subplots(2, 4).flat)
    for panel, d in zip(axes, panels, strict=False):
        _histograms(panel, d)
    for panel in axes[len(panels) :]:
        panel.set_axis_off()
    figure.savefig(path, dpi=110, format="png")


def _histograms(panel: Axes, d: Distance) -> None:
    low, high = np.percentile(np.concatenate([d.real, d.simulated]), [0.5, 98.0])
    bins = np.linspace(low, high, 41).tolist()
    panel.hist(d.real, bins, density=True, color="#9aa5b1", label="AMI")
    panel.hist(
        d.simulated, bins, density=True, histtype="step", color="#c2410c", lw=1.6, label="simulated"
    )
    panel.set_title(f"{d.quantity}\nW1 {d.wasserstein:.3f}, KS {d.kolmogorov:.3f}", fontsize=10)
    panel.set_yticks([])
    panel.legend(frameon=False, fontsize=8)
