"""The verbs of an observation: first the phone's, then the coordinator's."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import delete, func, select

from walkapp.kernel import clock, limits, proof
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotFound, TooMany
from walkapp.kernel.geo import Point
from walkapp.kernel.journal import record
from walkapp.kernel.light import light_at
from walkapp.kernel.series import next_number
from walkapp.people.models import Municipality
from walkapp.photos import queries as photos
from walkapp.photos import service as photo_service
from walkapp.photos.store import Received
from walkapp.walks import service as walks
from walkapp.walks.models import Stop, Walk

from . import queries, rules
from .models import Observation, ObservationPhoto, Rating, ReceivedBody, Voice

PER_MINUTE = 60
PER_WALK = 500
BODIES_PER_WALK = 5000
PHOTOS_PER_OBSERVATION = 3
UNLISTED_PHOTOS = 20

# --- The phone ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """An envelope: the id in the address, the bytes as they came, and what stood beside them."""

    id: uuid.UUID
    raw: bytes
    sent_at: datetime | None = None
    client: str | None = None
    proof: str | None = None

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes: the same bytes are the same letter."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True)
class ListedPhoto:
    """A photo that an observation lists; it may come later."""

    sha256: str
    bytes: int
    taken_at: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """What a participant says about one thing seen."""

    walk_id: uuid.UUID
    revision: int
    kind: str
    made_at: datetime
    sequence: int
    base_revision: int | None = None
    category: str | None = None
    text: str | None = None
    proposal: str | None = None
    feeling: int | None = None
    acute: bool = False
    stop_id: uuid.UUID | None = None
    asset: str | None = None
    said_by: str = "self"
    voices: int = 1
    withdrawn: bool = False
    place: Point | None = None
    accuracy_m: float | None = None
    place_source: str = "none"
    fixed_at: datetime | None = None
    address: str | None = None
    photos: Sequence[ListedPhoto] = ()


@dataclass(frozen=True)
class Scored:
    """The silent score at a stop."""

    walk_id: uuid.UUID
    revision: int
    made_at: datetime
    stop_id: uuid.UUID | None
    score: int | None
    score_dark: int | None = None
    base_revision: int | None = None
    answers: Sequence[dict[str, str]] = ()
    profile: dict[str, int] | None = None


@dataclass(frozen=True)
class Agreed:
    """One more voice: somebody saw it too."""

    walk_id: uuid.UUID
    observation_id: uuid.UUID
    made_at: datetime
    revision: int = 1
    base_revision: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a phone is told: stored, already, superseded, held, or conflict with the `current` revision."""

    word: str
    id: uuid.UUID
    revision: int
    sha256: str
    number: int | None
    proof: str
    current: int | None = None


def receive(actor: Actor, sent: Sent, seen: Seen) -> Outcome:
    """Take an observation from a phone. The same bytes again get the same answer; every body is kept."""
    walk = _turn(actor, seen.walk_id)
    row = db.session.get(Observation, sent.id)
    if row is not None and row.participant_id != actor.id:
        raise Conflict("id_taken")
    verdict = _judge(actor, walk, "observation", sent, seen, row.revision if row else None)
    new = row is None
    if verdict.apply:
        row = _write(row or _begin(actor, walk, sent, held=verdict.word == "held"), walk, sent, seen)
    held = row is not None and row.held and verdict.word in ("stored", "already", "held")
    word = "held" if held else {"held": "already"}.get(verdict.word, verdict.word)
    _file(actor, walk, "observation", sent, seen.revision, verdict, word)
    if row is not None and verdict.keep:
        _tell(actor, row, word, new=new)
    return _outcome("observation", sent, seen.revision, word, verdict, row.number if row else None)


def rate(actor: Actor, sent: Sent, scored: Scored) -> Outcome:
    """Take the silent score at a stop; what comes too late is kept, and counts no more."""
    walk = _turn(actor, scored.walk_id)
    row = db.session.get(Rating, sent.id)
    _own(actor, row)
    verdict = _judge(actor, walk, "rating", sent, scored, row.revision if row else None)
    if verdict.apply and verdict.word == "stored":
        row = row or Rating(id=sent.id, municipality_id=walk.municipality_id, walk_id=walk.id, participant_id=actor.id)
        moment = clock.now()
        row.revision, row.stop_id = scored.revision, _stop(walk, scored.stop_id)
        row.score, row.score_dark = scored.score, scored.score_dark
        row.answers, row.profile = list(scored.answers), scored.profile
        row.received_at, row.seen_at = moment, rules.corrected(scored.made_at, sent.sent_at, moment)
        db.session.add(row)
        db.session.flush()
        record(actor, "rating.received", row, revision=scored.revision)
    _file(actor, walk, "rating", sent, scored.revision, verdict, verdict.word)
    return _outcome("rating", sent, scored.revision, verdict.word, verdict, None)


