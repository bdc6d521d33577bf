"""The review: the coordinator's pile, one observation at a time, no page between two decisions."""

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from walkapp.kernel.errors import Invalid
from walkapp.people.session import needs_role, signed_in
from walkapp.photos import service as photos
from walkapp.walks.access import walk_for
from walkapp.walks.models import Walk

from . import queries, service
from .access import observation_for
from .forms import REASON_WORDS, EditForm, FlagForm, LookForm, NoteForm, ReasonForm
from .rules import CATEGORY_WORDS

bp = Blueprint("observations", __name__)

DONE_WORDS = {
    "kept": "No. %(number)s is kept.",
    "merged": "No. %(number)s is merged. Every voice stays.",
    "split": "No. %(number)s stands by itself again.",
    "redirected": "No. %(number)s is passed on.",
    "set_aside": "No. %(number)s is set aside.",
    "masked": "No. %(number)s is masked.",
    "noted": "No. %(number)s is noted without action.",
    "preserved": "No. %(number)s is to be preserved.",
    "sent": "No. %(number)s lies in the pile again.",
    "edited": "No. %(number)s is changed. The participant's own words stay.",
    "flagged": "No. %(number)s is marked.",
    "told_apart": "No. %(number)s is not the same. We will not ask again.",
    "actioned": "No. %(number)s has become an action.",
    "admitted": "No. %(number)s lies in the pile now.",
}


@bp.app_template_filter("category")
def category_word(code: str | None) -> str:
    """Return a category's name in the reader's language."""
    return pgettext("category", CATEGORY_WORDS[code]) if code in CATEGORY_WORDS else ""


@bp.app_template_filter("review_reason")
def reason_word(code: str | None) -> str:
    """Return a reason's name in the reader's language."""
    return str(REASON_WORDS[code]) if code in REASON_WORDS else ""


@bp.get("/walks/<uuid:walk_id>/review")
@needs_role("coordinator")
def review(walk_id: uuid.UUID) -> ResponseReturnValue:
    """Show the first observation that waits; or that none does."""
    pile = queries.pile(signed_in(), walk_id)
    first = pile.next_after(None)
    after = request.args.get("after", type=uuid.UUID)
    if first is None:
        return _page(walk_id, None, {}, after)
    return _page(walk_id, first.id, {}, after)


@bp.get("/walks/<uuid:walk_id>/review/<uuid:observation_id>")
@needs_role("coordinator")
def one(walk_id: uuid.UUID, observation_id: uuid.UUID) -> ResponseReturnValue:
    """Show one observation, with the pile beside it."""
    return _page(walk_id, observation_id, {}, request.args.get("after", type=uuid.UUID), request.args.get("ask"))


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/<any(edit, keep, preserve):verb>")
@needs_role("coordinator")
def judge(walk_id: uuid.UUID, observation_id: uuid.UUID, verb: str) -> ResponseReturnValue:
    """Put the changes beside the participant's words; keep or preserve what it is."""
    actor, form = signed_in(), EditForm()
    if not form.validate():
        return _page(walk_id, observation_id, {"edit": form}), 422
    try:
        service.edit(actor, observation_id, form.to_input())
        if verb != "edit":
            {"keep": service.keep, "preserve": service.preserve}[verb](actor, observation_id)
    except Invalid as refused:
        return _missing_place(walk_id, observation_id, form, refused)
    return _stay(walk_id, observation_id) if verb == "edit" else _onward(walk_id, observation_id)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/note")
@needs_role("coordinator")
def note(walk_id: uuid.UUID, observation_id: uuid.UUID) -> ResponseReturnValue:
    """Keep without action, with the reason."""
    form = NoteForm()
    if not form.validate():
        return _page(walk_id, observation_id, {"note": form}, ask="note"), 422
    try:
        service.note(signed_in(), observation_id, form.to_input())
    except Invalid as refused:
        return _missing_place(walk_id, observation_id, None, refused)
    return _onward(walk_id, observation_id)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/<any(set_aside, redirect, mask):verb>")
@needs_role("coordinator")
def put_away(walk_id: uuid.UUID, observation_id: uuid.UUID, verb: str) -> ResponseReturnValue:
    """Set aside, pass on or mask, each with its reason."""
    form = ReasonForm.of(verb)
    if not form.validate():
        return _page(walk_id, observation_id, {verb: form}, ask=verb), 422
    verbs = {"set_aside": service.set_aside, "redirect": service.redirect, "mask": service.mask}
    verbs[verb](signed_in(), observation_id, form.to_input())
    return _onward(walk_id, observation_id)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/merge")
@needs_role("coordinator")
def merge(walk_id: uuid.UUID, observation_id: uuid.UUID) -> ResponseReturnValue:
    """Let this one stand for the other as well."""
    observation_for(signed_in(), observation_id, to="review")
    other = _other()
    try:
        service.merge(signed_in(), observation_id, other)
    except Invalid as refused:
        return _missing_place(walk_id, observation_id, None, refused)
    return redirect(url_for(".one", walk_id=walk_id, observation_id=observation_id, after=other), 303)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/tell-apart")
@needs_role("coordinator")
def tell_apart(walk_id: uuid.UUID, observation_id: uuid.UUID) -> ResponseReturnValue:
    """Say that the other is not the same."""
    observation_for(signed_in(), observation_id, to="review")
    service.tell_apart(signed_in(), observation_id, _other())
    return _stay(walk_id, observation_id)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/<any(split, reconsider, admit):verb>")
