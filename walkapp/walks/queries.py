"""The reads of a walk: first the phone's, then the desk's."""

import uuid
from typing import Any

from sqlalchemy import select

from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.light import light_on
from walkapp.people.models import Municipality

from .models import Participant, ParticipantName, Walk

# --- The phone ----------------------------------------------------------------------------------------------------


def joinable(walk_id: uuid.UUID | None = None) -> Walk | None:
    """Return this walk, or the next one that can be joined now."""
    can = select(Walk).where(Walk.state.in_(("invited", "open")), Walk.join_paused.is_(False))
    if walk_id is not None:
        return db.session.scalar(can.where(Walk.id == walk_id))
    soonest = can.where(Walk.ends_at >= clock.now()).order_by(Walk.starts_at).limit(1)
    return db.session.scalar(soonest) or db.session.scalar(can.order_by(Walk.starts_at.desc()).limit(1))


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
