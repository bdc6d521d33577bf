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
from walkapp.walks.access import walk_for
from walkapp.walks.models import Stop, Walk

from . import queries, rules
from .access import observation_for
from .models import Curation, MergeLink, Observation, ObservationPhoto, Rating, ReceivedBody, Voice
from .states import PILE

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
    was_read = row.state is not None and row.state not in PILE
    said = _as_said(seen, _stop(walk, seen.stop_id))
    for name, value in (_beside_what_was_read(row, said) if was_read else said).items():
        setattr(row, name, value)
    row.revision, row.withdrawn = seen.revision, seen.withdrawn
    row.needs_place = not _has_place(row)
    if not was_read:
        row.sensitive = row.sensitive or rules.points_at_a_person(seen.text, seen.proposal, seen.address)
    row.seen_at = rules.corrected(seen.made_at, sent.sent_at, moment)
    row.light = light_at(row.seen_at, seen.place or walk.meeting_place or _centre(walk))
    new = row not in db.session
    db.session.add(row)
    db.session.flush()
    if seen.photos or not new:
        _list_photos(row, seen.photos)
    return row


def _as_said(seen: Seen, stop_id: uuid.UUID | None) -> dict[str, Any]:
    words = ("kind", "category", "text", "proposal", "feeling", "acute", "asset", "said_by", "voices")
    told = {name: getattr(seen, name) for name in (*words, "accuracy_m", "place_source", "fixed_at", "address")}
    lat, lon = (seen.place.lat, seen.place.lon) if seen.place else (None, None)
    return {**told, "stop_id": stop_id, "lat": lat, "lon": lon, "made_at": seen.made_at, "sequence": seen.sequence}


def _beside_what_was_read(row: Observation, said: dict[str, Any]) -> dict[str, Any]:
    """Let what a person has read stay what others see, and return what may be written beside it.

    Why: a phone may send its next revision after the review, even after the report is published; nobody else is to read
    words that no coordinator has. What had no words then gets none now; every body is kept as it came.
    """
    point, curation = row.point, _curation(row)
    curation.kind, curation.category = row.curated_kind, row.curated_category
    curation.text, curation.proposal, curation.place = row.wording, row.proposed, row.place
    curation.lat, curation.lon = (point.lat, point.lon) if point else (None, None)
    own = {"category": "category", "text": "text", "proposal": "proposal", "place": "address"} | {
        "lat": "lat",
        "lon": "lon",
    }
    empty = {own[name] for name in own if getattr(curation, name) is None}
    return {name: value for name, value in said.items() if name not in {*empty, "asset", "voices"}}


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


# --- The coordinator ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """What the coordinator makes of an observation. None leaves the participant's own standing."""

    kind: str | None = None
    category: str | None = None
    text: str | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    proposal: str | None = None


@dataclass(frozen=True)
class Reason:
    """Why: a code to count by, and a sentence to read."""

    code: str
    sentence: str


EDITED = ("kind", "category", "text", "proposal", "place", "lat", "lon")
TAKES_BACK = ("kept", "merged", "redirected", "set_aside", "noted", "preserved", "sent", "masked")


def edit(actor: Actor, observation_id: uuid.UUID, changes: Edit) -> Observation:
    """Put the coordinator's reading beside the participant's own words, which stay as they are."""
    row = _under_review(actor, observation_id)
    own = {"kind": row.kind, "category": row.category, "text": row.text, "place": row.address}
    own["proposal"] = row.proposal
    wanted = {name: getattr(changes, name) for name in EDITED}
    wanted |= {name: None for name, value in own.items() if wanted[name] in (value, "")}
    if (wanted["lat"], wanted["lon"]) == (row.lat, row.lon):
        wanted["lat"] = wanted["lon"] = None
    old = _curated(row)
    if wanted != old:
        _curate(row, wanted)
        record(actor, "observation.edited", row, old=old, new=wanted)
    return row


