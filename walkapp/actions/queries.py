"""Actions as pages, letters and papers show them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from walkapp.agencies import queries as agencies
from walkapp.agencies.models import Organisation, OwnerLink
from walkapp.agencies.rules import Candidate, suggest
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.order import swedish
from walkapp.observations import queries as observations
from walkapp.observations.models import Observation
from walkapp.observations.queries import PhotoRow, Standing
from walkapp.people.access import answers_for
from walkapp.people.models import Municipality
from walkapp.people.rules import hashed
from walkapp.photos.models import Photo
from walkapp.walks.access import walk_for
from walkapp.walks.models import Walk

from . import rules
from .access import MAY, action_for, for_others, visible_to
from .models import Action, ActionObservation, Answer
from .states import OPEN, SETTLED, UNANSWERED


@dataclass(frozen=True)
class Due:
    """What a day stands for: `answer` (say what you will do), `done`, `budget` (the next one), or `none`."""

    what: str
    on: date | None
    late: bool


@dataclass(frozen=True)
class Mark:
    """The number of an observation, in the shape of its kind."""

    number: int | None
    kind: str


@dataclass(frozen=True)
class Row:
    """One action in a list."""

    id: uuid.UUID
    walk_id: uuid.UUID
    number: int
    title: str
    state: str
    term: str
    power: str
    cost: str | None
    due: Due
    planned_on: date | None
    organisation_id: uuid.UUID | None
    answer: str | None
    reason_code: str | None
    reason: str | None
    public_text: str | None
    marks: tuple[Mark, ...]
    answered: bool
    verified: bool

    @property
    def mark(self) -> Mark:
        """The first observation's mark: the one that stands on the map."""
        return self.marks[0] if self.marks else Mark(None, "deficiency")


@dataclass(frozen=True)
class Group:
    """An owner's actions; no owner: its power over the place is being looked into (R7)."""

    organisation_id: uuid.UUID | None
    name: str | None
    kind: str | None
    asked: bool
    rows: tuple[Row, ...]

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return sum(row.answered for row in self.rows)


@dataclass(frozen=True)
class Board:
    """A list of actions by owner, with its five figures."""

    figures: rules.Figures
    groups: tuple[Group, ...]
    to_send: int


@dataclass(frozen=True)
class Said:
    """What an owner answered, as said."""

    at: datetime
    state: str
    text: str | None
    reason_code: str | None
    planned_on: date | None
    photo: PhotoRow | None


@dataclass(frozen=True)
class Happened:
    """One line of an action's history: by role or organisation, never by name."""

    at: datetime
    event: str
    who: str
    organisation: str | None
    facts: dict[str, Any]


@dataclass(frozen=True)
class Detail:
    """An action with everything that is known about it."""

    row: Row
    description: str | None
    season: str | None
    heritage: bool
    due_on: date | None
    made_at: datetime
    assigned_at: datetime | None
    done_at: datetime | None
    verified_at: datetime | None
    verified_how: str | None
    foreign_reference: str | None
    walk_name: str
    walked_at: datetime
    organisation: str | None
    organisation_kind: str | None
    asked: bool
    observations: tuple[Standing, ...]
    answers: tuple[Said, ...]
    history: tuple[Happened, ...]
    verbs: tuple[str, ...]

    @property
    def before(self) -> PhotoRow | None:
        """The first photo from the walk that may be shown."""
        return next((photo for one in self.observations for photo in one.photos if photo.shown), None)

    @property
    def after(self) -> Said | None:
        """The newest answer with a photo."""
        return next((said for said in reversed(self.answers) if said.photo), None)

    @property
    def voices(self) -> int:
        """How many said the same."""
        return sum(one.voices for one in self.observations)


@dataclass(frozen=True)
class May:
    """What this reader may do with an action now."""

    answers: tuple[str, ...]
    steps: tuple[str, ...]
    verify: bool
    coordinate: bool


@dataclass(frozen=True)
class OwnerPoint:
    """One action as its owner sees it: both voices, looked-at photos, their own answers."""

    row: Row
    description: str | None
    walk_name: str
    walked_at: datetime
    observations: tuple[Standing, ...]
    photos: tuple[PhotoRow, ...]
    answers: tuple[Said, ...]
    verbs: tuple[str, ...]


@dataclass(frozen=True)
class OwnerList:
    """An organisation's own list: what waits for an answer first."""

    organisation: str
    asked: bool
    municipality: str
    contact_text: str | None
    waiting: tuple[OwnerPoint, ...]
    others: tuple[OwnerPoint, ...]

    def point(self, action_id: uuid.UUID) -> OwnerPoint | None:
        """Return one of the points; None when it is not theirs."""
        return next((one for one in (*self.waiting, *self.others) if one.row.id == action_id), None)


