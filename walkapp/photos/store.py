"""Where the bytes are kept: a local folder, each file under the hash of what is in it.

A row in the database names a key; the file is on the disk before the row is. A file without a row is swept at night,
a row without a file would be a hole in a report.
"""

import errno
import functools
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import current_app

from walkapp.kernel.settings import NotSetUp
from walkapp.photos import rules

PIECE = 64 << 10
_INCOMING = "incoming"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NotKept(Exception):
    """The store did not take the bytes; nothing of them is left."""


class ShortBody(NotKept):
    """Fewer bytes came than were announced: the phone went away."""


class HashMismatch(NotKept):
    """The bytes are not those whose hash was announced."""


class Stalled(NotKept):
    """The bytes came too slowly, or stopped."""


class StoreFull(NotKept):
    """The disk is full."""


class NotAPhoto(NotKept):
    """The first bytes are none of JPEG, PNG, WebP, HEIC."""


class TooManyPixels(NotKept):
    """The header claims more pixels than any phone takes."""


@dataclass(frozen=True)
class Received:
    """A photo that is on the disk for good. The size is what its header claims, nothing if it could not be read."""

    key: str
    sha256: str
    bytes: int
    media_type: str
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Kept:
    """One file of the store, as a sweep or a check sees it."""

    key: str
    bytes: int
    kept_at: float


class Body(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...


class PhotoStore(Protocol):
    """What the rest of the house asks of a photo store."""

    def receive(self, key: str, body: Body, length: int) -> Received:
        """Keep an original whose bytes come now; durable when this returns."""

    def keep_derivative(self, key: str, data: bytes) -> None:
        """Keep a derivative; durable when this returns."""

    def open(self, key: str) -> BinaryIO:
        """The bytes, to read; `FileNotFoundError` when there are none."""

    def exists(self, key: str) -> bool:
        """True when the store holds this key."""

    def remove(self, key: str) -> None:
        """Delete for good; no complaint when it is gone already."""

    def kept(self) -> Iterator[Kept]:
        """Everything the store holds."""

    def sweep(self) -> int:
        """Clear away what interrupted uploads left; how many."""

    def check(self) -> None:
        """Raise when the store could not take a photo now."""


class FolderStore:
    """A photo store in a local folder."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root).resolve()
        self._settled: set[Path] = set()

    def receive(self, key: str, body: Body, length: int) -> Received:
        """Read a body of `length` bytes into the store under an original's key.

        Raises one of the `NotKept` errors and leaves nothing behind; or returns when file and folder are on the disk.
        """
        _municipality, size, sha256 = rules.key_parts(key)
        if size != "original":
            raise ValueError("only an original is received")
        with self._incoming() as (file, temporary):
            _reserve(file, length)
            if _copy(body, file, length) != sha256:
                raise HashMismatch
            media_type, dimensions = _look(file)
            self._settle(file, temporary, key)
        width, height = dimensions or (None, None)
        return Received(key, sha256, length, media_type, width, height)

    def keep_derivative(self, key: str, data: bytes) -> None:
        """Keep the bytes of a derivative under its key, in place of what was there."""
        if rules.key_parts(key)[1] == "original":
            raise ValueError("an original is received, not made")
        with self._incoming() as (file, temporary):
            file.write(data)
            self._settle(file, temporary, key)

    def open(self, key: str) -> BinaryIO:
        """The file, open to read."""
        return self.path(key).open("rb")

    def exists(self, key: str) -> bool:
        """True when the file is there."""
        return self.path(key).is_file()

    def path(self, key: str) -> Path:
        """The file's path: only here, for the dark room and the backup."""
        rules.key_parts(key)
        return self.root / key

    def remove(self, key: str) -> None:
        """Delete the file, and the memory of it in its folder."""
        path = self.path(key)
        with suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def kept(self) -> Iterator[Kept]:
        """Everything in the store, folder by folder. What is no key is passed over, never deleted."""
        for folder, _below, names in os.walk(self.root):
            for name in sorted(names):
                path = Path(folder, name)
                key = path.relative_to(self.root).as_posix()
                with suppress(ValueError, FileNotFoundError):
                    rules.key_parts(key)
                    stat = path.stat()
                    yield Kept(key, stat.st_size, stat.st_mtime)

    def sweep(self, older_than_s: float = 2 * rules.LONGEST_SECONDS) -> int:
        """Remove temporary files that no upload can still be writing to: none may last that long."""
        gone = 0
        for path in (self.root / _INCOMING).glob("*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime >= older_than_s:
                    path.unlink()
                    gone += 1
        return gone

    def check(self) -> None:
        """Write a small file and take it away again; leave room for one whole photo."""
        with self._incoming() as (file, _temporary):
            file.write(b"walkapp")
            file.flush()
            os.fsync(file.fileno())
        if shutil.disk_usage(self.root).free < 2 * rules.LARGEST_BYTES:
            raise StoreFull

    @contextmanager
    def _incoming(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A temporary file in the store's own folder: a rename is only whole within one file system."""
        folder = self.root / _INCOMING
        self._make_folder(folder)
        temporary = folder / secrets.token_hex(16)
        try:
            with _full_told(), os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
                yield file, temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _settle(self, file: BinaryIO, temporary: Path, key: str) -> None:
        """From temporary to kept: the file's bytes first, then its name, then the folder that holds the name."""
        target = self.root / key
        file.flush()
        os.fsync(file.fileno())
        self._make_folder(target.parent)
        temporary.rename(target)
        _sync_folder(target.parent)

    def _make_folder(self, folder: Path) -> None:
        """Make the folder and what leads to it, each synced into the one above.

        Also when it exists: another process may have made it a moment ago and not have synced it yet.
        """
        if folder in self._settled and folder.is_dir():
            return
        if folder != self.root:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, parents=folder == self.root, exist_ok=True)
        _sync_folder(folder.parent)
        self._settled.add(folder)


@contextmanager
def _full_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull from error
        raise


def _reserve(file: BinaryIO, length: int) -> None:
    """Ask the disk for the room before the phone has sent megabytes in vain."""
    try:
        os.posix_fallocate(file.fileno(), 0, max(1, length))
    except OSError as error:
        if error.errno in _FULL:
            raise


def _copy(body: Body, file: BinaryIO, length: int) -> str:
    """Copy the announced count of bytes and give their hash. A phone that goes away shows as an early end, no error."""
    digest, count, started = hashlib.sha256(), 0, time.monotonic()
    while count < length and (piece := _piece(body, min(PIECE, length - count))):
        count += len(piece)
        if rules.too_slow(count, time.monotonic() - started):
            raise Stalled
        digest.update(piece)
        file.write(piece)
    if count < length:
        raise ShortBody
    return digest.hexdigest()


def _piece(body: Body, size: int) -> bytes:
    try:
        return body.read(size)
    except TimeoutError as error:
        raise Stalled from error
    except OSError as error:
        raise ShortBody from error


def _look(file: BinaryIO) -> tuple[str, tuple[int, int] | None]:
    file.seek(0)
    media_type = rules.sniff(file.read(rules.HEAD))
    if media_type is None:
        raise NotAPhoto
    size = rules.header_size(file)
    if rules.too_many_pixels(size):
        raise TooManyPixels
    return media_type, size


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def the_store() -> PhotoStore:
    """The store that the settings name."""
    return _opened(current_app.extensions["settings"].photo_store)


@functools.cache
def _opened(place: str) -> PhotoStore:
    if "://" in place:
        raise NotSetUp(f"WALKAPP_PHOTO_STORE={place}: give the path of a folder.")
    return FolderStore(place)
