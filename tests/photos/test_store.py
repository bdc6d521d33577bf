"""The folder store: on the disk before anyone is told so, or not there at all."""

import errno
import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import photo_maker
import pytest

from walkapp.photos import rules, store

PHOTO = photo_maker.jpeg()
SHA256 = hashlib.sha256(PHOTO).hexdigest()
KEY = rules.original_key("arboga", SHA256)


@pytest.fixture
def shelf(tmp_path):
    return store.FolderStore(tmp_path / "photos")


def keep(shelf, photo=PHOTO):
    return shelf.receive(rules.original_key("arboga", hashlib.sha256(photo).hexdigest()), io.BytesIO(photo), len(photo))


def files(shelf):
    return sorted(path.relative_to(shelf.root).as_posix() for path in shelf.root.rglob("*") if path.is_file())


def test_a_photo_is_kept_under_its_hash(shelf):
    received = keep(shelf)
    assert received == store.Received(KEY, SHA256, len(PHOTO), rules.JPEG, 640, 480)
    assert files(shelf) == [KEY]
    assert shelf.exists(KEY)
    with shelf.open(KEY) as file:
        assert file.read() == PHOTO


def test_nobody_else_on_the_machine_reads_it(shelf):
    keep(shelf)
    assert shelf.path(KEY).stat().st_mode & 0o777 == 0o600
    assert shelf.path(KEY).parent.stat().st_mode & 0o777 == 0o700


def test_the_same_photo_twice_is_one_file_and_heals_it(shelf):
    keep(shelf)
    shelf.path(KEY).write_bytes(b"rot")
    keep(shelf)
    assert shelf.path(KEY).read_bytes() == PHOTO
    assert files(shelf) == [KEY]


def test_a_short_body_leaves_nothing(shelf):
    with pytest.raises(store.ShortBody):
        shelf.receive(KEY, io.BytesIO(PHOTO[:-1]), len(PHOTO))
    assert files(shelf) == []


def test_never_more_is_read_than_was_announced(shelf):
    body = io.BytesIO(PHOTO + b"the next request")
    shelf.receive(KEY, body, len(PHOTO))
    assert body.read() == b"the next request"


def test_another_hash_leaves_nothing(shelf):
    with pytest.raises(store.HashMismatch):
        shelf.receive(rules.original_key("arboga", "ab" * 32), io.BytesIO(PHOTO), len(PHOTO))
    assert files(shelf) == []


def test_what_is_no_photo_leaves_nothing(shelf):
    with pytest.raises(store.NotAPhoto):
        keep(shelf, photo_maker.svg())
    with pytest.raises(store.NotAPhoto):
        keep(shelf, b"")
    assert files(shelf) == []


def test_a_bomb_leaves_nothing(shelf):
    with pytest.raises(store.TooManyPixels):
        keep(shelf, photo_maker.lying_jpeg())
    assert files(shelf) == []


def test_a_photo_without_a_readable_size_is_kept_for_the_dark_room_to_judge(shelf):
    received = keep(shelf, photo_maker.jpeg()[:100])
    assert (received.width, received.height) == (None, None)
    assert shelf.exists(received.key)


class Body:
    """A body whose every read does what the test says."""

    def __init__(self, read):
        self.read = read


def test_a_stalled_body_leaves_nothing(shelf):
    def read(_size):
        raise TimeoutError

    with pytest.raises(store.Stalled):
        shelf.receive(KEY, Body(read), len(PHOTO))
    assert files(shelf) == []


def test_a_broken_line_leaves_nothing(shelf):
    def read(_size):
        raise ConnectionResetError

    with pytest.raises(store.ShortBody):
        shelf.receive(KEY, Body(read), len(PHOTO))
    assert files(shelf) == []


def test_a_dripping_body_is_given_up(shelf, monkeypatch):
    clock = iter(range(0, 10_000, 10))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    drops = io.BytesIO(PHOTO)
    read = []

    def drip(_size):
        read.append(1)
        return drops.read(1)

    with pytest.raises(store.Stalled):
        shelf.receive(KEY, Body(drip), len(PHOTO))
    assert len(read) == 3
    assert files(shelf) == []


def test_a_refusal_above_the_store_leaves_nothing(shelf):
    def read(_size):
        raise LookupError("raised by the server's own stream")

    with pytest.raises(LookupError):
        shelf.receive(KEY, Body(read), len(PHOTO))
    assert files(shelf) == []


def test_a_full_disk_is_found_before_the_phone_sends(shelf, monkeypatch):
    def full(_file, _offset, _length):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    body = io.BytesIO(PHOTO)
    with pytest.raises(store.StoreFull):
        shelf.receive(KEY, body, len(PHOTO))
    assert body.tell() == 0
    assert files(shelf) == []


