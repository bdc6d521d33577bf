"""The verbs of a walk: first the phone's, then the planner's."""

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from walkapp.kernel import clock, proof
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db, insert_if_absent
from walkapp.kernel.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from walkapp.kernel.geo import Point
from walkapp.kernel.journal import record
from walkapp.people import queries as people
from walkapp.people import service as people_service
from walkapp.people.access import coordinates
from walkapp.people.models import Municipality
from walkapp.people.rules import hashed, one_line, tidy_email

from . import access, queries, rules, states
from .models import (
    Area,
    Invitation,
    InvitationContact,
    Participant,
    ParticipantContact,
    ParticipantName,
    Stop,
    Walk,
    WalkGroup,
)

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
    row = row or _new_participant(walk, joining)
    if row.walk_id != walk.id or row.token_sha256 not in (None, joining.token_sha256):
        raise Conflict("id_taken")
    if row.revoked_at is not None:
        raise NotAllowed("revoked")
    word = "already" if row.token_sha256 else "joined"
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
    if walk.closed_at is None or clock.now() > walk.closed_at + rules.JOIN_AFTER_CLOSING:
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
    # two tries of one phone may meet: the second finds the row of the first
    values = {"municipality_id": walk.municipality_id, "walk_id": walk.id, "joined_at": clock.now()}
    insert_if_absent(Participant, id=joining.participant_id, **values)
    return db.session.get_one(Participant, joining.participant_id, with_for_update=True)


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

CHANGEABLE = ("draft", "planned", "invited", "postponed", "open")
MOST_INVITED = 300
TELLS_THE_INVITED = ("starts_at", "ends_at", "meeting_point")


@dataclass(frozen=True)
class Details:
    """What a walk is: everything but its stops, groups and guests."""

    name: str
    starts_at: datetime
    ends_at: datetime
    type: str = "inventory"
    theme: str | None = None
    purpose: str | None = None
    meeting_point: str | None = None
    meeting: Point | None = None
    accessibility: str | None = None
    most_people: int = 20
    registry_number: str | None = None
    leader_id: uuid.UUID | None = None
    area_id: uuid.UUID | None = None
    area_name: str | None = None
    area_shape: dict[str, Any] | None = None
    area_reason: str | None = None
    route: dict[str, Any] | None = None


@dataclass(frozen=True)
class StopPlan:
    """A stop as it shall be; `id` when it is there already."""

    name: str
    lat: float | None = None
    lon: float | None = None
    questions: tuple[str, ...] = ()
    id: uuid.UUID | None = None


@dataclass(frozen=True)
class GroupPlan:
    """A group as it shall be; `id` when it is there already."""

    name: str
    leader_id: uuid.UUID | None = None
    id: uuid.UUID | None = None


@dataclass(frozen=True)
class Guest:
    """Somebody to invite: the role is what the report counts."""

    role: str
    name: str
    email: str


def create(actor: Actor, details: Details) -> Walk:
    """Begin a walk: a draft, seen by its makers alone."""
    if actor.municipality_id is None or not coordinates(actor, actor.municipality_id):
        raise NotAllowed("walk.may_not_create")
    walk = Walk(municipality_id=actor.municipality_id, join_code=_unused_code())
    _describe(actor, walk, details)
    db.session.add(walk)
    db.session.flush()
    _name_leaders(actor, walk)
    record(actor, "walk.drafted", walk, name=walk.name)
    return walk


def change(actor: Actor, walk_id: uuid.UUID, details: Details) -> Walk:
    """Describe a walk anew. `walk.moved` is written when those who were invited have to be told."""
    walk = _changeable(actor, walk_id)
    before = {name: getattr(walk, name) for name in TELLS_THE_INVITED}
    _describe(actor, walk, details)
    db.session.flush()
    _name_leaders(actor, walk)
    after = {name: getattr(walk, name) for name in TELLS_THE_INVITED}
    moved = before != after and walk.state in ("invited", "open")
    record(actor, "walk.moved" if moved else "walk.changed", walk, before=before, after=after)
    return walk


