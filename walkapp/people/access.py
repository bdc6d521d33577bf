"""Who may do what with people and municipalities; the words that the floors above ask with."""

import uuid

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotFound

from .models import Municipality


def belongs(actor: Actor, municipality_id: uuid.UUID | None) -> bool:
    """Tell whether the actor acts inside this municipality."""
    return actor.municipality_id is not None and actor.municipality_id == municipality_id


def coordinates(actor: Actor, municipality_id: uuid.UUID | None) -> bool:
    """Tell whether the actor is a coordinator there, or the house itself."""
    return belongs(actor, municipality_id) and (actor.kind == "system" or actor.has("coordinator"))


def leads(actor: Actor, walk_id: uuid.UUID) -> bool:
    """Tell whether the actor leads (or records for) this walk."""
    return any(role.word == "walk_leader" and role.walk_id == walk_id for role in actor.roles)


def answers_for(actor: Actor, organisation_id: uuid.UUID | None) -> bool:
    """Tell whether the actor answers for this organisation: by its link, or signed in as its contact."""
    if organisation_id is None:
        return False
    if actor.kind == "owner_link":
        return actor.organisation_id == organisation_id
    return any(role.word == "agency_contact" and role.organisation_id == organisation_id for role in actor.roles)


def sits_in(actor: Actor, council_id: uuid.UUID) -> bool:
    """Tell whether the actor has a seat or an office in this council."""
    seats = ("council_member", "chair", "secretary")
    return any(role.word in seats and role.council_id == council_id for role in actor.roles)


def holds_office(actor: Actor, council_id: uuid.UUID, *words: str) -> bool:
    """Tell whether the actor is the council's `chair` or `secretary`."""
    return any(role.word in words and role.council_id == council_id for role in actor.roles)


def administers(actor: Actor, municipality_id: uuid.UUID | None) -> bool:
    """Tell whether the actor is an administrator of this municipality, or of the whole installation."""
    if actor.kind == "system":
        return True
    return actor.has("administrator") and (actor.municipality_id is None or belongs(actor, municipality_id))


def own_municipality(actor: Actor) -> Municipality:
    """Return the municipality in which the actor acts."""
    found = db.session.get(Municipality, actor.municipality_id) if actor.municipality_id else None
    if found is None:
        raise NotFound("municipality.not_found")
    return found
