"""What phones say about taking part, as JSON: the whitelist, and the source of the OpenAPI document."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field

from walkapp.kernel.wire import Answer, Body, Operation
from walkapp.people.rules import tidy_email

from . import service

Count = Annotated[int, Field(ge=0, le=100_000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _short(text: str | None) -> str | None:
    return (text or "").strip() or None


def _address(text: str | None) -> str | None:
    found = _short(text)
    if found is None:
        return None
    tidy = tidy_email(found)
    if tidy is None:
        raise ValueError("not an address of e-mail")
    return tidy


def _in_our_time(moment: datetime | None) -> datetime | None:
    # a phone whose clock stands in another century is heard all the same
    return moment if moment is not None and 1970 <= moment.year < 2100 else None


class Join(Body):
    """A phone takes part: the hash of its own token, and what it wants to be called."""

    token_sha256: Sha256
    name: Annotated[str | None, Field(max_length=80), AfterValidator(_short)] = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = "sv"
    group: uuid.UUID | None = None

    def to_input(self, participant_id: uuid.UUID, code: str, proof: str | None) -> service.Joining:
        """Return it as the service takes it."""
        return service.Joining(
            participant_id, code, self.token_sha256, self.name, self.language, self.group, self._given(), proof
        )

    def _given(self) -> frozenset[str]:
        return frozenset(self.model_fields_set)


class Joined(Answer):
    """The phone takes part; `proof` opens the door again after a restore."""

    status: str
    id: uuid.UUID
    sha256: str
    walk: uuid.UUID
    proof: str


class Contact(Body):
    """Where the answer goes afterwards; null takes it back."""

    email: Annotated[str | None, Field(max_length=254), AfterValidator(_address)]
    band: Annotated[str | None, Field(max_length=40), AfterValidator(_short)] = None


class Waiting(Body):
    """How much the phone still holds."""

    observations: Count
    photos: Count


class Heartbeat(Body):
    """A sign of life."""

    waiting: Waiting
    oldest_at: Annotated[AwareDatetime | None, AfterValidator(_in_our_time)] = None

    def to_input(self) -> service.Waiting:
        """Return it as the service takes it."""
        return service.Waiting(self.waiting.observations, self.waiting.photos, self.oldest_at)


class Beat(Answer):
    """The walk's state, and a word for the phone's screen."""

    state: str
    message: str | None


class Kept(Answer):
    """`stored` or `already`."""

    status: str
    id: uuid.UUID
    sha256: str


class Pack(Answer):
    """All that a phone needs without network."""

    walk: dict[str, Any]
    area: dict[str, Any] | None
    route: dict[str, Any] | None
    stops: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    numbers: dict[str, str | None]
    limits: dict[str, int]
    texts: dict[str, str | None]


OPERATIONS = (
    Operation(
        "put", "/api/walks/{walk}/participants/{participant}", "Join a walk", {201: Joined, 200: Joined}, Join,
        refusals=(401, 403, 404, 409, 410, 422, 426, 429), opens_with="join",
    ),
    Operation(
        "get", "/api/walks/{walk}/pack", "Read what a phone needs without network", {200: Pack, 304: None},
        refusals=(401, 403, 404, 426, 429),
    ),
    Operation(
        "put", "/api/walks/{walk}/participants/{participant}/contact", "Leave or take back an address for the answer",
        {201: Kept, 200: Kept}, Contact, refusals=(401, 403, 404, 422, 426),
    ),
    Operation(
        "post", "/api/walks/{walk}/heartbeat", "Tell what still waits on the phone", {200: Beat}, Heartbeat,
        refusals=(401, 403, 404, 422, 426, 429),
    ),
)  # fmt: skip
