"""Doors for those who have no account: the spoken code, the answer to an invitation, and how to try it on phones."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from walkapp.kernel import answers, limits
from walkapp.kernel.errors import Gone, NotFound
from walkapp.people import queries as people

from . import queries, service
from .forms import AnswerForm, CodeForm, TokenForm
from .models import Invitation

bp = Blueprint("walks_join", __name__)
HOST = "vandring.example.se"


@bp.route("/join", methods=["GET", "POST"])
def join() -> ResponseReturnValue:
    """Take the spoken code, and lead to the phone's page with the code in the fragment, where no server sees it."""
    form = CodeForm()
    if request.method == "GET":
        return render_template("walks/join.html", form=form, refusal=None)
    limits.spend(f"join {limits.asker()}", 60)
    if not form.validate():
        return render_template("walks/join.html", form=form, refusal=None), 422
    walk = queries.by_spoken_code(form.to_input())
    code, status = _why_not(walk is not None, walk is not None and walk.join_paused)
    if walk is not None and queries.can_be_joined(walk):
        return redirect(queries.join_address("", walk), 302)
    return render_template("walks/join.html", form=form, refusal=answers.sentence(code, status)), status


def _why_not(found: bool, paused: bool) -> tuple[str, int]:
    if not found:
        return "walk.code_unknown", 404
    return ("walk.paused", 403) if paused else ("walk.over", 410)


@bp.get("/rsvp")
def rsvp() -> str:
    """Take the token out of the address's fragment; nothing is told or changed yet."""
    return render_template("walks/rsvp_open.html", form=TokenForm())


@bp.post("/rsvp")
def show_invitation() -> ResponseReturnValue:
    """Show the invitation that the token opens."""
    limits.spend(f"rsvp {limits.asker()}", 30)
    form = TokenForm()
    if not form.validate():
        return render_template("walks/rsvp_open.html", form=form), 422
    invitation = queries.invitation_by_token(form.to_input())
    if invitation is None or invitation.state == "withdrawn":
        raise NotFound("invitation.not_found")
    return _invitation_page(invitation, AnswerForm(formdata=None, token=form.to_input(), answer=_said(invitation)))


@bp.post("/rsvp/answer")
def answer() -> ResponseReturnValue:
    """Take the answer; it can be changed by answering again."""
    limits.spend(f"rsvp {limits.asker()}", 30)
    form = AnswerForm()
    if not form.validate():
        invitation = queries.invitation_by_token(form.to_input())
        if invitation is None:
            raise NotFound("invitation.not_found")
        return _invitation_page(invitation, form), 422
    invitation = service.answer_invitation(form.to_input(), form.answer.data)
    return _invitation_page(invitation, form, thanks=True)


def _said(invitation: Invitation) -> str | None:
    return invitation.state if invitation.state in ("yes", "no") else None


def _invitation_page(invitation: Invitation, form: AnswerForm, *, thanks: bool = False) -> str:
    walk = queries.walk_of(invitation)
    if walk.state in ("draft", "planned"):
        raise Gone("invitation.over", state=walk.state)
    return render_template(
        "walks/rsvp.html",
        form=form,
        walk=walk,
        town=people.municipality(walk.municipality_id),
        invitation=invitation,
        thanks=thanks,
        open=walk.state in ("invited", "open"),
    )


@bp.get("/docs/try-on-phones")
def try_on_phones() -> str:
    """Tell how phones can reach a server that runs on one's own machine."""
    return render_template("walks/try_on_phones.html", host=HOST)