def _changeable(actor: Actor, walk_id: uuid.UUID) -> Walk:
    walk = access.walk_for(actor, walk_id, to="lead")
    if walk.state not in CHANGEABLE:
        raise Conflict("walk.cannot_change", state=walk.state)
    return walk


def _describe(actor: Actor, walk: Walk, details: Details) -> None:
    if not details.name.strip() or len(details.name) > 120 or not one_line(details.name):
        raise Invalid("walk.bad_name", field="name")
    if details.type not in rules.TYPES:
        raise Invalid("walk.no_such_type", field="type", type=details.type)
    if details.theme is not None and details.theme not in rules.THEMES:
        raise Invalid("walk.no_such_theme", field="theme", theme=details.theme)
    if details.ends_at <= details.starts_at or details.ends_at - details.starts_at > timedelta(hours=12):
        raise Invalid("walk.ends_before_it_begins", field="ends")
    if details.leader_id is not None and people.one(actor, details.leader_id) is None:
        raise Invalid("walk.no_such_leader", field="leader")
    simple = ("type", "theme", "purpose", "starts_at", "ends_at", "meeting_point", "accessibility")
    for name in (*simple, "most_people", "registry_number", "leader_id", "route"):
        setattr(walk, name, getattr(details, name))
    walk.name = details.name.strip()
    walk.meeting_lat, walk.meeting_lon = (details.meeting.lat, details.meeting.lon) if details.meeting else (None, None)
    walk.area = _area(actor, walk, details)


def _area(actor: Actor, walk: Walk, details: Details) -> Area | None:
    """The area as described. Drawn anew, an area that another walk used stays as it was, and a new one is made."""
    area = walk.area or (db.session.get(Area, details.area_id) if details.area_id else None)
    if area is not None and area.municipality_id != actor.municipality_id:
        raise NotFound("area.not_found")
    name, shape = (details.area_name or "").strip(), details.area_shape
    if area is None and not name and shape is None:
        return None
    shared = area is not None and _walked_before(area, walk)
    if area is None or (shared and shape is not None and shape != area.shape):
        reason = area.reason if area else None
        area, shared = Area(municipality_id=actor.municipality_id, name="", reason=reason), False
        db.session.add(area)
    area.name = name or area.name or details.name.strip()
    area.reason = details.area_reason or area.reason
    if shape is not None or not shared:
        area.shape = shape
    db.session.flush()
    return area


def _walked_before(area: Area, walk: Walk) -> bool:
    others = select(Walk.id).where(Walk.area_id == area.id, Walk.id != walk.id).limit(1)
    with db.session.no_autoflush:
        return db.session.scalar(others) is not None


def _unused_code() -> str:
    while True:
        code = rules.new_code()
        if db.session.scalar(select(Walk.id).where(Walk.join_code == code)) is None:
            return code


def _name_leaders(actor: Actor, walk: Walk) -> None:
    """Give those who lead the walk, or a group of it, the role for this walk; take it from those who do not."""
    named = {one for one in (walk.leader_id, *(group.leader_id for group in walk.groups)) if one}
    held = {row.person_id for row in people.grants_for_walk(actor, walk.id)}
    for person_id in named | held:
        person = people.one(actor, person_id)
        if person is not None and person_id in named - held:
            people_service.grant(actor, person, "walk_leader", walk_id=walk.id)
        elif person is not None and person_id in held - named:
            people_service.withdraw(actor, person, "walk_leader", walk_id=walk.id)


def set_stops(actor: Actor, walk_id: uuid.UUID, stops: Sequence[StopPlan]) -> list[Stop]:
    """Lay the stops in this order; those that are not named are taken away."""
    walk = _changeable(actor, walk_id)
    if len(stops) > rules.MOST_STOPS:
        raise Invalid("walk.too_many_stops", field="stops", most=rules.MOST_STOPS)
    known = {stop.id: stop for stop in walk.stops}
    laid = [_lay(walk, known.get(wanted.id) if wanted.id else None, wanted) for wanted in stops]
    for position, stop in enumerate(laid, 1):
        stop.position = position
    walk.stops[:] = laid
    db.session.flush()
    record(actor, "walk.stops_laid", walk, stops=[stop.name for stop in laid])
    return laid


