"""The reads of photos."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from walkapp.kernel.db import db

from . import rules
from .models import Photo, PhotoContent

SIZES = {"thumb": 320, "800": 800, "1600": 1600}


@dataclass(frozen=True)
class Undeveloped:
    """A photo that waits for the dark room."""

    content_id: uuid.UUID
    municipality_id: uuid.UUID
    sha256: str

    @property
    def key(self) -> str:
        """Where its original is."""
        return rules.original_key(str(self.municipality_id), self.sha256)

    def derivative_key(self, size: int) -> str:
        """Where one of its derivatives goes."""
        return rules.derivative_key(str(self.municipality_id), size, self.sha256)


def sent_by(sender_id: uuid.UUID, sha256: str) -> Photo | None:
    """Return the photo with these bytes from this sender."""
    return db.session.scalar(select(Photo).where(Photo.sender_id == sender_id, Photo.sha256 == sha256))


def all_sent_by(sender_id: uuid.UUID) -> list[Photo]:
    """Return every photo of a sender, oldest first."""
    return list(db.session.scalars(select(Photo).where(Photo.sender_id == sender_id).order_by(Photo.id)))


def count_sent_by(sender_id: uuid.UUID) -> int:
    """Return how many photos a sender has sent."""
    return db.session.scalar(select(func.count(Photo.id)).where(Photo.sender_id == sender_id)) or 0


def by_sender_and_hash(pairs: Collection[tuple[uuid.UUID, str]]) -> dict[tuple[uuid.UUID, str], Photo]:
    """Return the photos that have arrived, by who sent them and what is in them."""
    senders = {sender for sender, _ in pairs}
    if not senders:
        return {}
    rows = db.session.scalars(select(Photo).where(Photo.sender_id.in_(senders)))
    found = {(row.sender_id, row.sha256): row for row in rows}
    return {pair: found[pair] for pair in pairs if pair in found}


def undeveloped(photo_id: uuid.UUID | None) -> Undeveloped | None:
    """Return what the dark room needs for this photo; None when it has been there."""
    photo = db.session.get(Photo, photo_id) if photo_id else None
    if photo is None or photo.content.state != "received":
        return None
    return Undeveloped(photo.content.id, photo.municipality_id, photo.sha256)


def content(municipality_id: uuid.UUID, sha256: str) -> PhotoContent | None:
    """Return the bytes' row."""
    one = select(PhotoContent).where(PhotoContent.municipality_id == municipality_id, PhotoContent.sha256 == sha256)
    return db.session.scalar(one)
