"""Places on the ground: distance, SWEREF 99 TM, and shapes drawn on a map."""

import json
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, atan2, atanh, cos, cosh, hypot, radians, sin, sinh, sqrt, tan
from typing import Any

EARTH_M = 6_371_008.8


@dataclass(frozen=True)
class Point:
    """A position in WGS 84, degrees."""

    lat: float
    lon: float


def metres_between(a: Point, b: Point) -> float:
    """Return the distance in metres; exact enough within a town."""
    east = radians(b.lon - a.lon) * cos(radians((a.lat + b.lat) / 2))
    return EARTH_M * hypot(east, radians(b.lat - a.lat))


def sweref99tm(point: Point) -> tuple[float, float]:
    """Return (N, E) in metres, SWEREF 99 TM (EPSG:3006), by Lantmäteriet's Gauss-Krüger formulas on GRS 80."""
    flattening, axis = 1 / 298.257222101, 6378137.0
    e2 = flattening * (2 - flattening)
    n = flattening / (2 - flattening)
    radius = axis / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    phi, lam = radians(point.lat), radians(point.lon - 15.0)
    e = sqrt(e2)
    conformal = sinh(asinh(tan(phi)) - e * atanh(e * sin(phi)))
    xi, eta = _transverse(conformal, lam)
    b = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    north = xi + sum(f * sin(2 * k * xi) * cosh(2 * k * eta) for k, f in enumerate(b, 1))
    east = eta + sum(f * cos(2 * k * xi) * sinh(2 * k * eta) for k, f in enumerate(b, 1))
    return 0.9996 * radius * north, 0.9996 * radius * east + 500_000


def _transverse(conformal: float, lam: float) -> tuple[float, float]:
    return atan2(conformal, cos(lam)), asinh(sin(lam) / hypot(conformal, cos(lam)))


def line_metres(line: dict[str, Any] | None) -> float:
    """Return the length in metres of a GeoJSON LineString; 0 for none."""
    points = [Point(lat, lon) for lon, lat, *_ in (line or {}).get("coordinates", ())]
    return sum(metres_between(a, b) for a, b in pairwise(points))


def read_shape(text: str | None, kind: str) -> dict[str, Any] | None:
    """Return the GeoJSON geometry (`Polygon`, `LineString`, `Point`) that a form field holds; None when it is empty.

    Raises ValueError when it is anything else: another type, too few points, outside the world.
    """
    if not text or not text.strip():
        return None
    shape = json.loads(text)
    if isinstance(shape, dict) and shape.get("type") == "Feature":
        shape = shape.get("geometry")
    if not isinstance(shape, dict) or shape.get("type") != kind:
        raise ValueError("type")
    return {"type": kind, "coordinates": _coordinates(shape.get("coordinates"), kind)}


def _coordinates(value: Any, kind: str) -> Any:
    if kind == "Point":
        return _pair(value)
    if kind == "LineString":
        return _pairs(value, 2)
    if not isinstance(value, list) or not value:
        raise ValueError("ring")
    ring = _pairs(value[0], 3)
    return [ring if ring[0] == ring[-1] else [*ring, ring[0]]]


def _pairs(value: Any, least: int) -> list[list[float]]:
    if not isinstance(value, list) or not least <= len(value) <= 2000:
        raise ValueError("points")
    return [_pair(pair) for pair in value]


def _pair(value: Any) -> list[float]:
    if not isinstance(value, list) or len(value) < 2:
        raise ValueError("pair")
    lon, lat = float(value[0]), float(value[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("outside the world")
    return [round(lon, 7), round(lat, 7)]
