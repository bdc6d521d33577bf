"""The verbs of a walk: first the phone's, then the planner's."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from walkapp.kernel import clock, proof
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from walkapp.kernel.journal import record
from walkapp.people.models import Municipality

from .models import Participant, ParticipantContact, ParticipantName, Walk, WalkGroup

JOIN_AFTER_CLOSING = timedelta(hours=24)
MOST_PARTICIPANTS = 300
CONTACT_STEP = timedelta(seconds=30)

# --- The phone ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Joining:
    """What a phone says when it joins. `given` names what it said at all: the rest stays as it was."""

    participant_id: uuid.UUID
    code: str
    token_sha256: str
    name: str | None = None
    language: str = "sv"
    group_id: uuid.UUID | None = None
    given: frozenset[str] = frozenset({"name", "language", "group"})
    proof: str | None = None


@dataclass(frozen=True)
class Joined:
    """What became of it: `joined` or `already`."""

    word: str
    participant: Participant
    proof: str


@dataclass(frozen=True)
class Waiting:
    """What a phone says that it still holds."""

    observations: int
    photos: int
    oldest_at: datetime | None


def authenticate(participant_id: uuid.UUID, token: str) -> Actor:
    """Return the phone that holds this token as the one who acts; refuse with `register` or `revoked`."""
    found = db.session.get(Participant, participant_id)
    sha256 = hashlib.sha256(token.encode()).hexdigest()
    if found is None or not hmac.compare_digest((found.token_sha256 or "").encode(), sha256.encode()):
        raise NotSignedIn("register")
    if found.revoked_at is not None:
        raise NotAllowed("revoked")
    return Actor("participant", found.municipality_id, found.id, walk_id=found.walk_id, language=found.language)


def take_turn(actor: Actor) -> Participant:
    """Let the requests of one phone go one after the other, and note that it was heard.

    Why: a retry may arrive while the first try is still being written; on PostgreSQL both would insert.
    """
    one = select(Participant).where(Participant.id == actor.id)
    found = db.session.scalars(one.with_for_update().execution_options(populate_existing=True)).one()
    moment = clock.now()
    if found.last_contact_at is None or moment - found.last_contact_at > CONTACT_STEP:
        found.last_contact_at = moment
    return found


def walk_of_phone(actor: Actor, walk_id: uuid.UUID) -> Walk:
    """Return the phone's own walk; any other is `no_walk`."""
    walk = db.session.get(Walk, walk_id)
    if walk is None or actor.kind != "participant" or walk.id != actor.walk_id:
        raise NotFound("no_walk")
    return walk


def walk_by_code(walk_id: uuid.UUID, code: str) -> Walk:
    """Return the walk that a code opens, to read before joining; the same refusals as for joining."""
    walk = _opened_walk(walk_id)
    _check_code(walk, code)
    _check_open(walk)
    return walk


def join(actor: Actor, walk_id: uuid.UUID, joining: Joining) -> Joined:
    """Let a phone take part. It made its id and token itself, so a lost answer is harmless.

    A proof from an earlier join opens the door too: the server may have been restored from a backup.
    """
    walk = _opened_walk(walk_id)
    row = db.session.get(Participant, joining.participant_id, with_for_update=True)
    proven = proof.is_proven(joining.proof, "participant", joining.participant_id, joining.token_sha256)
    if not (proven or _is_the_same(row, walk, joining)):
        _check_code(walk, joining.code)
        _check_open(walk)
    if row is not None and (row.walk_id != walk.id or row.token_sha256 not in (None, joining.token_sha256)):
        raise Conflict("id_taken")
    if row is not None and row.revoked_at is not None:
        raise NotAllowed("revoked")
    word = "already" if row is not None and row.token_sha256 else "joined"
    row = row or _new_participant(walk, joining)
    row.token_sha256 = joining.token_sha256
    _learn(row, walk, joining)
    if word == "joined":
        record(actor, "participant.joined", row, walk=walk.id, by_proof=proven)
    return Joined(word, row, proof.prove("participant", row.id, joining.token_sha256))


