"""Downloads against a real server on this computer: whole and checked, or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
import time
from collections import namedtuple
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app import download
from app.cli import main
from app.download import Cancelled, DownloadError, Offer, ask, checked_checksum, fetch, host_of
from app.model_store import ModelStoreError, stored_models
from app.paths import data_dir
from engine.errors import ModelError
from tests.unit.app.model_files import model_file

BLOCK = 65_536
Usage = namedtuple("Usage", "total used free")


class Shelf(ThreadingHTTPServer):
    """Hands out files by their paths; ``cut`` is after how many bytes it hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hand)
        self.files: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        self.cut: int | None = None
        self.pause_s = 0.0
        self.tag = '"one"'
        self.asked: list[tuple[str, str | None]] = []

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Hand(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        if self.path in self.server.moved:
            self.send_response(302)
            self.send_header("Location", self.server.moved[self.path])
            self.end_headers()
            return
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        start = 0
        if wanted and self.headers.get("If-Range") == self.server.tag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", self.server.tag)
        self.end_headers()
        with suppress(ConnectionError):  # whoever asked has read enough
            for begin in range(start, len(content[: self.server.cut]), BLOCK):
                self.wfile.write(content[begin : begin + BLOCK][: self.left(begin)])
                time.sleep(self.server.pause_s)

    def left(self, begin: int) -> int | None:
        return None if self.server.cut is None else self.server.cut - begin

    def log_message(self, format: str, *args: object) -> None:
        pass


def serving() -> Iterator[Shelf]:
    server = Shelf()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    yield from serving()


@pytest.fixture
def model(shelf: Shelf, tmp_path: Path) -> bytes:
    shelf.files["/m/tiny%20one.safetensors"] = content = model_file(
        tmp_path / "x.safetensors", 300_000
    ).read_bytes()
    return content


def offered(shelf: Shelf) -> Offer:
    return ask(shelf.address("/m/tiny%20one.safetensors"))


def installed() -> list[str]:
    return [each.name for each in stored_models() if not each.shipped]


def on_disk() -> list[str]:
    return sorted(os.listdir(data_dir() / "models"))


def on(have: int, total: int) -> bool:
    return True


def test_first_it_is_said_what_lies_there(shelf: Shelf, model: bytes) -> None:
    offer = offered(shelf)
    assert (offer.name, offer.host, offer.size_bytes) == ("tiny one", "127.0.0.1", len(model))
    assert offer.card.licence == "CC0-1.0"
    assert installed() == []


def test_a_model_is_got_and_checked(shelf: Shelf, model: bytes) -> None:
    told: list[tuple[int, int]] = []
    digest = hashlib.sha256(model).hexdigest()

    def tell(have: int, total: int) -> bool:
        told.append((have, total))
        return True

    assert fetch(offered(shelf), f" SHA256:{digest.upper()} ", tell) == digest
    assert installed() == ["tiny one"]
    assert on_disk() == ["tiny one.safetensors"]
    assert told[-1] == (len(model), len(model))
    assert sorted(told) == told
    with pytest.raises(ModelStoreError, match="already"):
        offered(shelf)


def test_a_wrong_checksum_leaves_nothing(shelf: Shelf, model: bytes) -> None:
    with pytest.raises(DownloadError, match="checksum is wrong"):
        fetch(offered(shelf), "0" * 64, on)
    assert on_disk() == []


def test_a_cut_connection_is_told_and_gone_on_from(shelf: Shelf, model: bytes) -> None:
    offer = offered(shelf)
    shelf.cut = 700_000
    with pytest.raises(DownloadError, match=r"connection to 127\.0\.0\.1 failed"):
        fetch(offer, "", on)
    assert installed() == []
    shelf.cut = None
    assert fetch(offer, "", on) == hashlib.sha256(model).hexdigest()
    assert shelf.asked[-1][1] == "bytes=700000-"
    assert on_disk() == ["tiny one.safetensors"]


def test_another_file_at_the_address_is_begun_anew(shelf: Shelf, model: bytes) -> None:
    offer = offered(shelf)
    shelf.cut = 700_000
    with pytest.raises(DownloadError):
        fetch(offer, "", on)
    shelf.cut, shelf.tag = None, '"two"'
    newer = shelf.files["/m/tiny%20one.safetensors"] = model[:-4] + b"\1\2\3\4"
    assert fetch(offer, "", on) == hashlib.sha256(newer).hexdigest()  # the server was asked again
    assert installed() == ["tiny one"]


def test_the_user_stops_it_and_goes_on_later(shelf: Shelf, model: bytes) -> None:
    offer = offered(shelf)
    with pytest.raises(Cancelled, match="goes on"):
        fetch(offer, "", lambda have, total: have < 500_000)
    assert installed() == []
    fetch(offer, "", on)
    assert shelf.asked[-1][1] is not None
    assert installed() == ["tiny one"]


def test_a_full_disk_is_told_before_and_while(
    shelf: Shelf, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offered(shelf)
    with monkeypatch.context() as small:
        small.setattr(shutil, "disk_usage", lambda path: Usage(9, 9, 10))
        with pytest.raises(DownloadError, match="too full for this model: free 2 MB"):
            fetch(offer, "", on)

    def fills_up(*anything: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(download, "_copy", fills_up)
        with pytest.raises(DownloadError, match="No space left on device"):
            fetch(offer, "", on)
    assert installed() == []
    fetch(offer, "", on)
    assert installed() == ["tiny one"]


def test_what_is_no_model_is_refused_before_it_is_got(shelf: Shelf, tmp_path: Path) -> None:
    shelf.files["/page.html"] = b"<html>" * 1_000
    shelf.files["/empty.safetensors"] = b""
    shelf.files["/foreign.safetensors"] = model_file(
        tmp_path / "f.safetensors", format="other"
    ).read_bytes()
    for path in ("/page.html", "/empty.safetensors", "/foreign.safetensors"):
        with pytest.raises(ModelError, match="not a model"):
            ask(shelf.address(path))


def test_a_file_that_changed_into_rubbish_is_thrown_away(shelf: Shelf, model: bytes) -> None:
    offer = offered(shelf)
    shelf.files["/m/tiny%20one.safetensors"] = bytes(len(model))
    with pytest.raises(ModelError, match="damaged"):
        fetch(offer, "", on)
    assert on_disk() == []


def test_nobody_there_and_nothing_there(shelf: Shelf) -> None:
    with pytest.raises(DownloadError, match=r"does not hand out.*404"):
        ask(shelf.address("/missing.safetensors"))
    shelf.server_close()
    with pytest.raises(DownloadError, match=r"connection to 127\.0\.0\.1 failed"):
        ask(shelf.address("/missing.safetensors"))


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.safetensors",
        "file:///etc/passwd",
        "ftp://x/y",
        "",
        "https://",
        "a b",
        "https://[::1",
        "https:///model.safetensors",
    ],
)
def test_only_secure_addresses_are_contacted(address: str) -> None:
    with pytest.raises(DownloadError, match="no address of a model"):
        ask(address)


def test_nor_where_a_server_sends_us(shelf: Shelf) -> None:
    shelf.moved["/m.safetensors"] = "http://example.org/m.safetensors"
    with pytest.raises(DownloadError, match="no address of a model"):
        ask(shelf.address("/m.safetensors"))


def test_the_host_is_known_before_it_is_contacted() -> None:
    assert host_of("https://models.example.org:8443/a/b.safetensors") == "models.example.org"
    with pytest.raises(DownloadError, match="64 digits"):
        checked_checksum("abc")
    assert checked_checksum("  ") == ""


def test_the_command_line_does_it_too(
    shelf: Shelf, model: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["models", "download", shelf.address("/m/tiny%20one.safetensors"), "--yes"])
    assert ended.value.code == 0
    told = capfd.readouterr().err
    assert "Asking 127.0.0.1" in told
    assert "licence: CC0-1.0" in told
    assert hashlib.sha256(model).hexdigest() in told
    assert installed() == ["tiny one"]
