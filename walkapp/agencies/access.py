"""Who may read and change the register of organisations."""

import uuid
from collections.abc import Callable

from sqlalchemy import ColumnElement, false

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.people.access import administers, answers_for, belongs, coordinates

from .models import Organisation


def keeps_register(actor: Actor, municipality_id: uuid.UUID | None) -> bool:
    """Tell whether the actor keeps the municipality's register: its coordinator or administrator."""
    return coordinates(actor, municipality_id) or administers(actor, municipality_id)


MAY: dict[str, Callable[[Actor, Organisation], bool]] = {
    "read": lambda who, one: (
        answers_for(who, one.id)
        or keeps_register(who, one.municipality_id)
        or (who.kind == "person" and belongs(who, one.municipality_id))
    ),
    "change": lambda who, one: keeps_register(who, one.municipality_id),
}


def organisation_for(actor: Actor, organisation_id: uuid.UUID, to: str = "read") -> Organisation:
    """Return the organisation if the actor may do this with it: read or change."""
    one = db.session.get(Organisation, organisation_id)
    if one is None or not MAY["read"](actor, one):
        raise NotFound("organisation.not_found")
    if not MAY[to](actor, one):
        raise NotAllowed(f"organisation.may_not_{to}")
    return one


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor sees an organisation: its own municipality's, or the one it is."""
    if actor.kind == "owner_link":
        return Organisation.id == actor.organisation_id
    if actor.municipality_id is None or actor.kind not in ("person", "system"):
        return false()
    return Organisation.municipality_id == actor.municipality_id
