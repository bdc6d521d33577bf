"""The council's verbs: seat people, plan and hold a meeting, decide, and let two people sign what was said."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from walkapp.actions import service as actions
from walkapp.actions.models import Action
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import record
from walkapp.kernel.look import day
from walkapp.people import service as people
from walkapp.people.access import administers, holds_office
from walkapp.people.models import Municipality, Person
from walkapp.walks.models import Walk
from walkapp.walks.states import PUBLIC_FROM

from . import access, queries, rules
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

BEFORE = ("planned", "called")
WRITABLE = ("running", "drafted")


@dataclass(frozen=True)
class MeetingInput:
    """When and where a council meets."""

    starts_at: datetime
    ends_at: datetime
    place: str
    link: str | None = None
    registry_number: str | None = None


@dataclass(frozen=True)
class ItemInput:
    """A point on the agenda, as it is prepared."""

    heading: str
    presenter: str | None = None
    walk_id: uuid.UUID | None = None


# -- the council and its seats ---------------------------------------------------------------------------------


def add_council(actor: Actor, municipality: Municipality, slug: str, name: str, *, place: str | None = None) -> Council:
    """Add a council to a municipality."""
    if not administers(actor, municipality.id):
        raise NotAllowed("council.may_not_add")
    taken = select(Council.id).where(Council.municipality_id == municipality.id, Council.slug == slug)
    if db.session.scalar(taken) is not None:
        raise Conflict("council.slug_taken", slug=slug)
    council = Council(municipality_id=municipality.id, slug=slug, name=name, place=place)
    db.session.add(council)
    db.session.flush()
    record(actor, "council.added", council)
    return council


def set_up(actor: Actor, council_id: uuid.UUID, *, minutes_word: str, numbering: str, may_decide: bool) -> Council:
    """Say what the council calls its minutes, how it numbers, and whether it may decide."""
    council = access.council_for(actor, council_id, to="seat")
    council.minutes_word, council.numbering, council.may_decide = minutes_word, numbering, may_decide
    record(actor, "council.set_up", council, minutes_word=minutes_word, numbering=numbering, may_decide=may_decide)
    return council


def take_seat(
    actor: Actor,
    council_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    standing: str | None = None,
    office: str | None = None,
) -> CouncilMember:
    """Give a person a seat, or change the one they have; an office has one holder."""
    council = access.council_for(actor, council_id, to="seat")
    person = db.session.get(Person, person_id)
    if person is None or person.municipality_id != council.municipality_id:
        raise NotFound("person.not_found")
    _known(standing, rules.STANDINGS, "standing")
    _known(office, rules.OFFICES, "office")
    seat = next((one for one in queries.seats(council) if one.person_id == person_id), None)
    if seat is None:
        seat = CouncilMember(
            municipality_id=council.municipality_id,
            council_id=council.id,
            person_id=person_id,
            position=1 + max((one.position for one in council.members), default=0),
            standing=standing or ("representative" if office == "secretary" else "member"),
        )
        council.members.append(seat)
    seat.standing, seat.office = standing or seat.standing, office
    for other in council.members:
        if office and other is not seat and other.office == office:
            other.office = None
            _hold(actor, council, other.person_id, "council_member")
    db.session.flush()
    _hold(actor, council, person_id, office or "council_member")
    record(actor, "council.seat_taken", council, person=person_id, standing=seat.standing, office=office)
    return seat


def leave_seat(actor: Actor, council_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """End a seat: the person is no longer called, and no longer reads."""
    council = access.council_for(actor, council_id, to="seat")
    seat = next((one for one in council.members if one.id == member_id), None)
    if seat is None:
        raise NotFound("council.seat_not_found")
    seat.until_on, seat.office = clock.today() - timedelta(days=1), None
    _hold(actor, council, seat.person_id, None)
    record(actor, "council.seat_left", council, person=seat.person_id)


def _hold(actor: Actor, council: Council, person_id: uuid.UUID, word: str | None) -> None:
    """Let the person hold the role that the seat asks for, and no other of this council's."""
    person = db.session.get_one(Person, person_id)
    for other in ("council_member", *rules.OFFICES):
        if other != word:
            people.withdraw(actor, person, other, council_id=council.id)
    if word is not None:
        people.grant(actor, person, word, council_id=council.id)


def _known(value: str | None, words: tuple[str, ...], field: str) -> None:
    if value is not None and value not in words:
        raise Invalid("meeting.unknown_word", field=field)