def _lay(walk: Walk, stop: Stop | None, wanted: StopPlan) -> Stop:
    if not wanted.name.strip() or len(wanted.name) > 120:
        raise Invalid("walk.stop_without_name", field="stops")
    stop = stop or Stop(municipality_id=walk.municipality_id, walk_id=walk.id)
    stop.name, stop.lat, stop.lon = wanted.name.strip(), wanted.lat, wanted.lon
    stop.questions = [question.strip() for question in wanted.questions if question.strip()][: rules.MOST_QUESTIONS]
    return stop


def set_groups(actor: Actor, walk_id: uuid.UUID, groups: Sequence[GroupPlan]) -> list[WalkGroup]:
    """Make the walk's groups these; phones of a group that is taken away belong to none."""
    walk = _changeable(actor, walk_id)
    known = {group.id: group for group in walk.groups}
    made = []
    for wanted in groups:
        if not wanted.name.strip() or len(wanted.name) > 60:
            raise Invalid("walk.group_without_name", field="groups")
        if wanted.leader_id is not None and people.one(actor, wanted.leader_id) is None:
            raise Invalid("walk.no_such_leader", field="groups")
        group = (known.get(wanted.id) if wanted.id else None) or WalkGroup(municipality_id=walk.municipality_id)
        group.name, group.leader_id = wanted.name.strip(), wanted.leader_id
        made.append(group)
    walk.groups[:] = made
    db.session.flush()
    _name_leaders(actor, walk)
    record(actor, "walk.groups_made", walk, groups=[group.name for group in made])
    return made


def plan(actor: Actor, walk_id: uuid.UUID) -> Walk:
    """Say that the walk will be: it has an area, a date and a leader."""
    walk = access.walk_for(actor, walk_id, to="lead")
    lacking = rules.lacks_for_planning(area=walk.area_id is not None, leader=walk.leader_id is not None)
    if walk.can("plan") and lacking:
        raise Conflict("walk.not_ready_to_plan", missing=list(lacking))
    return _step(actor, walk, "plan", "walk.planned")


def add_guests(actor: Actor, walk_id: uuid.UUID, guests: Sequence[Guest]) -> list[Invitation]:
    """Write invitations; nothing is sent yet. An address that is invited already is left as it is."""
    walk = access.walk_for(actor, walk_id, to="lead")
    if walk.state not in CHANGEABLE:
        raise Conflict("walk.cannot_invite", state=walk.state)
    known = {row.contact.email for row in queries.invitations(actor, walk)}
    written = []
    for guest in guests:
        invitation = _invitation(walk, guest)
        if invitation.contact.email not in known:
            known.add(invitation.contact.email)
            db.session.add(invitation)
            written.append(invitation)
    if len(known) > MOST_INVITED:
        raise Invalid("invitation.too_many", field="guests", most=MOST_INVITED)
    db.session.flush()
    for invitation in written:
        record(actor, "invitation.written", invitation, role=invitation.role)
    return written


def _invitation(walk: Walk, guest: Guest) -> Invitation:
    email, name, role = tidy_email(guest.email), guest.name.strip(), guest.role.strip()
    if email is None:
        raise Invalid("invitation.bad_email", field="email")
    if not role or any(len(text) > 120 or not one_line(text) for text in (name, role)):
        raise Invalid("invitation.bad_name", field="name")
    invitation = Invitation(municipality_id=walk.municipality_id, walk_id=walk.id, role=role, sequence=0)
    invitation.contact = InvitationContact(municipality_id=walk.municipality_id, name=name, email=email)
    return invitation


def invite(actor: Actor, walk_id: uuid.UUID) -> list[Invitation]:
    """Send the invitations that are written; the walk is then invited to, and can be joined.

    After a walk was put off and planned anew, those who had been called off are written to again.
    """
    walk = access.walk_for(actor, walk_id, to="lead")
    rows = queries.invitations(actor, walk)
    unsent = [row for row in rows if row.state == "written"]
    called_off = [row for row in rows if row.state in ("sent", "yes", "no")] if walk.state == "planned" else []
    if walk.state != "open":  # while it is under way, somebody more may still be invited
        _step(actor, walk, "invite", "walk.invited", invitations=len(unsent) + len(called_off))
    for row in called_off:
        row.sequence += 1
    return [_send(actor, row) for row in (*unsent, *called_off)]


