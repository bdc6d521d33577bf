"""What the council's pages show: councils, a meeting with its agenda, and the minutes as they stand."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale, ngettext, pgettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from walkapp.actions.models import Action, ActionObservation
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.look import day, span
from walkapp.kernel.order import swedish
from walkapp.observations.access import for_other_eyes
from walkapp.observations.models import Observation, ObservationPhoto
from walkapp.observations.states import REVIEWED
from walkapp.people.models import Municipality, Person
from walkapp.photos.models import Photo
from walkapp.walks.models import Walk
from walkapp.walks.states import PUBLIC_FROM

from . import access, rules
from .models import (
    ActionOutcome,
    AgendaItem,
    Attendance,
    Council,
    CouncilMember,
    Meeting,
    MinutesSnapshot,
    Signature,
)

PAPER_LANGUAGE = "sv"  # minutes are a Swedish paper, whoever reads them
FORMAT = "walkapp.minutes.1"
HELD = ("drafted", "signed", "approved", "filed")
FROZEN = ("signed", "approved", "filed")


@dataclass(frozen=True)
class CouncilRow:
    """A council in the list, with its coming meeting and its last one."""

    id: uuid.UUID
    name: str
    members: int
    coming: Meeting | None
    last: Meeting | None


@dataclass(frozen=True)
class Mark:
    """The number of an observation in the shape of its kind."""

    kind: str
    number: int


@dataclass(frozen=True)
class ActionRow:
    """An action as the council considers it."""

    id: uuid.UUID
    number: int
    title: str
    state: str
    marks: tuple[Mark, ...]
    owner: str
    asked: bool
    due_on: Any
    answer: str
    photo_id: uuid.UUID | None
    alt: str
    outcome: str | None
    text: str


@dataclass(frozen=True)
class Minutes:
    """Minutes as they stand: the content, its hash, and whether it is frozen."""

    content: dict[str, Any]
    sha256: str
    frozen: bool
    signatures: tuple[Signature, ...]


def councils(actor: Actor) -> list[CouncilRow]:
    """Return the councils that the actor sees, by name."""
    rows = db.session.scalars(select(Council).where(access.visible_to(actor)))
    return sorted((_row(council) for council in rows), key=lambda row: swedish(row.name))


def _row(council: Council) -> CouncilRow:
    now, mine = clock.now(), Meeting.council_id == council.id
    coming = select(Meeting).where(mine, Meeting.ends_at >= now).order_by(Meeting.starts_at).limit(1)
    last = select(Meeting).where(mine, Meeting.ends_at < now).order_by(Meeting.starts_at.desc()).limit(1)
    return CouncilRow(council.id, council.name, len(seats(council)), db.session.scalar(coming), db.session.scalar(last))


def seats(council: Council) -> list[CouncilMember]:
    """Return the seats that are taken today, by standing and order."""
    today = clock.today()
    taken = [
        seat
        for seat in council.members
        if (seat.until_on is None or seat.until_on >= today) and (seat.from_on is None or seat.from_on <= today)
    ]
    return sorted(taken, key=lambda seat: (rules.STANDINGS.index(seat.standing), seat.position))


def meetings(council: Council) -> list[Meeting]:
    """Return a council's meetings, the coming first."""
    return list(
        db.session.scalars(select(Meeting).where(Meeting.council_id == council.id).order_by(Meeting.starts_at.desc()))
    )


def previous_of(meeting: Meeting) -> Meeting | None:
    """Return the meeting before this one, whose minutes it approves."""
    return db.session.get(Meeting, meeting.previous_id) if meeting.previous_id else None


def latest_before(council_id: uuid.UUID, starts_at: datetime) -> Meeting | None:
    """Return the council's last meeting before a moment."""
    earlier = select(Meeting).where(Meeting.council_id == council_id, Meeting.starts_at < starts_at)
    return db.session.scalar(earlier.order_by(Meeting.starts_at.desc()).limit(1))


def walks_to_report(actor: Actor, council_id: uuid.UUID) -> list[Walk]:
    """Return the walks whose review has begun, newest first: what can be put on an agenda."""
    reviewed = Walk.state.in_(PUBLIC_FROM) & (Walk.municipality_id == actor.municipality_id)
    return list(db.session.scalars(select(Walk).where(reviewed).order_by(Walk.starts_at.desc())))


