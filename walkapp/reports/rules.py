"""What a walk's report and a meeting's minutes hold, as plain values, and where the marks stand on the printed map.

One frozen dataclass feeds page, PDF, Word and map alike, so that no two of them can tell different stories. Everything
a reader sees is already text here: dates, roles, states and reasons arrive in the reader's language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

Position = tuple[float, float]
"""Latitude and longitude, in this order."""

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
    map_alt: str = "Map of the walk with {count} numbered points. All of them stand in words in this report, with the same numbers."
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


# -- the printed map ---------------------------------------------------------------------------------------------

MARK_MM = 6.4
STOP_MM = 4.4
GAP_MM = 0.7
MARGIN_MM = 9.0
METRES_PER_DEGREE = 111_320.0
SMALLEST_MAP_M = 120.0
TALL_MAP_MM, LOW_MAP_MM = 128.0, 98.0


@dataclass(frozen=True)
class Mark:
    """A numbered mark: where it stands, and its true place when it had to step aside."""

    number: int
    kind: str
    x: float
    y: float
    true_x: float
    true_y: float
    moved: bool


@dataclass(frozen=True)
class PlacedStop:
    """A stop's ring on the map."""

    number: int
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class MapPlan:
    """A map in millimetres from its upper left corner, ready to be drawn."""

    width: float
    height: float
    mark: float
    area: tuple[Position, ...]
    route: tuple[Position, ...]
    stops: tuple[PlacedStop, ...]
    marks: tuple[Mark, ...]
    outside: tuple[int, ...]
    scale_mm: float
    scale_text: str


@dataclass
class _Dot:
    x: float
    y: float
    reach: float
    fixed: bool = field(default=False)


def map_plan(
    report: WalkReport, width: float = 166.0, tallest: float = TALL_MAP_MM, lowest: float = 70.0
) -> MapPlan | None:
    """Lay out the walk on paper; None when nothing has a position.

    A point far outside the walk is named under the map instead of drawn. Why: one pin dropped in the next town would
    shrink everything else to a spot.
    """
    placed = [point for point in report.points if point.lat is not None and point.lon is not None]
    drawn, bounds = _on_the_map(report, placed)
    if bounds is None:
        return None
    project, height, metres_per_mm = _projection(bounds, width, tallest, lowest)
    stops = tuple(PlacedStop(stop.number, stop.name, *project((stop.lat, stop.lon))) for stop in report.stops)
    mark = mark_size(len(drawn), width * height)
    scale_m = _round_length(width / 5 * metres_per_mm)
    drawn_numbers = {point.number for point in drawn}
    return MapPlan(
        width=width,
        height=height,
        mark=mark,
        area=tuple(project(one) for one in report.area),
        route=tuple(project(one) for one in report.route),
        stops=stops,
        marks=_marks(drawn, project, stops, mark, (width, height)),
        outside=tuple(point.number for point in report.points if point.number not in drawn_numbers),
        scale_mm=scale_m / metres_per_mm,
        scale_text=f"{scale_m} m" if scale_m < 1000 else f"{scale_m // 1000} km",
    )


def mark_size(count: int, space: float) -> float:
    """Marks shrink only when there are so many that they could not stand side by side."""
    return min(MARK_MM, max(2.6, math.sqrt(0.3 * space / max(1, count)) - GAP_MM))


def _on_the_map(
    report: WalkReport, placed: Sequence[ReportPoint]
) -> tuple[list[ReportPoint], tuple[float, float, float, float] | None]:
    walked = [*report.area, *report.route, *((stop.lat, stop.lon) for stop in report.stops)]
    if not walked:
        positions = [_position(point) for point in placed]
        return list(placed), _bounds(positions) if positions else None
    south, west, north, east = _bounds(walked)
    reach_lat = max((north - south) / 2, 150 / METRES_PER_DEGREE)
    reach_lon = max((east - west) / 2, 150 / METRES_PER_DEGREE / _shrink((south + north) / 2))
    near = [
        point
        for point in placed
        if south - reach_lat <= _position(point)[0] <= north + reach_lat
        and west - reach_lon <= _position(point)[1] <= east + reach_lon
    ]
    return near, _bounds([*walked, *(_position(point) for point in near)])


def _position(point: ReportPoint) -> Position:
    return (point.lat or 0.0, point.lon or 0.0)


def _bounds(positions: Iterable[Position]) -> tuple[float, float, float, float]:
    lats, lons = zip(*positions, strict=True)
    return min(lats), min(lons), max(lats), max(lons)


