"""Getting a model from an address: first what it is, then all of it, checked, under its name.

Nothing here runs by itself: each function is called because somebody asked for just that.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import json
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from app.errors import AppError
from app.model_card import card_at_start, card_of
from app.model_store import check_free, place_of
from app.words import translate
from engine.model_card import ModelCard

TIMEOUT_S = 30.0
BLOCK = 1 << 18
LOCAL = {"localhost", "127.0.0.1", "::1"}
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS}
CHECKSUM = re.compile(r"[0-9a-f]{64}")

Progress = Callable[[int, int], bool]
"""Takes how many bytes have come and how many there are; False stops the download."""


class DownloadError(AppError):
    """A model could not be got; nothing was installed."""


class Cancelled(DownloadError):  # noqa: N818
    """The user stopped it; what has come is kept, to go on from there."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What lies at an address. ``validator`` tells whether it is still the same file."""

    address: str
    host: str
    name: str
    size_bytes: int
    card: ModelCard
    validator: str = ""


def host_of(address: str) -> str:
    """The computer that an address speaks of.

    Raises:
        DownloadError: it is no address that models may be got from.
    """
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)):
        raise DownloadError(
            translate("app", "This is no address of a model: it begins with https:// and a name.")
        )
    return host


def ask(address: str) -> Offer:
    """Find out what lies at an address, by reading the beginning of the file there.

    Raises:
        DownloadError: it cannot be reached, or the model cannot be installed under its name.
        ModelError: it is no model.
    """
    address = address.strip()
    path = PurePosixPath(unquote(urlsplit(address).path)) if host_of(address) else PurePosixPath()
    check_free(path.stem)
    with _explained(address), _opened(address, {}) as answer:
        size = _length(answer.headers.get("Content-Length"))
        card = card_at_start(answer, path.name or address)
        validator = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        return Offer(address, host_of(answer.geturl()), path.stem, size, card, validator)


def fetch(offer: Offer, checksum: str, progress: Progress) -> str:
    """Get and install a model; goes on where an earlier try ended.

    Args:
        offer: what :func:`ask` found.
        checksum: the SHA-256 that the file must have; empty if none is known.
        progress: is told how far it is.

    Returns:
        The SHA-256 of the file.

    Raises:
        DownloadError: it could not be got, or is not what it should be; nothing was installed.
        ModelError: what came is no model.
    """
    wanted = checked_checksum(checksum)
    check_free(offer.name)
    target = place_of(offer.name)
    part = target.with_name(f".{offer.name}.download")
    with _explained(offer.address):
        _receive(offer, part, progress)
        found = _digest(part)
        if wanted and found != wanted:
            _forget(part)
            raise DownloadError(_mismatch().format(found=found, wanted=wanted))
        _install(part, target)
    return found


def checked_checksum(text: str) -> str:
    """A SHA-256 as it was typed or pasted, tidied; empty stays empty. Raises: DownloadError."""
    tidy = text.strip().lower().removeprefix("sha256:").strip()
    if tidy and not CHECKSUM.fullmatch(tidy):
        raise DownloadError(translate("app", "A SHA-256 checksum has 64 digits and letters a-f."))
    return tidy


def _mismatch() -> str:
    return translate(
        "app",
        "The checksum is wrong, so the file was thrown away: it was damaged on the way or is not "
        "what you wanted. Expected: {wanted}. Came: {found}.",
    )


def _install(part: Path, target: Path) -> None:
    """Give a whole model its name; anything else is thrown away."""
    try:
        card_of(part)
    except Exception:
        _forget(part)
        raise
    check_free(target.stem)
    part.replace(target)
    _forget(part)


def _receive(offer: Offer, part: Path, progress: Progress) -> None:
    have = _kept(offer, part)
    if offer.size_bytes and have == offer.size_bytes:
        return
    _check_room(offer, part.parent, have)
    headers = {"Range": f"bytes={have}-", "If-Range": offer.validator} if have else {}
    with _opened(offer.address, headers) as answer:
        goes_on = answer.status == http.HTTPStatus.PARTIAL_CONTENT
        have = have if goes_on else 0
        total = have + _length(answer.headers.get("Content-Length"))
        _note(offer, part)
        with part.open("ab" if goes_on else "wb") as file:
            have = _copy(answer, file, have, total, progress)
            os.fsync(file.fileno())
    if have < total:
        raise ConnectionResetError(translate("app", "the connection ended early"))


def _copy(answer: IO[bytes], file: IO[bytes], have: int, total: int, progress: Progress) -> int:
    while block := answer.read(BLOCK):
        file.write(block)
        have += len(block)
        if not progress(have, total):
            raise Cancelled(
                translate("app", "Stopped. The next download goes on where this one ended.")
            )
    return have


def _check_room(offer: Offer, folder: Path, have: int) -> None:
    missing = offer.size_bytes - have - shutil.disk_usage(folder).free
    if missing > 0:
        said = translate("app", "The disk is too full for this model: free {size} MB, then go on.")
        raise DownloadError(said.format(size=missing // 1_000_000 + 1))


def _kept(offer: Offer, part: Path) -> int:
    """How many bytes of the same file an earlier try has left."""
    try:
        same = json.loads(_note_of(part).read_text("utf-8")) == _identity(offer)
        size = part.stat().st_size
    except (OSError, ValueError):
        return 0
    return size if same and offer.validator and size <= offer.size_bytes else 0


def _note(offer: Offer, part: Path) -> None:
    _note_of(part).write_text(json.dumps(_identity(offer)), "utf-8")


def _note_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _identity(offer: Offer) -> list[object]:
    return [offer.address, offer.size_bytes, offer.validator]


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note_of(part).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _length(header: str | None) -> int:
    return int(header) if header and header.isdecimal() else 0


class _CarefulRedirects(urllib.request.HTTPRedirectHandler):
    """A server may send us on, but only to where we would have gone by ourselves."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        host_of(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def _opened(address: str, headers: dict[str, str]) -> Iterator[Any]:
    handlers: list[Any] = [_CarefulRedirects()]
    if host_of(address) in LOCAL:
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(address, headers={"User-Agent": "Crosstalk"} | headers)
    with urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT_S) as answer:
        yield answer


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """Turn errors of the network and the disk into a :class:`DownloadError`."""
    try:
        yield
    except urllib.error.HTTPError as error:
        with suppress(OSError):
            error.close()
        said = translate("app", "{host} does not hand out this file ({why}): check the address.")
        why = f"{error.code} {error.reason}"
        raise DownloadError(said.format(host=host_of(address), why=why)) from error
    except (OSError, http.client.HTTPException) as error:
        if getattr(error, "errno", None) in DISK:
            said = translate("app", "The model could not be written ({why}): free or unlock space.")
        else:
            said = translate(
                "app",
                "The connection to {host} failed ({why}). Check the network and try again: what "
                "has come already is kept.",
            )
        why = str(getattr(error, "reason", "") or getattr(error, "strerror", "") or error)
        raise DownloadError(said.format(host=host_of(address), why=why)) from error
