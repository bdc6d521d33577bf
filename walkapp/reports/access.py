"""Who reads a walk's report: its coordinator and leader, the municipality's councils. The public has its own page."""

import uuid

from walkapp.council.access import reads_any
from walkapp.kernel.actor import Actor, Role
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.people.access import belongs, coordinates, leads
from walkapp.walks.models import Walk
from walkapp.walks.states import PUBLIC_FROM


def eyes(municipality_id: uuid.UUID) -> Actor:
    """Return the eyes with which every report is written: a council member's.

    Why: whoever asks for it, a report never holds what was withdrawn, masked, held, secret, sensitive or not reviewed.
    """
    return Actor("person", municipality_id, roles=frozenset({Role("council_member")}))


def _reads(who: Actor, walk: Walk) -> bool:
    if coordinates(who, walk.municipality_id):
        return True
    if who.kind != "person" or not belongs(who, walk.municipality_id):
        return False
    if leads(who, walk.id) or walk.leader_id == who.id:
        return True
    return walk.state in PUBLIC_FROM and (reads_any(who, walk.municipality_id) or who.has("archivist"))


def report_of(actor: Actor, walk_id: uuid.UUID, to: str = "read") -> Walk:
    """Return the walk whose report the actor may read, or publish."""
    walk = db.session.get(Walk, walk_id)
    if walk is None or not _reads(actor, walk):
        raise NotFound("report.not_found")
    if to == "publish" and not coordinates(actor, walk.municipality_id):
        raise NotAllowed("report.may_not_publish")
    return walk
