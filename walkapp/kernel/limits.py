"""How often: a sliding minute per bucket, in this process. Says no kindly, with a time to come back."""

import threading
import time
from collections import deque

from flask import current_app, request

from .errors import TooMany

_guard = threading.Lock()


def in_force() -> bool:
    """Tell whether limits hold here: `WALKAPP_LIMITS`."""
    return bool(current_app.extensions["settings"].limits)


def asker() -> str:
    """Return the address of who asks, for counting alone.

    A proxy on this machine says for whom it asks, in the last word of X-Forwarded-For: what stands before that word
    came from outside and is not believed.
    """
    here = request.remote_addr or ""
    said = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    if here in ("127.0.0.1", "::1") and said and not current_app.extensions["settings"].local:
        return said[:64]
    return here


def spend(bucket: str, per_minute: int) -> None:
    """Count one use of the bucket; refuse with `too_many` and Retry-After when the minute's share is used up."""
    if not in_force():
        return
    moment = time.monotonic()
    with _guard:
        seen: dict[str, deque[float]] = current_app.extensions.setdefault("limits", {})
        uses = seen.setdefault(bucket, deque())
        while uses and uses[0] <= moment - 60:
            uses.popleft()
        if len(uses) >= per_minute:
            raise TooMany("too_many", retry_after=max(1, round(60 - (moment - uses[0]))))
        uses.append(moment)
        if len(seen) > 20_000:
            _forget_quiet_buckets(seen, moment)


def _forget_quiet_buckets(seen: dict[str, deque[float]], moment: float) -> None:
    for name in [name for name, uses in seen.items() if not uses or uses[-1] <= moment - 60]:
        del seen[name]
