"""The web server's threads. They wait for a request's head only so long: else a few silent lines stop the house."""

import contextlib
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS = 10


class PatientThreads(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, with one deadline for the whole head of a request, stalled or dripping.

    Why a deadline and not a socket's timeout: a head of one byte every few seconds never times out.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heads: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """Note since when the head is awaited."""
        self.heads[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self.heads.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head is there: how long a body may take is told elsewhere."""
        self.heads.pop(conn, None)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Close the lines whose head did not come; called once a second by the worker's own loop."""
        super().murder_pending()
        for conn, since in list(self.heads.items()):
            if time.monotonic() - since > HEAD_SECONDS:
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
