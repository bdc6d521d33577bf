"""The desk's pages of a walk: the list, the walk itself, planning, inviting, the walk under way."""

import uuid
from datetime import date, datetime, time
from typing import Any

import segno
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup

from walkapp.agencies import queries as agencies
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.geo import Point, line_metres
from walkapp.kernel.light import Light, light_on
from walkapp.kernel.look import time_of_day
from walkapp.people import queries as people
from walkapp.people.access import own_municipality
from walkapp.people.session import needs_role, signed_in

from . import forms, queries, rules, service
from .models import Walk
from .states import walk as machine

bp = Blueprint("walks", __name__, url_prefix="/walks")
LEADERS = ("coordinator", "walk_leader")


@bp.get("/")
def index() -> str:
    """List the walks."""
    actor = signed_in()
    state = request.args.get("state")
    rows = queries.listed(actor, state if state in machine.states else None)
    return render_template("walks/index.html", walks=rows, state=state, states=machine.states, now=clock.now())


@bp.get("/<uuid:walk_id>/", endpoint="open")
def show(walk_id: uuid.UUID) -> str:
    """Show a walk: where it stands, the next step, what belongs to it."""
    actor = signed_in()
    walk = queries.one(actor, walk_id)
    return render_template(
        "walks/open.html",
        walk=walk,
        light=_light_of(walk),
        leader=queries.leader_of(walk),
        invited=queries.invitations(actor, walk),
        phones=queries.phones(actor, walk),
        metres=line_metres(walk.route),
        lacking=_lacking(walk),
        leads=queries.may(actor, walk, "lead"),
        coordinates=queries.may(actor, walk, "coordinate"),
        theme=dict(forms.THEMES).get(walk.theme or ""),
        type=dict(forms.TYPES).get(walk.type, walk.type),
        shapes=_shapes(walk),
        not_told=queries.not_told(actor, walk),
        may_be_joined=queries.can_be_joined(walk),
    )


@bp.route("/new", methods=["GET", "POST"])
@needs_role("coordinator")
def new() -> ResponseReturnValue:
    """Begin a walk: what, when and where; the rest follows on its own page."""
    actor = signed_in()
    form = forms.WalkForm(begins=time(16, 0), ends=time(18, 0))
    form.offer(_leaders(actor), [(str(area.id), area.name) for area in queries.areas(actor)])
    if not form.validate_on_submit():
        town = own_municipality(actor)
        return render_template("walks/new.html", form=form, centre=town.centre, light=None), _status(form)
    walk = service.create(actor, form.to_input())
    flash(gettext("The draft is saved. Now draw area and route, and add the stops."), "good")
    return redirect(url_for(".plan", walk_id=walk.id), 303)


@bp.get("/<uuid:walk_id>/plan")
def plan(walk_id: uuid.UUID) -> str:
    """Show the plan as a form."""
    actor = signed_in()
    walk = queries.one(actor, walk_id, to="lead")
    return _plan_page(actor, walk, forms.walk_form(walk, formdata=None))


