"""Who sees an observation, and who may do what with it."""

import uuid

from sqlalchemy import ColumnElement, and_, false, or_, select

from walkapp.kernel.actor import PUBLIC, Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.people.access import coordinates
from walkapp.photos.access import witness
from walkapp.photos.models import Photo
from walkapp.walks.access import visible_to as walks_visible_to
from walkapp.walks.models import Walk

from .models import Observation, ObservationPhoto
from .states import REVIEWED, STANDING

READERS = ("council_member", "chair", "secretary", "archivist")


def for_other_eyes() -> ColumnElement[bool]:
    """What others than the coordinator and the sender may see: not withdrawn, masked, held, secret or sensitive."""
    flags = (Observation.withdrawn, Observation.held, Observation.secret, Observation.sensitive)
    return and_(*(flag.is_(False) for flag in flags), Observation.state != "masked")


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor sees an observation.

    The coordinator sees all of the municipality; a phone its own, and others' when the coordinator opened them; the
    walk's leader what was sent; the council what was reviewed; the public what stands, of published walks. An owner
    sees what its actions are about: that is for the floor above to add.
    """
    if actor.kind == "public":
        return for_other_eyes() & Observation.state.in_(STANDING) & _of(walks_visible_to(PUBLIC))
    if actor.municipality_id is None:
        return false()
    here = Observation.municipality_id == actor.municipality_id
    if actor.kind == "system" or actor.has("coordinator"):
        return here
    if actor.kind == "participant":
        opened = (Walk.id == actor.walk_id) & Walk.shows_others.is_(True)
        others = for_other_eyes() & Observation.state.in_(("sent", *STANDING)) & _of(opened)
        return here & or_(Observation.participant_id == actor.id, others)
    return here & for_other_eyes() & _by_role(actor)


def _by_role(actor: Actor) -> ColumnElement[bool]:
    led = [role.walk_id for role in actor.roles if role.word == "walk_leader" and role.walk_id]
    led_here = Observation.walk_id.in_(led) if led else false()
    if any(actor.has(word) for word in READERS):
        return or_(led_here, Observation.state.in_(REVIEWED) & _of(walks_visible_to(actor)))
    return led_here


def _of(walks: ColumnElement[bool]) -> ColumnElement[bool]:
    return Observation.walk_id.in_(select(Walk.id).where(walks))


def observation_for(actor: Actor, observation_id: uuid.UUID, to: str = "read") -> Observation:
    """Return the observation if the actor may do this with it: read, or review (the coordinator's)."""
    one = select(Observation).where(Observation.id == observation_id, visible_to(actor))
    found = db.session.scalar(one)
    if found is None:
        raise NotFound("observation.not_found")
    if to != "read" and not coordinates(actor, found.municipality_id):
        raise NotAllowed(f"observation.may_not_{to}")
    return found


@witness
def sees_what_it_shows(actor: Actor, photo: Photo) -> bool:
    """A photo is seen by those who see an observation of its sender that lists it."""
    listed = (
        select(Observation.id)
        .join(ObservationPhoto, ObservationPhoto.observation_id == Observation.id)
        .where(ObservationPhoto.sha256 == photo.sha256, Observation.participant_id == photo.sender_id)
        .where(visible_to(actor))
        .limit(1)
    )
    return db.session.scalar(listed) is not None
