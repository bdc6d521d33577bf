"""What is done at a meeting: each a POST that leads back to its page."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from walkapp.kernel.actor import Actor
from walkapp.people.session import signed_in

from . import access, queries, rules, service
from .forms import FileForm, ItemForm, NoteForm, OutcomeForm, SignForm
from .models import Meeting

bp = Blueprint("council_meeting", __name__, url_prefix="/meetings/<uuid:meeting_id>")


def _back(meeting_id: uuid.UUID, page: str = "council.meeting", **at: Any) -> Response:
    return redirect(url_for(page, meeting_id=meeting_id, **{key: value for key, value in at.items() if value}), 303)


@bp.post("/items")
def add_item(meeting_id: uuid.UUID) -> Response:
    """Put a point on the agenda."""
    actor = signed_in()
    meeting = access.meeting_for(actor, meeting_id, to="prepare")
    form = ItemForm().offer(_walks(meeting))
    if form.validate_on_submit():
        service.add_item(actor, meeting_id, form.to_input())
        flash(_("The point is on the agenda."), "good")
    else:
        flash(_("Write a heading."), "bad")
    return _back(meeting_id)


def _walks(meeting: Meeting) -> list[tuple[str, str]]:
    return [(str(walk.id), walk.name) for walk in queries.walks_to_report(signed_in(), meeting.council_id)]


@bp.post("/items/<uuid:item_id>/up")
def up(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Move a point one step up."""
    service.move_item(signed_in(), item_id, -1)
    return _back(meeting_id)


@bp.post("/items/<uuid:item_id>/down")
def down(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Move a point one step down."""
    service.move_item(signed_in(), item_id, 1)
    return _back(meeting_id)


@bp.post("/items/<uuid:item_id>/remove")
def remove(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Take a point off the agenda."""
    service.remove_item(signed_in(), item_id)
    return _back(meeting_id)


@bp.post("/walk")
def put_walk(meeting_id: uuid.UUID) -> Response:
    """Put a walk's report on the agenda: the button on the report's page."""
    service.put_on_agenda(signed_in(), meeting_id, _uuid(request.form.get("walk")))
    flash(_("The report is on the agenda."), "good")
    return _back(meeting_id)


def _uuid(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.UUID(int=0)


@bp.post("/call")
def call(meeting_id: uuid.UUID) -> Response:
    """Call the members."""
    service.call_meeting(signed_in(), meeting_id)
    flash(_("The call is on its way to everyone with a seat."), "good")
    return _back(meeting_id)


@bp.post("/call-off")
def call_off(meeting_id: uuid.UUID) -> Response:
    """Take the call back."""
    service.call_off(signed_in(), meeting_id)
    flash(_("The call is taken back."), "good")
    return _back(meeting_id)


@bp.post("/open")
def begin(meeting_id: uuid.UUID) -> Response:
    """Begin the meeting."""
    service.open_meeting(signed_in(), meeting_id)
    return _back(meeting_id)


@bp.post("/attendance")
def attendance(meeting_id: uuid.UUID) -> Response:
    """Note how people take part: one field `how-<person>` for each."""
    actor = signed_in()
    meeting = access.meeting_for(actor, meeting_id, to="write")
    rest = request.form.get("rest")
    for row in list(meeting.attendance):
        how = request.form.get(f"how-{row.person_id}") or (rest if row.how is None else None)
        if how:
            service.attend(actor, meeting_id, row.person_id, how)
    flash(_("Attendance is noted."), "good")
    return _back(meeting_id, item=request.form.get("item"))


@bp.post("/guests")
def guest(meeting_id: uuid.UUID) -> Response:
    """Add somebody without a seat."""
    standing = request.form.get("standing") or "other"
    service.add_guest(signed_in(), meeting_id, _uuid(request.form.get("person")), standing)
    return _back(meeting_id, item=request.form.get("item"))


@bp.post("/items/<uuid:item_id>/note")
def note(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Write what was said under a point, with what was chosen for the action at hand; on to the next point."""
    actor = signed_in()
    meeting, item = access.item_for(actor, item_id, to="write")
    if not _write_note(actor, item_id):
        return _back(meeting_id, item=item_id)
    if request.form.get("action") and request.form.get("outcome"):
        _decide(actor, item_id, _uuid(request.form.get("action")))
    at = meeting.agenda.index(item) + bool(request.form.get("next"))
    return _back(meeting_id, item=meeting.agenda[min(at, len(meeting.agenda) - 1)].id)


@bp.post("/items/<uuid:item_id>/actions/<uuid:action_id>")
def decide(meeting_id: uuid.UUID, item_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """Write what the council came to about an action, with the note that stands on the same page; on to the next."""
    actor = signed_in()
    _meeting, item = access.item_for(actor, item_id, to="write")
    if "note" in request.form:
        _write_note(actor, item_id)
    back = request.form.get("to") == "previous"
    if not _decide(actor, item_id, action_id) and not back:
        flash(_("Choose what the council came to."), "bad")
        return _back(meeting_id, item=item_id, action=action_id)
    order = [row.id for row in queries.actions_of(item)]
    if action_id not in order:
        return _back(meeting_id, item=item_id)
    at = order.index(action_id) + (-1 if back else 1)
    return _back(meeting_id, item=item_id, action=order[max(0, min(at, len(order) - 1))])


def _write_note(actor: Actor, item_id: uuid.UUID) -> bool:
    form = NoteForm()
    form.led_to.choices = [("", ""), *((one, one) for one in rules.OUTCOMES)]
    if not form.validate_on_submit():
        flash(_("The note was not saved: it is too long."), "bad")
        return False
    service.write_note(actor, item_id, *form.to_input())
    return True


def _decide(actor: Actor, item_id: uuid.UUID, action_id: uuid.UUID) -> bool:
    form = OutcomeForm()
    form.outcome.choices = [(one, one) for one in rules.OUTCOMES]
    if not form.validate_on_submit():
        return False
    service.decide(actor, item_id, action_id, *form.to_input())
    return True


@bp.post("/close")
def close(meeting_id: uuid.UUID) -> Response:
    """End the meeting; the minutes are a draft."""
    service.close_meeting(signed_in(), meeting_id)
    flash(_("The meeting is closed. Read the draft, then sign it."), "good")
    return _back(meeting_id, "council.minutes")


@bp.post("/reopen")
def reopen(meeting_id: uuid.UUID) -> Response:
    """Take the meeting up again."""
    service.reopen_meeting(signed_in(), meeting_id)
    return _back(meeting_id)


@bp.post("/sign")
def sign(meeting_id: uuid.UUID) -> Any:
    """Sign what stands on the page."""
    actor, form = signed_in(), SignForm()
    access.meeting_for(actor, meeting_id, to="sign")
    if not form.validate_on_submit():
        return render_template("errors/problem.html", status=400, code="form.stale", sentence=_("form.stale")), 400
    service.sign(actor, meeting_id, form.sha256.data)
    flash(_("You have signed."), "good")
    return _back(meeting_id, "council.minutes")


@bp.post("/approve-previous")
def approve_previous(meeting_id: uuid.UUID) -> Response:
    """Approve the minutes of the meeting before this one."""
    service.approve_previous(signed_in(), meeting_id)
    flash(_("The minutes of the previous meeting are approved."), "good")
    return _back(meeting_id, item=request.form.get("item"))


@bp.post("/file")
def file(meeting_id: uuid.UUID) -> Response:
    """Put approved minutes with the records."""
    form = FileForm()
    service.file_minutes(signed_in(), meeting_id, form.registry_number.data)
    flash(_("Filed."), "good")
    return _back(meeting_id, "council.minutes")
