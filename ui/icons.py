"""Icons drawn from SVG files in the colour of the text beside them."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.paths import resource

SIZES = (16, 18, 24, 32, 36, 48, 72, 96, 144)
"""Pixels; enough for a scale of 200 % and more without blur."""


@cache
def icon(name: str, colour: str) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in a colour (``#RRGGBB``)."""
    svg = resource(f"icons/{name}.svg").read_bytes().replace(b"currentColor", colour.encode())
    renderer = QSvgRenderer(QByteArray(svg))
    drawn = QIcon()
    for size in SIZES:
        drawn.addPixmap(_draw(renderer, size))
    return drawn


def app_icon() -> QIcon:
    """The icon of the application, the same in light and dark."""
    return icon("crosstalk", "#000000")


def forget() -> None:
    """Drop the icons of the former colours."""
    icon.cache_clear()


def _draw(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