def test_a_file_system_that_cannot_reserve_still_takes_photos(shelf, monkeypatch):
    def cannot(_file, _offset, _length):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", cannot)
    keep(shelf)
    assert shelf.path(KEY).read_bytes() == PHOTO


def test_a_disk_that_really_is_full(shelf):
    """The limit of a file's size stands for the disk: the kernel refuses the write itself."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(store.StoreFull):
            keep(shelf)
        with pytest.raises(store.StoreFull):
            shelf.keep_derivative(rules.derivative_key("arboga", 320, SHA256), bytes(1 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files(shelf) == []


RECEIVER = """
import io, sys, time
from walkapp.photos import rules, store
photo = sys.stdin.buffer.read()
class Body(io.BytesIO):
    def read(self, size):
        if self.tell() > len(photo) // 2:
            print("half", flush=True)
            time.sleep(60)
        return super().read(1000)
shelf = store.FolderStore(sys.argv[1])
shelf.receive(sys.argv[2], Body(photo), len(photo))
"""


def test_killed_in_the_middle_nothing_is_kept_and_the_rest_is_swept(shelf):
    with subprocess.Popen(
        [sys.executable, "-c", RECEIVER, str(shelf.root), KEY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdin.write(PHOTO)
        process.stdin.close()
        assert process.stdout.readline() == b"half\n"
        os.kill(process.pid, signal.SIGKILL)
    assert not shelf.exists(KEY)
    [left] = files(shelf)
    assert left.startswith("incoming/")
    assert list(shelf.kept()) == []
    assert shelf.sweep() == 0, "an upload may still be writing to it"
    os.utime(shelf.root / left, (time.time() - 3600,) * 2)
    assert shelf.sweep() == 1
    assert files(shelf) == []
    keep(shelf)
    assert files(shelf) == [KEY]


def test_bytes_name_and_folders_are_on_the_disk_in_this_order(shelf, monkeypatch):
    told, plain_fsync, plain_rename = [], os.fsync, type(shelf.root).rename

    def fsync(handle):
        path = Path(f"/proc/self/fd/{handle}").readlink()
        told.append(os.path.relpath(path, shelf.root))
        plain_fsync(handle)

    def rename(path, target):
        told.append("rename")
        return plain_rename(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(type(shelf.root), "rename", rename)
    keep(shelf)
    assert told[:2] == ["..", "."], "the store's own folders"
    assert told[2].startswith("incoming/")
    assert told[3:] == [
        ".",
        "arboga",
        "arboga/original",
        "arboga/original/" + SHA256[:2],
        "rename",
        KEY[: -len(SHA256) - 1],
    ]


def test_a_derivative_is_replaced_whole(shelf):
    key = rules.derivative_key("arboga", 800, SHA256)
    shelf.keep_derivative(key, b"first")
    shelf.keep_derivative(key, b"second")
    assert shelf.path(key).read_bytes() == b"second"
    assert files(shelf) == [key]


def test_originals_are_received_and_derivatives_are_made(shelf):
    with pytest.raises(ValueError):
        shelf.keep_derivative(KEY, PHOTO)
    with pytest.raises(ValueError):
        shelf.receive(rules.derivative_key("arboga", 800, SHA256), io.BytesIO(PHOTO), len(PHOTO))


@pytest.mark.parametrize("verb", ["open", "exists", "remove", "path"])
@pytest.mark.parametrize(
    "key", ["../outside", "/etc/passwd", "incoming/x", "arboga/original/ab/ab/../../../../outside"]
)
def test_no_path_leads_out_of_the_store(shelf, verb, key):
    with pytest.raises(ValueError):
        getattr(shelf, verb)(key)


def test_what_is_removed_is_gone(shelf):
    keep(shelf)
    shelf.remove(KEY)
    shelf.remove(KEY)
    assert not shelf.exists(KEY)
    with pytest.raises(FileNotFoundError):
        shelf.open(KEY)


def test_all_that_is_kept_can_be_listed(shelf):
    keep(shelf)
    derivative = rules.derivative_key("arboga", 320, SHA256)
    shelf.keep_derivative(derivative, b"small")
    (shelf.root / "note.txt").write_text("not ours")
    listed = {kept.key: kept.bytes for kept in shelf.kept()}
    assert listed == {KEY: len(PHOTO), derivative: 5}
    assert all(abs(kept.kept_at - time.time()) < 60 for kept in shelf.kept())


def test_a_store_whose_folders_were_taken_away_makes_them_again(shelf):
    keep(shelf)
    for path in sorted(shelf.root.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    keep(shelf)
    assert shelf.exists(KEY)


def test_the_check_says_when_the_store_cannot_take_a_photo(shelf, monkeypatch):
    shelf.check()
    assert files(shelf) == []
    monkeypatch.setattr(store.shutil, "disk_usage", lambda _root: _Usage)
    with pytest.raises(store.StoreFull):
        shelf.check()


class _Usage:
    free = 1 << 20