@bp.post("/<uuid:walk_id>/plan")
def save_plan(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Save the whole plan, then do what the pressed button says besides."""
    actor = signed_in()
    walk = queries.one(actor, walk_id, to="lead")
    form = forms.WalkForm()
    form.offer(_leaders(actor), [])
    if not form.validate():
        return _plan_page(actor, walk, form), 422
    service.change(actor, walk_id, form.to_input())
    service.set_groups(actor, walk_id, form.to_groups())
    stops = form.to_stops(gettext("Stop"), _questions(form.theme.data))
    verb, _, which = request.form.get("do", "save").partition(" ")
    service.set_stops(actor, walk_id, _rearranged(stops, verb, which, _questions(form.theme.data)))
    if verb == "plan":
        service.plan(actor, walk_id)
        flash(gettext("The walk is planned. Next: invite."), "good")
        return redirect(url_for(".open", walk_id=walk_id), 303)
    flash(gettext("Saved."), "good")
    anchor = {"up": "stops", "down": "stops", "remove": "stops", "add": "stops", "ask": "stops"}.get(verb)
    return redirect(url_for(".plan", walk_id=walk_id, _anchor=anchor), 303)


def _rearranged(
    stops: list[service.StopPlan], verb: str, which: str, questions: tuple[str, ...]
) -> list[service.StopPlan]:
    """The stops after a button beside one of them (named by its place in the list) was pressed."""
    index = int(which) if which.isdecimal() else -1
    if verb == "add":
        return [*stops, service.StopPlan(f"{gettext('Stop')} {len(stops) + 1}", questions=questions)]
    if verb == "ask":
        return [_asking(stop, questions) for stop in stops]
    if not 0 <= index < len(stops):
        return stops
    if verb == "remove":
        return [stop for number, stop in enumerate(stops) if number != index]
    other = index + {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= other < len(stops):
        stops[index], stops[other] = stops[other], stops[index]
    return stops


def _asking(stop: service.StopPlan, questions: tuple[str, ...]) -> service.StopPlan:
    return stop if stop.questions else service.StopPlan(stop.name, stop.lat, stop.lon, questions, stop.id)


def _plan_page(actor: Actor, walk: Walk, form: forms.WalkForm) -> str:
    form.offer(_leaders(actor), [])
    return render_template(
        "walks/plan.html",
        walk=walk,
        form=form,
        light=_light_of(walk),
        centre=walk.meeting_place or own_municipality(actor).centre,
        metres=line_metres(walk.route),
        lacking=_lacking(walk),
        shapes=_shapes(walk),
    )


@bp.get("/light")
def light() -> ResponseReturnValue:
    """Tell the light of a day at a place, for the page that is being filled in."""
    actor = signed_in()
    centre = own_municipality(actor).centre
    try:
        day = date.fromisoformat(request.args.get("day", ""))
        begins, ends = (time.fromisoformat(request.args.get(name, "")) for name in ("begins", "ends"))
        point = Point(float(request.args.get("lat", centre.lat)), float(request.args.get("lon", centre.lon)))
        if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180 and 1900 < day.year < 2200):
            raise ValueError("outside")
    except ValueError:
        abort(422)
    return _light_words(clock.at(day, begins), clock.at(day, ends), point)


@bp.get("/<uuid:walk_id>/invitations")
def invitations(walk_id: uuid.UUID) -> str:
    """Show who is invited and what they answered."""
    actor = signed_in()
    return _invitations_page(actor, queries.one(actor, walk_id, to="lead"), forms.GuestForm(), forms.GuestListForm())


@bp.post("/<uuid:walk_id>/invitations")
def add_guest(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Write one invitation, or many, or those of owners chosen in the register."""
    actor = signed_in()
    walk = queries.one(actor, walk_id, to="lead")
    many = "lines" in request.form
    form = forms.GuestListForm() if many else forms.GuestForm()
    if not form.validate():
        one, several = (forms.GuestForm(formdata=None), form) if many else (form, forms.GuestListForm(formdata=None))
        return _invitations_page(actor, walk, one, several), 422
    written = service.add_guests(actor, walk_id, form.to_input())
    _tell_how_many(len(written))
    return redirect(url_for(".invitations", walk_id=walk_id), 303)


@bp.post("/<uuid:walk_id>/invitations/owners")
def add_owners(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Write invitations to the contacts of owners chosen in the register."""
    actor = signed_in()
    chosen = set(request.form.getlist("organisation"))
    guests = [
        service.Guest(owner.name, contact.name, contact.email)
        for owner in agencies.listed(actor)
        if str(owner.id) in chosen
        for contact in owner.contacts
    ]
    _tell_how_many(len(service.add_guests(actor, walk_id, guests)))
    return redirect(url_for(".invitations", walk_id=walk_id), 303)


def _tell_how_many(number: int) -> None:
    words = ngettext("%(num)s invitation is written.", "%(num)s invitations are written.", number)
    flash(words if number else gettext("They are invited already."), "good" if number else "rest")


@bp.post("/<uuid:walk_id>/invitations/<uuid:invitation_id>/withdraw")
def withdraw_invitation(walk_id: uuid.UUID, invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    service.withdraw_invitation(signed_in(), walk_id, invitation_id)
    flash(gettext("The invitation is taken back."), "good")
    return redirect(url_for(".invitations", walk_id=walk_id), 303)


@bp.post("/<uuid:walk_id>/invite")
def invite(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Send the invitations that are written."""
    sent = service.invite(signed_in(), walk_id)
    flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", len(sent)), "good")
    return redirect(url_for(".invitations", walk_id=walk_id), 303)


@bp.post("/<uuid:walk_id>/invite-again")
def invite_again(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Send the invitations again."""
    sent = service.send_again(signed_in(), walk_id, to_everyone=request.form.get("to") == "everyone")
    flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", len(sent)), "good")
    return redirect(url_for(".invitations", walk_id=walk_id), 303)


def _invitations_page(actor: Actor, walk: Walk, one: forms.GuestForm, several: forms.GuestListForm) -> str:
    rows = queries.invitations(actor, walk)
    known = {row.contact.email for row in rows}
    owners = [o for o in agencies.listed(actor) if any(contact.email not in known for contact in o.contacts)]
    return render_template(
        "walks/invitations.html",
        walk=walk,
        invitations=rows,
        form=one,
        many=several,
        owners=owners,
        not_told=queries.not_told(actor, walk),
    )


@bp.get("/<uuid:walk_id>/live")
def live(walk_id: uuid.UUID) -> str:
    """Show the walk under way: who has joined, what still lies on phones."""
    actor = signed_in()
    walk = queries.one(actor, walk_id, to="lead")
    phones = queries.phones(actor, walk)
    return render_template(
        "walks/live.html",
        walk=walk,
        phones=phones,
        waiting=sum(phone.waiting for phone in phones),
        done=sum(1 for phone in phones if phone.receipt_code and not phone.waiting),
        now=clock.now(),
        light=_light_of(walk),
        shapes=_shapes(walk),
        may_be_joined=queries.can_be_joined(walk),
    )


@bp.get("/<uuid:walk_id>/poster")
def poster(walk_id: uuid.UUID) -> str:
    """Show the code as a poster to print: QR, spoken code, when and where."""
    walk = queries.one(signed_in(), walk_id, to="lead")
    settings = current_app.extensions["settings"]
    address = queries.join_address(settings.base_url, walk)
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True, svgclass="qr")
    return render_template(
        "walks/poster.html",
        walk=walk,
        address=address,
        qr=Markup(drawn),  # noqa: S704  made of squares alone
        site=settings.base_url.partition("://")[2],
        local=settings.local,
        light=_light_of(walk),
        may_be_joined=queries.can_be_joined(walk),
    )


@bp.post("/<uuid:walk_id>/open")
def begin(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Open the walk."""
    service.begin(signed_in(), walk_id, free=request.form.get("free") == "1")
    return redirect(url_for(".live", walk_id=walk_id), 303)


@bp.post("/<uuid:walk_id>/close")
def close(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Close the walk."""
    service.close(signed_in(), walk_id)
    flash(gettext("The walk is closed. Phones can hand over what they hold for twelve hours more."), "good")
    return redirect(url_for(".open", walk_id=walk_id), 303)


@bp.post("/<uuid:walk_id>/begin-review")
def begin_review(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Begin to review, and go there."""
    service.begin_review(signed_in(), walk_id)
    return redirect(url_for("observations.review", walk_id=walk_id), 303)


@bp.route("/<uuid:walk_id>/<any(cancel, postpone):verb>", methods=["GET", "POST"])
def call_off(walk_id: uuid.UUID, verb: str) -> ResponseReturnValue:
    """Ask why, then cancel or postpone."""
    actor = signed_in()
    walk = queries.one(actor, walk_id, to="coordinate")
    form = forms.ReasonForm()
    if not form.validate_on_submit():
        told = [row for row in queries.invitations(actor, walk) if row.state in ("sent", "yes")]
        page = render_template("walks/call_off.html", walk=walk, form=form, verb=verb, told=len(told))
        return page, _status(form)
    (service.cancel if verb == "cancel" else service.postpone)(actor, walk_id, form.to_input())
    flash(gettext("Those who were invited are told by letter."), "good")
    return redirect(url_for(".open", walk_id=walk_id), 303)


@bp.post("/<uuid:walk_id>/join-code")
def rotate_code(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Give the walk a new code."""
    service.rotate_code(signed_in(), walk_id)
    flash(gettext("New code. Phones that have joined notice nothing; posters have to be printed anew."), "good")
    return redirect(_back(walk_id), 303)


@bp.post("/<uuid:walk_id>/joining")
def joining(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Pause joining, or resume it."""
    service.pause_joining(signed_in(), walk_id, paused=request.form.get("paused") == "1")
    return redirect(_back(walk_id), 303)


@bp.post("/<uuid:walk_id>/others")
def others(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Let participants see one another's observations, or not."""
    service.show_others(signed_in(), walk_id, shown=request.form.get("shown") == "1")
    return redirect(_back(walk_id), 303)


@bp.post("/<uuid:walk_id>/phones/<uuid:participant_id>/revoke")
def revoke(walk_id: uuid.UUID, participant_id: uuid.UUID) -> ResponseReturnValue:
    """Shut a phone out."""
    service.revoke(signed_in(), walk_id, participant_id)
    flash(gettext("The phone is shut out. What it has sent stays."), "good")
    return redirect(_back(walk_id), 303)


def _back(walk_id: uuid.UUID) -> str:
    to = request.form.get("back", "live")
    return url_for({"poster": ".poster", "open": ".open"}.get(to, ".live"), walk_id=walk_id)


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _leaders(actor: Actor) -> list[tuple[str, str]]:
    return [(str(person.id), person.contact.name) for person in people.with_role(actor, *LEADERS)]


def _questions(theme: str) -> tuple[str, ...]:
    # asked of the walkers, so in the walk's language and not in the planner's
    with force_locale("sv"):
        return tuple(gettext(question) for question in rules.THEMES.get(theme, rules.THEMES["general"]))


def _lacking(walk: Walk) -> dict[str, bool]:
    stops = walk.stops
    return {
        "area": walk.area_id is not None,
        "leader": walk.leader_id is not None,
        "stops": bool(stops),
        "placed": bool(stops) and all(stop.lat is not None for stop in stops),
        "route": walk.route is not None,
        "meeting_point": bool(walk.meeting_point),
        "accessibility": bool(walk.accessibility),
    }


def _shapes(walk: Walk) -> dict[str, Any]:
    placed = [stop for stop in walk.stops if stop.lat is not None]
    return {
        "area": walk.area.shape if walk.area else None,
        "route": walk.route,
        "stops": [{"lat": s.lat, "lon": s.lon, "number": s.position, "name": s.name} for s in placed],
        "points": [],
    }


def _light_of(walk: Walk) -> dict[str, str]:
    place = walk.meeting_place or people.municipality(walk.municipality_id).centre
    return _light_words(walk.starts_at, walk.ends_at, place)


def _light_words(begins: datetime, ends: datetime, place: Point) -> dict[str, str]:
    found = light_on(clock.local(begins).date(), place)
    first, last = found.word(begins), found.word(ends)
    titles = {
        ("daylight", "daylight"): gettext("In daylight all the way"),
        ("daylight", "dusk"): gettext("Begins in daylight, ends at dusk"),
        ("daylight", "dark"): gettext("Begins in daylight, ends in the dark"),
        ("dusk", "dusk"): gettext("At dusk all the way"),
        ("dusk", "dark"): gettext("Begins at dusk, ends in the dark"),
        ("dark", "dark"): gettext("In the dark all the way"),
    }
    return {"title": titles[first, last], "text": _sun(found)}


def _sun(found: Light) -> str:
    if found.sunset_at and found.dusk_at:
        sunset, dusk = _at(found.sunset_at), _at(found.dusk_at)
        return str(gettext("The sun sets %(sunset)s and it is dark from %(dusk)s.", sunset=sunset, dusk=dusk))
    if found.sunset_at:
        sunset = _at(found.sunset_at)
        return str(gettext("The sun sets %(sunset)s, and it does not get quite dark.", sunset=sunset))
    if found.dusk_at:
        return str(gettext("The sun does not rise that day, and it is dark from %(dusk)s.", dusk=_at(found.dusk_at)))
    return str(gettext("The sun does not set that day."))


def _at(moment: datetime) -> str:
    return str(gettext("at %(clock)s", clock=time_of_day(moment)))
