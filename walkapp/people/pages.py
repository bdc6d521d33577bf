"""Signing in and out, and the language. A GET changes nothing: the link's page shows a button, its POST spends."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from walkapp.kernel import answers, limits
from walkapp.kernel.errors import Gone, Invalid, NotFound, NotSignedIn

from . import queries, service, session
from .forms import LinkForm, SpendForm
from .rules import hashed, local_path, tidy_email

bp = Blueprint("people", __name__)
LANGUAGES = ("sv", "en")
A_YEAR = 365 * 24 * 3600


@bp.app_errorhandler(NotSignedIn)
def not_signed_in(problem: NotSignedIn) -> ResponseReturnValue:
    """Lead the reader of a page to the sign-in; a machine is told plainly."""
    if answers.for_machines():
        return answers.refusal(problem.status, problem.code, problem.facts)
    to: ResponseReturnValue = session.to_sign_in()
    return to


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the way in; whoever is in already goes on, unless they hold a link."""
    return _page(LinkForm(next=request.args.get("next")), SpendForm(next=request.args.get("next")))


@bp.post("/sign-in")
def spend() -> ResponseReturnValue:
    """Spend a link's code and begin a session."""
    limits.spend(f"sign-in {limits.asker()}", 30)
    form = SpendForm()
    if not form.validate():
        return _page(LinkForm(formdata=None, next=form.next.data), form), 422
    try:
        _person, secret = service.spend(form.to_input())
    except (Gone, NotFound) as no:
        if session.person() is not None:  # pressed twice: the first time let them in
            return redirect(form.leads_to or "/", 303)
        refusal = answers.sentence(no.code, no.status)
        empty = SpendForm(formdata=None, next=form.next.data)
        return _page(LinkForm(formdata=None, next=form.next.data), empty, refusal=refusal), no.status
    return _let_in(secret, form.leads_to)


@bp.post("/sign-in/link")
def ask_for_link() -> ResponseReturnValue:
    """Send a link, if the address belongs to somebody; the answer is the same if it does not."""
    form = LinkForm()
    limits.spend(f"link {limits.asker()}", 20)
    if not form.validate():
        return _page(form, SpendForm(formdata=None, next=form.next.data)), 422
    email, to = form.to_input()
    limits.spend(f"link {hashed(tidy_email(email) or email)}", 3)
    service.ask_for_link(email, to, str(get_locale()))
    return redirect(url_for(".link_sent", next=to), 303)


@bp.get("/sign-in/sent")
def link_sent() -> str:
    """Say what happens now."""
    local = current_app.extensions["settings"].local and not current_app.extensions["settings"].mail
    return render_template("people/link_sent.html", local=local, form=SpendForm(next=request.args.get("next")))


@bp.post("/sign-in/demo")
def sign_in_as_demo_person() -> ResponseReturnValue:
    """One click, on a local demo instance alone."""
    if not session.demo_sign_in_allowed():
        raise NotFound("status.404")
    chosen = next((one for one in queries.demo_people() if str(one.id) == request.form.get("person")), None)
    if chosen is None:
        raise NotFound("person.not_found")
    return _let_in(service.begin_session(queries.active(chosen.id)), local_path(request.form.get("next")))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    service.end_session(session.forget())
    return redirect(url_for(".sign_in"), 303)


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    """Choose the language, for this browser and for the person's letters."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise Invalid("language.not_spoken", field="language")
    service.speak(session.actor(), language)
    response = make_response(redirect(_back(request.form.get("back")), 303))
    https = current_app.extensions["settings"].https
    response.set_cookie("language", language, max_age=A_YEAR, secure=https, httponly=True, samesite="Lax")
    return response


def _back(address: str | None) -> str:
    """Where they stood, without a language in the address that would win over the choice."""
    if address and address.startswith("/sign-in"):
        parts = urlsplit(address)
        to = local_path(dict(parse_qsl(parts.query)).get("next"))
        return url_for(".sign_in", next=to)
    parts = urlsplit(local_path(address) or "/")
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "language"]
    return parts.path + (f"?{urlencode(kept)}" if kept else "")


def _let_in(secret: str, to: str | None) -> ResponseReturnValue:
    service.end_session(session.forget())  # whoever sat here before, and whatever cookie was planted
    session.remember(secret)
    return redirect(to or "/", 303)


def _page(link: LinkForm, code: SpendForm, refusal: str | None = None) -> str:
    demo: list[Any] = queries.demo_people() if session.demo_sign_in_allowed() else []
    return render_template("people/sign_in.html", link=link, code=code, refusal=refusal, demo=demo)
