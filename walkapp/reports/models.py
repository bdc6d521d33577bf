"""A published report, and the files made of reports and minutes: kept with their hashes."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from walkapp.kernel.db import Identified, Model, UtcDateTime


class Report(Identified, Model):
    """A walk's report as published: canonical JSON and its SHA-256, one row for each version."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("walk_id", "version"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), index=True)
    version: Mapped[int]
    text: Mapped[str]
    sha256: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Paper(Identified, Model):
    """A file made once from a frozen text (a report's version, a signed snapshot) and never made again."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("source_id", "format"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    source_kind: Mapped[str]  # report, minutes_snapshot
    source_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    format: Mapped[str]  # pdf
    file: Mapped[str]  # under instance/papers
    sha256: Mapped[str]
    bytes: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
