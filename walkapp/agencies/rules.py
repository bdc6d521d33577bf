"""Who has the power over a place, as plain calculations."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

KINDS = (
    "municipal_unit",
    "municipal_company",
    "state",
    "region",
    "police",
    "church",
    "association",
    "company",
    "private_owner",
    "forum",
)
CATEGORIES = (
    "lighting",
    "sightline",
    "graffiti",
    "litter",
    "vandalism",
    "upkeep",
    "ice",
    "traffic",
    "passage",
    "transit",
    "parking",
    "building",
    "access",
    "wayfinding",
    "meeting_place",
    "deserted",
    "order",
    "safe_place",
    "other",
)
ASKED = frozenset({"state", "region", "church", "association", "company", "private_owner"})


def is_asked(kind: str) -> bool:
    """Tell whether this kind of owner gets a request, not an order (R8: only the municipality's own are given work)."""
    return kind in ASKED


def power(kind: str | None) -> str:
    """Return who has the power over the place (*rådighet*): municipality, company, authority, private or unclear."""
    if kind is None:
        return "unclear"
    if kind in ("municipal_unit", "forum"):
        return "municipality"
    if kind == "municipal_company":
        return "company"
    return "authority" if kind in ("state", "region", "police") else "private"


class Candidate(NamedTuple):
    """An organisation as the suggestion sees it."""

    id: object
    kind: str
    categories: Sequence[str]


def suggest(category: str | None, organisations: Iterable[Candidate]) -> object | None:
    """Return the id of who usually answers for the category: the most special one first, the municipality's own before
    others; None when nobody does (R7: then the power over the place is to be found out)."""
    able = [one for one in organisations if category and category in one.categories]
    able.sort(key=lambda one: (is_asked(one.kind), len(one.categories)))
    return able[0].id if able else None
