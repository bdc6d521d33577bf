"""The council's pages: its meetings and seats, the secretary's desk, the minutes, the wall."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug.wrappers import Response

from walkapp.kernel.actor import Actor
from walkapp.kernel.look import day
from walkapp.people.session import needs_role, signed_in

from . import access, queries, rules, service
from .forms import CouncilForm, ItemForm, MeetingForm, NoteForm, OutcomeForm, SeatForm
from .models import AgendaItem, Council, Meeting

bp = Blueprint("council", __name__)
WORKS = ("coordinator", "administrator", "council_member", "chair", "secretary")


@bp.get("/councils/")
@needs_role(*WORKS)
def index() -> str:
    """Every council that one has to do with."""
    return render_template("council/index.html", councils=queries.councils(signed_in()))


@bp.get("/councils/<uuid:council_id>/", endpoint="open")
def one(council_id: uuid.UUID) -> str:
    """A council: its meetings and its seats."""
    actor = signed_in()
    council = access.council_for(actor, council_id)
    return render_template(
        "council/open.html",
        council=council,
        meetings=queries.meetings(council),
        seats=queries.seats(council),
        may=_may(actor, council),
        form=_seat_form(actor, council),
        setting=CouncilForm.of(council),
    )


def _may(actor: Actor, council: Council) -> dict[str, bool]:
    return {word: allowed(actor, council) for word, allowed in access.MAY.items()}


def _seat_form(actor: Actor, council: Council) -> SeatForm:
    form = SeatForm()
    people = queries.people_to_invite(actor, ())
    form.person.choices = [(str(one.id), _called(one.contact.name, one.title)) for one in people]
    form.standing.choices = standing_choices()
    form.office.choices = [("", _("No office")), ("chair", _("Chair")), ("secretary", _("Secretary"))]
    return form


def _called(name: str, title: str | None) -> str:
    return f"{name}, {title}" if title else name


def standing_choices() -> list[tuple[str, str]]:
    """Offer the three classes."""
    return [("member", _("Member")), ("representative", _("Representative")), ("other", pgettext("standing", "Other"))]


@bp.post("/councils/<uuid:council_id>/seats")
def seat(council_id: uuid.UUID) -> Any:
    """Give somebody a seat."""
    actor = signed_in()
    council = access.council_for(actor, council_id, to="seat")
    form = _seat_form(actor, council)
    if not form.validate_on_submit():
        page = render_template(
            "council/open.html",
            council=council,
            meetings=queries.meetings(council),
            seats=queries.seats(council),
            may=_may(actor, council),
            form=form,
            setting=CouncilForm.of(council),
        )
        return page, 422
    person_id, standing, office = form.to_input()
    service.take_seat(actor, council_id, person_id, standing=standing, office=office)
    flash(_("The seat is taken."), "good")
    return redirect(url_for(".open", council_id=council_id), 303)


@bp.post("/councils/<uuid:council_id>/seats/<uuid:member_id>/leave")
def leave(council_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """End a seat."""
    service.leave_seat(signed_in(), council_id, member_id)
    flash(_("The seat is free."), "good")
    return redirect(url_for(".open", council_id=council_id), 303)


@bp.post("/councils/<uuid:council_id>/settings")
def settings(council_id: uuid.UUID) -> Response:
    """Say what the minutes are called, how points are numbered, and whether the council may decide."""
    form = CouncilForm.of(access.council_for(signed_in(), council_id))
    if form.validate_on_submit():
        service.set_up(
            signed_in(),
            council_id,
            minutes_word=form.minutes_word.data,
            numbering=form.numbering.data,
            may_decide=form.may_decide.data,
        )
        flash(_("Saved."), "good")
    return redirect(url_for(".open", council_id=council_id), 303)


@bp.route("/councils/<uuid:council_id>/plan", methods=["GET", "POST"])
def plan(council_id: uuid.UUID) -> Any:
    """Set a day for the next meeting."""
    actor = signed_in()
    council = access.council_for(actor, council_id, to="write")
    form = MeetingForm(place=council.place) if request.method == "GET" else MeetingForm()
    if form.validate_on_submit():
        meeting = service.plan_meeting(actor, council_id, form.to_input())
        flash(_("The day is set. Here is the agenda."), "good")
        return redirect(url_for(".meeting", meeting_id=meeting.id), 303)
    page = render_template("council/plan.html", council=council, form=form, meeting=None)
    return page, 422 if form.errors else 200


@bp.route("/meetings/<uuid:meeting_id>/change", methods=["GET", "POST"])
def change(meeting_id: uuid.UUID) -> Any:
    """Move a meeting."""
    actor = signed_in()
    meeting = access.meeting_for(actor, meeting_id, to="write")
    form = MeetingForm.of(meeting)
    if form.validate_on_submit():
        service.change_meeting(actor, meeting_id, form.to_input())
        flash(_("Saved."), "good")
        return redirect(url_for(".meeting", meeting_id=meeting_id), 303)
    page = render_template("council/plan.html", council=meeting.council, form=form, meeting=meeting)
    return page, 422 if form.errors else 200


# -- a meeting -------------------------------------------------------------------------------------------------


@bp.get("/meetings/<uuid:meeting_id>/")
def meeting(meeting_id: uuid.UUID) -> str:
    """A meeting: its agenda while it is prepared, the secretary's desk while it runs and is written up."""
    actor = signed_in()
    found = access.meeting_for(actor, meeting_id)
    may = _may(actor, found.council)
    at_desk = found.state in service.WRITABLE and may["write"]
    return _desk(actor, found, may) if at_desk else _agenda(actor, found, may)