def agree(actor: Actor, sent: Sent, agreed: Agreed) -> Outcome:
    """Take one more voice for another participant's observation."""
    walk = _turn(actor, agreed.walk_id)
    row = db.session.get(Voice, sent.id)
    _own(actor, row)
    seen = db.session.get(Observation, agreed.observation_id)
    if seen is not None and seen.participant_id == actor.id:
        raise Invalid("own_observation", field="observation")
    verdict = _judge(actor, walk, "voice", sent, agreed, 1 if row else None)
    if verdict.apply and verdict.word == "stored":
        moment = clock.now()
        row = Voice(id=sent.id, municipality_id=walk.municipality_id, walk_id=walk.id, participant_id=actor.id)
        row.observation_id = agreed.observation_id
        row.received_at, row.seen_at = moment, rules.corrected(agreed.made_at, sent.sent_at, moment)
        db.session.add(row)
        db.session.flush()
        record(actor, "voice.received", row, observation=agreed.observation_id)
    _file(actor, walk, "voice", sent, 1, verdict, verdict.word)
    return _outcome("voice", sent, 1, verdict.word, verdict, None)


def may_send_photo(actor: Actor, observation_id: uuid.UUID, sha256: str) -> None:
    """Refuse a photo before its bytes are read: under another's observation, or one too many."""
    row = db.session.get(Observation, observation_id)
    if row is not None and row.participant_id != actor.id:
        raise Conflict("id_taken")
    if actor.id is None or not limits.in_force() or photos.sent_by(actor.id, sha256):
        return
    listed = queries.hashes_listed_by(actor.id)
    arrived = {photo.sha256 for photo in photos.all_sent_by(actor.id)}
    if sha256 not in listed and len(arrived - listed) >= UNLISTED_PHOTOS:
        raise TooMany("too_many_photos", retry_after=60, most=UNLISTED_PHOTOS)
    if len(arrived) >= PHOTOS_PER_OBSERVATION * queries.count_sent_by(actor.id) + UNLISTED_PHOTOS:
        raise TooMany("too_many_photos", retry_after=60, most=PHOTOS_PER_OBSERVATION)


def keep_photo(actor: Actor, received: Received) -> tuple[str, str]:
    """Write the row of a photo whose bytes are on the disk; return the word and the proof."""
    walks.take_turn(actor)
    word, photo = photo_service.keep(actor, received)
    return word, proof.prove("photo", actor.id, photo.sha256)


def settle_receipt(actor: Actor, walk_id: uuid.UUID, asked: queries.Asked) -> queries.Receipt:
    """Tell a phone what has arrived of what it asks for; keep the code of a complete receipt."""
    walks.walk_of_phone(actor, walk_id)
    receipt = queries.receipt(actor, asked)
    if receipt.digest is not None:
        walks.note_receipt(actor, rules.spoken(receipt.digest))
    return receipt


def _turn(actor: Actor, walk_id: uuid.UUID) -> Walk:
    walks.take_turn(actor)
    walk = db.session.get(Walk, walk_id)
    if walk is None:
        raise NotFound("no_walk")
    if walk.id != actor.walk_id:
        raise Invalid("walk", field="walk")
    return walk


def _own(actor: Actor, row: Rating | Voice | None) -> None:
    if row is not None and row.participant_id != actor.id:
        raise Conflict("id_taken")


def _judge(actor: Actor, walk: Walk, kind: str, sent: Sent, said: Any, standing: int | None) -> rules.Verdict:
    known = queries.bodies_of(actor, kind, sent.id)
    verdict = rules.judge(
        known,
        revision=said.revision,
        base=said.base_revision,
        sha256=sent.sha256,
        standing=standing,
        late=rules.is_late(walk.state, walk.closed_at, clock.now()),
        proven=proof.is_proven(sent.proof, kind, sent.id, sent.sha256),
    )
    if verdict.keep and limits.in_force():
        _stay_within(actor, kind, new=not known)
    return verdict


