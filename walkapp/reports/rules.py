"""What a walk's report and a meeting's minutes hold, as plain values.

One frozen dataclass feeds page, PDF, Word and map alike, so that no two of them can tell different stories. Everything
a reader sees is already text here: dates, roles, states and reasons arrive in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, TypeVar

from walkapp.kernel.marks import LOW_MAP_MM, TALL_MAP_MM, MapPlan, Position, Ring, Spot, lay_out

KINDS = ("deficiency", "safe_place", "proposal")


@dataclass(frozen=True)
class ReportWords:
    """The words printed around the content of a report. The defaults are the message ids."""

    report: str = "Report"
    purpose: str = "Purpose"
    took_part: str = "Who walked"
    walkers: str = "{count} people"
    small_groups: str = "Groups of fewer than five people are not counted out."
    safe_places: str = "Safe places to keep"
    safe_places_intro: str = "What works, and should stay as it is. These come first because they are worth guarding."
    no_safe_places: str = "Nobody noted a safe place on this walk."
    map: str = "The way we walked, and what we saw"
    map_alt: str = (
        "Map of the walk with {count} numbered points. "
        "All of them stand in words in this report, with the same numbers."
    )
    map_north: str = "N"
    map_stops: str = "Stops"
    map_area: str = "Area"
    map_route: str = "Route"
    map_beside: str = "Thin line: the mark stands beside its place so that it can be read."
    map_outside: str = "Outside the map or without a position: no. {numbers}"
    map_none: str = "No point of this walk has a position."
    deficiency: str = "Deficiency"
    safe_place: str = "Safe place"
    proposal: str = "Proposal"
    actions: str = "Actions by owner"
    actions_intro: str = "Every action has one owner. Done counts when somebody has seen it on the spot."
    no_actions: str = "No actions have been opened yet."
    action_count_one: str = "1 action"
    action_count: str = "{count} actions"
    request_count_one: str = "1 request"
    request_count: str = "{count} requests"
    column_number: str = "No."
    column_action: str = "Action"
    column_class: str = "Class"
    column_due: str = "Due"
    column_state: str = "State"
    observations: str = "Deficiencies and proposals"
    no_observations: str = "No deficiencies or proposals were kept."
    suggestion: str = "Proposal: "
    feeling: str = "Feeling {value} of 5"
    voices: str = "{count} people saw the same"
    photo_missing: str = "The photo could not be printed."
    not_done: str = "What will not be done, and why"
    not_done_intro: str = "A no counts as an answer when it comes with its reason."
    everything_open: str = "Nobody has declined an action."
    owner_says: str = "{owner}:"
    page_of: str = "Page {page} of {pages}"
    demo: str = "Example – invented data"
    made: str = "Made {when}"
    version: str = "version {version}"


@dataclass(frozen=True)
class MinutesWords:
    """The words printed around the content of minutes. The defaults are the message ids."""

    place_and_time: str = "Place and time"
    absent: str = "Absent"
    remote: str = "remotely"
    nobody: str = "–"
    owner_due: str = "{owner}, {due}"
    draft: str = "Draft, not signed"
    snapshot: str = "Signed content, SHA-256"
    page_of: str = "Page {page} of {pages}"
    demo: str = "Example – invented data"


W = TypeVar("W", ReportWords, MinutesWords)


def translated(words: type[W], translate: Callable[[str], str]) -> W:
    """The words of a paper in the language that `translate` speaks.

    The catalogue keeps them in a context of their own: `translated(ReportWords, lambda word: pgettext("paper", word))`.
    """
    return words(**{one.name: translate(str(one.default)) for one in fields(words)})


@dataclass(frozen=True)
class Photo:
    """A derivative to print: its key among the pictures, and what it shows in words."""

    key: str
    alt: str


@dataclass(frozen=True)
class Figure:
    """One of the four figures between two rules on the cover."""

    value: str
    label: str


@dataclass(frozen=True)
class Fact:
    """A labelled line on the cover: when, where, light, why here."""

    label: str
    text: str


@dataclass(frozen=True)
class Role:
    """Who took part. No count where the group is too small to be counted out."""

    name: str
    count: int | None = None


@dataclass(frozen=True)
class Stop:
    """A stop of the route, as a numbered ring on the map."""

    number: int
    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class ReportPoint:
    """One observation as reviewed: every voice kept, the photos that a person has looked at."""

    number: int
    kind: str
    category: str
    place: str
    texts: tuple[str, ...]
    lat: float | None = None
    lon: float | None = None
    suggestions: tuple[str, ...] = ()
    feeling: int | None = None
    seen_by: int = 1
    when: str = ""
    photos: tuple[Photo, ...] = ()
    state: str = ""


@dataclass(frozen=True)
class ReportAction:
    """One row of the action table. `points` are the numbers of the observations behind it."""

    points: tuple[int, ...]
    text: str
    action_class: str
    due: str
    state: str
    state_text: str
    answer: str = ""
    overdue: str = ""


@dataclass(frozen=True)
class ReportOwner:
    """One who answers for places, with what was asked of them: a request when it is not the municipality's own."""

    name: str
    actions: tuple[ReportAction, ...]
    is_request: bool = False