@dataclass(frozen=True)
class PaperRow:
    """An action as the report prints it."""

    id: uuid.UUID
    number: int
    title: str
    organisation: str | None
    organisation_kind: str | None
    asked: bool
    term: str
    state: str
    due: Due
    planned_on: date | None
    cost: str | None
    answer: str | None
    reason_code: str | None
    reason: str | None
    verified_at: datetime | None
    observation_ids: tuple[uuid.UUID, ...]
    observation_numbers: tuple[int, ...]
    after_photo: PhotoRow | None


@dataclass(frozen=True)
class Proposal:
    """A kept observation without an action, with what usually follows: title, class and owner."""

    observation: Standing
    title: str
    term: str
    organisation_id: uuid.UUID | None


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to."""

    walk_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    state: str | None = None
    late: bool = False


def of_walk(actor: Actor, walk: Walk) -> Board:
    """Return a walk's actions by owner, in Swedish order, those without a known owner last."""
    return index(actor, Filter(walk_id=walk.id))


def index(actor: Actor, chosen: Filter | None = None) -> Board:
    """Return the actions that the actor may see, by owner."""
    chosen = chosen or Filter()
    wanted: list[ColumnElement[bool]] = [visible_to(actor)]
    if chosen.walk_id:
        wanted.append(Action.walk_id == chosen.walk_id)
    if chosen.organisation_id:
        wanted.append(Action.organisation_id == chosen.organisation_id)
    if chosen.state:
        wanted.append(Action.state == chosen.state)
    actions = _actions(*wanted)
    marks = _marks([action.id for action in actions])
    rows = [(action, _row(action, marks.get(action.id, ()))) for action in actions]
    if chosen.late:
        rows = [(action, row) for action, row in rows if row.due.late]
    ready = set(db.session.scalars(select(Action.id).where(*wanted, for_others())))
    to_send = sum(_to_send(action) for action in actions if action.id in ready)
    return Board(_figures(row for _action, row in rows), _groups(rows), to_send)


def walks_with_actions(actor: Actor) -> list[tuple[uuid.UUID, str, datetime]]:
    """Return the walks whose actions the actor may see, newest first."""
    rows = select(Walk.id, Walk.name, Walk.starts_at).where(
        Walk.id.in_(select(Action.walk_id).where(visible_to(actor)))
    )
    return [(one, name, at) for one, name, at in db.session.execute(rows.order_by(Walk.starts_at.desc()))]


def one(actor: Actor, action_id: uuid.UUID) -> Detail:
    """Return one action with observations, answers and history."""
    action = action_for(actor, action_id)
    walk = db.session.get_one(Walk, action.walk_id)
    marks = _marks([action.id]).get(action.id, ())
    organisation = action.organisation
    return Detail(
        row=_row(action, marks), description=action.description, season=action.season, heritage=action.heritage,
        due_on=action.due_on, made_at=action.made_at, assigned_at=action.assigned_at, done_at=action.done_at,
        verified_at=action.verified_at, verified_how=action.verified_how,
        foreign_reference=action.foreign_reference, walk_name=walk.name, walked_at=walk.starts_at,
        organisation=organisation.name if organisation else None,
        organisation_kind=organisation.kind if organisation else None,
        asked=bool(organisation and organisation.asked), observations=_observations(actor, action),
        answers=_answers(action), history=_history(action), verbs=action.machine.verbs(action.state),
    )  # fmt: skip


def verbs_for(actor: Actor, action_id: uuid.UUID) -> May:
    """Return what the actor may do with an action in its present state: the page draws its buttons from it."""
    action = action_for(actor, action_id)
    coordinate = MAY["coordinate"](actor, action)
    steps = action.machine.verbs(action.state)
    return May(
        answers=answer_verbs(action) if MAY["answer"](actor, action) else (),
        steps=steps if coordinate else (),
        verify="verify" in steps and MAY["verify"](actor, action),
        coordinate=coordinate,
    )


def for_owner(actor: Actor) -> OwnerList:
    """Return the list of the organisation that the actor answers for by its link. Reads only."""
    organisation = db.session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    if organisation is None or organisation.municipality_id != actor.municipality_id:
        raise NotFound("organisation.not_found")
    municipality = db.session.get_one(Municipality, organisation.municipality_id)
    points = [_owner_point(actor, action) for action in _actions(visible_to(actor))]
    points.sort(key=lambda point: (point.row.due.on or date.max, point.row.number))
    return OwnerList(
        organisation=organisation.name, asked=organisation.asked, municipality=municipality.name,
        contact_text=municipality.contact_text,
        waiting=tuple(point for point in points if point.row.state in UNANSWERED),
        others=tuple(point for point in points if point.row.state not in UNANSWERED),
    )  # fmt: skip