def _shrink(lat: float) -> float:
    return max(0.05, math.cos(math.radians(lat)))


def _projection(
    bounds: tuple[float, float, float, float], width: float, tallest: float, lowest: float
) -> tuple[Callable[[Position], Position], float, float]:
    """Equirectangular around the middle: over a walk's two kilometres the error is less than a hair's breadth."""
    south, west, north, east = bounds
    shrink = _shrink((south + north) / 2)
    across = max((east - west) * shrink * METRES_PER_DEGREE, SMALLEST_MAP_M)
    upward = max((north - south) * METRES_PER_DEGREE, SMALLEST_MAP_M / 2)
    metres_per_mm = max(across / (width - 2 * MARGIN_MM), upward / (tallest - 2 * MARGIN_MM))
    height = min(tallest, max(lowest, upward / metres_per_mm + 2 * MARGIN_MM))
    mid_lat, mid_lon = (south + north) / 2, (west + east) / 2

    def project(position: Position) -> Position:
        east_m = (position[1] - mid_lon) * shrink * METRES_PER_DEGREE
        north_m = (position[0] - mid_lat) * METRES_PER_DEGREE
        return (round(width / 2 + east_m / metres_per_mm, 3), round(height / 2 - north_m / metres_per_mm, 3))

    return project, round(height, 3), metres_per_mm


def _marks(
    points: Sequence[ReportPoint],
    project: Callable[[Position], Position],
    stops: Sequence[PlacedStop],
    mark: float,
    box: tuple[float, float],
) -> tuple[Mark, ...]:
    true = [project(_position(point)) for point in points]
    dots = [_Dot(x, y, mark / 2 * (1.18 if point.kind == "deficiency" else 1.0)) for point, (x, y) in zip(points, true)]
    rings = [_Dot(stop.x, stop.y, STOP_MM / 2, fixed=True) for stop in stops]
    push_apart([*dots, *rings], box)
    return tuple(
        Mark(
            number=point.number,
            kind=point.kind,
            x=round(dot.x, 3),
            y=round(dot.y, 3),
            true_x=x,
            true_y=y,
            moved=math.hypot(dot.x - x, dot.y - y) > mark / 4,
        )
        for point, dot, (x, y) in zip(points, dots, true, strict=True)
    )


def push_apart(dots: Sequence[_Dot], box: tuple[float, float], rounds: int = 400) -> None:
    """Move marks until none covers another. Two on the same spot part in a direction given by their order."""
    for _ in range(rounds):
        if not _push_once(dots, box):
            return


def _push_once(dots: Sequence[_Dot], box: tuple[float, float]) -> bool:
    moved = False
    for i, one in enumerate(dots):
        for j in range(i + 1, len(dots)):
            other = dots[j]
            if one.fixed and other.fixed:
                continue
            need = one.reach + other.reach + GAP_MM
            dx, dy = other.x - one.x, other.y - one.y
            if abs(dx) >= need or abs(dy) >= need or dx * dx + dy * dy >= need * need * 0.998:
                continue
            _part(one, other, need, (i * 7 + j * 13) % 16)
            moved = True
    for dot in dots:
        if not dot.fixed:
            dot.x = min(max(dot.x, dot.reach + 1), box[0] - dot.reach - 1)
            dot.y = min(max(dot.y, dot.reach + 1), box[1] - dot.reach - 1)
    return moved


def _part(one: _Dot, other: _Dot, need: float, turn: int) -> None:
    dx, dy = other.x - one.x, other.y - one.y
    distance = math.hypot(dx, dy)
    if distance < 0.01:
        dx, dy, distance = math.cos(turn * math.pi / 8), math.sin(turn * math.pi / 8), 1.0
        step = need
    else:
        step = need - distance
    share = 1.0 if one.fixed or other.fixed else 0.5
    if not one.fixed:
        one.x -= dx / distance * step * share
        one.y -= dy / distance * step * share
    if not other.fixed:
        other.x += dx / distance * step * share
        other.y += dy / distance * step * share


def _round_length(metres: float) -> int:
    """The longest of 10, 20, 50, 100, … metres that is not longer than what is asked."""
    best = 10
    for power in range(1, 6):
        for step in (1, 2, 5):
            if step * 10**power <= metres:
                best = step * 10**power
    return best


# -- what a paper is printed from --------------------------------------------------------------------------------


def walk_paper(report: WalkReport) -> dict[str, Any]:
    """A report as plain content for print: lists and texts, the map laid out."""
    plan, low = map_plan(report), map_plan(report, tallest=LOW_MAP_MM)
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