@dataclass(frozen=True)
class NotDone:
    """An honest no: what was asked, who said no, and the reason in full."""

    points: tuple[int, ...]
    text: str
    owner: str
    reason: str


@dataclass(frozen=True)
class WalkReport:
    """A walk's report, whole. Everything that page, PDF, Word and map say comes from here."""

    title: str
    municipality: str
    presented: str
    paragraph: str
    purpose: str
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]
    took_part: tuple[Role, ...]
    walkers: int
    words: ReportWords
    language: str
    made: str
    version: str
    is_demo: bool
    reference: str = ""
    groups_hidden: bool = False
    lead_photo: Photo | None = None
    area: tuple[Position, ...] = ()
    route: tuple[Position, ...] = ()
    stops: tuple[Stop, ...] = ()
    points: tuple[ReportPoint, ...] = ()
    owners: tuple[ReportOwner, ...] = ()
    not_done: tuple[NotDone, ...] = ()

    @property
    def safe_places(self) -> tuple[ReportPoint, ...]:
        """What to keep: first in every rendering."""
        return tuple(point for point in self.points if point.kind == "safe_place")

    @property
    def to_mend(self) -> tuple[ReportPoint, ...]:
        """Deficiencies and proposals, in the order of their numbers."""
        return tuple(point for point in self.points if point.kind != "safe_place")

    @property
    def picture_keys(self) -> tuple[str, ...]:
        """Every picture that a rendering needs, each once."""
        photos = [self.lead_photo] if self.lead_photo else []
        photos += [photo for point in self.points for photo in point.photos]
        return tuple(dict.fromkeys(photo.key for photo in photos))


@dataclass(frozen=True)
class MinutesPerson:
    """Somebody at the table, as "kommunpolis NAME" or "NAME ordförande". `how` is in_room, remote or absent."""

    name: str
    title: str = ""
    role: str = ""
    how: str = "in_room"


@dataclass(frozen=True)
class AttendanceList:
    """One of the three lists: members, representatives, others."""

    label: str
    people: tuple[MinutesPerson, ...]


@dataclass(frozen=True)
class Outcome:
    """What the council made of an item: its kind in words, what, who, by when."""

    kind: str
    text: str
    owner: str = ""
    due: str = ""


@dataclass(frozen=True)
class MinutesSection:
    """A unit's own report under an item."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class MinutesItem:
    """An item of the agenda as it was held. `number` is printed as it stands: "3." or "§ 12"."""

    number: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    sections: tuple[MinutesSection, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class Signature:
    """A place to sign, or who has signed and when."""

    name: str
    role: str
    signed: str = ""


@dataclass(frozen=True)
class MinutesPaper:
    """A meeting's minutes, whole. Built from the signed snapshot alone once there is one."""

    forum: str
    municipality: str
    kind: str
    date: str
    place_and_time: str
    attendance: tuple[AttendanceList, ...]
    items: tuple[MinutesItem, ...]
    signatures: tuple[Signature, ...]
    words: MinutesWords
    language: str
    is_demo: bool
    place_and_date: str = ""
    approval: str = ""
    reference: str = ""
    snapshot_sha256: str = ""
    is_draft: bool = False


# -- geometry from GeoJSON ---------------------------------------------------------------------------------------


def outline(geometry: Mapping[str, Any] | None) -> tuple[Position, ...]:
    """The outer ring of a GeoJSON polygon, or the positions of a line; empty when there is none."""
    if not geometry:
        return ()
    if geometry.get("type") == "Feature":
        return outline(geometry.get("geometry"))
    coordinates = geometry.get("coordinates") or ()
    while coordinates and not _is_pair(coordinates[0]):
        coordinates = coordinates[0]
    return tuple((float(lat), float(lon)) for lon, lat, *_ in coordinates)


def _is_pair(value: Any) -> bool:
    return len(value) >= 2 and isinstance(value[0], int | float)


# -- what a paper is printed from --------------------------------------------------------------------------------


def map_plan(report: WalkReport, tallest: float = TALL_MAP_MM) -> MapPlan | None:
    """The walk laid out on paper; None when nothing in it has a position."""
    spots = [
        Spot(point.number, point.kind, point.lat, point.lon)
        for point in report.points
        if point.lat is not None and point.lon is not None
    ]
    rings = [Ring(stop.number, stop.name, stop.lat, stop.lon) for stop in report.stops]
    plan = lay_out(spots, report.area, report.route, rings, tallest=tallest)
    if plan is None:
        return None
    homeless = tuple(point.number for point in report.points if point.lat is None or point.lon is None)
    return replace(plan, outside=tuple(sorted(plan.outside + homeless)))


def walk_paper(report: WalkReport) -> dict[str, Any]:
    """A report as plain content for print: lists and texts, the map laid out."""
    plan, low = map_plan(report), map_plan(report, LOW_MAP_MM)
    return {
        **asdict(report),
        "safe_places": [asdict(point) for point in report.safe_places],
        "to_mend": [asdict(point) for point in report.to_mend],
        "kinds": {str(point.number): point.kind for point in report.points},
        "map": asdict(plan) if plan else None,
        "map_low": asdict(low) if low else None,
    }


def minutes_paper(minutes: MinutesPaper) -> dict[str, Any]:
    """Minutes as plain content for print."""
    return asdict(minutes)