def send_again(actor: Actor, walk_id: uuid.UUID, *, to_everyone: bool) -> list[Invitation]:
    """Send the invitation again: to those who have not answered, or, when something has changed, to everyone."""
    walk = access.walk_for(actor, walk_id, to="lead")
    if walk.state not in ("invited", "open"):
        raise Conflict("walk.cannot_invite", state=walk.state)
    states = ("sent", "yes", "no") if to_everyone else ("sent",)
    again = [row for row in queries.invitations(actor, walk) if row.state in states]
    for row in again:
        row.sequence += 1
    return [_send(actor, row) for row in again]


def _send(actor: Actor, invitation: Invitation) -> Invitation:
    invitation.go("send")
    invitation.sent_at = clock.now()
    record(actor, "invitation.sent", invitation, sequence=invitation.sequence)
    return invitation


def withdraw_invitation(actor: Actor, walk_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
    """Take an invitation back; who had it by letter is told."""
    walk = access.walk_for(actor, walk_id, to="lead")
    found = next((row for row in queries.invitations(actor, walk) if row.id == invitation_id), None)
    if found is None:
        raise NotFound("invitation.not_found")
    was_sent = found.state in ("sent", "yes")
    found.go("withdraw")
    if was_sent:
        _call_off(actor, found, "withdrawn", None)
    record(actor, "invitation.withdrawn", found)
    return found


def _call_off(actor: Actor, invitation: Invitation, why: str, reason: str | None) -> None:
    invitation.sequence += 1
    record(actor, "invitation.called_off", invitation, sequence=invitation.sequence, why=why, reason=reason)


def answer_invitation(token: str, answer: str) -> Invitation:
    """Answer an invitation, yes or no, by the token in its letter. It can be changed until the walk is over."""
    found = queries.invitation_by_token(token)
    if found is None or found.state == "withdrawn":
        raise NotFound("invitation.not_found")
    walk = db.session.get_one(Walk, found.walk_id)
    if walk.state not in ("invited", "open"):
        raise Gone("invitation.over", state=walk.state)
    if answer not in ("yes", "no"):
        raise Invalid("invitation.no_such_answer", field="answer")
    found.go("accept" if answer == "yes" else "decline")
    found.answered_at = clock.now()
    guest = Actor("invitation", found.municipality_id, found.id, walk_id=walk.id)
    record(guest, "invitation.answered", found, answer=answer)
    return found


def keep_token(invitation: Invitation, token: str) -> None:
    """Keep the hash of the token that the invitation's letter carries."""
    invitation.token_sha256 = hashed(token)


def begin(actor: Actor, walk_id: uuid.UUID, *, free: bool = False) -> Walk:
    """Open the walk: from now on observations are expected. Without stops it must be said that it walks freely."""
    walk = access.walk_for(actor, walk_id, to="lead")
    lacking = rules.lacks_for_opening(stops=len(walk.stops), free=free)
    if walk.can("open") and lacking:
        raise Conflict("walk.not_ready_to_open", missing=list(lacking))
    _step(actor, walk, "open", "walk.opened", free=free)
    walk.opened_at, walk.closed_at = walk.opened_at or clock.now(), None
    return walk


def close(actor: Actor, walk_id: uuid.UUID) -> Walk:
    """Close the walk. Phones may hand over what they hold for twelve hours more; later comes to the late tray."""
    walk = access.walk_for(actor, walk_id, to="lead")
    _step(actor, walk, "close", "walk.closed")
    walk.closed_at = clock.now()
    return walk


def cancel(actor: Actor, walk_id: uuid.UUID, reason: str) -> Walk:
    """Call the walk off for good; everyone who was invited and has not said no is told why."""
    return _call_the_walk_off(actor, walk_id, "cancel", "cancelled", reason)


def postpone(actor: Actor, walk_id: uuid.UUID, reason: str) -> Walk:
    """Put the walk off to a day that is not known yet; everyone who was invited and has not said no is told why."""
    return _call_the_walk_off(actor, walk_id, "postpone", "postponed", reason)


def _call_the_walk_off(actor: Actor, walk_id: uuid.UUID, verb: str, state: str, reason: str) -> Walk:
    walk = access.walk_for(actor, walk_id, to="coordinate")
    said = reason.strip()
    if walk.can(verb) and not said:
        raise Invalid("walk.reason_missing", field="reason")
    _step(actor, walk, verb, f"walk.{state}", reason=said)
    for invitation in queries.invitations(actor, walk):
        if invitation.state in ("sent", "yes"):
            _call_off(actor, invitation, state, said)
    return walk


def begin_review(actor: Actor, walk_id: uuid.UUID) -> Walk:
    """Begin to review what came in; a no-op when it is begun."""
    walk = access.walk_for(actor, walk_id, to="coordinate")
    if walk.state != "reviewing":
        _step(actor, walk, "review", "walk.reviewing")
    return walk


def advance(actor: Actor, walk_id: uuid.UUID, verb: str) -> Walk:
    """Take a later step (minute, assign, answer, follow_up, archive) for the floor above that knows it is due."""
    if verb not in ("minute", "assign", "answer", "follow_up", "archive"):
        raise ValueError(f"not a later step: {verb}")
    walk = access.walk_for(actor, walk_id, to="coordinate")
    return _step(actor, walk, verb, f"walk.{walk.machine.after(walk.state, verb)}")


def publish(actor: Actor, walk_id: uuid.UUID) -> Walk:
    """Show the walk on the municipality's public page."""
    walk = access.walk_for(actor, walk_id, to="coordinate")
    if walk.state not in states.PUBLIC_FROM:
        raise Conflict("walk.cannot_publish", state=walk.state)
    if walk.published_at is None:
        walk.published_at = clock.now()
        record(actor, "walk.published", walk)
    return walk


def unpublish(actor: Actor, walk_id: uuid.UUID) -> Walk:
    """Take the walk off the public page."""
    walk = access.walk_for(actor, walk_id, to="coordinate")
    if walk.published_at is not None:
        walk.published_at = None
        record(actor, "walk.unpublished", walk)
    return walk


def rotate_code(actor: Actor, walk_id: uuid.UUID) -> Walk:
    """Give the walk a new join code; phones that have joined notice nothing."""
    walk = access.walk_for(actor, walk_id, to="lead")
    walk.join_code = _unused_code()
    record(actor, "walk.code_rotated", walk)
    return walk


def pause_joining(actor: Actor, walk_id: uuid.UUID, *, paused: bool) -> Walk:
    """Let nobody more join for a while, or let them again."""
    walk = access.walk_for(actor, walk_id, to="lead")
    if walk.join_paused != paused:
        walk.join_paused = paused
        record(actor, "walk.joining_paused" if paused else "walk.joining_resumed", walk)
    return walk


def show_others(actor: Actor, walk_id: uuid.UUID, *, shown: bool) -> Walk:
    """Let participants see one another's observations, or not."""
    walk = access.walk_for(actor, walk_id, to="lead")
    if walk.shows_others != shown:
        walk.shows_others = shown
        record(actor, "walk.others_shown" if shown else "walk.others_hidden", walk)
    return walk


def revoke(actor: Actor, walk_id: uuid.UUID, participant_id: uuid.UUID) -> Participant:
    """Shut a phone out of the walk. What it has sent stays."""
    walk = access.walk_for(actor, walk_id, to="lead")
    phone = db.session.get(Participant, participant_id)
    if phone is None or phone.walk_id != walk.id:
        raise NotFound("participant.not_found")
    if phone.revoked_at is None:
        phone.revoked_at = clock.now()
        record(actor, "participant.revoked", phone, walk=walk.id)
    return phone


def _step(actor: Actor, walk: Walk, verb: str, event: str, **facts: Any) -> Walk:
    before = walk.state
    walk.go(verb)
    record(actor, event, walk, before=before, **facts)
    return walk
