"""Who is signed in on this request. Doors alone ask."""

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, g, redirect, request, session, url_for
from sqlalchemy import select

from walkapp.kernel import clock
from walkapp.kernel.actor import PUBLIC, Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotSignedIn
from walkapp.kernel.installation import installation
from walkapp.kernel.settings import LOCAL_HOSTS

from . import queries
from .models import Person, SignIn

COOKIE_KEY = "who"
FORWARDING = ("forwarded", "x-forwarded-", "x-real-ip")


def sha256(secret: str) -> str:
    """Return the hash under which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(a: str, b: str) -> bool:
    """Compare two secrets without telling how far they agree."""
    return hmac.compare_digest(a, b)


def person() -> Person | None:
    """Return who is signed in on this request, or None."""
    if "person" not in g:
        g.person = _find()
    found: Person | None = g.person
    return found


def _find() -> Person | None:
    secret = session.get(COOKIE_KEY)
    if not isinstance(secret, str):
        return None
    row = db.session.scalar(select(SignIn).where(SignIn.secret_sha256 == sha256(secret)))
    if row is None or row.ended_at is not None or row.expires_at < clock.now():
        return None
    found = db.session.get(Person, row.person_id)
    return found if found is not None and found.active else None


def actor() -> Actor:
    """Return who asks: the signed-in person, or the public."""
    who = person()
    return queries.as_actor(who) if who else PUBLIC


def signed_in() -> Actor:
    """Return the signed-in person; refuse with `not_signed_in` otherwise (a page then leads to the sign-in)."""
    who = person()
    if who is None:
        raise NotSignedIn("not_signed_in")
    return queries.as_actor(who)


def remember(secret: str) -> None:
    """Put the session's secret in the cookie; whatever was there before is dropped."""
    session.clear()
    session[COOKIE_KEY] = secret
    session.permanent = True
    g.pop("person", None)


def forget() -> str | None:
    """Empty the cookie; return the secret that was in it."""
    secret = session.pop(COOKIE_KEY, None)
    session.clear()
    g.pop("person", None)
    return secret if isinstance(secret, str) else None


def is_local_request() -> bool:
    """Tell whether this request is *local*: base URL and Host are this machine's own, and no proxy stands between."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    through_proxy = any(name.lower().startswith(FORWARDING) for name in request.headers.keys())  # noqa: SIM118
    return bool(current_app.extensions["settings"].local) and host in LOCAL_HOSTS and not through_proxy


def demo_sign_in_allowed() -> bool:
    """Tell whether the one-click sign-in stands open: a local request to an instance that `demo` made."""
    row = installation()
    return is_local_request() and row is not None and row.is_demo


View = TypeVar("View", bound=Callable[..., Any])


def needs_role(*words: str) -> Callable[[View], View]:
    """Let a door in for these roles alone (in any scope); the service still asks for the very thing."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = signed_in()
            if not any(who.has(word) for word in words):
                raise NotAllowed("not_your_role")
            return view(*args, **kwargs)

        return guarded  # type: ignore[return-value]

    return wrap


def to_sign_in() -> Any:
    """Lead a page's reader to the sign-in, and back afterwards."""
    here = request.full_path.removesuffix("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=here if here != "/" else None), 303)
