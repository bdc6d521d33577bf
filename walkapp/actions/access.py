"""Who may do what with an action."""

import uuid
from collections.abc import Callable

from sqlalchemy import ColumnElement, false, or_, select

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.people.access import answers_for, belongs, coordinates, leads
from walkapp.walks.access import visible_to as walk_visible_to
from walkapp.walks.models import Walk

from .models import Action

READERS = ("council_member", "chair", "secretary", "archivist", "administrator")


def _told(action: Action) -> bool:
    return action.state != "proposed"


def _reads(who: Actor, action: Action) -> bool:
    if coordinates(who, action.municipality_id) or leads(who, action.walk_id):
        return True
    if not belongs(who, action.municipality_id):
        return False
    if answers_for(who, action.organisation_id):
        return _told(action)
    return who.kind == "person" and any(who.has(word) for word in READERS)


MAY: dict[str, Callable[[Actor, Action], bool]] = {
    "read": _reads,
    "coordinate": lambda who, action: coordinates(who, action.municipality_id),
    "answer": lambda who, action: (
        coordinates(who, action.municipality_id) or (_told(action) and answers_for(who, action.organisation_id))
    ),
    "verify": lambda who, action: coordinates(who, action.municipality_id) or leads(who, action.walk_id),
    "consider": lambda who, action: (
        coordinates(who, action.municipality_id) or who.has("secretary") or who.has("chair")
    ),
}


def action_for(actor: Actor, action_id: uuid.UUID, to: str = "read") -> Action:
    """Return the action if the actor may do this with it: read, coordinate, answer, verify or consider."""
    action = db.session.get(Action, action_id)
    if action is None or not belongs(actor, action.municipality_id) or not MAY["read"](actor, action):
        raise NotFound("action.not_found")
    if not MAY[to](actor, action):
        raise NotAllowed(f"action.may_not_{to}")
    return action


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor sees an action. Owners see their own once they have been told, the
    public those of published walks."""
    if actor.kind == "public":
        return (Action.state != "proposed") & Action.walk_id.in_(select(Walk.id).where(walk_visible_to(actor)))
    if actor.municipality_id is None or actor.kind in ("participant", "invitation"):
        return false()
    here = Action.municipality_id == actor.municipality_id
    if actor.kind == "owner_link":
        return here & (Action.organisation_id == actor.organisation_id) & (Action.state != "proposed")
    if actor.kind == "system" or actor.has("coordinator") or any(actor.has(word) for word in READERS):
        return here
    owns = [role.organisation_id for role in actor.roles if role.word == "agency_contact" and role.organisation_id]
    led = [role.walk_id for role in actor.roles if role.word == "walk_leader" and role.walk_id]
    return here & or_(
        Action.organisation_id.in_(owns) & (Action.state != "proposed"),
        Action.walk_id.in_(led),
    )
