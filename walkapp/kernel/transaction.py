"""One commit per request, and the answer only after it. Writers of a SQLite file stand in one line."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue

from .db import db

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., Any])


class Pen:
    """First come, first served inside the process; a file lock between processes.

    SQLite's own busy handler lets a writer starve for seconds; an unfair lock lets the slowest percent wait 150 ms.
    """

    def __init__(self, path: Path) -> None:
        self.guard = threading.Lock()
        self.taken = False
        self.line: deque[threading.Lock] = deque()
        self.path = path
        self.fd: int | None = None
        self.pid = 0

    def __enter__(self) -> None:
        turn = None
        with self.guard:
            if self.taken:
                turn = threading.Lock()
                turn.acquire()
                self.line.append(turn)
            self.taken = True
        if turn:
            turn.acquire()  # released by whoever was before
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX)
        except BaseException:
            self._next()
            raise

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.fd is not None:
            fcntl.flock(self.fd, fcntl.LOCK_UN)
        self._next()

    def _open(self) -> int:
        # a descriptor inherited over fork shares its lock with the parent and would exclude nobody
        if self.fd is None or self.pid != os.getpid():
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.pid = os.getpid()
        return self.fd

    def _next(self) -> None:
        with self.guard:
            if self.line:
                self.line.popleft().release()
            else:
                self.taken = False


class NoPen:
    """PostgreSQL keeps its own line."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None: ...


@contextmanager
def writing() -> Iterator[None]:
    """Open the write transaction; commit at the end, roll back on any exception. Never nested."""
    db.session.rollback()  # a read begun earlier cannot become a write
    with current_app.extensions["pen"]:
        try:
            db.session.connection(execution_options={"write": True})
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def own_transaction(view: View) -> View:
    """Mark a door that streams its body and calls `writing()` itself, when the bytes are safe."""
    view.own_transaction = True  # type: ignore[attr-defined]
    return view


def keep_although_refused() -> None:
    """Let this request's writes stand although its answer is a refusal: what came in is kept."""
    g.keep_although_refused = True


class App(Flask):
    """A Flask whose every change is one transaction around the view."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; inside one write transaction unless it only reads or has marked itself."""
        view = self.view_functions.get(request.endpoint or "")
        if request.method in SAFE_METHODS or view is None or getattr(view, "own_transaction", False):
            return super().dispatch_request()
        request.get_data(cache=True, parse_form_data=True)  # nobody holds the pen while a slow phone talks
        with writing():
            answer = self.make_response(super().dispatch_request())
            if answer.status_code >= 400 and not g.get("keep_although_refused"):
                db.session.rollback()
            return answer
