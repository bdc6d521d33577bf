"""What the public may see: published walks, whoever asks. Nobody sees more here by being signed in."""

import uuid

from sqlalchemy import select

from walkapp.kernel.actor import PUBLIC, Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotFound
from walkapp.people.models import Municipality
from walkapp.people.queries import municipality_by_slug
from walkapp.photos.access import gets, witness
from walkapp.photos.models import Photo
from walkapp.walks.access import visible_to as walks_visible_to
from walkapp.walks.models import Walk


def municipality_at(slug: str) -> Municipality:
    """Return the municipality whose public page this is."""
    found = municipality_by_slug(slug)
    if found is None:
        raise NotFound("municipality.not_found")
    return found


def published_walk(slug: str, walk_id: uuid.UUID) -> tuple[Municipality, Walk]:
    """Return a published walk of the municipality."""
    town = municipality_at(slug)
    mine = select(Walk).where(Walk.id == walk_id, Walk.municipality_id == town.id, walks_visible_to(PUBLIC))
    walk = db.session.scalar(mine)
    if walk is None:
        raise NotFound("walk.not_found")
    return town, walk


@witness
def sees_what_everyone_sees(actor: Actor, photo: Photo) -> bool:
    """What the public gets on its page, everybody gets who reads that page signed in."""
    return actor.kind != "public" and gets(PUBLIC, photo)