def _stay_within(actor: Actor, kind: str, *, new: bool) -> None:
    limits.spend(f"{kind}:{actor.id}", PER_MINUTE)
    mine = (ReceivedBody.participant_id == actor.id, ReceivedBody.kind == kind)
    if (db.session.scalar(select(func.count(ReceivedBody.id)).where(*mine)) or 0) >= BODIES_PER_WALK:
        raise TooMany("too_many", retry_after=3600, most=BODIES_PER_WALK)
    counted = select(func.count(func.distinct(ReceivedBody.subject_id))).where(*mine)
    if new and (db.session.scalar(counted) or 0) >= PER_WALK:
        raise TooMany("too_many", retry_after=3600, most=PER_WALK)


def _begin(actor: Actor, walk: Walk, sent: Sent, *, held: bool) -> Observation:
    row = Observation(id=sent.id, municipality_id=walk.municipality_id, walk_id=walk.id, participant_id=actor.id)
    row.received_at, row.held, row.sensitive = clock.now(), held, False
    row.number = None if held else next_number(walk.municipality_id, walk.id, "observation")
    return row


def _write(row: Observation, walk: Walk, sent: Sent, seen: Seen) -> Observation:
    moment = clock.now()
    same_words = ("revision", "kind", "category", "text", "proposal", "feeling", "acute", "asset", "said_by", "voices")
    for name in (*same_words, "withdrawn", "accuracy_m", "place_source", "fixed_at", "address", "made_at", "sequence"):
        setattr(row, name, getattr(seen, name))
    row.lat, row.lon = (seen.place.lat, seen.place.lon) if seen.place else (None, None)
    row.stop_id = _stop(walk, seen.stop_id)
    row.needs_place = seen.place is None and not seen.address and row.stop_id is None
    row.sensitive = row.sensitive or rules.points_at_a_person(seen.text, seen.proposal, seen.address)
    row.seen_at = rules.corrected(seen.made_at, sent.sent_at, moment)
    row.light = light_at(row.seen_at, seen.place or walk.meeting_place or _centre(walk))
    db.session.add(row)
    db.session.flush()
    _list_photos(row, seen.photos)
    return row


def _centre(walk: Walk) -> Point:
    return db.session.get_one(Municipality, walk.municipality_id).centre


def _stop(walk: Walk, stop_id: uuid.UUID | None) -> uuid.UUID | None:
    """Return the stop; one that was taken away since the phone read of it is no reason to refuse the words."""
    stop = db.session.get(Stop, stop_id) if stop_id else None
    if stop is not None and stop.walk_id != walk.id:
        raise Invalid("invalid", field="stop")
    return stop.id if stop else None


def _list_photos(row: Observation, listed: Sequence[ListedPhoto]) -> None:
    db.session.execute(delete(ObservationPhoto).where(ObservationPhoto.observation_id == row.id))
    once = {photo.sha256: photo for photo in listed}
    for position, photo in enumerate(once.values(), 1):
        entry = ObservationPhoto(municipality_id=row.municipality_id, observation_id=row.id, position=position)
        entry.sha256, entry.bytes, entry.taken_at = photo.sha256, photo.bytes, photo.taken_at
        db.session.add(entry)
    db.session.flush()
    db.session.expire(row, ["photos"])


def _file(actor: Actor, walk: Walk, kind: str, sent: Sent, revision: int, verdict: rules.Verdict, word: str) -> None:
    if not verdict.keep:
        return
    kept = ReceivedBody(
        municipality_id=walk.municipality_id,
        kind=kind,
        subject_id=sent.id,
        participant_id=actor.id,
        revision=revision,
        sha256=sent.sha256,
        body=sent.raw,
        verdict=word,
        received_at=clock.now(),
        sent_at=sent.sent_at,
        client=sent.client,
    )
    db.session.add(kept)
    db.session.flush()


def _tell(actor: Actor, row: Observation, word: str, *, new: bool) -> None:
    if word == "superseded":
        return
    arrived = "observation.received" if new else "observation.revised"
    event = {"conflict": "observation.conflicted", "held": "observation.held"}.get(word, arrived)
    if row.withdrawn and word != "conflict":
        event = "observation.withdrawn"
    record(actor, event, row, revision=row.revision, number=row.number, acute=row.acute)


def _outcome(kind: str, sent: Sent, revision: int, word: str, verdict: rules.Verdict, number: int | None) -> Outcome:
    made = "" if word == "conflict" else proof.prove(kind, sent.id, sent.sha256)
    return Outcome(word, sent.id, revision, sent.sha256, number, made, verdict.current)


# --- The coordinator ----------------------------------------------------------------------------------------------