# -- before the meeting ----------------------------------------------------------------------------------------


def plan_meeting(actor: Actor, council_id: uuid.UUID, given: MeetingInput) -> Meeting:
    """Set a day for a meeting, with the nine standing points on its agenda."""
    council = access.council_for(actor, council_id, to="write")
    _check(given)
    before = queries.latest_before(council.id, given.starts_at)
    meeting = Meeting(
        municipality_id=council.municipality_id,
        council=council,
        council_id=council.id,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        place=given.place,
        link=given.link,
        registry_number=given.registry_number,
        previous_id=before.id if before else None,
    )
    db.session.add(meeting)
    db.session.flush()
    _lay_out(actor, meeting)
    _call_seats(meeting)
    record(actor, "meeting.planned", meeting, starts_at=given.starts_at)
    return meeting


def _check(given: MeetingInput) -> None:
    if given.ends_at <= given.starts_at:
        raise Invalid("meeting.ends_before_it_starts", field="ends")
    if given.link and not given.link.startswith(("https://", "http://")):
        raise Invalid("meeting.bad_link", field="link")


def _lay_out(actor: Actor, meeting: Meeting) -> None:
    walk = queries.walk_waiting(actor, meeting.council_id)
    with force_locale(queries.PAPER_LANGUAGE):
        for position, (kind, heading) in enumerate(rules.AGENDA, 1):
            item = AgendaItem(
                municipality_id=meeting.municipality_id, position=position, kind=kind, heading=str(_(heading))
            )
            if kind == "walk" and walk is not None:
                item.walk_id, item.heading = walk.id, walk.name
            meeting.agenda.append(item)
    db.session.flush()


def _call_seats(meeting: Meeting) -> None:
    called = {row.person_id for row in meeting.attendance}
    place = len(meeting.attendance)
    for seat in queries.seats(meeting.council):
        if seat.person_id not in called:
            place += 1
            row = Attendance(
                municipality_id=meeting.municipality_id,
                person_id=seat.person_id,
                position=place,
                standing=seat.standing,
            )
            meeting.attendance.append(row)
    db.session.flush()


def change_meeting(actor: Actor, meeting_id: uuid.UUID, given: MeetingInput) -> Meeting:
    """Move a meeting that has not begun; those who were called get the new time."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    _in_state(meeting, BEFORE, "change")
    _check(given)
    old = meeting.starts_at, meeting.ends_at, meeting.place, meeting.link
    meeting.starts_at, meeting.ends_at, meeting.place = given.starts_at, given.ends_at, given.place
    meeting.link, meeting.registry_number = given.link, given.registry_number
    if (given.starts_at, given.ends_at, given.place, given.link) != old:
        event = "meeting.moved" if meeting.state == "called" else "meeting.changed"
        record(actor, event, meeting, old=old[0], new=given.starts_at)
    return meeting


def add_item(actor: Actor, meeting_id: uuid.UUID, given: ItemInput) -> AgendaItem:
    """Put a point on the agenda, before the other matters."""
    meeting = access.meeting_for(actor, meeting_id, to="prepare")
    _in_state(meeting, (*BEFORE, "running"), "change_agenda")
    walk = _walk(actor, given.walk_id)
    last = next((item.position for item in meeting.agenda if item.kind == "other"), len(meeting.agenda) + 1)
    for item in meeting.agenda:
        item.position += item.position >= last
    added = AgendaItem(
        municipality_id=meeting.municipality_id,
        meeting_id=meeting.id,
        position=last,
        kind="walk" if walk else "free",
        heading=given.heading.strip() or (walk.name if walk else ""),
        presenter=given.presenter,
        walk_id=walk.id if walk else None,
    )
    db.session.add(added)
    _settle(meeting)
    record(actor, "meeting.item_added", meeting, item=added.id, heading=added.heading)
    return added


def put_on_agenda(actor: Actor, meeting_id: uuid.UUID, walk_id: uuid.UUID) -> AgendaItem:
    """Let a meeting consider a walk's report: at the standing point if that is free, else at one of its own."""
    meeting = access.meeting_for(actor, meeting_id, to="prepare")
    _in_state(meeting, (*BEFORE, "running"), "change_agenda")
    walk = _walk(actor, walk_id)
    if walk is None:
        raise NotFound("walk.not_found")
    there = next((item for item in meeting.agenda if item.walk_id == walk.id), None)
    if there is not None:
        return there
    free = next((item for item in meeting.agenda if item.kind == "walk" and item.walk_id is None), None)
    if free is None:
        return add_item(actor, meeting_id, ItemInput(walk.name, walk_id=walk.id))
    free.walk_id, free.heading = walk.id, walk.name
    record(actor, "meeting.item_changed", meeting, item=free.id, walk=walk.id)
    return free


