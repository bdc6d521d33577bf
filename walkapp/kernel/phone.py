"""What every request of a phone carries, and how large it may be: read at the door, before anything else."""

import re
import uuid
from datetime import datetime

from flask import Blueprint, request

from .errors import LengthRequired, NotSignedIn, TooLarge, TooOld

OLDEST = (1, 0)
VERSION = 1


def guard(bp: Blueprint, largest: int) -> None:
    """Let no request in whose app is too old, or whose body has no length or too much of it."""

    @bp.before_request
    def check() -> None:
        check_client()
        check_length(largest)


def check_client() -> None:
    """Refuse an app that is older than this door; one that says nothing is the first."""
    major, build = _version(request.headers.get("Walkapp-Client"))
    if major != VERSION or (major, build) < OLDEST:
        raise TooOld("update", oldest=".".join(map(str, OLDEST)))


def check_length(largest: int) -> None:
    """Refuse a body without stated length, or with more than the door takes."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if "Transfer-Encoding" in request.headers or request.content_length is None:
        raise LengthRequired("length_required")
    if request.content_length > largest:
        raise TooLarge("too_large", max_bytes=largest)


def bearer() -> tuple[uuid.UUID, str]:
    """Return the participant and the token that the request shows; refuse with `register`."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    participant, _, token = shown.strip().partition(".")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("register")
    try:
        return uuid.UUID(participant), token
    except ValueError:
        raise NotSignedIn("register") from None


def join_code() -> str | None:
    """Return the code that the request shows instead of a token."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "join" else None


def client() -> str:
    """Return the app's version as it says it."""
    return request.headers.get("Walkapp-Client", "1.0")[:40]


def proof() -> str | None:
    """Return the proof that the phone sends back with an item the house has taken before."""
    return request.headers.get("Proof")


def sent_at() -> datetime | None:
    """Return the phone's clock at the moment of sending; None when it says none that can be read."""
    try:
        moment = datetime.fromisoformat(request.headers.get("Sent-At", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and 1970 <= moment.year <= 2100 else None


def _version(header: str | None) -> tuple[int, int]:
    found = re.match(r"(\d{1,6})(?:\.(\d{1,9})(?!\w))?", header or "1.0")
    if found is None:
        return OLDEST
    return int(found[1]), int(found[2] or 0)
