"""Codes, themes, stops and what a walk still lacks, as plain calculations."""

import json
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

# no 0 O, no 1 I L: a code is read from a poster in the dusk and said aloud
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TYPES = ("inventory", "inspection", "digital", "patrol")

FEEL = "How does it feel here right now?"
DARK = "How do you think it feels when it is dark, or when you are alone?"
SEE = "Can you see around you, and are you seen?"
CARE = "Is it looked after?"
ACCESS = "Can everybody get through?"
PEOPLE = "Are there people about, and who uses the place?"
DIFFERENCE = "What would make the greatest difference?"
KEEP = "What should we keep?"

# The silent score comes first, then the talk: otherwise the loudest voice sets the number.
THEMES: dict[str, tuple[str, ...]] = {
    "general": (FEEL, DARK, SEE, CARE, ACCESS, PEOPLE, DIFFERENCE, KEEP),
    "centre": (FEEL, DARK, PEOPLE, SEE, DIFFERENCE, KEEP),
    "station": (FEEL, "How does it feel to wait here?", DARK, SEE, ACCESS, DIFFERENCE, KEEP),
    "passage": (FEEL, "How does it feel to walk through here?", DARK, SEE, DIFFERENCE),
    "school_way": (FEEL, "How do the children get here, and where do they cross?", SEE, ACCESS, DIFFERENCE, KEEP),
    "playground": (FEEL, PEOPLE, "Who is here in the evening?", CARE, DIFFERENCE, KEEP),
    "retail": (FEEL, "How is it here when the shops have closed?", PEOPLE, SEE, DIFFERENCE),
    "housing": (FEEL, "How does the way home to the door feel?", DARK, CARE, DIFFERENCE, KEEP),
    "senior": (FEEL, ACCESS, "Is there somewhere to rest?", SEE, DIFFERENCE, KEEP),
}
MOST_QUESTIONS = 10
JOIN_AFTER_CLOSING = timedelta(hours=24)
MOST_STOPS = 40
SWEDEN = ((54.9, 69.2), (10.4, 24.3))


def new_code() -> str:
    """Return a new join code, XXXX-XXXX."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def tidy_code(text: str) -> str | None:
    """Return what somebody heard and typed as XXXX-XXXX; None when it cannot be a code."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == 8 and signs.isascii() else None


@dataclass(frozen=True)
class Spot:
    """A stop on the map."""

    name: str
    lat: float
    lon: float


def read_place(text: str) -> tuple[float, float] | None:
    """Return (lat, lon) of a place that somebody typed, with decimal point or comma; None when it is empty.

    Raises ValueError when it is no place in Sweden: two swapped numbers are the usual reason.
    """
    if not text.strip():
        return None
    numbers = re.findall(r"-?\d+(?:[.,]\d+)?", text)
    if len(numbers) != 2:
        raise ValueError("two numbers")
    lat, lon = (float(number.replace(",", ".")) for number in numbers)
    (south, north), (west, east) = SWEDEN
    if not (south <= lat <= north and west <= lon <= east):
        raise ValueError("outside Sweden")
    return round(lat, 6), round(lon, 6)


def write_place(lat: float | None, lon: float | None) -> str:
    """Return a place as `read_place` reads it."""
    return "" if lat is None or lon is None else f"{round(lat, 6)}, {round(lon, 6)}"


def read_spots(text: str | None) -> list[Spot]:
    """Return the stops that the map's field holds, in order. Raises ValueError when it holds anything else."""
    if not text or not text.strip():
        return []
    collection = json.loads(text)
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise ValueError("collection")
    return [_spot(feature) for feature in collection["features"][:MOST_STOPS]]


def _spot(feature: Any) -> Spot:
    try:
        shape, said = feature["geometry"], feature.get("properties") or {}
        lon, lat = (float(number) for number in shape["coordinates"][:2])
    except (KeyError, TypeError, AttributeError) as no:
        raise ValueError("feature") from no
    if shape.get("type") != "Point" or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("point")
    return Spot(str(said.get("name") or "").strip()[:120], round(lat, 6), round(lon, 6))


def write_spots(spots: Iterable[Spot]) -> str:
    """Return the map's field for these stops; empty without any."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": spot.name},
            "geometry": {"type": "Point", "coordinates": [round(spot.lon, 6), round(spot.lat, 6)]},
        }
        for spot in spots
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) if features else ""


def match_spots(before: Sequence[Spot], drawn: Sequence[Spot]) -> list[int | None]:
    """Return, for each drawn stop, which of the earlier ones it is: by its place, else by its name; None when new."""
    found: list[int | None] = [None] * len(drawn)
    free = set(range(len(before)))
    for same in (_same_place, _same_name):
        for index, spot in enumerate(drawn):
            if found[index] is None:
                hit = next((old for old in sorted(free) if same(before[old], spot)), None)
                if hit is not None:
                    found[index] = hit
                    free.discard(hit)
    return found


def _same_place(a: Spot, b: Spot) -> bool:
    return abs(a.lat - b.lat) < 2e-6 and abs(a.lon - b.lon) < 2e-6


def _same_name(a: Spot, b: Spot) -> bool:
    return bool(a.name) and a.name.casefold() == b.name.casefold()


def lacks_for_planning(*, area: bool, leader: bool) -> tuple[str, ...]:
    """Return what is missing before a walk is planned: area, leader (its date it has from the first)."""
    return tuple(word for word, there in (("area", area), ("leader", leader)) if not there)


def lacks_for_opening(*, stops: int, free: bool) -> tuple[str, ...]:
    """Return what is missing before a walk is opened: a stop, unless it walks freely."""
    return () if stops or free else ("stops",)