def _walk(actor: Actor, walk_id: uuid.UUID | None) -> Walk | None:
    if walk_id is None:
        return None
    walk = db.session.get(Walk, walk_id)
    if walk is None or walk.municipality_id != actor.municipality_id:
        raise NotFound("walk.not_found")
    if walk.state not in PUBLIC_FROM:
        raise Conflict("meeting.walk_not_reviewed", state=walk.state)
    return walk


def change_item(actor: Actor, item_id: uuid.UUID, given: ItemInput) -> AgendaItem:
    """Change a point's heading, who presents it, and the walk it considers."""
    meeting, item = access.item_for(actor, item_id, to="prepare")
    _in_state(meeting, (*BEFORE, "running"), "change_agenda")
    walk = _walk(actor, given.walk_id)
    if item.outcomes and item.walk_id != given.walk_id:
        raise Conflict("meeting.item_decided")
    item.heading, item.presenter = given.heading.strip() or item.heading, given.presenter
    item.walk_id = walk.id if walk else None
    record(actor, "meeting.item_changed", meeting, item=item.id, heading=item.heading)
    return item


def move_item(actor: Actor, item_id: uuid.UUID, steps: int) -> AgendaItem:
    """Move a point up (negative) or down the agenda."""
    meeting, item = access.item_for(actor, item_id, to="prepare")
    _in_state(meeting, (*BEFORE, "running"), "change_agenda")
    order = [one for one in meeting.agenda if one is not item]
    order.insert(max(0, min(len(order), meeting.agenda.index(item) + steps)), item)
    for position, one in enumerate(order, 1):
        one.position = position
    _settle(meeting)
    record(actor, "meeting.item_moved", meeting, item=item.id, position=item.position)
    return item


def remove_item(actor: Actor, item_id: uuid.UUID) -> None:
    """Take a point off the agenda, as long as nothing has been written under it."""
    meeting, item = access.item_for(actor, item_id, to="prepare")
    _in_state(meeting, (*BEFORE, "running"), "change_agenda")
    if item.note or item.outcome or item.outcomes:
        raise Conflict("meeting.item_written")
    record(actor, "meeting.item_removed", meeting, item=item.id, heading=item.heading)
    db.session.delete(item)
    _settle(meeting)


def _settle(meeting: Meeting) -> None:
    db.session.flush()
    db.session.expire(meeting, ["agenda"])
    for position, item in enumerate(meeting.agenda, 1):
        item.position = position
    db.session.flush()


