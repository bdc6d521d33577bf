"""A server that kills itself with SIGKILL at a chosen point of a chosen request, again and again.

The house carries no hook for this: what is replaced here is replaced from outside, in a process of its own. The parent
keeps the listening socket and forks a new child after each fall; each child is told where to fall, and writes it down
just before.

    python -m tests.torture.fall_over INSTANCE SEED FALLS
"""

import contextlib
import hashlib
import os
import random
import signal
import socket
import sys
import uuid
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from walkapp.factory import create_app
from walkapp.kernel import transaction
from walkapp.kernel.db import sqlite_module
from walkapp.photos import store

POINTS = (
    "photo half written",
    "photo written, no name yet",
    "photo kept, no row",
    "row written, no commit",
    "commit, no answer",
)


def main(instance: Path, seed: int, falls: int) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    create_app(instance_path=str(instance))  # so that every door is imported once, before the first fork
    print(f"listening on {listener.getsockname()[1]}", flush=True)
    dice = random.Random(seed)
    for number in range(falls):
        stand(instance, listener, POINTS[number % len(POINTS)], dice.randint(1, 9))
        with (instance / "holes").open("a") as log:
            log.writelines(f"{hole} after {POINTS[number % len(POINTS)]}\n" for hole in holes(instance))
    stand(instance, listener, None, 0)


def holes(instance: Path) -> list[str]:
    """Name the photo rows whose bytes are not whole on the disk.

    Asked while no server runs: a phone that tries again would mend it.
    """
    with contextlib.closing(sqlite_module.connect(instance / "walkapp.sqlite")) as database:
        rows = database.execute("select municipality_id, sha256 from photo_content").fetchall()
    return [sha256 for town, sha256 in rows if not _whole(instance / "photos" / str(uuid.UUID(town)), sha256)]


def _whole(folder: Path, sha256: str) -> bool:
    file = folder / "original" / sha256[:2] / sha256[2:4] / sha256
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def stand(instance: Path, listener: socket.socket, point: str | None, count: int) -> None:
    """Fork a server that falls at the point when it comes there for the `count`-th time; wait for its end."""
    child = os.fork()
    if child == 0:
        try:
            if point:
                arrange(instance, point, count)
            app = create_app(instance_path=str(instance))
            make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno()).serve_forever()
        finally:
            os._exit(1)
    signal.signal(signal.SIGTERM, lambda *_: (os.kill(child, signal.SIGKILL), os._exit(0)))
    _, status = os.waitpid(child, 0)
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise SystemExit(f"a server ended by itself at {point}: {status}")


def arrange(instance: Path, point: str, count: int) -> None:
    """Replace what stands at the point by the same with a fall before or after it."""
    left = [count]

    def fall() -> None:
        left[0] -= 1
        if left[0] == 0:
            with (instance / "falls").open("a") as log:
                log.write(point + "\n")
            os.kill(os.getpid(), signal.SIGKILL)

    place, name, early = {
        "photo half written": (store, "_piece", False),
        "photo written, no name yet": (store.FolderStore, "_settle", True),
        "photo kept, no row": (store.FolderStore, "receive", False),
        "row written, no commit": (transaction.db.session, "commit", True),
        "commit, no answer": (transaction.db.session, "commit", False),
    }[point]
    call = getattr(place, name)

    def falling(*args: Any, **kwargs: Any) -> Any:
        if early:
            fall()
        answer = call(*args, **kwargs)
        if not early:
            fall()
        return answer

    setattr(place, name, falling)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
