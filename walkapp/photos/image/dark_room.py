"""What the job process holds of the dark room: hand in a photo, get its derivatives, or the reason why not.

with DarkRoom() as room:
    developed = room.develop(store.path(key))
"""

import contextlib
import functools
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from walkapp.photos import rules

MEMORY = 1 << 30
CPU_SECONDS = 20
SECONDS = 30
_LARGEST_ANSWER = 16 << 20
_STARTING = 20
_PATIENCE = 5
"""How much longer than the room itself we wait for it: it should be the one to end a late child."""

REASONS = {
    "not_an_image": "no format we take",
    "too_large": "more pixels than any phone takes",
    "too_small": "too small to be a photo",
    "broken": "damaged or cut off",
    "memory": "needs more memory than a photo may",
    "late": "takes longer than a photo may",
    "died": "its decoder died over it",
    "unclean": "what came out is not what was asked for",
}
_PASSING = {"memory", "late", "died"}

_ROOT = Path(__file__).resolve().parents[3]
_ENTRY = "import sys; sys.path.insert(0, sys.argv[1]); from walkapp.photos.image.inside import main; main()"


class BadImage(Exception):
    """A photo that cannot be developed: quarantine it. `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}: {REASONS[reason]}")
        self.reason = reason

    @property
    def worth_a_retry(self) -> bool:
        """True where a machine under pressure, and not the photo, may be to blame. Twice is enough."""
        return self.reason in _PASSING


class DarkRoomGone(Exception):
    """The dark room itself did not answer; no photo is to blame. It starts again with the next photo."""


@dataclass(frozen=True)
class Developed:
    """Size of the photo when upright, and its derivatives: bare JPEGs by the length of their long side."""

    width: int
    height: int
    derivatives: dict[int, bytes]


class DarkRoom:
    """A process with the decoders loaded; it starts with the first photo and serves one photo at a time."""

    def __init__(self, memory: int = MEMORY, cpu_seconds: int = CPU_SECONDS, seconds: float = SECONDS) -> None:
        self._limits = {"memory": memory, "cpu_seconds": cpu_seconds, "seconds": seconds}
        self._seconds = seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None

    def develop(self, original: Path | int) -> Developed:
        """Develop the photo at a path, or behind an open file descriptor. Raises `BadImage`."""
        if isinstance(original, int):
            return _developed(self._ask(original, probe=False))
        with original.open("rb") as file:
            return _developed(self._ask(file.fileno(), probe=False))

    def layers(self) -> dict[str, Any]:
        """Which layers of the fence hold here, and what was refused when tried from inside."""
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123
            answer, _outcome = self._ask(nothing.fileno(), probe=True)
        told: dict[str, Any] = json.loads(answer)
        return told

    def close(self) -> None:
        """End the room; it ends by itself as well when this process does."""
        with self._turn:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _ask(self, photo: int, probe: bool) -> tuple[bytes, dict[str, Any]]:
        """The child's answer, and how it ended."""
        os.lseek(photo, 0, os.SEEK_SET)
        with self._turn:
            try:
                return self._ask_once(photo, probe)
            except (OSError, ValueError) as error:
                self._end()
                raise DarkRoomGone("the dark room did not answer") from error
            except BaseException:
                self._end()
                raise

    def _ask_once(self, photo: int, probe: bool) -> tuple[bytes, dict[str, Any]]:
        door = self._open_door()
        until = time.monotonic() + self._seconds + _PATIENCE
        answer, theirs = os.pipe()
        try:
            try:
                request = json.dumps({**self._limits, "probe": probe}).encode()
                socket.send_fds(door, [request], [photo, theirs])
            finally:
                os.close(theirs)
            data = _read_all(answer, until)
        finally:
            os.close(answer)
        return data, _outcome(door, until)

    def _open_door(self) -> socket.socket:
        if self._door is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._start()
        assert self._door is not None
        return self._door

    def _start(self) -> None:
        """A clean interpreter: no module of ours but its own, and not one variable of our environment."""
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-c", _ENTRY, str(_ROOT)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
            )
        _outcome(self._door, time.monotonic() + _STARTING)

    def _end(self) -> None:
        if self._door is not None:
            self._door.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            self._process.kill()
            self._process.wait()
        self._door = self._process = None


@functools.cache
def layers() -> dict[str, Any]:
    """Which layers of the fence hold on this machine; tried once in the life of a process."""
    with DarkRoom() as room:
        return room.layers()


def _read_all(answer: int, until: float) -> bytes:
    """All that the child says, up to a limit; what is more is cut off, and found out later."""
    parts, count = [], 0
    while _readable(answer, until) and (part := os.read(answer, 1 << 20)):
        parts.append(part)
        count += len(part)
        if count > _LARGEST_ANSWER:
            break
    return b"".join(parts)


def _outcome(door: socket.socket, until: float) -> dict[str, Any]:
    if not _readable(door.fileno(), until):
        raise TimeoutError
    message = door.recv(4096)
    if not message:
        raise ConnectionResetError
    outcome: dict[str, Any] = json.loads(message)
    return outcome


def _readable(handle: int, until: float) -> bool:
    waiter = select.poll()
    waiter.register(handle, select.POLLIN)
    return bool(waiter.poll(max(0.0, until - time.monotonic()) * 1000))


def _developed(told: tuple[bytes, dict[str, Any]]) -> Developed:
    """Believe the child nothing: a photo may have taken it over."""
    answer, outcome = told
    if outcome["late"]:
        raise BadImage("late")
    if outcome["code"] != 0:
        raise BadImage("died")
    line, _newline, data = answer.partition(b"\n")
    try:
        head = json.loads(line)
        if "refused" in head:
            raise BadImage(head["refused"] if head["refused"] in REASONS else "unclean")
        return _checked(head["width"], head["height"], _cut(data, head["lengths"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadImage("unclean") from error


def _cut(data: bytes, lengths: list[int]) -> dict[int, bytes]:
    derivatives, at = {}, 0
    for side, length in zip(rules.SIZES, lengths, strict=True):
        derivatives[side] = data[at : at + length]
        at += length
    return derivatives


def _checked(width: int, height: int, derivatives: dict[int, bytes]) -> Developed:
    sane = width > 0 and height > 0 and not rules.too_many_pixels((width, height))
    for side, data in derivatives.items():
        size = rules.plain_jpeg_size(data)
        sane = sane and size is not None and max(size) <= side
    if not sane:
        raise BadImage("unclean")
    return Developed(int(width), int(height), derivatives)