def call_meeting(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """Call the members; each gets a letter with the meeting as a calendar entry."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    _call_seats(meeting)
    if not meeting.attendance:
        raise Conflict("meeting.nobody_to_call")
    meeting.go("call")
    meeting.called_at = clock.now()
    record(actor, "meeting.called", meeting)
    return meeting


def call_off(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """Take the call back; the calendar entries are cancelled."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    meeting.go("call_off")
    record(actor, "meeting.called_off", meeting)
    return meeting


# -- at the meeting --------------------------------------------------------------------------------------------


def open_meeting(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """Begin the meeting."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    meeting.go("open")
    _call_seats(meeting)
    record(actor, "meeting.opened", meeting)
    return meeting


def attend(actor: Actor, meeting_id: uuid.UUID, person_id: uuid.UUID, how: str) -> Attendance:
    """Note how somebody takes part: in the room, remote, or absent."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    _in_state(meeting, ("called", *WRITABLE), "note_attendance")
    _known(how, rules.WAYS, "how")
    row = next((one for one in meeting.attendance if one.person_id == person_id), None)
    if row is None:
        raise NotFound("meeting.not_called")
    if row.how != how:
        with _writing(actor, meeting, "attendance"):
            row.how = how
        record(actor, "meeting.attendance_noted", meeting, person=person_id, how=how)
    return row


def add_guest(
    actor: Actor, meeting_id: uuid.UUID, person_id: uuid.UUID, standing: str = "other", how: str = "room"
) -> Attendance:
    """Add somebody who takes part without a seat."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    _in_state(meeting, ("called", *WRITABLE), "note_attendance")
    _known(standing, rules.STANDINGS, "standing")
    _known(how, rules.WAYS, "how")
    person = db.session.get(Person, person_id)
    if person is None or person.municipality_id != meeting.municipality_id:
        raise NotFound("person.not_found")
    if any(one.person_id == person_id for one in meeting.attendance):
        raise Conflict("meeting.already_called")
    row = Attendance(
        municipality_id=meeting.municipality_id,
        person=person,
        person_id=person_id,
        position=1 + len(meeting.attendance),
        standing=standing,
        how=how,
    )
    with _writing(actor, meeting, "attendance"):
        meeting.attendance.append(row)
    record(actor, "meeting.guest_added", meeting, person=person_id)
    return row


def write_note(actor: Actor, item_id: uuid.UUID, note: str | None, outcome: str | None = None) -> AgendaItem:
    """Write what was said under a point, and what came of it."""
    meeting, item = access.item_for(actor, item_id, to="write")
    _in_state(meeting, WRITABLE, "write")
    _known(outcome, rules.OUTCOMES, "outcome")
    words = (note or "").strip() or None
    if (item.note, item.outcome) != (words, outcome):
        with _writing(actor, meeting, "note"):
            item.note, item.outcome = words, outcome
        record(actor, "meeting.item_written", meeting, item=item.id, outcome=outcome)
    return item


def decide(
    actor: Actor, item_id: uuid.UUID, action_id: uuid.UUID, outcome: str, text: str | None = None
) -> ActionOutcome:
    """Write what the council came to about an action; the action learns it in the same breath."""
    meeting, item = access.item_for(actor, item_id, to="write")
    _in_state(meeting, WRITABLE, "write")
    _known(outcome, rules.OUTCOMES, "outcome")
    action = db.session.get(Action, action_id)
    before_us = {row.id for row in queries.actions_of(item)}
    if action is None or action.id not in before_us:
        raise NotFound("action.not_found")
    words = (text or "").strip() or None
    decided = next((one for one in item.outcomes if one.action_id == action.id), None)
    if decided is not None and (decided.outcome, decided.text) == (outcome, words):
        return decided
    with _writing(actor, meeting, "outcome"):
        if decided is None:
            decided = ActionOutcome(municipality_id=meeting.municipality_id, action_id=action.id, outcome=outcome)
            item.outcomes.append(decided)
        decided.outcome, decided.text, decided.at = outcome, words, clock.now()
    actions.note_outcome(actor, action.id, outcome, words)
    record(actor, "meeting.action_decided", meeting, item=item.id, action=action.id, outcome=outcome)
    return decided


def close_meeting(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """End the meeting: what has been written becomes the draft of its minutes."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    hinders = rules.hinders_closing([row.how for row in meeting.attendance])
    if meeting.can("close") and hinders:
        raise Conflict(f"meeting.{hinders[0]}", reasons=list(hinders))
    meeting.go("close")
    record(actor, "meeting.drafted", meeting)
    return meeting


def reopen_meeting(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """Take the meeting up again before both have signed; a signature already given falls."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    meeting.go("reopen")
    _drop_signatures(actor, meeting, "reopened")
    record(actor, "meeting.reopened", meeting)
    return meeting


# -- signing ---------------------------------------------------------------------------------------------------


@contextmanager
def _writing(actor: Actor, meeting: Meeting, what: str) -> Iterator[None]:
    """Change the minutes; a signature under words that are no longer the same falls, and the journal says why."""
    _hold_still(meeting)
    _in_state(meeting, ("called", *WRITABLE), "write")
    signed = bool(meeting.signatures)
    before = _hash(meeting) if signed else ""
    yield
    db.session.flush()
    if signed and _hash(meeting) != before:
        _drop_signatures(actor, meeting, what)


def _hold_still(meeting: Meeting) -> None:
    """Let one hand at a time change or sign these minutes.

    Why: two who sign in the same moment would each see one signature alone, and the minutes would stay a draft.
    """
    db.session.flush()
    db.session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())
    db.session.refresh(meeting)
    db.session.expire(meeting, ["signatures"])


def _hash(meeting: Meeting) -> str:
    return rules.sha256_of(rules.canonical(queries.draft(meeting)))


def _drop_signatures(actor: Actor, meeting: Meeting, reason: str) -> None:
    for signature in list(meeting.signatures):
        record(
            actor,
            "minutes.signature_dropped",
            meeting,
            office=signature.office,
            sha256=signature.sha256,
            reason=reason,
        )
        meeting.signatures.remove(signature)
        db.session.delete(signature)
    db.session.flush()


def sign(actor: Actor, meeting_id: uuid.UUID, sha256: str) -> Signature:
    """Sign the minutes, in the office the actor holds; the second signature freezes them for good.

    `sha256` is the hash of what the signer has read: nobody signs words that changed meanwhile.
    """
    meeting = access.meeting_for(actor, meeting_id, to="sign")
    _hold_still(meeting)
    meeting.machine.after(meeting.state, "sign")
    office = _office(actor, meeting)
    shown = queries.minutes_of(meeting)
    if shown.sha256 != sha256:
        raise Conflict("minutes.changed_meanwhile")
    snapshot = _freeze(meeting, shown)
    signature = Signature(
        municipality_id=meeting.municipality_id,
        person_id=_person_id(actor),
        office=office,
        sha256=snapshot.sha256,
        at=clock.now(),
    )
    meeting.signatures.append(signature)
    db.session.flush()
    record(actor, "minutes.signature_given", meeting, office=office, sha256=snapshot.sha256)
    if {one.office for one in meeting.signatures} == set(rules.OFFICES):
        meeting.go("sign")
        snapshot.signed_at = clock.now()
        record(actor, "minutes.signed", snapshot, meeting=meeting.id, sha256=snapshot.sha256)
    return signature


def _office(actor: Actor, meeting: Meeting) -> str:
    given = {one.office for one in meeting.signatures}
    if any(one.person_id == actor.id for one in meeting.signatures):
        raise Conflict("minutes.signed_by_you" if len(given) < len(rules.OFFICES) else "meeting.cannot_sign")
    held = [office for office in rules.OFFICES if holds_office(actor, meeting.council_id, office)]
    free = [office for office in held if office not in given]
    if not free:
        raise Conflict("minutes.office_signed")
    return free[0]


def _person_id(actor: Actor) -> uuid.UUID:
    if actor.kind != "person" or actor.id is None:
        raise NotAllowed("meeting.may_not_sign")
    return actor.id


def _freeze(meeting: Meeting, shown: queries.Minutes) -> MinutesSnapshot:
    """Keep the text that is signed, once for each hash."""
    mine = select(MinutesSnapshot).where(MinutesSnapshot.meeting_id == meeting.id)
    kept = list(db.session.scalars(mine.order_by(MinutesSnapshot.version)))
    same = next((one for one in kept if one.sha256 == shown.sha256), None)
    if same is not None:
        return same
    snapshot = MinutesSnapshot(
        municipality_id=meeting.municipality_id,
        meeting_id=meeting.id,
        version=1 + len(kept),
        text=rules.canonical(shown.content),
        sha256=shown.sha256,
        made_at=clock.now(),
    )
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


# -- afterwards ------------------------------------------------------------------------------------------------


def approve_previous(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """Let this meeting approve the minutes of the one before; point two says so."""
    meeting = access.meeting_for(actor, meeting_id, to="approve")
    _in_state(meeting, WRITABLE, "write")
    previous = queries.previous_of(meeting)
    if previous is None:
        raise Conflict("meeting.no_previous")
    previous.go("approve")
    previous.approved_by_id = meeting.id
    item = next((one for one in meeting.agenda if one.kind == "previous"), None)
    if item is not None:
        with _writing(actor, meeting, "note"):
            said = _approval(previous)
            item.note = said if not item.note else f"{item.note}\n\n{said}"
            item.outcome = "filed"
    record(actor, "minutes.approved", previous, by=meeting.id)
    return previous


def _approval(previous: Meeting) -> str:
    with force_locale(queries.PAPER_LANGUAGE):
        return str(_("The notes from %(day)s are approved and filed.", day=day(previous.starts_at)))


def file_minutes(actor: Actor, meeting_id: uuid.UUID, registry_number: str | None = None) -> Meeting:
    """Put approved minutes with the records."""
    meeting = access.meeting_for(actor, meeting_id, to="write")
    meeting.go("file")
    meeting.registry_number = (registry_number or "").strip() or meeting.registry_number
    record(actor, "minutes.filed", meeting, registry_number=meeting.registry_number)
    return meeting


def _in_state(meeting: Meeting, states: tuple[str, ...], verb: str) -> None:
    if meeting.state not in states:
        raise Conflict(f"meeting.cannot_{verb}", state=meeting.state)