def walk_waiting(actor: Actor, council_id: uuid.UUID) -> Walk | None:
    """Return the newest walk whose report has not yet been on this council's agenda."""
    told = set(
        db.session.scalars(
            select(AgendaItem.walk_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(Meeting.council_id == council_id, AgendaItem.walk_id.is_not(None))
        )
    )
    return next((walk for walk in walks_to_report(actor, council_id) if walk.id not in told), None)


def people_to_invite(actor: Actor, taken: Iterable[uuid.UUID]) -> list[Person]:
    """Return the active people of the municipality who are not among the taken, by name."""
    away = set(taken)
    rows = db.session.scalars(
        select(Person).where(Person.municipality_id == actor.municipality_id, Person.active)
    ).unique()
    return sorted((one for one in rows if one.id not in away), key=lambda one: swedish(one.contact.name))


def attendance(meeting: Meeting) -> dict[str, list[Attendance]]:
    """Return who was called, in the three classes."""
    rows = sorted(meeting.attendance, key=lambda row: row.position)
    return {standing: [row for row in rows if row.standing == standing] for standing in rules.STANDINGS}


def offices(council: Council) -> dict[uuid.UUID, str]:
    """Return who holds which office."""
    return {seat.person_id: seat.office for seat in council.members if seat.office}


# -- the actions under an item ---------------------------------------------------------------------------------


def actions_of(item: AgendaItem) -> list[ActionRow]:
    """Return the actions of the walk that the item considers, with what the council came to."""
    if item.walk_id is None:
        return []
    actions = list(
        db.session.scalars(
            select(Action)
            .where(Action.walk_id == item.walk_id, Action.municipality_id == item.municipality_id)
            .order_by(Action.number)
        ).unique()
    )
    outcomes = {one.action_id: one for one in item.outcomes}
    seen = _observations(actions)
    photos = _photos(item.walk_id)
    return [
        _action_row(action, outcomes.get(action.id), seen.get(action.id, []), photos)
        for action in actions
        if action.id in seen or not action.observations
    ]


def _observations(actions: Sequence[Action]) -> dict[uuid.UUID, list[Observation]]:
    rows = db.session.execute(
        select(ActionObservation.action_id, Observation)
        .join(Observation, Observation.id == ActionObservation.observation_id)
        .where(ActionObservation.action_id.in_([action.id for action in actions]))
        .where(for_other_eyes())
        .order_by(Observation.number)
    ).unique()
    found: dict[uuid.UUID, list[Observation]] = {}
    for action_id, observation in rows:
        found.setdefault(action_id, []).append(observation)
    return found


def _photos(walk_id: uuid.UUID) -> dict[uuid.UUID, Photo]:
    """The first picture of each observation that a person has looked at."""
    rows = db.session.execute(
        select(ObservationPhoto.observation_id, Photo)
        .join(Observation, Observation.id == ObservationPhoto.observation_id)
        .join(Photo, (Photo.sha256 == ObservationPhoto.sha256) & (Photo.sender_id == Observation.participant_id))
        .where(Observation.walk_id == walk_id, for_other_eyes())
        .order_by(ObservationPhoto.position.desc())
    ).all()
    return {observation_id: photo for observation_id, photo in rows if photo.shown}


def _action_row(
    action: Action, decided: ActionOutcome | None, seen: list[Observation], photos: dict[uuid.UUID, Photo]
) -> ActionRow:
    photo = next((photos[one.id] for one in seen if one.id in photos), None)
    return ActionRow(
        id=action.id,
        number=action.number,
        title=action.title,
        state=action.state,
        marks=tuple(Mark(one.curated_kind, one.number) for one in seen if one.number is not None),
        owner=action.organisation.name if action.organisation else "",
        asked=bool(action.organisation and action.organisation.asked),
        due_on=action.due_on,
        answer=action.reason or next((one.text for one in reversed(action.answers) if one.text), "") or "",
        photo_id=photo.id if photo else None,
        alt=(photo.alt or action.title) if photo else "",
        outcome=decided.outcome if decided else None,
        text=(decided.text if decided else None) or "",
    )


def voices_of(action: ActionRow) -> list[str]:
    """Return what was said about an action's places, as reviewed; two voices are enough for a wall."""
    seen = _observations([db.session.get_one(Action, action.id)]).get(action.id, [])
    return [one.wording for one in seen if one.wording and one.state in REVIEWED][:2]


def shapes_of(item: AgendaItem, action: ActionRow) -> dict[str, Any] | None:
    """Return the walk's way with the action's places on it; None when none of them has a position."""
    walk = db.session.get(Walk, item.walk_id) if item.walk_id else None
    seen = _observations([db.session.get_one(Action, action.id)]).get(action.id, [])
    points = [
        {
            "id": str(one.id),
            "kind": one.curated_kind,
            "number": one.number,
            "lat": one.point.lat,
            "lon": one.point.lon,
            "title": action.title,
        }
        for one in seen
        if one.point
    ]
    return {"area": None, "route": walk.route, "stops": [], "points": points} if walk and points else None


# -- the minutes -----------------------------------------------------------------------------------------------


def minutes_of(meeting: Meeting) -> Minutes:
    """Return the minutes: as signed when there is a signature, else as the notes stand now."""
    signatures = tuple(meeting.signatures)
    if signatures:
        kept = db.session.scalar(
            select(MinutesSnapshot)
            .where(MinutesSnapshot.meeting_id == meeting.id, MinutesSnapshot.sha256 == signatures[0].sha256)
            .order_by(MinutesSnapshot.version.desc())
            .limit(1)
        )
        if kept is not None:
            return Minutes(json.loads(kept.text), kept.sha256, meeting.state in FROZEN, signatures)
    content = draft(meeting)
    return Minutes(content, rules.sha256_of(rules.canonical(content)), False, signatures)


def snapshot_of(meeting: Meeting) -> MinutesSnapshot | None:
    """Return the snapshot that both have signed."""
    return db.session.scalar(
        select(MinutesSnapshot).where(MinutesSnapshot.meeting_id == meeting.id, MinutesSnapshot.signed_at.is_not(None))
    )


def dropped_signature(meeting: Meeting) -> JournalEntry | None:
    """Return why the last signature fell, as long as nobody has signed again."""
    last = select(JournalEntry).where(
        JournalEntry.subject_id == meeting.id,
        JournalEntry.event.in_(("minutes.signature_dropped", "minutes.signature_given")),
    )
    entry = db.session.scalar(last.order_by(JournalEntry.at.desc(), JournalEntry.id.desc()).limit(1))
    return entry if entry is not None and entry.event == "minutes.signature_dropped" else None


def approver_of(meeting: Meeting) -> Meeting | None:
    """Return the meeting that approved these minutes."""
    return db.session.get(Meeting, meeting.approved_by_id) if meeting.approved_by_id else None


def draft(meeting: Meeting) -> dict[str, Any]:
    """Return everything that the minutes say, in words that need nothing else to be printed."""
    with force_locale(PAPER_LANGUAGE):
        return _draft(meeting)


def _draft(meeting: Meeting) -> dict[str, Any]:
    council = meeting.council
    before = items_before(meeting)
    return {
        "format": FORMAT,
        "meeting": str(meeting.id),
        "municipality": db.session.get_one(Municipality, meeting.municipality_id).name,
        "forum": council.name,
        "kind": kind_of_minutes(council),
        "language": PAPER_LANGUAGE,
        "is_demo": _is_demo(),
        "reference": meeting.registry_number or "",
        "date": day(meeting.starts_at),
        "held_on": clock.local(meeting.starts_at).date().isoformat(),
        "labels": {"place_and_time": str(_("Place and time")), "absent": str(_("Absent"))},
        "place_and_time": f"{meeting.place}, {span(meeting.starts_at, meeting.ends_at)}",
        "attendance": [
            {"standing": standing, "label": standing_word(standing), "people": _people(council, rows)}
            for standing, rows in attendance(meeting).items()
        ],
        "items": [
            _item(meeting, item, rules.item_number(council.numbering, place, before))
            for place, item in enumerate(meeting.agenda, 1)
        ],
        "signatories": _signatories(meeting),
    }


def _is_demo() -> bool:
    row = installation()
    return bool(row and row.is_demo)


def kind_of_minutes(council: Council) -> str:
    """Return what this council calls its minutes."""
    return str(_("Minutes") if council.minutes_word == "minutes" else _("Meeting notes"))


def standing_word(standing: str) -> str:
    """Return the heading of one of the three lists."""
    words = {"member": _("Members"), "representative": _("Representatives"), "other": _("Others present")}
    return str(words[standing])


def office_word(office: str | None) -> str:
    """Return an office's word."""
    return str({"chair": _("Chair"), "secretary": _("Secretary")}[office]) if office else ""


def _people(council: Council, rows: Sequence[Attendance]) -> list[dict[str, str]]:
    held = offices(council)
    return [
        {
            "name": row.person.contact.name,
            "title": row.person.title or "",
            "role": office_word(held.get(row.person_id)).lower(),
            "how": row.how or "unsaid",
            "note": str(_("by link")) if row.how == "remote" else "",
        }
        for row in rows
    ]


def _signatories(meeting: Meeting) -> list[dict[str, str]]:
    held = {office: person for person, office in offices(meeting.council).items()}
    rows = []
    for office in rules.OFFICES:
        who = db.session.get(Person, held[office]) if office in held else None
        rows.append({"office": office, "role": office_word(office), "name": who.contact.name if who else ""})
    return rows


def items_before(meeting: Meeting) -> int:
    """Count the items of the year's earlier meetings: where § numbers go on."""
    if meeting.council.numbering != "section":
        return 0
    first = clock.at(clock.local(meeting.starts_at).date().replace(month=1, day=1), datetime.min.time())
    earlier = (
        select(func.count(AgendaItem.id))
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Meeting.council_id == meeting.council_id, Meeting.starts_at >= first, Meeting.starts_at < meeting.starts_at
        )
        .where(Meeting.state.in_(("running", *HELD)))
    )
    return db.session.scalar(earlier) or 0


