"""Numbered marks on a printed map: projection, scale, and room for every mark to be read. Plain values in and out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Position = tuple[float, float]
"""Latitude and longitude, in this order."""

MARK_MM = 6.4
STOP_MM = 4.4
GAP_MM = 0.7
MARGIN_MM = 9.0
METRES_PER_DEGREE = 111_320.0
SMALLEST_MAP_M = 120.0
TALL_MAP_MM, LOW_MAP_MM = 128.0, 98.0


@dataclass(frozen=True)
class Spot:
    """A numbered point to be marked."""

    number: int
    kind: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Ring:
    """A numbered stop of the route. Its ring stays where it is; marks give way to it."""

    number: int
    name: str
    lat: float
    lon: float


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
    fixed: bool = False


def lay_out(
    spots: Sequence[Spot],
    area: Sequence[Position] = (),
    route: Sequence[Position] = (),
    rings: Sequence[Ring] = (),
    *,
    width: float = 166.0,
    tallest: float = TALL_MAP_MM,
    lowest: float = 70.0,
) -> MapPlan | None:
    """Lay out a map on paper; None when nothing has a position.

    A point far outside the walk is named in `outside` instead of drawn. Why: one pin dropped in the next town would
    shrink everything else to a spot.
    """
    walked = [*area, *route, *((ring.lat, ring.lon) for ring in rings)]
    drawn = _near(spots, walked) if walked else list(spots)
    if not walked and not drawn:
        return None
    bounds = _bounds([*walked, *((spot.lat, spot.lon) for spot in drawn)])
    project, height, metres_per_mm = _projection(bounds, width, tallest, lowest)
    stops = tuple(PlacedStop(ring.number, ring.name, *project((ring.lat, ring.lon))) for ring in rings)
    mark = mark_size(len(drawn), width * height)
    scale_m = round_length(width / 5 * metres_per_mm)
    numbers = {spot.number for spot in drawn}
    return MapPlan(
        width=width,
        height=height,
        mark=mark,
        area=tuple(project(one) for one in area),
        route=tuple(project(one) for one in route),
        stops=stops,
        marks=_marks(drawn, project, stops, mark, (width, height)),
        outside=tuple(spot.number for spot in spots if spot.number not in numbers),
        scale_mm=scale_m / metres_per_mm,
        scale_text=f"{scale_m} m" if scale_m < 1000 else f"{scale_m // 1000} km",
    )


def mark_size(count: int, space: float) -> float:
    """Marks shrink only when there are so many that they could not stand side by side."""
    return min(MARK_MM, max(2.6, math.sqrt(0.3 * space / max(1, count)) - GAP_MM))


def _near(spots: Sequence[Spot], walked: Sequence[Position]) -> list[Spot]:
    south, west, north, east = _bounds(walked)
    reach_lat = max((north - south) / 2, 150 / METRES_PER_DEGREE)
    reach_lon = max((east - west) / 2, 150 / METRES_PER_DEGREE / _shrink((south + north) / 2))
    return [
        spot
        for spot in spots
        if south - reach_lat <= spot.lat <= north + reach_lat and west - reach_lon <= spot.lon <= east + reach_lon
    ]


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
    spots: Sequence[Spot],
    project: Callable[[Position], Position],
    stops: Sequence[PlacedStop],
    mark: float,
    box: tuple[float, float],
) -> tuple[Mark, ...]:
    true = [project((spot.lat, spot.lon)) for spot in spots]
    dots = [_Dot(*at, mark / 2 * (1.18 if s.kind == "deficiency" else 1.0)) for s, at in zip(spots, true, strict=True)]
    push_apart([*dots, *(_Dot(stop.x, stop.y, STOP_MM / 2, fixed=True) for stop in stops)], box)
    return tuple(
        Mark(
            number=spot.number,
            kind=spot.kind,
            x=round(dot.x, 3),
            y=round(dot.y, 3),
            true_x=x,
            true_y=y,
            moved=math.hypot(dot.x - x, dot.y - y) > mark / 4,
        )
        for spot, dot, (x, y) in zip(spots, dots, true, strict=True)
    )


def push_apart(dots: Sequence[_Dot], box: tuple[float, float], most_work: int = 3_000_000) -> None:
    """Move marks until none covers another. Two on the same spot part in a direction given by their order."""
    pairs = max(1, len(dots) * (len(dots) - 1) // 2)
    for _ in range(min(400, max(10, most_work // pairs))):
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


def round_length(metres: float) -> int:
    """The longest of 10, 20, 50, 100, … metres that is not longer than what is asked."""
    best = 10
    for power in range(1, 6):
        for step in (1, 2, 5):
            if step * 10**power <= metres:
                best = step * 10**power
    return best
