"""The reads of a walk: first the phone's, then the desk's."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.light import light_on
from walkapp.kernel.order import swedish
from walkapp.people.models import Municipality, PersonContact
from walkapp.people.rules import hashed

from . import access, rules
from .models import Area, Invitation, Participant, ParticipantName, Stop, Walk

# --- The phone ----------------------------------------------------------------------------------------------------


def joinable(walk_id: uuid.UUID | None = None, municipality_id: uuid.UUID | None = None) -> Walk | None:
    """Return this walk, or the one that is best joined now: one under way, else the next, else one just closed."""
    just_closed = Walk.state.in_(("closed", "reviewing")) & (Walk.closed_at >= clock.now() - rules.JOIN_AFTER_CLOSING)
    can = select(Walk).where(Walk.state.in_(("invited", "open")) | just_closed, Walk.join_paused.is_(False))
    if walk_id is not None:
        can = can.where(Walk.id == walk_id)
    if municipality_id is not None:
        can = can.where(Walk.municipality_id == municipality_id)
    ahead = (Walk.state == "invited") & (Walk.ends_at >= clock.now())
    best = case((Walk.state == "open", 0), (ahead, 1), else_=2)
    return db.session.scalar(can.order_by(best, Walk.starts_at).limit(1))


def join_address(base_url: str, walk: Walk) -> str:
    """Return the address that a walk's QR code holds; the code stands in the fragment, which no server sees."""
    return f"{base_url}/field/join#w={walk.id}&k={walk.join_code}"


def pack(actor: Actor, walk: Walk) -> dict[str, Any]:
    """Return all that a phone needs of its walk without network, but for words in the reader's language."""
    town = db.session.get_one(Municipality, walk.municipality_id)
    made = installation()
    place = walk.meeting_place
    light = light_on(clock.local(walk.starts_at).date(), place or town.centre)
    return {
        "walk": {
            "id": str(walk.id),
            "name": walk.name,
            "type": walk.type,
            "theme": walk.theme,
            "state": walk.state,
            "starts_at": walk.starts_at.isoformat(),
            "ends_at": walk.ends_at.isoformat(),
            "meeting_point": walk.meeting_point,
            "meeting_position": {"lat": place.lat, "lon": place.lon} if place else None,
            "accessibility": walk.accessibility,
            "municipality": {"name": town.name, "slug": town.slug},
            "is_demo": bool(made and made.is_demo),
            "light": {
                "sunset_at": light.sunset_at.isoformat() if light.sunset_at else None,
                "dusk_at": light.dusk_at.isoformat() if light.dusk_at else None,
            },
        },
        "area": {"name": walk.area.name, "shape": walk.area.shape} if walk.area else None,
        "route": walk.route,
        "stops": [
            {"id": str(s.id), "order": s.position, "name": s.name, "lat": s.lat, "lon": s.lon, "questions": s.questions}
            for s in walk.stops
        ],
        "groups": [{"id": str(group.id), "name": group.name} for group in walk.groups],
        "numbers": {"emergency": "112", "police": "114 14", "duty": town.duty_number},
        "texts": {"contact": town.contact_text},
    }


def name_of(participant_id: uuid.UUID) -> str | None:
    """Return the name that a participant chose to give."""
    row = db.session.get(ParticipantName, participant_id)
    return row.name if row else None


def participant(actor: Actor) -> Participant:
    """Return the phone's own row."""
    return db.session.get_one(Participant, actor.id)


# --- The desk -----------------------------------------------------------------------------------------------------

OVER = ("minuted", "assigned", "answered", "followed_up", "archived", "cancelled")
LONG_SILENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class WalkRow:
    """A walk in the list."""

    id: uuid.UUID
    name: str
    state: str
    starts_at: datetime
    ends_at: datetime
    area: str | None
    leader: str | None
    stops: int
    phones: int
    coming: int  # invitations answered with yes


def listed(actor: Actor, state: str | None = None) -> list[WalkRow]:
    """Return the walks that the actor sees: what is to come first, soonest first; then what has been, latest first."""
    found = select(Walk).where(access.visible_to(actor))
    if state is not None:
        found = found.where(Walk.state == state)
    walks = list(db.session.scalars(found))
    ids = [walk.id for walk in walks]
    stops, phones = _count(Stop, ids), _count(Participant, ids)
    coming = _count(Invitation, ids, Invitation.state == "yes")
    names = _names({walk.leader_id for walk in walks if walk.leader_id})
    rows = [
        WalkRow(
            walk.id,
            walk.name,
            walk.state,
            walk.starts_at,
            walk.ends_at,
            walk.area.name if walk.area else None,
            names.get(walk.leader_id) if walk.leader_id else None,
            stops.get(walk.id, 0),
            phones.get(walk.id, 0),
            coming.get(walk.id, 0),
        )
        for walk in walks
    ]
    now = clock.now()
    ahead = sorted((row for row in rows if row.ends_at >= now and row.state not in OVER), key=lambda r: r.starts_at)
    been = sorted((row for row in rows if row not in ahead), key=lambda row: row.starts_at, reverse=True)
    return ahead + been


