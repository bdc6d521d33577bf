"""The verbs of an action: open, send to its owner, answer, verify, close."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from walkapp.agencies.models import Organisation
from walkapp.agencies.rules import power
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotFound
from walkapp.kernel.journal import record
from walkapp.kernel.series import next_number
from walkapp.observations import service as observations
from walkapp.observations.models import Observation
from walkapp.observations.states import PILE
from walkapp.walks.access import walk_for
from walkapp.walks.models import Walk

from . import queries, rules
from .access import action_for, for_others, is_for_others
from .models import Action, ActionObservation, Answer


@dataclass(frozen=True)
class Opening:
    """What is to be done, and by whom. `due_on` None: by its class (R11)."""

    title: str
    term: str
    organisation_id: uuid.UUID | None = None
    description: str | None = None
    public_text: str | None = None
    due_on: date | None = None
    cost: str | None = None
    season: str | None = None
    heritage: bool = False
    foreign_reference: str | None = None


@dataclass(frozen=True)
class Reply:
    """What an owner answers. `reason_code` and `text` are both required for a no (R9)."""

    verb: str
    text: str | None = None
    reason_code: str | None = None
    planned_on: date | None = None
    photo_id: uuid.UUID | None = None


def open_from(actor: Actor, walk_id: uuid.UUID, observation_ids: Iterable[uuid.UUID], opening: Opening) -> Action:
    """Open an action about one or several observations of a walk; its owner is not told yet."""
    walk = walk_for(actor, walk_id, to="coordinate")
    if walk.type == "patrol":
        raise Conflict("action.not_from_a_patrol")
    wanted = list(dict.fromkeys(observation_ids))
    if not wanted:
        raise Invalid("action.needs_observation", field="observations")
    _check(opening)
    organisation = _organisation(walk.municipality_id, opening.organisation_id)
    action = Action(
        municipality_id=walk.municipality_id, walk_id=walk.id,
        number=next_number(walk.municipality_id, walk.id, "action"), made_at=clock.now(), term=opening.term,
        power=power(organisation.kind if organisation else None), title=_one_line(opening.title),
        organisation_id=organisation.id if organisation else None,
    )  # fmt: skip
    _write(action, opening)
    action.due_on = opening.due_on or rules.open_until(opening.term, organisation is not None, clock.today())
    db.session.add(action)
    db.session.flush()
    _answer_to(actor, action, wanted)
    record(actor, "action.proposed", action, walk=walk.id, observations=wanted, organisation=action.organisation_id)
    return action


def change(actor: Actor, action_id: uuid.UUID, changes: Opening, why: str | None = None) -> Action:
    """Change what is written about an action. A deadline that its owner knows is moved only with a reason (R11)."""
    action = action_for(actor, action_id, to="coordinate")
    _check(changes)
    due_on = _moved_to(action, changes)
    if due_on != action.due_on and action.state != "proposed" and not (why or "").strip():
        raise Invalid("action.needs_reason_to_move", field="why")
    old = {"title": action.title, "term": action.term, "due_on": action.due_on}
    if action.state == "proposed":
        organisation = _organisation(action.municipality_id, changes.organisation_id)
        action.organisation = organisation
        action.power = power(organisation.kind if organisation else None)
    action.title, action.term, action.due_on = _one_line(changes.title), changes.term, due_on
    _write(action, changes)
    new = {"title": action.title, "term": action.term, "due_on": action.due_on}
    record(actor, "action.changed", action, old=old, new=new, reason=why or None)
    return action


def assign(actor: Actor, action_id: uuid.UUID, organisation_id: uuid.UUID, *, together: bool = False) -> Action:
    """Send an action to the organisation that will answer for it; one that is asked gets a request (R8).

    `together`: its letter lists several, and is written by `send_to_owners`.
    """
    action = action_for(actor, action_id, to="coordinate")
    organisation = _organisation(action.municipality_id, organisation_id)
    if organisation is None or not organisation.active:
        raise NotFound("organisation.not_found")
    if not is_for_others(action):
        raise Conflict("action.about_what_is_hidden")
    before = action.organisation_id
    action.go("request" if organisation.asked else "assign")
    if before != organisation.id:
        action.planned_on = action.reason_code = action.reason = action.answered_at = None
    if action.power == "unclear" or action.due_on is None:
        action.due_on = rules.deadline(action.term, clock.today())
    action.organisation, action.power = organisation, power(organisation.kind)
    action.assigned_at = clock.now()
    record(actor, f"action.{action.state}", action, organisation=organisation.id, before=before, together=together)
    return action


def send_to_owners(actor: Actor, walk_id: uuid.UUID) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Send every proposed action of a walk to its owner: one letter each, however many points. Return who got which."""
    walk = walk_for(actor, walk_id, to="coordinate")
    ready = select(Action).where(
        Action.walk_id == walk.id, Action.state == "proposed", Action.organisation_id.is_not(None), for_others()
    )
    told: dict[uuid.UUID, list[uuid.UUID]] = {}
    for action in db.session.scalars(ready.order_by(Action.number)).unique().all():
        if action.organisation_id is not None:
            assign(actor, action.id, action.organisation_id, together=True)
            told.setdefault(action.organisation_id, []).append(action.id)
    if not told:
        raise Conflict("action.nothing_to_send")
    for organisation_id, action_ids in told.items():
        owner = db.session.get_one(Organisation, organisation_id)
        record(actor, "organisation.told", owner, walk=walk.id, actions=action_ids)
    _share_out(actor, walk)
    return told


