"""What phones say about what they saw, as JSON: the whitelist, and the source of the OpenAPI document."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema, model_validator

from walkapp.kernel.errors import Invalid
from walkapp.kernel.geo import Point
from walkapp.kernel.wire import Answer, Body, Operation
from walkapp.walks.wire import Sha256

from . import queries, service
from .rules import CATEGORY_WORDS

MOST_TEXT = 2000
MOST_PHOTOS = 10
MOST_IDS = 5000
_MOST = 2**31 - 1
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _in_our_time(moment: datetime) -> datetime:
    if not _FIRST <= moment < _LAST:
        raise ValueError("a year between 1970 and 2100")
    return moment.astimezone(UTC)


def _one_of(words: object) -> Callable[[str], str]:
    def check(word: str) -> str:
        if word not in words:  # type: ignore[operator]
            raise ValueError("not one of the known words")
        return word

    return check


def _said(text: str | None) -> str | None:
    return text if text and text.strip() else None


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Number = Annotated[int, Field(ge=1, le=_MOST)]
Category = Annotated[
    str, AfterValidator(_one_of(CATEGORY_WORDS)), WithJsonSchema({"type": "string", "enum": list(CATEGORY_WORDS)})
]
Text = Annotated[str | None, Field(max_length=MOST_TEXT), AfterValidator(_said)]


class Position(Body):
    """Where; `gps` and `map` carry numbers, `address` carries words."""

    source: Literal["gps", "map", "address", "none"]
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    accuracy_m: Annotated[float | None, Field(ge=0, le=1e7)] = None
    fixed_at: Moment | None = None
    address: Annotated[str | None, Field(max_length=200)] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together")
        if self.source in ("gps", "map") and (self.lat is None or self.accuracy_m is None):
            raise ValueError("gps and map carry lat, lon and accuracy_m")
        if self.source == "address" and self.address is None:
            raise ValueError("address carries an address")
        return self

    @property
    def point(self) -> Point | None:
        """The numbers; none where the phone says that there is no position."""
        if self.lat is None or self.lon is None or self.source == "none":
            return None
        return Point(self.lat, self.lon)


class Photo(Body):
    """A photo that the observation lists; its bytes come by themselves."""

    sha256: Sha256
    bytes: Annotated[int, Field(ge=1, le=_MOST)]
    taken_at: Moment | None = None


class Observation(Body):
    """One revision of one thing seen. At least one of text, photo, category, feeling."""

    walk: uuid.UUID
    revision: Number
    base_revision: Number | None = None
    kind: Literal["deficiency", "safe_place", "proposal"]
    category: Category | None = None
    text: Text = None
    proposal: Text = None
    feeling: Annotated[int | None, Field(ge=1, le=5)] = None
    acute: bool | None = False
    stop: uuid.UUID | None = None
    asset: Annotated[str | None, Field(max_length=40), AfterValidator(_said)] = None
    said_by: Literal["self", "group", "someone"] | None = "self"
    voices: Annotated[int | None, Field(ge=1, le=1000)] = 1
    withdrawn: bool | None = False
    position: Position | None = None
    photos: Annotated[list[Photo], Field(max_length=MOST_PHOTOS)]
    made_at: Moment
    sequence: Annotated[int, Field(ge=0, le=_MOST)]

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.base_revision is not None and self.base_revision >= self.revision:
            raise Invalid("invalid", field="base_revision", reason="base_revision comes before revision")
        if not (self.withdrawn or self.text or self.photos or self.category or self.feeling):
            raise Invalid("invalid", field="text", reason="at least one of text, photo, category, feeling")
        return self

    def to_input(self) -> service.Seen:
        """Return it as the service takes it."""
        at = self.position or Position(source="none")
        return service.Seen(
            walk_id=self.walk,
            revision=self.revision,
            base_revision=self.base_revision,
            kind=self.kind,
            category=self.category,
            text=self.text,
            proposal=self.proposal,
            feeling=self.feeling,
            acute=bool(self.acute),
            stop_id=self.stop,
            asset=self.asset,
            said_by=self.said_by or "self",
            voices=self.voices or 1,
            withdrawn=bool(self.withdrawn),
            place=at.point,
            accuracy_m=at.accuracy_m if at.point else None,
            place_source=at.source,
            fixed_at=at.fixed_at,
            address=_said(at.address),
            photos=[service.ListedPhoto(one.sha256, one.bytes, one.taken_at) for one in self.photos],
            made_at=self.made_at,
            sequence=self.sequence,
        )


class StopAnswer(Body):
    """An answer to one of a stop's questions."""

    question: Annotated[str, Field(max_length=300)]
    text: Annotated[str, Field(max_length=MOST_TEXT)]


def _nine(profile: dict[str, int] | None) -> dict[str, int] | None:
    if profile is not None and (len(profile) > 9 or any(not 0 < len(code) <= 40 for code in profile)):
        raise ValueError("at most nine codes")
    return profile


