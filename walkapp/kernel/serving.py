"""Serve: a small parent binds the socket and keeps two children alive, the web server and the queue.

Whoever dies is started again after a second; when the parent is killed, the kernel ends the children with it.
"""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from werkzeug.wsgi import ClosingIterator

THREADS = 48
PATIENCE_SECONDS = 15
LOWEST_RATE = 1000
DRIP_GRACE_SECONDS = 20
LONGEST_SECONDS = 600
LARGEST_BODY = 26 * 1024 * 1024
GRACE_SECONDS = 25
_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent dies; elsewhere do nothing."""
    try:
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return


def patience(app: Callable[..., Iterable[bytes]], seconds: float = PATIENCE_SECONDS) -> Callable[..., Iterable[bytes]]:
    """Wrap a WSGI app so that no body holds a thread for ever, stalled or dripping: reading it raises TimeoutError."""

    def wsgi(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if sock := environ.get("gunicorn.socket"):
            sock.settimeout(seconds)
        source = getattr(getattr(environ.get("wsgi.input"), "reader", None), "unreader", None)
        plain = getattr(source, "sock", None)
        if source is None or plain is None:
            return app(environ, start)
        source.sock = _Paced(plain)
        try:
            return app(environ, start)
        finally:
            source.sock = plain  # the pace is one request's: between two a phone may be silent

    return wsgi


def parting(app: Callable[..., Iterable[bytes]], seconds: float = 3) -> Callable[..., Iterable[bytes]]:
    """Wrap a WSGI app so that a body refused unread (411, 413) closes the line, after the phone could read why.

    Why what is still coming is read away first: closing on unread bytes resets the line, and the answer is lost.
    """

    def wsgi(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        refused: list[bool] = []

        def begin(status: str, *rest: Any) -> Any:
            response: Any = getattr(start, "__self__", None)
            if status[:3] in ("411", "413") and hasattr(response, "force_close"):
                response.force_close()
                refused.append(True)
            return start(status, *rest)

        answer = app(environ, begin)
        sock = environ.get("gunicorn.socket")
        if not refused or sock is None or "HTTP_EXPECT" in environ:
            return answer
        return ClosingIterator(answer, [lambda: _read_away(sock, seconds)])

    return wsgi


def _read_away(sock: socket.socket, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    sock.settimeout(0.5)
    with contextlib.suppress(OSError):
        while time.monotonic() < deadline and sock.recv(1 << 16):
            pass


class _Paced:
    """A socket whose sender must keep a lowest rate.

    Why here and not where the body is read: one read of 64 KiB waits until it has them all, be it for days.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._count = 0
        self._since = time.monotonic()

    def recv(self, size: int) -> bytes:
        data = self._sock.recv(size)
        self._count += len(data)
        passed = time.monotonic() - self._since
        if passed > LONGEST_SECONDS or (passed > DRIP_GRACE_SECONDS and self._count < LOWEST_RATE * passed):
            raise TimeoutError
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def serve(
    host: str, port: int, workers: int, *, with_queue: bool, environment: dict[str, str], note: Path | None = None
) -> int:
    """Bind, start the children, tell where it listens (also in the file `note`), keep them alive until told to stop."""
    listener = socket.create_server((host, port), backlog=512)
    listener.set_inheritable(True)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}"
    environment = {**environment, "WALKAPP_BASE_URL": environment.get("WALKAPP_BASE_URL") or address}
    if note:
        note.write_text(address, "utf-8")
    return _Parent(listener, workers, with_queue, environment).run(address)


class _Parent:
    def __init__(self, listener: socket.socket, workers: int, with_queue: bool, environment: dict[str, str]) -> None:
        self.listener = listener
        self.environment = environment
        self.ready_read, self.ready_write = os.pipe()
        os.set_inheritable(self.ready_write, True)
        web = ["web", str(listener.fileno()), str(workers), str(self.ready_write)]
        self.commands = {"web": web, **({"queue": ["queue"]} if with_queue else {})}
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self, address: str) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for name in self.commands:
            self._start(name)
        if not self._wait_until_ready():
            self._end()
            return 1
        print(f"listening on {address}", flush=True)  # noqa: T201
        while not self.stopping:
            time.sleep(0.2)
            for name, child in list(self.children.items()):
                if child.poll() is not None and not self.stopping:
                    time.sleep(1)
                    self._start(name)
        return self._end()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self, name: str) -> None:
        keep = (self.listener.fileno(), self.ready_write) if name == "web" else ()
        command = [sys.executable, "-m", "walkapp.kernel.serving", *self.commands[name]]
        self.children[name] = subprocess.Popen(  # noqa: S603
            command, env=self.environment, pass_fds=keep, preexec_fn=die_with_parent, stdin=subprocess.DEVNULL
        )

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not self.stopping:
            if select.select([self.ready_read], [], [], 0.2)[0]:
                return True
            if self.children["web"].poll() is not None:
                return False
        return False

    def _end(self) -> int:
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
        return 0 if self.stopping else 1


def run_web(fd: int, workers: int, ready_fd: int) -> None:
    """Be the web server: gunicorn with threads, on the parent's socket."""
    from gunicorn.app.base import BaseApplication

    class Web(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in _gunicorn_settings(fd, workers, ready_fd).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from walkapp.kernel.app import make

            return parting(patience(make()))

    Web().run()


def _gunicorn_settings(fd: int, workers: int, ready_fd: int) -> dict[str, Any]:
    def ready(_worker: Any) -> None:
        die_with_parent()
        os.write(ready_fd, b"1")

    return {
        "bind": [f"fd://{fd}"],
        "workers": workers,
        "worker_class": "walkapp.kernel.threads.PatientThreads",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 15,
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108, PTH112
        "control_socket_disable": True,
        "post_worker_init": ready,
        "pre_request": _refuse_early,
        "loglevel": "warning",
    }


def _refuse_early(_worker: Any, request: Any) -> None:
    # a body that will be refused is not read to its end
    headers = dict(request.headers)
    length = headers.get("CONTENT-LENGTH", "0")
    if "TRANSFER-ENCODING" in headers or not length.isdigit() or int(length) > LARGEST_BODY:
        request.must_close = True
        request._expected_100_continue = False


def run_queue() -> None:
    """Be the queue: politely, behind the web server."""
    from walkapp.kernel import queue
    from walkapp.kernel.app import make

    os.nice(10)
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: stopping.append(number))
    queue.work(make(), stop=lambda: bool(stopping))


if __name__ == "__main__":
    if sys.argv[1] == "web":
        run_web(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        run_queue()