def municipality_behind(token: str) -> Municipality | None:
    """Return whose link this was, also when it is over: its holder is told whom to ask."""
    link = db.session.scalar(select(OwnerLink).where(OwnerLink.token_sha256 == hashed(token)))
    return db.session.get(Municipality, link.municipality_id) if link else None


def for_paper(walk: Walk) -> list[PaperRow]:
    """Return a walk's actions as its report prints them, by owner in Swedish order; proposals too."""
    actions = _actions(Action.walk_id == walk.id)
    marks = _marks([action.id for action in actions])
    rows = [_paper_row(action, marks.get(action.id, ())) for action in actions]
    return sorted(rows, key=lambda row: (row.organisation is None, swedish(row.organisation or ""), row.number))


def without_action(actor: Actor, walk_id: uuid.UUID) -> list[Proposal]:
    """Return a walk's kept observations that no action answers yet, each with what usually follows."""
    walk = walk_for(actor, walk_id, to="coordinate")
    register = agencies.listed(actor)
    kept = [one for one in observations.standing(actor, walk.id) if one.state == "kept"]
    return [_proposal(one, register) for one in kept]


def proposal_for(actor: Actor, observation_id: uuid.UUID) -> Proposal:
    """Return what usually follows from one observation, reviewed or not."""
    return _proposal(observations.about(actor, observation_id), agencies.listed(actor))


def suggested_owner(category: str | None, register: Sequence[Organisation]) -> uuid.UUID | None:
    """Return who usually answers for this category; None when nobody is known to (R7)."""
    found = suggest(category, [Candidate(one.id, one.kind, one.categories) for one in register])
    return found if isinstance(found, uuid.UUID) else None


def to_be_told(actor: Actor, organisation_id: uuid.UUID, action_ids: Iterable[uuid.UUID]) -> list[Row]:
    """Return those of the actions that still wait for this organisation's answer: what a letter lists."""
    wanted = (
        for_others(),
        visible_to(actor),
        Action.id.in_(list(action_ids)),
        Action.organisation_id == organisation_id,
    )
    actions = _actions(*wanted, Action.state.in_(UNANSWERED))
    marks = _marks([action.id for action in actions])
    return [_row(action, marks.get(action.id, ())) for action in actions]


def unanswered(actor: Actor) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return organisation -> its actions that wait for an answer, or are late."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for group in index(actor).groups:
        waiting = [row.id for row in group.rows if row.state in UNANSWERED]
        if group.organisation_id and waiting:
            found[group.organisation_id] = waiting
    return found


def due_of(action: Action) -> Due:
    """Return the day that counts now, and whether it has passed; derived, never stored (R12)."""
    today, organisation = clock.today(), action.organisation
    if action.state in UNANSWERED and organisation and action.assigned_at:
        on = rules.answer_due(clock.local(action.assigned_at).date(), organisation.answer_days)
        return Due("answer", on, rules.overdue(on, action.state, today, SETTLED))
    on = action.planned_on if organisation and organisation.asked else action.due_on
    late = rules.overdue(on, action.state, today, SETTLED)
    if on is None or action.state in SETTLED:
        return Due("none" if on is None else "done", on, False)
    budget = action.term == "long" and (on.month, on.day) == (12, 31)
    return Due("budget" if budget and not late else "done", on, late)


def _actions(*wanted: ColumnElement[bool]) -> list[Action]:
    return list(db.session.scalars(select(Action).where(*wanted).order_by(Action.made_at, Action.number)).unique())


def _to_send(action: Action) -> bool:
    return action.state == "proposed" and action.organisation_id is not None


def _row(action: Action, marks: tuple[Mark, ...]) -> Row:
    last = action.answers[-1] if action.answers else None
    return Row(
        id=action.id, walk_id=action.walk_id, number=action.number, title=action.title, state=action.state,
        term=action.term, power=action.power, cost=action.cost, due=due_of(action), planned_on=action.planned_on,
        organisation_id=action.organisation_id, answer=last.text if last else None, reason_code=action.reason_code,
        reason=action.reason, public_text=action.public_text, marks=marks, answered=action.answered_at is not None,
        verified=action.verified_at is not None,
    )  # fmt: skip


