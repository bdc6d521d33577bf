"""Who may do what with a council and its meetings: the secretary writes, two sign, others read."""

import uuid
from collections.abc import Callable

from sqlalchemy import ColumnElement, false

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.people.access import administers, belongs, coordinates, holds_office, sits_in

from .models import AgendaItem, Council, Meeting


def _writes(who: Actor, council: Council) -> bool:
    inside = belongs(who, council.municipality_id)
    return inside and (who.kind == "system" or holds_office(who, council.id, "secretary"))


def _reads(who: Actor, council: Council) -> bool:
    inside = belongs(who, council.municipality_id)
    seated = sits_in(who, council.id) or administers(who, council.municipality_id)
    return inside and (seated or coordinates(who, council.municipality_id))


def _runs(who: Actor, council: Council) -> bool:
    return _writes(who, council) or (
        belongs(who, council.municipality_id) and administers(who, council.municipality_id)
    )


MAY: dict[str, Callable[[Actor, Council], bool]] = {
    "read": _reads,
    "seat": _runs,
    "write": _writes,
    "prepare": lambda who, council: _writes(who, council) or coordinates(who, council.municipality_id),
    "approve": lambda who, council: _writes(who, council) or holds_office(who, council.id, "chair"),
    "sign": lambda who, council: (
        belongs(who, council.municipality_id) and holds_office(who, council.id, "chair", "secretary")
    ),
}


def council_for(actor: Actor, council_id: uuid.UUID, to: str = "read") -> Council:
    """Return the council if the actor may do this with it: read, seat, write, prepare, approve or sign."""
    council = db.session.get(Council, council_id)
    if council is None or not MAY["read"](actor, council):
        raise NotFound("council.not_found")
    if not MAY[to](actor, council):
        raise NotAllowed(f"council.may_not_{to}")
    return council


def meeting_for(actor: Actor, meeting_id: uuid.UUID, to: str = "read") -> Meeting:
    """Return the meeting if the actor may do this with it: read, write, prepare, approve or sign."""
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None or not MAY["read"](actor, meeting.council):
        raise NotFound("meeting.not_found")
    if not MAY[to](actor, meeting.council):
        raise NotAllowed(f"meeting.may_not_{to}")
    return meeting


def item_for(actor: Actor, item_id: uuid.UUID, to: str = "read") -> tuple[Meeting, AgendaItem]:
    """Return an agenda item with its meeting, if the actor may do this with the meeting."""
    item = db.session.get(AgendaItem, item_id)
    if item is None:
        raise NotFound("meeting.item_not_found")
    return meeting_for(actor, item.meeting_id, to), item


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor sees a council."""
    if actor.municipality_id is None or actor.kind not in ("person", "system"):
        return false()
    here = Council.municipality_id == actor.municipality_id
    if coordinates(actor, actor.municipality_id) or administers(actor, actor.municipality_id):
        return here
    own = [role.council_id for role in actor.roles if role.council_id]
    return here & Council.id.in_(own)


def reads_any(actor: Actor, municipality_id: uuid.UUID) -> bool:
    """Tell whether the actor has a seat in some council of the municipality."""
    seats = ("council_member", "chair", "secretary")
    return belongs(actor, municipality_id) and any(role.word in seats for role in actor.roles)