class Rating(Body):
    """The silent score at a stop."""

    walk: uuid.UUID
    revision: Number
    base_revision: Number | None = None
    stop: uuid.UUID
    score: Annotated[int | None, Field(ge=1, le=5)]
    score_dark: Annotated[int | None, Field(ge=1, le=5)] = None
    answers: Annotated[list[StopAnswer] | None, Field(max_length=20)] = None
    profile: Annotated[dict[str, Annotated[int, Field(ge=0, le=3)]] | None, AfterValidator(_nine)] = None
    made_at: Moment
    sequence: Annotated[int, Field(ge=0, le=_MOST)] = 0

    def to_input(self) -> service.Scored:
        """Return it as the service takes it."""
        return service.Scored(
            walk_id=self.walk,
            revision=self.revision,
            base_revision=self.base_revision,
            made_at=self.made_at,
            stop_id=self.stop,
            score=self.score,
            score_dark=self.score_dark,
            answers=[{"question": one.question, "text": one.text} for one in self.answers or ()],
            profile=self.profile,
        )


class Voice(Body):
    """One more voice for another participant's observation."""

    walk: uuid.UUID
    observation: uuid.UUID
    made_at: Moment

    def to_input(self) -> service.Agreed:
        """Return it as the service takes it."""
        return service.Agreed(self.walk, self.observation, self.made_at)


class Stored(Answer):
    """What became of it: stored, already, superseded, held. The phone compares id, revision and sha256 with its own."""

    status: str
    id: uuid.UUID
    revision: int
    sha256: str
    number: int | None
    proof: str


class StoredPhoto(Answer):
    """What became of the photo: stored, already."""

    status: str
    sha256: str
    bytes: int
    proof: str


class Revision(Body):
    """One revision of one thing."""

    id: uuid.UUID
    revision: Number = 1

    def to_input(self) -> queries.Revision:
        """Return it as the query takes it."""
        return queries.Revision(self.id, self.revision)


class Receipt(Body):
    """What the phone asks its receipt for."""

    observations: list[Revision]
    photos: list[Sha256]
    ratings: list[Revision] | None = None
    voices: list[Revision | uuid.UUID] | None = None

    @property
    def count(self) -> int:
        """How many ids it names."""
        return sum(len(many or ()) for many in (self.observations, self.photos, self.ratings, self.voices))

    def to_input(self) -> queries.Asked:
        """Return it as the query takes it."""
        voices = [
            one.to_input() if isinstance(one, Revision) else queries.Revision(one, 1) for one in self.voices or ()
        ]
        return queries.Asked(
            frozenset(one.to_input() for one in self.observations),
            frozenset(self.photos),
            frozenset(one.to_input() for one in self.ratings or ()),
            frozenset(voices),
        )


class Receipted(Answer):
    """What is missing, what is secured, and the digest when nothing is missing."""

    missing: dict[str, list[Any]]
    secured: dict[str, list[Any]]
    digest: str | None


class Changes(Answer):
    """What became of the phone's own things, and others' observations when the coordinator opened them.

    Whole lists, not differences; `changed` is false, and the lists empty, while `cursor` is what was asked after.
    """

    cursor: str
    changed: bool
    own: list[dict[str, Any]]
    others: list[dict[str, Any]]


def lists(asked: queries.Asked) -> dict[str, list[Any]]:
    """Return the lists of a receipt as JSON, sorted."""

    def revisions(many: frozenset[queries.Revision]) -> list[dict[str, Any]]:
        return [
            {"id": str(one.id), "revision": one.revision}
            for one in sorted(many, key=lambda one: (str(one.id), one.revision))
        ]

    return {
        "observations": revisions(asked.observations),
        "photos": sorted(asked.photos),
        "ratings": revisions(asked.ratings),
        "voices": revisions(asked.voices),
    }


_DELIVERY: dict[int, type[Answer] | None] = {201: Stored, 200: Stored, 202: Stored}
_REFUSALS = (401, 403, 404, 408, 409, 411, 413, 422, 426, 429, 503, 507)

OPERATIONS = (
    Operation("put", "/api/observations/{observation}", "Hand in one revision of an observation", _DELIVERY,
              Observation, _REFUSALS),
    Operation("put", "/api/observations/{observation}/photos/{sha256}", "Hand in the bytes of a photo",
              {201: StoredPhoto, 200: StoredPhoto}, None, (401, 403, 408, 409, 411, 413, 415, 422, 426, 429, 503, 507),
              takes_bytes=("image/jpeg", "image/png", "image/webp", "image/heic")),
    Operation("put", "/api/ratings/{rating}", "Hand in the silent score at a stop", _DELIVERY, Rating, _REFUSALS),
    Operation("put", "/api/voices/{voice}", "Say that one saw it too", _DELIVERY, Voice, _REFUSALS),
    Operation("post", "/api/walks/{walk}/receipt", "Ask what has arrived", {200: Receipted}, Receipt,
              (401, 403, 404, 413, 422, 426)),
    Operation("get", "/api/walks/{walk}/changes", "Read what became of it", {200: Changes}, None,
              (401, 403, 404, 426)),
    Operation("get", "/api/photos/{photo}/thumb", "See a small picture that others may see", {200: None}, None,
              (401, 403, 404, 426), gives="image/jpeg"),
)  # fmt: skip