def _agenda(actor: Actor, found: Meeting, may: dict[str, bool]) -> str:
    before = queries.items_before(found)
    form = ItemForm(formdata=None).offer(walk_choices(actor, found))
    return render_template(
        "council/agenda.html",
        meeting=found,
        council=found.council,
        may=may,
        can_prepare=may["prepare"] and found.state in (*service.BEFORE, "running"),
        rows=[(rules.item_number(found.council.numbering, n, before), item) for n, item in enumerate(found.agenda, 1)],
        attendance=queries.attendance(found),
        counts=rules.count_ways(row.how for row in found.attendance),
        offices=queries.offices(found.council),
        previous=queries.previous_of(found),
        form=form,
        standing_word=queries.standing_word,
        office_word=queries.office_word,
        minutes_word=queries.kind_of_minutes(found.council),
        outcome_word=lambda outcome: queries.outcome_word(outcome, found.council),
    )


def walk_choices(actor: Actor, found: Meeting) -> list[tuple[str, str]]:
    """Offer the walks whose review has begun."""
    walks = queries.walks_to_report(actor, found.council_id)
    return [(str(walk.id), f"{walk.name}, {day(walk.starts_at)}") for walk in walks]


@bp.route("/meetings/<uuid:meeting_id>/items/<uuid:item_id>", methods=["GET", "POST"])
def item(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Change a point of the agenda."""
    actor = signed_in()
    found, row = access.item_for(actor, item_id, to="prepare")
    given = {"heading": row.heading, "presenter": row.presenter, "walk": str(row.walk_id or "")}
    form = ItemForm(data=given).offer(walk_choices(actor, found))
    if form.validate_on_submit():
        service.change_item(actor, item_id, form.to_input())
        return redirect(url_for(".meeting", meeting_id=found.id), 303)
    page = render_template("council/item.html", meeting=found, item=row, form=form)
    return page, 422 if form.errors else 200


def _desk(actor: Actor, found: Meeting, may: dict[str, bool]) -> str:
    item = _chosen(found)
    rows = queries.actions_of(item) if item else []
    action = _chosen_action(rows)
    return render_template(
        "council/desk.html",
        meeting=found,
        council=found.council,
        may=may,
        item=item,
        place=found.agenda.index(item) + 1 if item else 0,
        numbers=_numbers(found),
        note=note_form(found, item) if item else None,
        rows=rows,
        action=action,
        action_place=rows.index(action) if action else 0,
        outcome=outcome_form(found, action) if action else None,
        words=_formal(found.council, bool(action and action.asked)),
        attendance=queries.attendance(found),
        counts=rules.count_ways(row.how for row in found.attendance),
        hinders=rules.hinders_closing([row.how for row in found.attendance]),
        offices=queries.offices(found.council),
        guests=queries.people_to_invite(actor, [row.person_id for row in found.attendance]),
        previous=queries.previous_of(found),
        minutes=queries.minutes_of(found),
        dropped=queries.dropped_signature(found),
        standing_word=queries.standing_word,
        office_word=queries.office_word,
        minutes_word=queries.kind_of_minutes(found.council),
    )


def _numbers(found: Meeting) -> list[str]:
    before = queries.items_before(found)
    return [rules.item_number(found.council.numbering, n, before) for n in range(1, len(found.agenda) + 1)]


def _chosen(found: Meeting) -> AgendaItem | None:
    wanted = request.args.get("item", "")
    first = next((item for item in found.agenda if not (item.note or item.outcomes)), None)
    chosen = next((item for item in found.agenda if str(item.id) == wanted), None)
    return chosen or first or (found.agenda[0] if found.agenda else None)


def _chosen_action(rows: list[queries.ActionRow]) -> queries.ActionRow | None:
    wanted = request.args.get("action", "")
    chosen = next((row for row in rows if str(row.id) == wanted), None)
    return chosen or next((row for row in rows if row.outcome is None), None) or (rows[0] if rows else None)


def note_form(found: Meeting, item: AgendaItem) -> NoteForm:
    """Return the form for what was said under a point."""
    form = NoteForm(data={"note": item.note, "led_to": item.outcome or ""})
    form.led_to.choices = [
        ("", _("Nothing to note")),
        *((outcome, queries.outcome_word(outcome, found.council)) for outcome in rules.OUTCOMES),
    ]
    return form


def outcome_form(found: Meeting, action: queries.ActionRow) -> OutcomeForm:
    """Return the form for what the council came to about an action."""
    form = OutcomeForm(data={"outcome": action.outcome, "text": action.text})
    words = _verbs(found.council, action.asked)
    form.outcome.choices = [(outcome, words[outcome]) for outcome in rules.OUTCOMES]
    return form


def _formal(council: Council, asked: bool) -> dict[str, str]:
    """What the minutes will call it, where that is another word than the button's."""
    return {one: queries.outcome_word(one, council, asked) for one in ("information", "standpoint", "assignment")}


def _verbs(council: Council, asked: bool) -> dict[str, str]:
    supports = pgettext("the council", "supports it")
    asks = pgettext("the council", "asks the owner to act")
    return {
        "information": pgettext("the council", "takes note"),
        "standpoint": pgettext("the council", "decides") if council.may_decide else supports,
        "assignment": pgettext("the council", "sends a request") if asked else asks,
        "forwarded": pgettext("the council", "passes it to a board"),
        "tabled": pgettext("the council", "puts it off"),
        "filed": pgettext("the council", "files it"),
    }


@bp.get("/meetings/<uuid:meeting_id>/minutes")
def minutes(meeting_id: uuid.UUID) -> str:
    """The minutes as they stand, and their signatures."""
    actor = signed_in()
    found = access.meeting_for(actor, meeting_id)
    shown = queries.minutes_of(found)
    return render_template(
        "council/minutes.html",
        meeting=found,
        council=found.council,
        may=_may(actor, found.council),
        minutes=shown,
        own=next((one for one in shown.signatures if one.person_id == actor.id), None),
        dropped=queries.dropped_signature(found),
        office_word=queries.office_word,
        approved_by=queries.approver_of(found),
    )


@bp.get("/meetings/<uuid:meeting_id>/wall")
def wall(meeting_id: uuid.UUID) -> str:
    """One action at a time, to be read from six metres."""
    found = access.meeting_for(signed_in(), meeting_id)
    item = _chosen(found)
    rows = queries.actions_of(item) if item else []
    action = _chosen_action(rows)
    return render_template(
        "council/wall.html",
        meeting=found,
        item=item,
        place=found.agenda.index(item) + 1 if item else 0,
        rows=rows,
        action=action,
        voices=queries.voices_of(action) if action else [],
        shapes=queries.shapes_of(item, action) if item and action else None,
        decided=_verbs(found.council, action.asked).get(action.outcome or "") if action else None,
    )
