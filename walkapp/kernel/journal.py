"""The journal: append-only. One `record()` writes the entry and a job for each subscriber, in one transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, queue
from .actor import Actor
from .db import Identified, Json, Model, UtcDateTime, db


class JournalEntry(Identified, Model):
    """Who (kind and role, never a name), what, when, about which thing, and the facts: old, new, reason."""

    __tablename__ = "journal_entry"

    municipality_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    event: Mapped[str]
    actor_kind: Mapped[str]
    actor_role: Mapped[str]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)


@dataclass(frozen=True)
class Entry:
    """What a subscriber is told."""

    id: uuid.UUID
    municipality_id: uuid.UUID | None
    at: datetime
    event: str
    subject_id: uuid.UUID | None
    facts: dict[str, Any]


def record(actor: Actor, event: str, subject: Any, /, **facts: Any) -> JournalEntry:
    """Write that `event` ("thing.state") happened to `subject` and file the jobs that follow.

    `facts` are plain JSON values (UUIDs, dates and moments are written as text). Flushes, never commits.
    """
    entry = JournalEntry(
        municipality_id=getattr(subject, "municipality_id", None) or actor.municipality_id,
        at=clock.now(),
        event=event,
        actor_kind=actor.kind,
        actor_role=actor.role_word,
        actor_id=actor.id,
        subject_kind=getattr(subject, "__tablename__", "none"),
        subject_id=getattr(subject, "id", None),
        facts={key: plain(value) for key, value in facts.items()},
    )
    db.session.add(entry)
    db.session.flush()
    for handler in queue.subscribers(event):
        queue.file_job(handler, entry_id=entry.id, municipality_id=entry.municipality_id)
    return entry


def plain(value: Any) -> Any:
    """Return the value as JSON can carry it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def read(entry_id: uuid.UUID) -> Entry:
    """Return an entry as subscribers see it."""
    row = db.session.get_one(JournalEntry, entry_id)
    return Entry(row.id, row.municipality_id, row.at, row.event, row.subject_id, dict(row.facts))
