"""The register of organisations, as pages and other floors read it."""

import uuid

from sqlalchemy import select

from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.order import swedish
from walkapp.people.rules import hashed

from . import access, rules
from .models import Organisation, OwnerLink


def listed(actor: Actor, *, active: bool | None = True) -> list[Organisation]:
    """Return the organisations that the actor sees, by name in Swedish order; `active=None` gives the retired too."""
    found = select(Organisation).where(access.visible_to(actor))
    if active is not None:
        found = found.where(Organisation.active.is_(active))
    return sorted(db.session.scalars(found), key=lambda one: swedish(one.name))


def one(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Return one organisation; refuse when the actor may not see it."""
    return access.organisation_for(actor, organisation_id)


def by_slug(actor: Actor, slug: str) -> Organisation | None:
    """Return the organisation with this slug in the actor's municipality."""
    return db.session.scalar(select(Organisation).where(access.visible_to(actor), Organisation.slug == slug))


def suggest_for(actor: Actor, category: str | None) -> Organisation | None:
    """Return who usually answers for the category; None when nobody does, and the owner has to be found out (R7)."""
    active = listed(actor)
    found = rules.suggest(category, [rules.Candidate(one.id, one.kind, one.categories) for one in active])
    return next((one for one in active if one.id == found), None)


def find_by_token(token: str) -> OwnerLink | None:
    """Return the owner's link that this token opens: not revoked, not run out, its organisation not retired."""
    link = db.session.scalar(select(OwnerLink).where(OwnerLink.token_sha256 == hashed(token)))
    if link is None or link.revoked_at is not None or link.expires_at <= clock.now():
        return None
    owner = db.session.get(Organisation, link.organisation_id)
    return link if owner is not None and owner.active else None


def as_actor(link: OwnerLink) -> Actor:
    """Return the holder of an owner's link as the one who acts: for its organisation, and nothing else."""
    return Actor("owner_link", link.municipality_id, link.id, organisation_id=link.organisation_id)


def open_links(actor: Actor, organisation: Organisation) -> list[OwnerLink]:
    """Return the links that open the organisation's list now, newest first."""
    if not access.keeps_register(actor, organisation.municipality_id):
        return []
    mine = (OwnerLink.organisation_id == organisation.id, OwnerLink.revoked_at.is_(None))
    return list(
        db.session.scalars(
            select(OwnerLink).where(*mine, OwnerLink.expires_at > clock.now()).order_by(OwnerLink.made_at.desc())
        )
    )
