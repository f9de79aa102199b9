"""A file is written all or nothing."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from app.files import OutputError, check_writable, replaced, write_file


def failing_fsync(number: int) -> object:
    def fsync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    return fsync


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_file(path, b"old")
    path.chmod(0o640)
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("number", "advice"), [(errno.ENOSPC, "disk of .* is full"), (errno.EIO, "Check the disk")]
)
def test_a_disk_that_fails_half_way_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    monkeypatch.setattr("os.fsync", failing_fsync(number))
    with pytest.raises(OutputError, match=advice):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("act", [check_writable, lambda path: write_file(path, b"")])
def test_places_that_cannot_be_written_are_explained(tmp_path: Path, act: object) -> None:
    assert callable(act)
    with pytest.raises(OutputError, match="is a folder"):
        act(tmp_path)
    with pytest.raises(OutputError, match=r"no folder .* create it"):
        act(tmp_path / "missing" / "a.txt")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="no folder"):
        act(tmp_path / "file" / "a.txt")


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions bind"
)
def test_a_locked_folder_is_explained(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="is locked"):
        check_writable(tmp_path / "a.txt")


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "a.txt")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="needs /dev/null")
def test_a_device_is_written_to_not_replaced() -> None:
    write_file(Path(os.devnull), b"gone")
    assert Path(os.devnull).is_char_device()


def test_a_file_that_is_filled_takes_its_place_at_the_end(tmp_path: Path) -> None:
    path, link = tmp_path / "a.wav", tmp_path / "link"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    with replaced(link) as unfinished:
        unfinished.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert link.is_symlink()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(tmp_path.iterdir()) == [path, link]


def test_a_file_that_is_not_filled_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"old")

    def fill_half() -> None:
        with replaced(path) as unfinished:
            unfinished.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OutputError, match=r"disk of .* is full"):
        fill_half()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError, match="is a folder"), replaced(tmp_path):
        pytest.fail("there is nothing to fill")