def remind_owners(actor: Actor) -> int:
    """Write to every owner that has points without an answer: one letter each (R12). Return how many owners."""
    if not actor.has("coordinator"):
        raise NotFound("action.not_found")
    waiting = queries.unanswered(actor)
    for organisation_id, action_ids in waiting.items():
        record(actor, "organisation.reminded", db.session.get_one(Organisation, organisation_id), actions=action_ids)
    return len(waiting)


def answer(actor: Actor, action_id: uuid.UUID, reply: Reply) -> Action:
    """Take an owner's answer, from its link, its contact, or the coordinator who was told. What was said is kept."""
    action = action_for(actor, action_id, to="answer")
    if reply.verb not in (*rules.TELLS, *rules.REPLIES):
        raise Invalid("answer.unknown", field="verb")
    _check_reply(reply)
    state = action.go(reply.verb)
    moment = clock.now()
    action.answered_at = action.answered_at or moment
    action.planned_on = reply.planned_on or (None if state in ("declined", "answered_no") else action.planned_on)
    action.done_at = moment if state == "done" else None
    is_no = reply.verb in rules.NEEDS_REASON
    action.reason_code, action.reason = (reply.reason_code, reply.text) if is_no else (None, None)
    said = Answer(
        municipality_id=action.municipality_id, action_id=action.id, organisation_id=action.organisation_id,
        at=moment, by_kind=actor.kind, verb=reply.verb, state=state, text=reply.text, planned_on=reply.planned_on,
        reason_code=reply.reason_code if is_no else None, photo_id=reply.photo_id,
    )  # fmt: skip
    action.answers.append(said)
    record(
        actor, f"action.{state}", action, verb=reply.verb, organisation=action.organisation_id, text=reply.text,
        reason_code=said.reason_code, planned_on=reply.planned_on, photo=reply.photo_id,
    )  # fmt: skip
    return action


def lapse(actor: Actor, action_id: uuid.UUID) -> Action:
    """Note that a request got no answer. It may still be answered."""
    action = action_for(actor, action_id, to="coordinate")
    action.go("lapse")
    record(actor, "action.unanswered", action, organisation=action.organisation_id)
    return action


def withdraw(actor: Actor, action_id: uuid.UUID, why: str) -> Action:
    """Take an action back from its owner before it has been answered."""
    action = action_for(actor, action_id, to="coordinate")
    sentence = _sentence(why)
    action.go("withdraw")
    action.assigned_at = None
    record(actor, "action.withdrawn", action, organisation=action.organisation_id, reason=sentence)
    return action


def verify(actor: Actor, action_id: uuid.UUID, how: str, text: str | None = None) -> Action:
    """Note that somebody has seen it done, on site or on a photo: only that counts (R10)."""
    action = action_for(actor, action_id, to="verify")
    if how not in rules.HOWS:
        raise Invalid("action.verified_how", field="how")
    action.go("verify")
    action.verified_at, action.verified_how = clock.now(), how
    record(actor, "action.verified", action, how=how, text=text or None)
    return action


