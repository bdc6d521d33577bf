"""Inside the dark room: a process with one thread and the decoders loaded, that forks one child for each photo.

It is started by `dark_room.DarkRoom`, which holds the other end of the socket that is its standard input. It looks at
no photo itself; when that socket closes it ends, and its child with it.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import time
from typing import Any

from walkapp.photos.image import develop, fence

_REQUEST = 4096


def main() -> None:
    """Serve until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _be_the_first_to_go()
    develop.rehearse()
    gc.freeze()
    door = socket.socket(fileno=os.dup(0))
    door.send(b"{}")
    while _serve_one(door):
        pass


def _be_the_first_to_go() -> None:
    """When memory runs out, a photo is what can best be done without."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
        score.write("800")


def _serve_one(door: socket.socket) -> bool:
    message, files, _flags, _address = socket.recv_fds(door, _REQUEST, 2)
    if not message:
        return False
    request = json.loads(message)
    room = os.getpid()
    child = os.fork()
    if child == 0:
        _child(request, files, room)
    for file in files:
        os.close(file)
    outcome = _watch(child, door, request["seconds"])
    if outcome is None:
        return False
    door.send(json.dumps(outcome).encode())
    return True


def _watch(child: int, door: socket.socket, seconds: float) -> dict[str, Any] | None:
    """Wait for the child; end it when it is late. Nothing when nobody waits any more."""
    until = time.monotonic() + seconds
    handle = os.pidfd_open(child)
    try:
        waiter = select.poll()
        waiter.register(handle, select.POLLIN)
        waiter.register(door, 0)
        ready = dict(waiter.poll(max(0.0, until - time.monotonic()) * 1000))
        if handle not in ready:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    finally:
        os.close(handle)
    _pid, status = os.waitpid(child, 0)
    if door.fileno() in ready:
        return None
    return {"late": not ready, "code": os.waitstatus_to_exitcode(status)}


def _child(request: dict[str, Any], files: list[int], room: int) -> None:
    """One photo behind the fence, then the end, whatever happens."""
    photo, answer = files
    try:
        held = fence.raise_fence(request["memory"], request["cpu_seconds"], room)
        _write(answer, _probed(held) if request["probe"] else _developed(photo))
        os._exit(0)
    except BaseException:  # nothing may run on behind the fork: not the loop above, not its clean-up
        os._exit(70)


def _probed(held: fence.Layers) -> bytes:
    return json.dumps({"held": held, "refused": fence.probe()}).encode()


def _developed(photo: int) -> bytes:
    """One line of JSON, then the derivatives' bytes, in the order of their sizes."""
    try:
        with open(photo, "rb", closefd=False) as file:
            (width, height), derivatives = develop.develop(file)
    except develop.Refused as refused:
        return json.dumps({"refused": str(refused)}).encode()
    head = {"width": width, "height": height, "lengths": [len(data) for data in derivatives.values()]}
    return b"\n".join((json.dumps(head).encode(), b"".join(derivatives.values())))


def _write(answer: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(answer, view) :]
