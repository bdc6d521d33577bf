"""Who gets a photo. Until a person has looked at it: its sender and the coordinator alone."""

import uuid
from collections.abc import Callable

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.people.access import coordinates

from .models import Photo

Witness = Callable[[Actor, Photo], bool]
_witnesses: list[Witness] = []


def witness(tell: Witness) -> Witness:
    """Let a floor above say who sees what a photo belongs to: a photo knows only who sent it.

    Asked only for photos that were looked at; one yes is enough.
    """
    _witnesses.append(tell)
    return tell


def sender_of(actor: Actor) -> tuple[str, uuid.UUID | None]:
    """Return the kind and id under which this actor sends photos."""
    if actor.kind == "owner_link":
        return "organisation", actor.organisation_id
    return ("participant" if actor.kind == "participant" else "person"), actor.id


def sent(actor: Actor, photo: Photo) -> bool:
    """Tell whether this actor sent the photo."""
    return sender_of(actor) == (photo.sender_kind, photo.sender_id)


def gets(actor: Actor, photo: Photo) -> bool:
    """Tell whether the actor may be shown the photo."""
    if coordinates(actor, photo.municipality_id) or sent(actor, photo):
        return True
    return photo.shown and any(tell(actor, photo) for tell in _witnesses)


def picture_for(actor: Actor, photo_id: uuid.UUID, to: str = "read") -> Photo:
    """Return the photo if the actor may do this with it: read, or look_at (the coordinator's)."""
    photo = db.session.get(Photo, photo_id)
    if photo is None or not gets(actor, photo):
        raise NotFound("photo.not_found")
    if to != "read" and not coordinates(actor, photo.municipality_id):
        raise NotAllowed(f"photo.may_not_{to}")
    return photo