def close(actor: Actor, action_id: uuid.UUID, why: str | None = None) -> Action:
    """Close an action. One that nobody has verified or declined is closed with a reason."""
    action = action_for(actor, action_id, to="coordinate")
    if action.state not in ("verified", "declined", "answered_no"):
        why = _sentence(why)
    action.go("close")
    record(actor, "action.closed", action, reason=why or None)
    return action


def reopen(actor: Actor, action_id: uuid.UUID, why: str) -> Action:
    """Open an action again: it was not done after all, or a no is taken up anew."""
    action = action_for(actor, action_id, to="coordinate")
    sentence = _sentence(why)
    action.go("reopen")
    action.done_at = action.verified_at = action.verified_how = None
    action.reason_code = action.reason = None
    record(actor, "action.reopened", action, reason=sentence)
    return action


def note_outcome(actor: Actor, action_id: uuid.UUID, outcome: str, text: str | None = None) -> Action:
    """Note what a council came to about an action: information, assignment, standpoint, filed, forwarded, tabled.

    An assignment sends a proposed action to its owner.
    """
    action = action_for(actor, action_id, to="consider")
    if outcome not in rules.OUTCOMES:
        raise Invalid("action.outcome", field="outcome")
    record(actor, "action.considered", action, outcome=outcome, text=text or None)
    owner = action.organisation
    if outcome == "assignment" and action.state == "proposed" and owner is not None and is_for_others(action):
        action.go("request" if owner.asked else "assign")
        action.assigned_at = clock.now()
        record(actor, f"action.{action.state}", action, organisation=owner.id, before=owner.id, together=False)
    return action


def _answer_to(actor: Actor, action: Action, observation_ids: Sequence[uuid.UUID]) -> None:
    for observation_id in observation_ids:
        observation = db.session.get(Observation, observation_id)
        if observation is None or observation.walk_id != action.walk_id:
            raise NotFound("observation.not_found")
        observations.act(actor, observation_id)
        action.observations.append(
            ActionObservation(observation_id=observation_id, municipality_id=action.municipality_id)
        )
    db.session.flush()


def _moved_to(action: Action, changes: Opening) -> date | None:
    """Return the deadline after a change: the day that was chosen, else the one that a new class sets."""
    if changes.due_on is not None and changes.due_on != action.due_on:
        return changes.due_on
    return rules.deadline(changes.term, clock.today()) if changes.term != action.term else action.due_on


def _check(opening: Opening) -> None:
    if not opening.title.strip():
        raise Invalid("action.needs_title", field="title")
    if opening.term not in rules.TERMS:
        raise Invalid("action.term", field="term")
    if opening.cost is not None and opening.cost not in rules.COSTS:
        raise Invalid("action.cost", field="cost")


def _check_reply(reply: Reply) -> None:
    if reply.verb in rules.NEEDS_REASON:
        if reply.reason_code not in rules.REASONS:
            raise Invalid("answer.needs_reason_code", field="reason_code")
        if not (reply.text or "").strip():
            raise Invalid("answer.needs_sentence", field="text")
    if reply.verb == "plan" and reply.planned_on is None:
        raise Invalid("answer.needs_date", field="planned_on")
    if reply.planned_on is not None and reply.planned_on < clock.today():
        raise Invalid("answer.date_past", field="planned_on")


def _write(action: Action, opening: Opening) -> None:
    for name in ("description", "public_text", "cost", "season", "heritage", "foreign_reference"):
        setattr(action, name, getattr(opening, name))


def _organisation(municipality_id: uuid.UUID, organisation_id: uuid.UUID | None) -> Organisation | None:
    if organisation_id is None:
        return None
    found = db.session.get(Organisation, organisation_id)
    if found is None or found.municipality_id != municipality_id:
        raise NotFound("organisation.not_found")
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentence(why: str | None) -> str:
    if not (why or "").strip():
        raise Invalid("action.needs_reason", field="why")
    return (why or "").strip()


def _share_out(actor: Actor, walk: Walk) -> None:
    """Let the walk itself step on: written up once all is reviewed, then shared out."""
    left = select(func.count()).where(
        Observation.walk_id == walk.id, Observation.state.in_(PILE), ~Observation.withdrawn, ~Observation.held
    )
    if walk.can("minute") and not db.session.scalar(left):
        walk.go("minute")
        record(actor, "walk.minuted", walk)
    if walk.can("assign"):
        walk.go("assign")
        record(actor, "walk.assigned", walk)