def _item(meeting: Meeting, item: AgendaItem, number: str) -> dict[str, Any]:
    note = rules.read_note(item.note)
    paragraphs = list(note.paragraphs)
    if item.kind == "attendance" and not item.note:
        paragraphs = [attendance_sentence(meeting)]
    outcomes = [*_own_outcome(meeting.council, item), *_action_outcomes(meeting.council, item)]
    if meeting.state in HELD and not (paragraphs or note.sections or outcomes):
        paragraphs = [str(_("Nothing is noted."))]
    return {
        "number": number,
        "heading": item.heading,
        "presenter": item.presenter or "",
        "paragraphs": paragraphs,
        "sections": [{"heading": heading, "paragraphs": list(parts)} for heading, parts in note.sections],
        "outcomes": outcomes,
    }


def attendance_sentence(meeting: Meeting) -> str:
    """Say in a sentence how people took part."""
    counts = rules.count_ways(row.how for row in meeting.attendance)
    parts = []
    if counts["room"]:
        parts.append(ngettext("%(num)s in the room", "%(num)s in the room", counts["room"]))
    if counts["remote"]:
        parts.append(ngettext("%(num)s by link", "%(num)s by link", counts["remote"]))
    if counts["absent"]:
        parts.append(ngettext("%(num)s absent", "%(num)s absent", counts["absent"]))
    if counts["unsaid"]:
        parts.append(ngettext("%(num)s not yet noted", "%(num)s not yet noted", counts["unsaid"]))
    return rules.sentence(", ".join(parts))