def _count(
    table: type[Stop] | type[Participant] | type[Invitation], walks: list[uuid.UUID], *conditions: ColumnElement[bool]
) -> dict[uuid.UUID, int]:
    counted = select(table.walk_id, func.count()).where(table.walk_id.in_(walks), *conditions).group_by(table.walk_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _names(people_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = select(PersonContact).where(PersonContact.person_id.in_(people_ids))
    return {row.person_id: row.name for row in db.session.scalars(found)}


def one(actor: Actor, walk_id: uuid.UUID, to: str = "read") -> Walk:
    """Return a walk; refuse when the actor may not do this with it."""
    return access.walk_for(actor, walk_id, to=to)


def may(actor: Actor, walk: Walk, to: str) -> bool:
    """Tell whether the actor may do this with the walk: for the buttons of its page."""
    return access.MAY[to](actor, walk)


def areas(actor: Actor) -> list[Area]:
    """Return the areas of the actor's municipality, by name in Swedish order."""
    here = select(Area).where(Area.municipality_id == actor.municipality_id)
    return sorted(db.session.scalars(here), key=lambda area: swedish(area.name))


def leader_of(walk: Walk) -> str | None:
    """Return the leader's name."""
    return _names({walk.leader_id}).get(walk.leader_id) if walk.leader_id else None


def invitations(actor: Actor, walk: Walk) -> list[Invitation]:
    """Return the invitations of a walk, by role and name; for those who may lead it, others get none."""
    if not access.MAY["lead"](actor, walk):
        return []
    found = db.session.scalars(select(Invitation).where(Invitation.walk_id == walk.id))
    return sorted(found, key=lambda row: (swedish(row.role), swedish(row.contact.name), row.contact.email))


def invitation(actor: Actor, invitation_id: uuid.UUID) -> Invitation | None:
    """Return one invitation of the actor's municipality."""
    found = db.session.get(Invitation, invitation_id)
    return found if found is not None and found.municipality_id == actor.municipality_id else None


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation that the token of its letter opens."""
    return db.session.scalar(select(Invitation).where(Invitation.token_sha256 == hashed(token.strip())))


def walk_of(invitation: Invitation) -> Walk:
    """Return the walk that an invitation invites to."""
    return db.session.get_one(Walk, invitation.walk_id)


def not_told(actor: Actor, walk: Walk) -> bool:
    """Tell whether time or place has changed since somebody was last written to."""
    told = [row.sent_at for row in invitations(actor, walk) if row.state in ("sent", "yes", "no") and row.sent_at]
    moves = (JournalEntry.subject_id == walk.id, JournalEntry.event == "walk.moved")
    moved = db.session.scalar(select(func.max(JournalEntry.at)).where(*moves))
    return bool(told and moved and min(told) < moved)


def by_spoken_code(code: str | None) -> Walk | None:
    """Return the walk whose code somebody heard and typed; walks that nobody is invited to yet are not told of."""
    if code is None:
        return None
    found = db.session.scalar(select(Walk).where(Walk.join_code == code))
    return found if found is not None and found.state not in ("draft", "planned", "postponed", "cancelled") else None


def can_be_joined(walk: Walk) -> bool:
    """Tell whether a phone may join now: from invited until a day after closing, unless paused."""
    if walk.join_paused:
        return False
    late = walk.closed_at is not None and clock.now() <= walk.closed_at + rules.JOIN_AFTER_CLOSING
    return walk.state in ("invited", "open") or late


@dataclass(frozen=True)
class Phone:
    """A phone on the walk, as its leader sees it: a number by order of joining, a name where one was given."""

    id: uuid.UUID
    number: int
    name: str | None
    group: str | None
    joined_at: datetime
    last_contact_at: datetime | None
    waiting_observations: int
    waiting_photos: int
    oldest_waiting_at: datetime | None
    receipt_code: str | None
    receipt_at: datetime | None
    revoked: bool
    silent: bool  # not heard for long, while it may hold something

    @property
    def waiting(self) -> int:
        """How many things it last said that it still holds."""
        return self.waiting_observations + self.waiting_photos


def phones(actor: Actor, walk: Walk) -> list[Phone]:
    """Return the phones of a walk, those that still hold something first; for those who lead it alone."""
    rows = sorted(access.participants_of(actor, walk), key=lambda row: (row.joined_at, row.id))
    groups = {group.id: group.name for group in walk.groups}
    found = select(ParticipantName).where(ParticipantName.participant_id.in_([row.id for row in rows]))
    names = {row.participant_id: row.name for row in db.session.scalars(found)}
    shown = [_phone(number, row, names, groups) for number, row in enumerate(rows, 1)]
    return sorted(shown, key=lambda phone: (phone.revoked, -phone.waiting, not phone.silent, phone.number))


def _phone(number: int, row: Participant, names: dict[uuid.UUID, str], groups: dict[uuid.UUID, str]) -> Phone:
    heard = row.last_contact_at or row.joined_at
    done = row.receipt_at is not None and not row.waiting_observations and not row.waiting_photos
    return Phone(
        row.id,
        number,
        names.get(row.id),
        groups.get(row.group_id) if row.group_id else None,
        row.joined_at,
        row.last_contact_at,
        row.waiting_observations,
        row.waiting_photos,
        row.oldest_waiting_at,
        row.receipt_code,
        row.receipt_at,
        row.revoked_at is not None,
        not done and clock.now() - heard > LONG_SILENCE,
    )
