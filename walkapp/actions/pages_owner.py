"""An owner's own list, opened by its link: no sign-in, and nothing is changed by reading."""

import hashlib
import io
import uuid
from functools import wraps
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from walkapp.agencies import queries as agencies
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Gone, Invalid, NotFound, Refusal
from walkapp.kernel.limits import asker, spend
from walkapp.kernel.transaction import own_transaction, writing
from walkapp.photos import service as photos
from walkapp.photos.rules import LARGEST_BYTES
from walkapp.photos.store import Received

from . import queries, service
from .forms import VERB_WORDS, AnswerForm

bp = Blueprint("actions_owner", __name__)

FORM_ROOM = 64 * 1024
PER_MINUTE = 60


@bp.record_once
def check_the_token_ourselves(state: BlueprintSetupState) -> None:
    """Leave the CSRF check to the form: the house's own wants a referrer on https, and this page sends none."""
    state.app.extensions["csrf"].exempt(f"{__name__}.answer")


@bp.after_request
def keep_the_secret(response: Response) -> Response:
    """Let the address go nowhere: no referrer, no cache, no search engine."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _by_link(view: Any) -> Any:
    """Turn the token into the one who acts; a link that is over gets a page that says whom to ask."""

    @wraps(view)
    def opened(token: str, **values: Any) -> ResponseReturnValue:
        link = agencies.find_by_token(token)
        if link is None:
            spend(f"owner_link:{asker()}", PER_MINUTE)
            raise Gone("owner_link.over")
        answered: ResponseReturnValue = view(token, agencies.as_actor(link), **values)
        return answered

    return opened


@bp.errorhandler(Gone)
def over(_refused: Gone) -> ResponseReturnValue:
    """Say that the link is over, and whom to ask."""
    token = (request.view_args or {}).get("token", "")
    return render_template("actions/owner_over.html", municipality=queries.municipality_behind(token)), 410


@bp.get("/a/<token>", endpoint="list")
@_by_link
def listed(token: str, actor: Actor) -> str:
    """Show the owner's points: what waits for an answer first."""
    return render_template("actions/owner_list.html", owner=queries.for_owner(actor), token=token, keep=_kept())


@bp.get("/a/<token>/actions/<uuid:action_id>")
@_by_link
def one(token: str, actor: Actor, action_id: uuid.UUID) -> str:
    """Show one point, with its answers; or the one question that an answer asks."""
    owner = queries.for_owner(actor)
    point = _point(owner, action_id)
    verb = request.args.get("answer")
    if verb not in point.verbs:
        return render_template("actions/owner_one.html", owner=owner, point=point, token=token, keep=_kept())
    return _ask(token, owner, point, _form(verb))


@bp.post("/a/<token>/actions/<uuid:action_id>/answer")
@own_transaction
@_by_link
def answer(token: str, actor: Actor, action_id: uuid.UUID) -> ResponseReturnValue:
    """Take the answer. A photo's bytes are on the disk before anything is written."""
    request.max_content_length = LARGEST_BYTES + FORM_ROOM  # the house's own limit is for forms without a photo
    owner = queries.for_owner(actor)
    point = _point(owner, action_id)
    verb = request.form.get("verb", "")
    if verb not in VERB_WORDS:
        raise Invalid("answer.unknown", field="verb")
    form = _form(verb)
    if not form.validate():
        if "csrf_token" in form.errors:
            raise Invalid("form.stale")
        return _ask(token, owner, point, form), 422
    try:
        received = _receive(actor, form)
        with writing():
            photo = photos.keep(actor, received)[1] if received else None
            service.answer(actor, action_id, form.to_input(photo.id if photo else None))
    except Refusal as refused:
        db.session.rollback()
        if not _tell(form, refused):
            raise
        return _ask(token, queries.for_owner(actor), point, form), 422
    flash(_("Thank you. Your answer is saved, and everyone can read it at the municipality."), "good")
    return redirect(url_for(".list", token=token, **_kept()), 303)


@bp.get('/a/<token>/photos/<uuid:photo_id>/<any(thumb, "800", "1600"):size>.jpg')
@_by_link
def picture(token: str, actor: Actor, photo_id: uuid.UUID, size: str) -> Response:
    """Show a photo of one of the owner's points: looked at by a person, or sent by the owner itself."""
    response = send_file(photos.picture(actor, photo_id, size), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _form(verb: str) -> AnswerForm:
    return AnswerForm.of(verb, clock.today(), funds=verb == "plan")


def _receive(actor: Actor, form: AnswerForm) -> Received | None:
    """Put the photo's bytes on the disk, before the writers' line is joined."""
    data = form.photo.data.read() if form.photo.data else b""
    if not data:
        return None
    return photos.receive(actor, hashlib.sha256(data).hexdigest(), io.BytesIO(data), len(data))


def _point(owner: queries.OwnerList, action_id: uuid.UUID) -> queries.OwnerPoint:
    point = owner.point(action_id)
    if point is None:
        raise NotFound("action.not_found")
    return point


def _ask(token: str, owner: queries.OwnerList, point: queries.OwnerPoint, form: AnswerForm) -> str:
    pictures = dict.fromkeys((choice.value for choice in form.by.choices), "planned")
    pictures |= {form.FUNDS: "funds", form.CHOOSE: "more", form.UNSAID: "info"}
    return render_template(
        "actions/owner_answer.html", owner=owner, point=point, token=token, form=form, pictures=pictures, keep=_kept()
    )


def _kept() -> dict[str, Any]:
    """Return the language when the reader chose it: it goes along in the address, since an owner has no account."""
    chosen = request.args.get("language")
    return {"language": chosen} if chosen in ("sv", "en") else {}


def _tell(form: AnswerForm, refused: Refusal) -> bool:
    """Put a refusal beside the field that it is about; False when it is about none."""
    if refused.code in ("not_a_photo", "bad_image", "too_large"):
        form.photo.errors = [_("The file could not be taken. Choose a photo: JPEG, PNG, WebP or HEIC, at most 25 MB.")]
    elif refused.code == "answer.date_past":
        form.planned_on.errors = [_("That day has passed. Choose one to come.")]
    else:
        return False
    return True
