"""Refusals: values with a stable code and facts. The sentence is found at the door, in the reader's language."""

from typing import Any


class Refusal(Exception):
    """The house says no, and says why. Anything else that is raised is a bug."""

    status = 400

    def __init__(self, code: str, /, *, retry_after: int | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.retry_after = retry_after


class NotSignedIn(Refusal):
    """Nobody has shown who they are."""

    status = 401


class NotAllowed(Refusal):
    """Seen, but not yours to change."""

    status = 403


class NotFound(Refusal):
    """Not there, or not for your eyes: the two are not told apart."""

    status = 404


class TooSlow(Refusal):
    """The body stopped coming."""

    status = 408


class Conflict(Refusal):
    """True a moment ago, not now."""

    status = 409


class Gone(Refusal):
    """It was here, and its time is over."""

    status = 410


class LengthRequired(Refusal):
    """A body without a stated length."""

    status = 411


class TooLarge(Refusal):
    """More than the door takes."""

    status = 413


class WrongKind(Refusal):
    """Not one of the formats that are read here."""

    status = 415


class Invalid(Refusal):
    """Understood, and not acceptable; `field` says where."""

    status = 422


class TooOld(Refusal):
    """A phone whose app is older than this door."""

    status = 426


class TooMany(Refusal):
    """Too often; `retry_after` says when."""

    status = 429


class Unavailable(Refusal):
    """Not now; `retry_after` says when."""

    status = 503


class Full(Refusal):
    """The disk is full."""

    status = 507
