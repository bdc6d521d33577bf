"""Actions on the desk: lists by owner, one action with its history, and the way from observations to actions."""

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from walkapp.agencies import queries as agencies
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.errors import Invalid
from walkapp.people.session import needs_role, signed_in
from walkapp.photos import service as photos
from walkapp.walks.access import walk_for

from . import queries, service
from .access import action_for
from .forms import (
    COST_WORDS,
    REASON_WORDS,
    TERM_WORDS,
    VERB_WORDS,
    ActionForm,
    AnswerForm,
    AssignForm,
    FilterForm,
    RowForm,
    VerifyForm,
    WhyForm,
    owner_choices,
)
from .states import action as machine

bp = Blueprint("actions", __name__)
READERS = (
    "coordinator", "walk_leader", "agency_contact", "council_member", "chair", "secretary", "archivist",
    "administrator",
)  # fmt: skip


@bp.app_template_filter("term")
def term_word(term: str | None) -> str:
    """Return a class in words."""
    return str(TERM_WORDS[term]) if term in TERM_WORDS else ""


@bp.app_template_filter("cost")
def cost_word(cost: str | None) -> str:
    """Return a cost band in words."""
    return str(COST_WORDS[cost]) if cost in COST_WORDS else ""


@bp.app_template_filter("decline_reason")
def reason_word(code: str | None) -> str:
    """Return the reason of a no in words."""
    return str(REASON_WORDS[code]) if code in REASON_WORDS else ""


@bp.get("/actions/")
@needs_role(*READERS)
def index() -> str:
    """Show every action that the reader may see."""
    actor = signed_in()
    chosen = queries.Filter(
        walk_id=request.args.get("walk", type=uuid.UUID), organisation_id=request.args.get("owner", type=uuid.UUID),
        state=request.args.get("state") if request.args.get("state") in machine.table else None,
        late="late" in request.args,
    )  # fmt: skip
    board = queries.index(actor, chosen)
    form = _filter_form(actor, chosen)
    return render_template("actions/index.html", board=board, form=form, chosen=chosen, coordinates=_coordinates(actor))


@bp.get("/walks/<uuid:walk_id>/actions")
@needs_role(*READERS)
def of_walk(walk_id: uuid.UUID) -> str:
    """Show a walk's actions by owner."""
    actor = signed_in()
    walk = walk_for(actor, walk_id)
    coordinates = _coordinates(actor)
    waiting = len(queries.without_action(actor, walk_id)) if coordinates else 0
    return render_template(
        "actions/of_walk.html", walk=walk, board=queries.of_walk(actor, walk), coordinates=coordinates, waiting=waiting
    )


