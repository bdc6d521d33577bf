"""The reads of observations: first the phone's, then the coordinator's."""

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.photos import queries as photos
from walkapp.photos.models import Photo
from walkapp.walks.models import Walk

from . import rules
from .access import visible_to
from .models import Observation, ObservationPhoto, ReceivedBody, Voice

# --- The phone ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Revision:
    """One revision of one thing, as a receipt asks for it."""

    id: uuid.UUID
    revision: int


@dataclass(frozen=True)
class Asked:
    """What a phone asks its receipt for, each once."""

    observations: frozenset[Revision] = frozenset()
    photos: frozenset[str] = frozenset()
    ratings: frozenset[Revision] = frozenset()
    voices: frozenset[Revision] = frozenset()


@dataclass(frozen=True)
class Receipt:
    """What is missing, what the last three verified backups hold, and the digest when nothing is missing."""

    missing: Asked
    digest: str | None
    secured: Asked = field(default_factory=Asked)


def bodies_of(actor: Actor, kind: str, subject_id: uuid.UUID) -> list[rules.Known]:
    """Return what has arrived from this phone for this id, oldest first, without the bytes."""
    rows = db.session.execute(
        select(ReceivedBody.revision, ReceivedBody.sha256, ReceivedBody.verdict)
        .where(ReceivedBody.kind == kind, ReceivedBody.subject_id == subject_id)
        .where(ReceivedBody.participant_id == actor.id)
        .order_by(ReceivedBody.id)
    )
    return [rules.Known(*row) for row in rows]


def hashes_listed_by(participant_id: uuid.UUID) -> set[str]:
    """Return the hashes of every photo that a phone's observations list."""
    listed = select(ObservationPhoto.sha256).join(Observation, Observation.id == ObservationPhoto.observation_id)
    return set(db.session.scalars(listed.where(Observation.participant_id == participant_id)))


def count_sent_by(participant_id: uuid.UUID) -> int:
    """Return how many observations a phone has sent."""
    mine = select(func.count(Observation.id)).where(Observation.participant_id == participant_id)
    return db.session.scalar(mine) or 0


def receipt(actor: Actor, asked: Asked) -> Receipt:
    """Return what has arrived from this phone of what it asks for. What others sent counts as missing."""
    accepted = _accepted(actor)
    arrived = {photo.sha256: photo.content.bytes for photo in photos.all_sent_by(actor.id)} if actor.id else {}
    named = {"observation": asked.observations, "rating": asked.ratings, "voice": asked.voices}
    missing: dict[str, frozenset[Revision]] = {
        kind: frozenset(one for one in wanted if (kind, one) not in accepted) for kind, wanted in named.items()
    }
    lost = asked.photos - set(arrived)
    lines = [
        f"{kind[0]} {one.id} {one.revision} {accepted[kind, one]}"
        for kind, wanted in named.items()
        for one in wanted - missing[kind]
    ]
    lines += [f"p {sha256} {arrived[sha256]}" for sha256 in asked.photos - lost]
    whole = not (lost or any(missing.values()))
    return Receipt(
        Asked(missing["observation"], lost, missing["rating"], missing["voice"]), rules.digest(lines) if whole else None
    )


def changes(actor: Actor, walk: Walk) -> dict[str, Any]:
    """Return what became of a phone's own things and, when the coordinator opened them, others' observations."""
    rows = list(
        db.session.scalars(
            select(Observation)
            .where(Observation.walk_id == walk.id, visible_to(actor))
            .order_by(Observation.seen_at, Observation.id)
        ).unique()
    )
    pictures = photos_of(rows)
    voices = voices_for([row.id for row in rows])
    told = {
        "own": [_own(row, pictures[row.id]) for row in rows if row.participant_id == actor.id],
        "others": [
            _other(row, pictures[row.id], voices.get(row.id, 0)) for row in rows if row.participant_id != actor.id
        ],
    }
    cursor = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]
    return {**told, "cursor": cursor}


def photos_of(rows: Iterable[Observation]) -> dict[uuid.UUID, list[tuple[ObservationPhoto, Photo | None]]]:
    """Return each observation's listed photos in order, with the photo itself where it has arrived."""
    found: dict[uuid.UUID, list[ObservationPhoto]] = {row.id: [] for row in rows}
    sender = {row.id: row.participant_id for row in rows}
    listed = db.session.scalars(
        select(ObservationPhoto)
        .where(ObservationPhoto.observation_id.in_(found))
        .order_by(ObservationPhoto.observation_id, ObservationPhoto.position)
    )
    for one in listed:
        found[one.observation_id].append(one)
    pairs = {(sender[one.observation_id], one.sha256) for many in found.values() for one in many}
    arrived = photos.by_sender_and_hash(pairs)
    return {seen: [(one, arrived.get((sender[seen], one.sha256))) for one in many] for seen, many in found.items()}


def voices_for(observation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many other participants saw it too, each counted once and never the sender itself."""
    counted = (
        select(Voice.observation_id, func.count(func.distinct(Voice.participant_id)))
        .join(Observation, Observation.id == Voice.observation_id)
        .where(Voice.observation_id.in_(observation_ids), Voice.walk_id == Observation.walk_id)
        .where(Voice.participant_id != Observation.participant_id)
        .group_by(Voice.observation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _accepted(actor: Actor) -> dict[tuple[str, Revision], str]:
    rows = db.session.execute(
        select(ReceivedBody.kind, ReceivedBody.subject_id, ReceivedBody.revision, ReceivedBody.sha256)
        .where(ReceivedBody.participant_id == actor.id, ReceivedBody.verdict.in_(rules.ACCEPTED))
        .order_by(ReceivedBody.id)
    )
    found: dict[tuple[str, Revision], str] = {}
    for kind, subject_id, revision, sha256 in rows:
        found.setdefault((kind, Revision(subject_id, revision)), sha256)
    return found


def _own(row: Observation, pictures: list[tuple[ObservationPhoto, Photo | None]]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "revision": row.revision,
        "number": row.number,
        "state": row.state,
        "held": row.held,
        "withdrawn": row.withdrawn,
        "needs_place": row.needs_place,
        "reason_code": row.curation.reason_code if row.curation else None,
        "photos": [
            {
                "sha256": one.sha256,
                "state": photo.content.state if photo else "awaited",
                "reason": photo.content.reason if photo else None,
                "seen": bool(photo and photo.seen_at),
            }
            for one, photo in pictures
        ],
    }


def _other(row: Observation, pictures: list[tuple[ObservationPhoto, Photo | None]], voices: int) -> dict[str, Any]:
    edited = row.curation
    return {
        "id": str(row.id),
        "number": row.number,
        "kind": (edited and edited.kind) or row.kind,
        "category": (edited and edited.category) or row.category,
        "text": (edited and edited.text) or row.text,
        "lat": edited.lat if edited and edited.lat is not None else row.lat,
        "lon": edited.lon if edited and edited.lon is not None else row.lon,
        "stop": str(row.stop_id) if row.stop_id else None,
        "seen_at": row.seen_at.isoformat(),
        "voices": row.voices + voices,
        "thumbnails": [
            {"address": f"/api/photos/{photo.id}/thumb", "alt": photo.alt}
            for _, photo in pictures
            if photo is not None and photo.shown
        ],
    }


# --- The coordinator ----------------------------------------------------------------------------------------------
