"""A table that is drawn in a terminal, in a document and on a page."""

from __future__ import annotations

import html
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Grid:
    """Cells as text; the first column names the rows. ``note``: a sentence to be read with it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def to_markdown(self) -> str:
        """The table alone, without title and note."""
        lines = [self.head, ("---", *("---:" for _ in self.head[1:])), *self.rows]
        return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)

    def to_table(self) -> Table:
        """For a terminal."""
        title, note = self.title or None, self.note or None
        table = Table(*self.head, title=title, caption=note, title_justify="left")
        for column in table.columns[1:]:
            column.justify = "right"
        for cells in self.rows:
            table.add_row(*cells)
        return table

    def to_html(self) -> str:
        """A table element, without title and note."""
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in self.head)
        rows = "".join(f"<tr>{_html_row(cells)}</tr>\n" for cells in self.rows)
        return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>\n"


def _html_row(cells: tuple[str, ...]) -> str:
    name, *values = (html.escape(cell) for cell in cells)
    return f'<th scope="row">{name}</th>' + "".join(f"<td>{value}</td>" for value in values)