@bp.route("/walks/<uuid:walk_id>/actions/propose", methods=["GET", "POST"])
@needs_role("coordinator")
def propose(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Go through the kept observations in one list: what, who, which class; then open them all."""
    actor = signed_in()
    walk = walk_for(actor, walk_id, to="coordinate")
    proposals = queries.without_action(actor, walk_id)
    choices = owner_choices(agencies.listed(actor))
    rows = [(one, RowForm.about(one, choices)) for one in proposals]
    wrong = [form for _one, form in rows if request.method == "POST" and not form.validate()]
    if wrong or request.method == "GET":
        return render_template("actions/propose.html", walk=walk, rows=rows), 422 if wrong else 200
    chosen = [(one, form) for one, form in rows if form.open.data]
    for one, form in chosen:
        service.open_from(actor, walk_id, [one.observation.id], form.to_input())
    flash(ngettext("%(num)s action is proposed.", "%(num)s actions are proposed.", len(chosen)), "good")
    return redirect(url_for(".of_walk", walk_id=walk_id), 303)


@bp.route("/walks/<uuid:walk_id>/actions/new", methods=["GET", "POST"])
@needs_role("coordinator")
def new(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Open one action about an observation, perhaps together with others."""
    actor = signed_in()
    walk = walk_for(actor, walk_id, to="coordinate")
    about = request.args.get("observation", type=uuid.UUID)
    if about is None:
        return redirect(url_for(".propose", walk_id=walk_id), 303)
    one, register = queries.proposal_for(actor, about), agencies.listed(actor)
    form = ActionForm.opening(one, queries.without_action(actor, walk_id), register)
    if form.validate_on_submit():
        service.open_from(actor, walk_id, form.chosen(), form.to_input())
        return redirect(url_for("observations.review", walk_id=walk_id, after=about), 303)
    status = 422 if form.errors else 200
    return render_template("actions/new.html", walk=walk, form=form, one=one), status


@bp.post("/walks/<uuid:walk_id>/actions/send")
@needs_role("coordinator")
def send(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Send every proposed action to its owner, one letter each."""
    told = service.send_to_owners(signed_in(), walk_id)
    flash(ngettext("Sent to %(num)s owner.", "Sent to %(num)s owners.", len(told)), "good")
    return redirect(url_for(".of_walk", walk_id=walk_id), 303)


@bp.post("/actions/remind")
@needs_role("coordinator")
def remind() -> ResponseReturnValue:
    """Write to every owner that has not answered."""
    count = service.remind_owners(signed_in())
    flash(
        ngettext("A letter is on its way to %(num)s owner.", "Letters are on their way to %(num)s owners.", count)
        if count
        else _("Nobody owes an answer."),
        "good",
    )
    return redirect(url_for(".index"), 303)


@bp.get("/actions/<uuid:action_id>", endpoint="open")
@needs_role(*READERS)
def one(action_id: uuid.UUID) -> str:
    """Show one action."""
    return _page(action_id, {}, request.args.get("ask"))


@bp.route("/actions/<uuid:action_id>/edit", methods=["GET", "POST"])
@needs_role("coordinator")
def edit(action_id: uuid.UUID) -> ResponseReturnValue:
    """Change what is written about an action."""
    actor = signed_in()
    one = queries.one(actor, action_id)
    form = ActionForm.changing(one, agencies.listed(actor))
    if form.validate_on_submit():
        try:
            service.change(actor, action_id, form.to_input(), form.why.data)
            return redirect(url_for(".open", action_id=action_id), 303)
        except Invalid as refused:
            if refused.code != "action.needs_reason_to_move":
                raise
            form.why.errors = [_("The owner knows the day. Say why it is moved.")]
    return render_template("actions/edit.html", one=one, form=form), 422 if form.errors else 200


@bp.post("/actions/<uuid:action_id>/assign")
@needs_role("coordinator")
def assign(action_id: uuid.UUID) -> ResponseReturnValue:
    """Send an action to its owner."""
    actor = signed_in()
    form = AssignForm.among(agencies.listed(actor))
    if not form.validate():
        return _page(action_id, {"assign": form}, "assign"), 422
    service.assign(actor, action_id, form.to_input())
    flash(_("Sent. The letter with their own link is on its way."), "good")
    return redirect(url_for(".open", action_id=action_id), 303)


@bp.post("/actions/<uuid:action_id>/<any(withdraw, close, reopen):verb>")
@needs_role("coordinator")
def settle(action_id: uuid.UUID, verb: str) -> ResponseReturnValue:
    """Take back, close or open again, with the reason."""
    form = WhyForm()
    verbs = {"withdraw": service.withdraw, "close": service.close, "reopen": service.reopen}
    try:
        form.validate()
        verbs[verb](signed_in(), action_id, form.to_input())
    except Invalid as refused:
        if refused.code != "action.needs_reason":
            raise
        form.why.errors = [_("Write why, in one sentence.")]
        return _page(action_id, {verb: form}, verb), 422
    return redirect(url_for(".open", action_id=action_id), 303)


@bp.post("/actions/<uuid:action_id>/lapse")
@needs_role("coordinator")
def lapse(action_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a request got no answer."""
    service.lapse(signed_in(), action_id)
    return redirect(url_for(".open", action_id=action_id), 303)


@bp.post("/actions/<uuid:action_id>/verify")
@needs_role("coordinator", "walk_leader")
def verify(action_id: uuid.UUID) -> ResponseReturnValue:
    """Note that somebody has seen it done."""
    form = VerifyForm()
    if not form.validate():
        return _page(action_id, {"verify": form}, "verify"), 422
    service.verify(signed_in(), action_id, form.how.data)
    return redirect(url_for(".open", action_id=action_id), 303)


@bp.post("/actions/<uuid:action_id>/answer")
@needs_role("coordinator", "agency_contact")
def answer(action_id: uuid.UUID) -> ResponseReturnValue:
    """Write down an owner's answer: its contact's own, or one that the coordinator was told."""
    action_for(signed_in(), action_id, to="answer")
    verb = request.form.get("verb", "")
    if verb not in VERB_WORDS:
        raise Invalid("answer.unknown", field="verb")
    form = AnswerForm.of(verb, clock.today(), funds=verb == "plan")
    if not form.validate():
        return _page(action_id, {"answer": form}, verb), 422
    try:
        service.answer(signed_in(), action_id, form.to_input())
    except Invalid as refused:
        if refused.code != "answer.date_past":
            raise
        form.planned_on.errors = [_("That day has passed. Choose one to come.")]
        return _page(action_id, {"answer": form}, verb), 422
    return redirect(url_for(".open", action_id=action_id), 303)


@bp.post("/actions/<uuid:action_id>/photos/<uuid:photo_id>/look")
@needs_role("coordinator")
def look(action_id: uuid.UUID, photo_id: uuid.UUID) -> ResponseReturnValue:
    """A person has looked at an owner's photo: it may be shown, or may not."""
    shown = request.form.get("show") == "1"
    (photos.look_at if shown else photos.hold_back)(signed_in(), photo_id)
    return redirect(url_for(".open", action_id=action_id), 303)


def _page(action_id: uuid.UUID, forms: dict[str, Any], ask: str | None) -> str:
    actor = signed_in()
    one = queries.one(actor, action_id)
    register = agencies.listed(actor)
    verbs = queries.verbs_for(actor, action_id)
    usual = None if one.row.state == "misdirected" else one.row.organisation_id
    given: dict[str, Any] = {
        "assign": AssignForm.among(register, usual),
        "verify": VerifyForm(formdata=None),
        **{verb: WhyForm(formdata=None) for verb in ("withdraw", "close", "reopen")},
    }
    if ask in VERB_WORDS and ask in verbs.answers and "answer" not in forms:
        given["answer"] = AnswerForm.of(ask, clock.today(), funds=ask == "plan")
    return render_template(
        "actions/open.html", one=one, may=verbs, forms_of={**given, **forms}, ask=ask, verb_words=VERB_WORDS,
        coordinates=_coordinates(actor), shapes=_shapes(one), dates=date.fromisoformat,
    )  # fmt: skip


def _shapes(one: queries.Detail) -> dict[str, Any]:
    return {
        "area": None, "route": None, "stops": [],
        "points": [
            {
                "id": str(seen.id), "kind": seen.kind, "number": seen.number, "lat": seen.lat, "lon": seen.lon,
                "title": seen.wording or one.row.title,
            }
            for seen in one.observations if seen.lat is not None
        ],
    }  # fmt: skip


def _coordinates(actor: Actor) -> bool:
    return actor.has("coordinator")


def _filter_form(actor: Actor, chosen: queries.Filter) -> FilterForm:
    form = FilterForm(
        formdata=None, walk=str(chosen.walk_id or ""), owner=str(chosen.organisation_id or ""),
        state=chosen.state or "", late=chosen.late,
    )  # fmt: skip
    walks = queries.walks_with_actions(actor)
    form.walk.choices = [SelectChoice("", _("All walks")), *(SelectChoice(str(one), name) for one, name, _at in walks)]
    owners = agencies.listed(actor)
    form.owner.choices = [SelectChoice("", _("All owners")), *(SelectChoice(str(one.id), one.name) for one in owners)]
    form.state.choices = [SelectChoice("", _("All states")), *map(SelectChoice, machine.states)]
    return form
