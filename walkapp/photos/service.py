"""The verbs of photos. The bytes are on the disk before the row, and the row is there before the answer.

Why this order: a file without a row is swept at night, a row without a file is a hole in a report.
"""

import hashlib
import io
import uuid
from pathlib import Path
from typing import BinaryIO

from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db, insert_if_absent
from walkapp.kernel.errors import Full, Invalid, LengthRequired, NotAllowed, NotFound, TooLarge, TooSlow, WrongKind
from walkapp.kernel.ids import new_id
from walkapp.kernel.journal import record

from . import access, queries, rules, store
from .models import Photo, PhotoContent
from .store import FolderStore, Received


def receive(actor: Actor, sha256: str, body: store.Body, length: int | None) -> Received:
    """Read the bytes of a photo to the disk, outside any transaction; refuse what is no whole photo.

    Checks in this order: length, hash, first bytes, size in the header. No pixel is decoded.
    """
    if length is None:
        raise LengthRequired("length_required")
    if length > rules.LARGEST_BYTES:
        raise TooLarge("too_large", max_bytes=rules.LARGEST_BYTES)
    if not rules.is_sha256(sha256) or length == 0:
        raise Invalid("hash_mismatch", field="sha256")
    if actor.municipality_id is None:
        raise NotAllowed("photo.may_not_send")
    key = rules.original_key(str(actor.municipality_id), sha256)
    try:
        return store.the_store().receive(key, body, length)
    except store.HashMismatch:
        raise Invalid("hash_mismatch", field="sha256") from None
    except (store.ShortBody, store.Stalled):
        raise TooSlow("stalled") from None
    except store.NotAPhoto:
        raise WrongKind("not_a_photo", takes=list(rules.SUFFIXES)) from None
    except store.TooManyPixels:
        raise Invalid("bad_image", most_pixels=rules.MOST_PIXELS) from None
    except store.StoreFull:
        raise Full("full", retry_after=300) from None


def keep(actor: Actor, received: Received) -> tuple[str, Photo]:
    """Write the row of a photo whose bytes are on the disk; `stored`, or `already` when this sender had sent it."""
    kind, sender_id = access.sender_of(actor)
    if sender_id is None or actor.municipality_id is None:
        raise NotAllowed("photo.may_not_send")
    content = _content(actor.municipality_id, received)
    known = queries.sent_by(sender_id, received.sha256)
    if known is not None:
        return "already", known
    photo = Photo(
        id=new_id(),
        municipality_id=actor.municipality_id,
        content_id=content.id,
        sha256=received.sha256,
        sender_kind=kind,
        sender_id=sender_id,
        received_at=clock.now(),
    )
    db.session.add(photo)
    db.session.flush()
    record(actor, "photo.received", photo, sha256=received.sha256, bytes=received.bytes)
    return "stored", photo


def keep_upload(actor: Actor, data: bytes) -> Photo:
    """Keep a photo that came whole, with a form: the owner's picture of what was done."""
    received = receive(actor, hashlib.sha256(data).hexdigest(), io.BytesIO(data), len(data))
    return keep(actor, received)[1]


def look_at(actor: Actor, photo_id: uuid.UUID) -> Photo:
    """A person has looked at the photo: from now on others may see it."""
    photo = access.picture_for(actor, photo_id, to="look_at")
    if photo.seen_at is None or photo.held_back:
        photo.seen_at, photo.seen_by_id, photo.held_back = clock.now(), actor.id, False
        record(actor, "photo.seen", photo)
    return photo


def hold_back(actor: Actor, photo_id: uuid.UUID) -> Photo:
    """A person has looked at the photo, and it is not to be shown."""
    photo = access.picture_for(actor, photo_id, to="look_at")
    if not photo.held_back:
        photo.seen_at, photo.seen_by_id, photo.held_back = photo.seen_at or clock.now(), actor.id, True
        record(actor, "photo.held_back", photo)
    return photo


def describe(actor: Actor, photo_id: uuid.UUID, alt: str | None) -> Photo:
    """Say in words what the photo shows, for those who do not see it."""
    photo = access.picture_for(actor, photo_id, to="look_at")
    photo.alt = (alt or "").strip() or None
    record(actor, "photo.described", photo)
    return photo


def develop(actor: Actor, content_id: uuid.UUID, width: int, height: int) -> None:
    """Note that the derivatives are on the disk."""
    content = db.session.get_one(PhotoContent, content_id)
    if content.can("develop"):
        content.go("develop")
        content.width, content.height, content.reason = width, height, None
        record(actor, "photo.developed", content)


def quarantine(actor: Actor, content_id: uuid.UUID, reason: str) -> None:
    """Put aside a photo that cannot be developed; its sender and the desk are told."""
    content = db.session.get_one(PhotoContent, content_id)
    if content.can("quarantine"):
        content.go("quarantine")
        content.reason = reason
        record(actor, "photo.quarantined", content, reason=reason)


def picture(actor: Actor, photo_id: uuid.UUID, size: str) -> Path | BinaryIO:
    """Return a derivative (thumb, 800, 1600) for those who may see the photo; never the original."""
    return open_picture(access.picture_for(actor, photo_id), size)


def open_picture(photo: Photo, size: str) -> Path | BinaryIO:
    """Return a derivative of a photo that the caller has been given."""
    side = queries.SIZES.get(size)
    if side is None or photo.content.state != "ready":
        raise NotFound("photo.not_found")
    key = rules.derivative_key(str(photo.municipality_id), side, photo.sha256)
    kept = store.the_store()
    try:
        if isinstance(kept, FolderStore) and kept.exists(key):
            return kept.path(key)
        return kept.open(key)
    except FileNotFoundError:
        raise NotFound("photo.not_found") from None


def _content(municipality_id: uuid.UUID, received: Received) -> PhotoContent:
    values = {"sha256": received.sha256, "bytes": received.bytes, "media_type": received.media_type}
    content = queries.content(municipality_id, received.sha256)
    if content is None:  # two phones may send the same bytes at once
        insert_if_absent(PhotoContent, municipality_id=municipality_id, received_at=clock.now(), **values)
        content = queries.content(municipality_id, received.sha256)
    if content is None:
        raise LookupError("the row of the bytes did not stay")
    if content.state == "erased":  # what was erased stays so, whoever sends it again
        store.the_store().remove(rules.original_key(str(municipality_id), received.sha256))
    return content
