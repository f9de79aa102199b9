"""Is an audio file as long as it says? Most readers take a shorter one without a word."""

from __future__ import annotations

from os import SEEK_END
from pathlib import Path
from typing import BinaryIO, Literal

_UNKNOWN = {4: 0x7FFF_0000, 8: 1 << 62}
"""Sizes from here on, by the bytes they are written in, come from programs that cannot know."""

_SLACK = 1_024  # bytes by which writers disagree about what counts
_HEAD = 64
_OGG_PAGE = 65_307  # bytes of the longest page
_OGG_HEAD = 27


def is_cut_off(path: Path) -> bool:
    """Whether the end of a RIFF, RF64, W64, AIFF, AU or Ogg file is missing; False for others."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        size = file.seek(0, SEEK_END)
        if head[:4] == b"OggS":
            return _ends_inside_a_page(file, size)
        return _claimed_bytes(head) > size + _SLACK


def _claimed_bytes(head: bytes) -> int:
    """How long the file is by its own header, 0 if that says nothing."""
    match head[:4], head[12:16]:
        case b"RIFF", _:
            return _known(head[4:8], "little")
        case b"FORM", _:
            return _known(head[4:8], "big")
        case b".snd", _:
            return _known(head[8:12], "big")
        case b"RF64", b"ds64":
            return _known(head[20:28], "little")
        case b"riff", _:  # Wave64
            return _known(head[16:24], "little")
    return 0


def _known(field: bytes, order: Literal["little", "big"]) -> int:
    size = int.from_bytes(field, order)
    return size if size < _UNKNOWN[len(field)] else 0


def _ends_inside_a_page(file: BinaryIO, size: int) -> bool:
    file.seek(max(0, size - _OGG_PAGE))
    tail = file.read()
    page = tail[max(0, tail.rfind(b"OggS\0")) :]
    if len(page) < _OGG_HEAD:
        return True
    lengths = page[_OGG_HEAD:][: page[_OGG_HEAD - 1]]
    return _OGG_HEAD + page[_OGG_HEAD - 1] + sum(lengths) > len(page)