def heartbeat(actor: Actor, walk_id: uuid.UUID, waiting: Waiting) -> Walk:
    """Note what a phone still holds; return its walk."""
    walk = walk_of_phone(actor, walk_id)
    row = take_turn(actor)
    row.last_contact_at = clock.now()
    row.waiting_observations, row.waiting_photos = waiting.observations, waiting.photos
    row.oldest_waiting_at = waiting.oldest_at
    return walk


def give_contact(actor: Actor, walk_id: uuid.UUID, email: str | None, band: str | None) -> str:
    """Keep where the answer goes afterwards, apart from everything else; no address takes it away again.

    Returns `stored`, or `already` when nothing changed.
    """
    walk_of_phone(actor, walk_id)
    row = take_turn(actor)
    known = db.session.get(ParticipantContact, row.id)
    if (known.email, known.band) == (email, band) if known else email is None:
        return "already"
    if email is None:
        db.session.delete(known)
    elif known is None:
        kept = ParticipantContact(participant_id=row.id, municipality_id=row.municipality_id, email=email, band=band)
        db.session.add(kept)
    else:
        known.email, known.band = email, band
    record(actor, "participant.contact_given" if email else "participant.contact_taken_back", row)
    return "stored"


def note_receipt(actor: Actor, code: str) -> None:
    """Keep the code of a phone's complete receipt, so that two people can compare it by eye."""
    row = take_turn(actor)
    row.receipt_code, row.receipt_at = code, clock.now()


def _opened_walk(walk_id: uuid.UUID) -> Walk:
    walk = db.session.get(Walk, walk_id)
    if walk is None or walk.state in ("draft", "planned", "postponed"):
        raise NotFound("no_walk")
    return walk


def _check_code(walk: Walk, code: str) -> None:
    if not hmac.compare_digest(_plain(code).encode(), _plain(walk.join_code).encode()):
        raise NotSignedIn("bad_code")


def _check_open(walk: Walk) -> None:
    if walk.join_paused:
        raise NotAllowed("paused")
    if walk.state in ("invited", "open"):
        return
    if walk.closed_at is None or clock.now() > walk.closed_at + JOIN_AFTER_CLOSING:
        raise Gone("walk_over")


def _plain(code: str) -> str:
    return "".join(char for char in code.upper() if char.isalnum())


def _is_the_same(row: Participant | None, walk: Walk, joining: Joining) -> bool:
    return row is not None and row.walk_id == walk.id and row.token_sha256 == joining.token_sha256


def _new_participant(walk: Walk, joining: Joining) -> Participant:
    town = db.session.get_one(Municipality, walk.municipality_id)
    most = int(town.settings.get("participants_per_walk", MOST_PARTICIPANTS))
    if (db.session.scalar(select(func.count(Participant.id)).where(Participant.walk_id == walk.id)) or 0) >= most:
        raise TooMany("walk_full", retry_after=600, most=most)
    row = Participant(id=joining.participant_id, municipality_id=walk.municipality_id, walk_id=walk.id)
    row.joined_at = clock.now()
    db.session.add(row)
    return row


def _learn(row: Participant, walk: Walk, joining: Joining) -> None:
    said: dict[str, Any] = {"language": joining.language}
    if "group" in joining.given:
        said["group_id"] = _group(walk, joining.group_id)
    for name, value in said.items():
        setattr(row, name, value)
    db.session.flush()
    if "name" in joining.given:
        _call(row, joining.name)


def _group(walk: Walk, group_id: uuid.UUID | None) -> uuid.UUID | None:
    if group_id is None:
        return None
    group = db.session.get(WalkGroup, group_id)
    if group is None or group.walk_id != walk.id:
        raise Invalid("invalid", field="group")
    return group.id


def _call(row: Participant, name: str | None) -> None:
    known = db.session.get(ParticipantName, row.id)
    if name and known is None:
        db.session.add(ParticipantName(participant_id=row.id, municipality_id=row.municipality_id, name=name))
    elif name and known is not None:
        known.name = name
    elif known is not None:
        db.session.delete(known)


# --- The planner --------------------------------------------------------------------------------------------------
