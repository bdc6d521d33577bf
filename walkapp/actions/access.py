"""Who may do what with an action."""

import uuid
from collections.abc import Callable

from sqlalchemy import ColumnElement, false, or_, select

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.observations.access import for_other_eyes
from walkapp.observations.models import MergeLink, Observation, ObservationPhoto
from walkapp.people.access import answers_for, belongs, coordinates, leads
from walkapp.photos.access import witness
from walkapp.photos.models import Photo
from walkapp.walks.access import visible_to as walk_visible_to
from walkapp.walks.models import Walk

from .models import Action, ActionObservation, Answer

READERS = ("council_member", "chair", "secretary", "archivist", "administrator")


def _told(action: Action) -> bool:
    return action.state != "proposed"


def for_others() -> ColumnElement[bool]:
    """What others than the coordinator may see: an action of which some observation is for other eyes, or that is about
    none. Why: its title was written after what was seen, so it is hidden with it."""
    about = select(ActionObservation.action_id).where(ActionObservation.action_id == Action.id).correlate(Action)
    shown = about.where(Observation.id == ActionObservation.observation_id, for_other_eyes())
    return or_(shown.exists(), ~about.exists())


def is_for_others(action: Action) -> bool:
    """Tell the same of one action."""
    return db.session.scalar(select(Action.id).where(Action.id == action.id, for_others())) is not None


def _reads(who: Actor, action: Action) -> bool:
    if coordinates(who, action.municipality_id):
        return True
    if not belongs(who, action.municipality_id) or not is_for_others(action):
        return False
    if leads(who, action.walk_id):
        return True
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
        return (
            for_others()
            & (Action.state != "proposed")
            & Action.walk_id.in_(select(Walk.id).where(walk_visible_to(actor)))
        )
    if actor.municipality_id is None or actor.kind in ("participant", "invitation"):
        return false()
    here = Action.municipality_id == actor.municipality_id
    if actor.kind == "system" or actor.has("coordinator"):
        return here
    here &= for_others()
    if actor.kind == "owner_link":
        return here & (Action.organisation_id == actor.organisation_id) & (Action.state != "proposed")
    if any(actor.has(word) for word in READERS):
        return here
    owns = [role.organisation_id for role in actor.roles if role.word == "agency_contact" and role.organisation_id]
    led = [role.walk_id for role in actor.roles if role.word == "walk_leader" and role.walk_id]
    return here & or_(
        Action.organisation_id.in_(owns) & (Action.state != "proposed"),
        Action.walk_id.in_(led),
    )


@witness
def sees_what_it_shows(actor: Actor, photo: Photo) -> bool:
    """Those who see an action see its owner's photo; its owner sees the photos from the walk, too."""
    answered = select(Action.id).join(Answer, Answer.action_id == Action.id).where(Answer.photo_id == photo.id)
    if db.session.scalar(answered.where(visible_to(actor)).limit(1)) is not None:
        return True
    if actor.kind != "owner_link" and not actor.has("agency_contact"):
        return False
    listed = (
        select(Observation.id)
        .join(ObservationPhoto, ObservationPhoto.observation_id == Observation.id)
        .where(ObservationPhoto.sha256 == photo.sha256, Observation.participant_id == photo.sender_id, for_other_eyes())
    )
    return any(_owns(actor, observation_id) for observation_id in db.session.scalars(listed))


def _owns(actor: Actor, observation_id: uuid.UUID) -> bool:
    """Tell whether an action of the actor's own is about this observation, or about one that it is merged into."""
    here: uuid.UUID | None = observation_id
    while here is not None:
        about = select(Action).join(ActionObservation).where(ActionObservation.observation_id == here)
        actions = db.session.scalars(about.where(visible_to(actor))).unique()
        if any(answers_for(actor, action.organisation_id) for action in actions):
            return True
        up = select(MergeLink.kept_id).where(MergeLink.merged_id == here, MergeLink.undone_at.is_(None))
        here = db.session.scalar(up)
    return False
