"""What became of what was seen: the public's list, the same for everyone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from walkapp.actions.models import Action
from walkapp.actions.queries import PaperRow
from walkapp.actions.states import REFUSED, UNANSWERED
from walkapp.kernel import clock
from walkapp.kernel.actor import PUBLIC
from walkapp.kernel.db import db
from walkapp.kernel.journal import JournalEntry
from walkapp.observations import queries as observations
from walkapp.observations.queries import PhotoRow, Standing
from walkapp.people.models import Municipality
from walkapp.reports.queries import category_word, told_actions
from walkapp.walks.access import visible_to as walks_visible_to
from walkapp.walks.models import Walk

NEAR = 4  # decimals: about ten metres, enough to find the place and not the doorstep
SECTIONS = ("fixed", "not_done", "under_way", "waiting", "safe")


@dataclass(frozen=True)
class Mark:
    """The number of an observation in the shape of its kind."""

    kind: str
    number: int


@dataclass(frozen=True)
class Place:
    """Where a point is, rounded."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Point:
    """One point of the list: what it is about, how it stands, what was answered."""

    key: str
    marks: tuple[Mark, ...]
    title: str
    words: tuple[str, ...]
    state: str | None
    owner: str
    answer: str
    reason: str
    on: date | datetime | None
    planned_on: date | None
    voices: int
    place: Place | None
    before: PhotoRow | None
    after: PhotoRow | None


@dataclass(frozen=True)
class Happened:
    """Everything that the public page of a walk shows."""

    sections: dict[str, tuple[Point, ...]]
    updated_on: date
    unanswered: int
    oldest_days: int | None

    @property
    def points(self) -> list[Point]:
        """Every point once, in the order of the page."""
        return [point for section in SECTIONS for point in self.sections[section]]


def published(town: Municipality) -> list[Walk]:
    """Return the municipality's published walks, the newest first."""
    mine = select(Walk).where(Walk.municipality_id == town.id, walks_visible_to(PUBLIC))
    return list(db.session.scalars(mine.order_by(Walk.starts_at.desc())))


def towns_with_pages() -> list[Municipality]:
    """Return the municipalities that have published something."""
    told = select(Walk.municipality_id).where(walks_visible_to(PUBLIC))
    return list(db.session.scalars(select(Municipality).where(Municipality.id.in_(told)).order_by(Municipality.name)))


def happened(walk: Walk) -> Happened:
    """Return what became of a walk's reviewed points."""
    seen = {one.id: one for one in observations.standing(PUBLIC, walk.id) if one.number is not None}
    rows = [row for row in told_actions(walk, seen.values()) if row.state != "proposed"]
    sections: dict[str, list[Point]] = {section: [] for section in SECTIONS}
    for row in rows:
        sections[section_of(row)].append(_of_action(row, [seen[one] for one in row.observation_ids if one in seen]))
    answered = {one for row in rows for one in row.observation_ids}
    for one in seen.values():
        if one.id not in answered:
            sections["safe" if one.kind == "safe_place" else "waiting"].append(_of_observation(one))
    unanswered = [row for row in rows if row.state in UNANSWERED]
    return Happened(
        sections={section: tuple(points) for section, points in sections.items()},
        updated_on=_updated_on(walk),
        unanswered=len(unanswered),
        oldest_days=_oldest(walk, unanswered),
    )


def section_of(row: PaperRow) -> str:
    """Say where a point stands: only what somebody has checked counts as fixed, and a no stands with its reason."""
    if row.term == "preserve":
        return "safe"
    if row.state in REFUSED or (row.state == "closed" and row.verified_at is None and row.reason):
        return "not_done"
    if row.verified_at is not None and row.state in ("verified", "closed"):
        return "fixed"
    return "under_way"


def _of_action(row: PaperRow, seen: list[Standing]) -> Point:
    refused = row.state in REFUSED or row.state == "closed"
    return Point(
        key=str(row.id),
        marks=tuple(Mark(one.kind, one.number) for one in seen if one.number is not None),
        title=row.title,
        words=(),
        state=row.state,
        owner=row.organisation or "",
        answer="" if refused and row.reason else row.answer or "",
        reason=(row.reason or "") if refused else "",
        on=row.verified_at,
        planned_on=row.planned_on,
        voices=sum(one.voices for one in seen),
        place=_place(seen),
        before=_photo(seen),
        after=row.after_photo if row.after_photo and row.after_photo.shown else None,
    )


def _of_observation(one: Standing) -> Point:
    words = dict.fromkeys(saying.words for saying in one.sayings)
    return Point(
        key=str(one.id),
        marks=(Mark(one.kind, one.number or 0),),
        title=one.place or one.stop or category_word(one.category),
        words=tuple(words),
        state=None,
        owner="",
        answer="",
        reason="",
        on=None,
        planned_on=None,
        voices=one.voices,
        place=_place([one]),
        before=_photo([one]),
        after=None,
    )


def _place(seen: Iterable[Standing]) -> Place | None:
    return next(
        (
            Place(round(one.lat, NEAR), round(one.lon, NEAR))
            for one in seen
            if one.lat is not None and one.lon is not None
        ),
        None,
    )


def _photo(seen: Iterable[Standing]) -> PhotoRow | None:
    return next((photo for one in seen for photo in one.photos if photo.shown), None)


def _updated_on(walk: Walk) -> date:
    about = select(Action.id).where(Action.walk_id == walk.id)
    last = db.session.scalar(select(func.max(JournalEntry.at)).where(JournalEntry.subject_id.in_(about)))
    published = walk.published_at or clock.now()
    return clock.local(max(last, published) if last else published).date()


def _oldest(walk: Walk, rows: list[PaperRow]) -> int | None:
    asked = select(func.min(Action.assigned_at)).where(Action.id.in_([row.id for row in rows]))
    first = db.session.scalar(asked)
    return (clock.now() - first).days if first else None


def shapes(walk: Walk, points: list[Point]) -> dict[str, Any]:
    """Return what the page's map draws. Each point stands in the list as well."""
    return {
        "area": None,
        "route": walk.route,
        "stops": [],
        "points": [
            {
                "id": point.key,
                "kind": point.marks[0].kind,
                "number": point.marks[0].number,
                "lat": point.place.lat,
                "lon": point.place.lon,
                "title": point.title,
                "href": f"#p-{point.key}",
            }
            for point in points
            if point.place and point.marks
        ],
    }