@needs_role("coordinator")
def take_up(walk_id: uuid.UUID, observation_id: uuid.UUID, verb: str) -> ResponseReturnValue:
    """Take a merge or a decision back, or admit what came late."""
    {"split": service.split, "reconsider": service.reconsider, "admit": service.admit}[verb](
        signed_in(), observation_id
    )
    return _stay(walk_id, observation_id)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/flag")
@needs_role("coordinator")
def flag(walk_id: uuid.UUID, observation_id: uuid.UUID) -> ResponseReturnValue:
    """Mark what nobody else may see."""
    service.flag(signed_in(), observation_id, **FlagForm().to_input())
    return _stay(walk_id, observation_id)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/photos/<uuid:photo_id>/look")
@needs_role("coordinator")
def look(walk_id: uuid.UUID, observation_id: uuid.UUID, photo_id: uuid.UUID) -> ResponseReturnValue:
    """A person has looked at a photo: it may be shown, or may not."""
    actor, form = signed_in(), LookForm()
    if not form.validate():
        return _page(walk_id, observation_id, {}), 422
    (photos.look_at if form.to_input() else photos.hold_back)(actor, photo_id)
    photos.describe(actor, photo_id, form.alt.data)
    return redirect(url_for(".one", walk_id=walk_id, observation_id=observation_id, _anchor="photos"), 303)


@bp.post("/walks/<uuid:walk_id>/review/<uuid:observation_id>/undo")
@needs_role("coordinator")
def undo(walk_id: uuid.UUID, observation_id: uuid.UUID) -> ResponseReturnValue:
    """Take the last step back."""
    service.undo(signed_in(), observation_id)
    flash(_("Taken back."), "good")
    return redirect(url_for(".one", walk_id=walk_id, observation_id=observation_id), 303)


def _page(
    walk_id: uuid.UUID,
    observation_id: uuid.UUID | None,
    forms: dict[str, Any],
    after: uuid.UUID | None = None,
    ask: str | None = None,
) -> str:
    actor = signed_in()
    walk = walk_for(actor, walk_id, to="coordinate")
    pile, tray = queries.pile(actor, walk_id), queries.late_tray(actor, walk_id)
    detail = queries.detail(actor, observation_id, of=walk_id) if observation_id else None
    before, following = pile.beside(observation_id) if observation_id else (None, None)
    if detail:
        forms = {**_forms(detail), **forms}
    return render_template(
        "observations/review.html", walk=walk, pile=pile, tray=tray, one=detail, before=before, following=following,
        forms_of=forms, ask=ask if ask in forms else None, toast=_toast(walk_id, after),
        shapes=_shapes(walk, (*pile.rows, *tray)), twins={like.said.id for like in detail.alike} if detail else set(),
    )  # fmt: skip


def _forms(detail: queries.Detail) -> dict[str, Any]:
    raised = {word: word in detail.said.flags for word in ("sensitive", "secret")}
    flags = FlagForm(formdata=None, **raised)
    reasons = {verb: ReasonForm.of(verb, formdata=None) for verb in ReasonForm.CODES}
    return {"edit": EditForm.about(detail), "note": NoteForm(formdata=None), "flag": flags, **reasons}


def _toast(walk_id: uuid.UUID, after: uuid.UUID | None) -> dict[str, Any] | None:
    """What was done with the one before, and the way back: read from the journal, so that it is never a lie."""
    step = queries.step_of(signed_in(), after) if after else None
    if step is None:
        return None
    words = _(DONE_WORDS[step.word], number=step.number if step.number is not None else "–")
    way_back = url_for(".undo", walk_id=walk_id, observation_id=after)
    return {"words": words, "undo": way_back if step.undoable else None}


def _shapes(walk: Walk, rows: tuple[queries.PileRow, ...]) -> dict[str, Any]:
    stops = [(stop.lat, stop.lon, stop.position, stop.name) for stop in walk.stops if stop.lat is not None]
    return {
        "area": walk.area.shape if walk.area else None,
        "route": walk.route,
        "stops": [{"lat": lat, "lon": lon, "number": number, "name": name} for lat, lon, number, name in stops],
        "points": [
            {
                "id": str(row.id), "kind": row.kind, "number": row.number, "lat": row.lat, "lon": row.lon,
                "title": row.words or category_word(row.category),
                "href": url_for(".one", walk_id=walk.id, observation_id=row.id),
            }
            for row in rows if row.lat is not None
        ],
    }  # fmt: skip


def _other() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("other", ""))
    except ValueError:
        raise Invalid("observation.not_found", field="other") from None


def _missing_place(
    walk_id: uuid.UUID, observation_id: uuid.UUID, form: EditForm | None, refused: Invalid
) -> ResponseReturnValue:
    """Show how to give a place where one is missing; what was written stays."""
    if refused.code != "observation.needs_place":
        raise refused
    form = form or EditForm.about(queries.detail(signed_in(), observation_id, of=walk_id))
    form.place.errors = [_("Give the place: in words, or as a point on the map. Then it can be kept.")]
    return _page(walk_id, observation_id, {"edit": form}), 422


def _stay(walk_id: uuid.UUID, observation_id: uuid.UUID) -> Response:
    here = url_for(".one", walk_id=walk_id, observation_id=observation_id, after=observation_id)
    return redirect(here, 303)  # type: ignore[return-value]


def _onward(walk_id: uuid.UUID, observation_id: uuid.UUID) -> Response:
    """Go on to the next one that waits; with none left, to where it says so."""
    following = queries.pile(signed_in(), walk_id).next_after(observation_id)
    if following is None:
        return redirect(url_for(".review", walk_id=walk_id, after=observation_id), 303)  # type: ignore[return-value]
    there = url_for(".one", walk_id=walk_id, observation_id=following.id, after=observation_id)
    return redirect(there, 303)  # type: ignore[return-value]