def keep(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Keep an observation. A place in some form is required (R1)."""
    row = _under_review(actor, observation_id)
    was = _keep(row)
    record(actor, "observation.kept", row, was=was)
    return row


def note(actor: Actor, observation_id: uuid.UUID, sentence: str) -> Observation:
    """Keep an observation that needs no action, and say why."""
    return _keep_and(actor, observation_id, "note", Reason("no_action", sentence))


def preserve(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Keep a place because it is good: it has no deadline, and comes first in the report (R14)."""
    return _keep_and(actor, observation_id, "preserve", None)


def act(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Note that an action has been opened about this observation; what was not reviewed yet is kept by that."""
    row = _under_review(actor, observation_id)
    if row.state != "actioned":
        was = row.state if row.can("act") else _keep(row)
        row.go("act")
        record(actor, "observation.actioned", row, was=was)
    return row


def release(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Note that no action is about this observation any longer."""
    row = _under_review(actor, observation_id)
    row.go("release")
    record(actor, "observation.kept", row, was="actioned")
    return row


def set_aside(actor: Actor, observation_id: uuid.UUID, reason: Reason) -> Observation:
    """Set an observation aside, with the reason."""
    return _put_away(actor, observation_id, "set_aside", reason)


def redirect(actor: Actor, observation_id: uuid.UUID, reason: Reason) -> Observation:
    """Pass an observation on to where it belongs: fault reports, the police, another walk."""
    return _put_away(actor, observation_id, "redirect", reason)


def mask(actor: Actor, observation_id: uuid.UUID, reason: Reason) -> Observation:
    """Hide an observation from everyone but the coordinator (R16). The record stays, and there is no way back."""
    return _put_away(actor, observation_id, "mask", reason)


def reconsider(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Take an observation up again."""
    row = _under_review(actor, observation_id)
    was = row.state
    row.go("reconsider")
    _clear_reason(row)
    record(actor, f"observation.{row.state}", row, was=was)
    return row


def merge(actor: Actor, kept_id: uuid.UUID, merged_id: uuid.UUID) -> Observation:
    """Let one observation stand for another that says the same. Every voice stays, and the merge can be taken back."""
    kept, merged = _under_review(actor, kept_id), _under_review(actor, merged_id)
    if kept.walk_id != merged.walk_id or kept.id == merged.id or _stands_for(merged.id, kept.id):
        raise Conflict("observation.cannot_merge", state=merged.state)
    kept_was = _keep(kept) if kept.state in PILE else kept.state
    was = merged.state
    merged.go("merge")
    link = MergeLink(
        municipality_id=kept.municipality_id, kept_id=kept.id, merged_id=merged.id, made_at=clock.now(),
        made_by_id=actor.id,
    )  # fmt: skip
    db.session.add(link)
    if kept_was != kept.state:
        record(actor, "observation.kept", kept, was=kept_was)
    record(actor, "observation.merged", merged, was=was, other=kept.id, other_was=kept_was)
    return kept


def split(actor: Actor, merged_id: uuid.UUID) -> Observation:
    """Take a merge back: the two are not the same, and are not suggested again."""
    row = _under_review(actor, merged_id)
    other = _unlink(row)
    row.go("split")
    record(actor, "observation.split", row, was="merged", other=other)
    return row


def tell_apart(actor: Actor, observation_id: uuid.UUID, other_id: uuid.UUID) -> Observation:
    """Say that two which look alike are not the same: they are not suggested again."""
    row, other = _under_review(actor, observation_id), _under_review(actor, other_id)
    record(actor, "observation.told_apart", row, other=other.id)
    return row


def flag(actor: Actor, observation_id: uuid.UUID, *, sensitive: bool, secret: bool) -> Observation:
    """Mark what points at a person, or is secret: then nobody but the coordinator sees it."""
    row = _under_review(actor, observation_id)
    old = {"sensitive": row.sensitive, "secret": row.secret}
    if old != {"sensitive": sensitive, "secret": secret}:
        row.sensitive, row.secret = sensitive, secret
        record(actor, "observation.flagged", row, old=old, new={"sensitive": sensitive, "secret": secret})
    return row


def admit(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Take an observation from the late tray into the pile, and give it its number."""
    row = observation_for(actor, observation_id, to="review")
    if not row.held:
        raise Conflict("observation.not_held", state=row.state)
    row.held, row.admitted_at = False, clock.now()
    row.number = next_number(row.municipality_id, row.walk_id, "observation")
    record(actor, "observation.admitted", row, number=row.number)
    return row


def undo(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Take back the last step with this observation, whatever it was."""
    row = observation_for(actor, observation_id, to="review")
    entry = queries.last_step(row)
    if entry is None:
        raise Conflict("observation.nothing_to_undo", state=row.state)
    if entry.event == "observation.edited":
        _curate(row, entry.facts["old"])
    elif entry.event == "observation.flagged":
        row.sensitive, row.secret = entry.facts["old"]["sensitive"], entry.facts["old"]["secret"]
    elif entry.event != "observation.told_apart":
        _go_back(row, entry.facts)
    record(actor, "observation.undone", row, event=entry.event, entry=entry.id)
    return row


def _go_back(row: Observation, facts: dict[str, Any]) -> None:
    verbs = rules.way_back(row.machine.table, row.state, facts["was"])
    if verbs is None:
        raise Conflict("observation.cannot_undo", state=row.state)
    for verb in verbs:
        if verb == "split":
            _unlink(row)
        row.go(verb)
    _clear_reason(row)
    if facts.get("other_was") in PILE:
        other = db.session.get_one(Observation, uuid.UUID(facts["other"]))
        if other.state == "kept":
            other.go("reconsider")


def _under_review(actor: Actor, observation_id: uuid.UUID) -> Observation:
    """Load what may be reviewed. The first touch after the walk has closed begins the review."""
    row = observation_for(actor, observation_id, to="review")
    if row.held:
        raise Conflict("observation.is_held")
    walk = walk_for(actor, row.walk_id, to="coordinate")
    if walk.can("review"):
        walk.go("review")
        record(actor, "walk.reviewing", walk)
    return row


def _keep(row: Observation) -> str:
    was = row.state
    if row.withdrawn:
        raise Conflict("observation.is_withdrawn", state=row.state)
    if not _has_place(row):
        raise Invalid("observation.needs_place", field="place")
    row.go("keep")
    return was


def _has_place(row: Observation) -> bool:
    point = row.point
    return rules.has_place(point.lat if point else None, point.lon if point else None, row.place, row.stop_id)


def _keep_and(actor: Actor, observation_id: uuid.UUID, verb: str, reason: Reason | None) -> Observation:
    row = _under_review(actor, observation_id)
    was = row.state if row.can(verb) else _keep(row)
    row.go(verb)
    if reason is not None:
        _give_reason(row, reason)
    record(actor, f"observation.{row.state}", row, was=was, **({"reason": reason.sentence} if reason else {}))
    return row


def _put_away(actor: Actor, observation_id: uuid.UUID, verb: str, reason: Reason) -> Observation:
    row = _under_review(actor, observation_id)
    if not reason.sentence.strip():
        raise Invalid("observation.needs_reason", field="sentence")
    was = row.state
    row.go(verb)
    _give_reason(row, reason)
    record(actor, f"observation.{row.state}", row, was=was, reason_code=reason.code, reason=reason.sentence)
    return row


def _curation(row: Observation) -> Curation:
    if row.curation is None:
        row.curation = Curation(observation_id=row.id, municipality_id=row.municipality_id)
        db.session.add(row.curation)
    return row.curation


def _curated(row: Observation) -> dict[str, Any]:
    return {name: getattr(row.curation, name) if row.curation else None for name in EDITED}


def _curate(row: Observation, values: dict[str, Any]) -> None:
    curation = _curation(row)
    for name in EDITED:
        setattr(curation, name, values.get(name))
    row.needs_place = not _has_place(row)


def _give_reason(row: Observation, reason: Reason) -> None:
    curation = _curation(row)
    curation.reason_code, curation.reason = reason.code, reason.sentence.strip()


def _clear_reason(row: Observation) -> None:
    if row.curation is not None:
        row.curation.reason_code = row.curation.reason = None


def _unlink(row: Observation) -> uuid.UUID | None:
    live = select(MergeLink).where(MergeLink.merged_id == row.id, MergeLink.undone_at.is_(None))
    other = None
    for link in db.session.scalars(live):
        link.undone_at, other = clock.now(), link.kept_id
    return other


def _stands_for(above: uuid.UUID, below: uuid.UUID) -> bool:
    """Tell whether `below` is already merged into `above`, also through another: a ring would hide both."""
    here: uuid.UUID | None = below
    while here is not None:
        if here == above:
            return True
        up = select(MergeLink.kept_id).where(MergeLink.merged_id == here, MergeLink.undone_at.is_(None))
        here = db.session.scalar(up)
    return False
