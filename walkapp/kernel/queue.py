"""The queue: a table in the application's own database, fed in the same transaction as what it follows from.

At least once: a handler may run twice, so it asks first. A job is claimed under a lease that is renewed while it works;
a worker that dies lets the lease run out, and the job comes back.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Index, Uuid, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import Identified, Model, UtcDateTime, db
from .transaction import writing

LEASE = timedelta(seconds=30)
TRIES = 8
log = logging.getLogger(__name__)


class Job(Identified, Model):
    """One thing to do for one journal entry."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_at"),)

    municipality_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    entry_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    handler: Mapped[str]
    state: Mapped[str] = mapped_column(default="ready")  # ready running done dead
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str | None]
    last_error: Mapped[str | None]


@dataclass(frozen=True)
class Handler:
    """A subscriber: `slow` ones hold no transaction while they work and open `writing()` themselves."""

    name: str
    events: tuple[str, ...]
    run: Callable[[Any], None]
    slow: bool
    tries: int = TRIES


_handlers: dict[str, Handler] = {}


def on(
    *events: str, slow: bool = False, tries: int = TRIES
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Subscribe a function of a floor's `jobs.py` to journal events."""

    def subscribe(run: Callable[[Any], None]) -> Callable[[Any], None]:
        name = f"{run.__module__}.{run.__qualname__}"
        _handlers[name] = Handler(name, events, run, slow, tries)
        return run

    return subscribe


def subscribers(event: str) -> list[Handler]:
    """Return who listens to this event."""
    return [handler for handler in _handlers.values() if event in handler.events]


def file_job(handler: Handler, entry_id: uuid.UUID, municipality_id: uuid.UUID | None) -> None:
    """File one job, in the transaction that is open."""
    db.session.add(Job(municipality_id=municipality_id, entry_id=entry_id, handler=handler.name, run_at=_real_now()))


def claim(worker: str) -> Job | None:
    """Take the oldest job that is due, or whose worker has died; None when there is none."""
    moment = _real_now()
    due = or_(
        (Job.state == "ready") & (Job.run_at <= moment),
        (Job.state == "running") & (Job.lease_until < moment),
    )
    if db.session.scalar(select(Job.id).where(due).limit(1)) is None:
        return None
    with writing():
        job = db.session.scalar(select(Job).where(due).order_by(Job.run_at).limit(1).with_for_update(skip_locked=True))
        if job is None:
            return None
        job.state, job.worker, job.lease_until, job.attempts = "running", worker, moment + LEASE, job.attempts + 1
        db.session.flush()
        db.session.refresh(job)
        db.session.expunge(job)
    return job


def finish(job: Job, worker: str, error: str | None) -> None:
    """Settle a job. Only the worker that still holds it may: a late one is not heard."""
    handler = _handlers.get(job.handler)
    tries = handler.tries if handler else TRIES
    values: dict[str, Any] = {"state": "done", "last_error": None, "lease_until": None}
    if error is not None:
        wait = timedelta(seconds=min(3600, 2**job.attempts))
        state = "dead" if job.attempts >= tries else "ready"
        values = {"state": state, "last_error": error[:2000], "lease_until": None, "run_at": _real_now() + wait}
    with writing():
        db.session.execute(update(Job).where(Job.id == job.id, Job.worker == worker).values(**values))


def run_one(app: Flask, worker: str) -> bool:
    """Claim and run one job; False when nothing is due."""
    with app.app_context():
        job = claim(worker)
    if job is None:
        return False
    done = threading.Event()
    beat = threading.Thread(target=_keep_lease, args=(app, job.id, worker, done), daemon=True)
    beat.start()
    error = None
    try:
        with app.app_context():
            _handle(job)
    except Exception as problem:
        log.exception("job %s failed at try %s", job.handler, job.attempts)
        error = repr(problem)
    finally:
        done.set()
        beat.join()
    with app.app_context():
        finish(job, worker, error)
    return True


def drain(app: Flask, limit: int = 100_000) -> int:
    """Run what is due until nothing is; return how many ran."""
    worker = worker_name()
    return next((count for count in range(limit) if not run_one(app, worker)), limit)


def work(app: Flask, stop: Callable[[], bool]) -> None:
    """Run jobs until told to stop."""
    worker = worker_name()
    while not stop():
        try:
            busy = run_one(app, worker)
        except Exception:
            log.exception("the queue could not be read")
            busy = False
        if not busy:
            time.sleep(0.25)


def worker_name() -> str:
    """Return a name that no other worker has."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _handle(job: Job) -> None:
    from . import journal

    handler = _handlers.get(job.handler)
    if handler is None:
        raise LookupError(f"no handler {job.handler}")
    entry = journal.read(job.entry_id)
    db.session.rollback()
    if handler.slow:
        handler.run(entry)
        return
    with writing():
        handler.run(entry)


def _keep_lease(app: Flask, job_id: uuid.UUID, worker: str, done: threading.Event) -> None:
    while not done.wait(LEASE.total_seconds() / 3):
        with app.app_context(), writing():
            still_mine = (Job.id == job_id, Job.worker == worker, Job.state == "running")
            db.session.execute(update(Job).where(*still_mine).values(lease_until=_real_now() + LEASE))


def _real_now() -> datetime:
    # the queue lives in real time, also while the demo is being told in its own
    with clock.real():
        return clock.now()
