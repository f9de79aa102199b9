"""One page with the tables and plots of an evaluation: no scripts, nothing from elsewhere."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator

from engine.evaluation.drawing import Plot
from engine.evaluation.grid import Grid
from engine.evaluation.plots import plots
from engine.evaluation.summary import Summary
from engine.evaluation.tables import grids

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff;
       max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #e4e4e4;
         white-space: nowrap; }
th:first-child { text-align: left; font-weight: 500; }
thead th { border-bottom: 2px solid #888; }
.wide { overflow-x: auto; }
figure { margin: 1rem 0; } svg { max-width: 100%; height: auto; }
figcaption, .note { color: #555; font-size: .85rem; }
code, pre { font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def to_html(summary: Summary) -> str:
    """The page as text."""
    return document(f"Evaluation on {summary.evaluation.split}", _body(summary))


def document(title: str, body: Iterable[str]) -> str:
    """A page of these pieces of HTML under a title."""
    title = html.escape(title)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n{''.join(body)}"
        "</body></html>\n"
    )


def _body(summary: Summary) -> Iterator[str]:
    yield f"<p><code>{html.escape(summary.evaluation.facts['command'])}</code></p>\n"
    yield from map(figure, plots(summary))
    yield from map(table, grids(summary))
    yield "<h2>What was heard, by what, and where</h2>\n"
    described = {s.scores.name: s.scores.description for s in summary.systems}
    facts = json.dumps({**summary.evaluation.facts, "systems": described}, indent=2)
    yield f"<pre>{html.escape(facts)}</pre>\n"


def figure(plot: Plot) -> str:
    """A picture under its title."""
    title, caption = html.escape(plot.title), html.escape(plot.caption)
    return f"<h2>{title}</h2>\n<figure>{plot.svg}<figcaption>{caption}</figcaption></figure>\n"


def table(grid: Grid) -> str:
    """A table under its title."""
    note = f'<p class="note">{html.escape(grid.note)}</p>\n' if grid.note else ""
    return f'<h2>{html.escape(grid.title)}</h2>\n{note}<div class="wide">{grid.to_html()}</div>\n'