def outcome_word(outcome: str, council: Council, asked: bool = False) -> str:
    """Return an outcome's word in the reader's language; never "decision" unless this council may decide."""
    return str(pgettext("outcome", rules.outcome_word(outcome, may_decide=council.may_decide, asked=asked)))


def _own_outcome(council: Council, item: AgendaItem) -> list[dict[str, Any]]:
    # what goes without saying: that it was information, that what was approved is filed
    if item.outcome in (None, "information") or (item.kind == "previous" and item.outcome == "filed"):
        return []
    return [_outcome(item.outcome, outcome_word(item.outcome, council), "")]


def _action_outcomes(council: Council, item: AgendaItem) -> list[dict[str, Any]]:
    if not item.outcomes:
        return []
    found = []
    for row in actions_of(item):
        if row.outcome:
            title = row.title.strip().rstrip(".") + rules.numbers([mark.number for mark in row.marks])
            text = " ".join(part for part in (rules.sentence(title), rules.sentence(row.text)) if part)
            asks = row.outcome == "assignment"
            word = outcome_word(row.outcome, council, row.asked)
            owner, due = (row.owner, day(row.due_on)) if asks else ("", "")
            found.append(_outcome(row.outcome, word, text, owner, due, str(row.id)))
    return found


def _outcome(kind: str, word: str, text: str, owner: str = "", due: str = "", action: str = "") -> dict[str, Any]:
    return {"kind": kind, "word": word, "text": text, "owner": owner, "due": due, "action": action}
