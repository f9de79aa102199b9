"""Draws the app's icon as PNG: ``draw_icon.py FOLDER NAME SIZE...`` in hicolor's layout.

With ``.ico`` or ``.icns`` as the folder's ending, one file of that kind with all sizes.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).resolve().parent.parent / "resources" / "icons" / "crosstalk.svg"
ICNS_KINDS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def png(size: int) -> bytes:
    """The icon, ``size`` pixels wide and high."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # it takes no bytes, whatever it says
    return bytes(kept.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Windows' icon file: a directory of pictures, each a PNG."""
    at = 6 + 16 * len(pictures)
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, data in pictures.items():
        side = size % 256  # 256 is written as 0
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), at + len(body))
        body += data
    return head + body


def icns(pictures: dict[int, bytes]) -> bytes:
    """The icon file of macOS: pieces with a kind and a length, each a PNG."""
    pieces = ((ICNS_KINDS[size], data) for size, data in pictures.items() if size in ICNS_KINDS)
    body = b"".join(kind + struct.pack(">I", 8 + len(data)) + data for kind, data in pieces)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main(target: Path, name: str, sizes: list[int]) -> None:
    """Draw all sizes into a folder or one file."""
    application = QGuiApplication([])
    pictures = {size: png(size) for size in sizes}
    application.quit()
    if target.suffix in {".ico", ".icns"}:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ico if target.suffix == ".ico" else icns)(pictures))
        return
    for size, data in pictures.items():
        folder = target / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(data)
    drawing = target / "scalable" / "apps"
    drawing.mkdir(parents=True, exist_ok=True)
    (drawing / f"{name}.svg").write_bytes(SOURCE.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [int(size) for size in sys.argv[3:]])
