"""Photos: bytes are stored once by content; each sender's photo is a row of its own; derivatives are made later."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from walkapp.kernel.db import Identified, Model, UtcDateTime
from walkapp.kernel.states import Stateful

from .states import content


class PhotoContent(Identified, Stateful, Model):
    """The bytes of a photo, once per municipality. The row (and its hash) outlives the bytes."""

    __tablename__ = "photo_content"
    __table_args__ = (UniqueConstraint("municipality_id", "sha256"),)
    machine = content

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    sha256: Mapped[str]
    bytes: Mapped[int]
    media_type: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    width: Mapped[int | None]  # of the upright picture, once developed
    height: Mapped[int | None]
    reason: Mapped[str | None]  # why it is quarantined


class Photo(Identified, Model):
    """A photo as sent by one participant, owner or person; seen by few until `seen_at`."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("sender_id", "sha256"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    content_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo_content.id"))
    sha256: Mapped[str] = mapped_column(index=True)
    sender_kind: Mapped[str]  # participant, organisation, person: ids up the stairs, so no foreign key
    sender_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    held_back: Mapped[bool] = mapped_column(default=False)  # looked at, and not to be shown
    alt: Mapped[str | None]

    content: Mapped[PhotoContent] = relationship(lazy="joined", innerjoin=True)

    @property
    def shown(self) -> bool:
        """Tell whether others than its sender and the coordinator may get it: looked at, developed, not held back."""
        return self.seen_at is not None and not self.held_back and self.content.state == "ready"