def _groups(rows: list[tuple[Action, Row]]) -> tuple[Group, ...]:
    owners = {action.organisation_id: action.organisation for action, _row in rows}
    ordered = sorted(owners.items(), key=lambda pair: (pair[1] is None, swedish(pair[1].name if pair[1] else "")))
    return tuple(
        Group(
            organisation_id=one, name=owner.name if owner else None, kind=owner.kind if owner else None,
            asked=bool(owner and owner.asked), rows=tuple(row for action, row in rows if action.organisation_id == one),
        )
        for one, owner in ordered
    )  # fmt: skip


def _figures(rows: Iterable[Row]) -> rules.Figures:
    told = (rules.Standing(row.state, row.power, row.due.late, row.answered, row.verified) for row in rows)
    return rules.figures(told, OPEN)


def _marks(action_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[Mark, ...]]:
    rows = select(ActionObservation.action_id, Observation).join(
        Observation, Observation.id == ActionObservation.observation_id
    )
    found: dict[uuid.UUID, tuple[Mark, ...]] = {}
    shown = rows.where(ActionObservation.action_id.in_(action_ids)).order_by(Observation.number)
    for action_id, observation in db.session.execute(shown).unique():
        found[action_id] = (*found.get(action_id, ()), Mark(observation.number, observation.curated_kind))
    return found


def _observations(actor: Actor, action: Action) -> tuple[Standing, ...]:
    as_owner = answers_for(actor, action.organisation_id)
    ids = [link.observation_id for link in action.observations]
    seen = observations.standing_among(actor, ids, as_owner=as_owner)
    return tuple(sorted(seen.values(), key=lambda one: one.number or 0))


def _answers(action: Action) -> tuple[Said, ...]:
    return tuple(
        Said(answer.at, answer.state, answer.text, answer.reason_code, answer.planned_on, _photo(answer))
        for answer in action.answers
    )


def _photo(answer: Answer) -> PhotoRow | None:
    photo = db.session.get(Photo, answer.photo_id) if answer.photo_id else None
    return observations.photo_row(photo) if photo else None


def _history(action: Action) -> tuple[Happened, ...]:
    rows = select(JournalEntry).where(JournalEntry.subject_id == action.id)
    entries = db.session.scalars(rows.order_by(JournalEntry.at.desc(), JournalEntry.id.desc()))
    names: dict[str, str] = {}
    told = []
    for entry in entries:
        organisation = entry.facts.get("organisation")
        if organisation and organisation not in names:
            found = db.session.get(Organisation, uuid.UUID(organisation))
            names[organisation] = found.name if found else ""
        name = names.get(organisation) if organisation else None
        told.append(Happened(entry.at, entry.event, entry.actor_role, name, dict(entry.facts)))
    return tuple(told)


def _owner_point(actor: Actor, action: Action) -> OwnerPoint:
    walk = db.session.get_one(Walk, action.walk_id)
    seen = _observations(actor, action)
    return OwnerPoint(
        row=_row(action, _marks([action.id]).get(action.id, ())), description=action.description, walk_name=walk.name,
        walked_at=walk.starts_at, observations=seen,
        photos=tuple(photo for one in seen for photo in one.photos if photo.shown), answers=_answers(action),
        verbs=answer_verbs(action),
    )  # fmt: skip


def answer_verbs(action: Action) -> tuple[str, ...]:
    """Return the answers that are open now, in the order they are offered: an asked owner says yes or no (R8)."""
    asked = bool(action.organisation and action.organisation.asked)
    return tuple(verb for verb in (rules.REPLIES if asked else rules.TELLS) if action.can(verb))


def _paper_row(action: Action, marks: tuple[Mark, ...]) -> PaperRow:
    organisation, answers = action.organisation, _answers(action)
    after = next((said.photo for said in reversed(answers) if said.photo and said.photo.shown), None)
    return PaperRow(
        id=action.id, number=action.number, title=action.title,
        organisation=organisation.name if organisation else None,
        organisation_kind=organisation.kind if organisation else None,
        asked=bool(organisation and organisation.asked), term=action.term, state=action.state, due=due_of(action),
        planned_on=action.planned_on, cost=action.cost,
        answer=action.public_text or (answers[-1].text if answers else None), reason_code=action.reason_code,
        reason=action.reason, verified_at=action.verified_at,
        observation_ids=tuple(link.observation_id for link in action.observations),
        observation_numbers=tuple(mark.number for mark in marks if mark.number is not None), after_photo=after,
    )  # fmt: skip


def _proposal(one: Standing, register: Sequence[Organisation]) -> Proposal:
    return Proposal(
        observation=one, title=rules.suggest_title(one.proposal, one.wording),
        term=rules.suggest_term(one.category, one.kind, one.acute),
        organisation_id=suggested_owner(one.category, register),
    )  # fmt: skip
