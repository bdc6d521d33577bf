"""Who may do what with a walk."""

import uuid
from collections.abc import Callable

from sqlalchemy import ColumnElement, false, or_, select

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.people.access import belongs, coordinates, leads

from .models import Participant, Walk
from .states import PUBLIC_FROM


def _walks_here(actor: Actor, walk: Walk) -> bool:
    return actor.kind in ("participant", "invitation") and actor.walk_id == walk.id


def _works_here(actor: Actor, walk: Walk) -> bool:
    return actor.kind == "person" and belongs(actor, walk.municipality_id)


def _published(walk: Walk) -> bool:
    return walk.published_at is not None and walk.state in PUBLIC_FROM


MAY: dict[str, Callable[[Actor, Walk], bool]] = {
    "read": lambda who, walk: (
        coordinates(who, walk.municipality_id) or _works_here(who, walk) or _walks_here(who, walk)
    ),
    "read_published": lambda who, walk: _published(walk) or coordinates(who, walk.municipality_id),
    "coordinate": lambda who, walk: coordinates(who, walk.municipality_id),
    "lead": lambda who, walk: coordinates(who, walk.municipality_id) or leads(who, walk.id),
    "observe": lambda who, walk: who.kind == "participant" and _walks_here(who, walk),
}


def walk_for(actor: Actor, walk_id: uuid.UUID, to: str = "read") -> Walk:
    """Return the walk if the actor may do this with it: read, read_published, coordinate, lead or observe."""
    walk = db.session.get(Walk, walk_id)
    seen = "read_published" if to == "read_published" else "read"
    if walk is None or not MAY[seen](actor, walk):
        raise NotFound("walk.not_found")
    if not MAY[to](actor, walk):
        raise NotAllowed(f"walk.may_not_{to}")
    return walk


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor sees a walk: narrowed to the municipality; the public sees published
    ones, a phone its own."""
    if actor.kind == "public":
        return Walk.published_at.is_not(None) & Walk.state.in_(PUBLIC_FROM)
    if actor.municipality_id is None:
        return false()
    here = Walk.municipality_id == actor.municipality_id
    if actor.kind in ("participant", "invitation"):
        return here & (Walk.id == actor.walk_id)
    if actor.kind == "owner_link":
        return false()
    if actor.kind == "system" or actor.has("coordinator"):
        return here
    own = [role.walk_id for role in actor.roles if role.walk_id]
    return here & or_(Walk.state.not_in(("draft",)), Walk.id.in_(own))


def participants_of(actor: Actor, walk: Walk) -> list[Participant]:
    """Return the phones of a walk, for its coordinator and leader; others get none."""
    if not MAY["lead"](actor, walk):
        return []
    return list(db.session.scalars(select(Participant).where(Participant.walk_id == walk.id)))
