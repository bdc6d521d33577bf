"""Pure calculations about observations: what a body that arrives is, what points at a person, the receipt's lines."""

import base64
import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from walkapp.kernel.geo import Point, metres_between

LATE_AFTER = timedelta(hours=12)
CLOCK_IS_OFF = timedelta(seconds=60)
ACCEPTED = ("stored", "superseded", "held")

# --- what arrives -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A body that has arrived for this id before."""

    revision: int
    sha256: str
    verdict: str


@dataclass(frozen=True)
class Verdict:
    """What a body is: `word` for the phone; `keep` its bytes; `apply` it to the row."""

    word: str
    keep: bool
    apply: bool = False
    current: int | None = None


def judge(
    known: Sequence[Known],
    *,
    revision: int,
    base: int | None,
    sha256: str,
    standing: int | None = None,
    late: bool = False,
    proven: bool = False,
) -> Verdict:
    """Tell what a body is that arrives for an id: the same again, new, older than what stands, or in conflict.

    Same means the same bytes. `standing` is the row's revision. `proven`: the house has taken these very bytes before,
    and forgot them in a restore.
    """
    taken_before = [one.revision for one in known if one.verdict in ACCEPTED]
    current = max([*taken_before, standing or 0]) or None
    same = [one for one in known if one.revision == revision and one.sha256 == sha256]
    taken = next((one for one in same if one.verdict in ACCEPTED), None)
    if taken is not None:
        return Verdict({"stored": "already"}.get(taken.verdict, taken.verdict), keep=False, current=current)
    fresh = "held" if late and not proven and current is None else "stored"
    if current is None:
        return Verdict(fresh, keep=True, apply=True, current=revision)
    if revision < current and revision not in taken_before:
        return Verdict("superseded", keep=True, current=current)
    if revision > current and (base == current or proven):
        return Verdict("stored", keep=True, apply=True, current=revision)
    return Verdict("conflict", keep=not same, current=current)


def is_late(state: str, closed_at: datetime | None, moment: datetime) -> bool:
    """Tell whether what arrives now goes to the late tray: more than 12 hours after the walk was closed."""
    if closed_at is None or state in ("invited", "open"):
        return False
    return moment > closed_at + LATE_AFTER


def corrected(made_at: datetime, sent_at: datetime | None, received_at: datetime) -> datetime:
    """Return when something was seen, by our clock: moved by as much as the phone's clock was off when it sent it."""
    off = received_at - sent_at if sent_at else timedelta()
    moved = made_at + off if abs(off) > CLOCK_IS_OFF else made_at
    return min(moved, received_at)


# --- the receipt --------------------------------------------------------------------------------------------------


def digest(lines: Iterable[str]) -> str:
    """Return the receipt's digest: SHA-256 over the sorted lines, each once and each ended by a newline."""
    return hashlib.sha256("".join(f"{line}\n" for line in sorted(set(lines))).encode()).hexdigest()


def spoken(digest_hex: str) -> str:
    """Return the first 40 bits as XXXX-XXXX, for two people to compare."""
    letters = base64.b32encode(bytes.fromhex(digest_hex[:10])).decode()
    return f"{letters[:4]}-{letters[4:]}"


# --- who is pointed at (R6) ---------------------------------------------------------------------------------------

_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:19|20)?(\d\d)(\d\d)(\d\d)\s?[-+]?\s?\d{4}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PLATE = re.compile(
    r"(?<![\w])(?:[A-HJ-PR-UW-Z]{3}[ -]?\d\d[0-9A-HJ-NPR-UW-Z]|[a-hj-pr-uw-z]{3}\d\d[0-9a-hj-npr-uw-z])(?!\w)"
)
_TELEPHONE = re.compile(
    r"(?<![\d.,])(?:\+46|0046|0)[ -]?(?:\(0\)[ -]?)?[1-9]\d{0,2}[ /-]{0,3}\d(?:[ -]?\d){4,7}(?![\d.,]\d)"
)
_LIVES = re.compile(
    r"\b(?:han|hon|hen|dom|de|denne|familjen|gubben|tanten|killen|tjejen|grannen|mannen|kvinnan|personen)"
    r"(?:\s+som)?\s+(?:\w+\s+)?(?:bor|bodde)\b|\b(?:he|she|they|who)\s+(?:also\s+)?lives?\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:[Hh]eter|[Kk]allas|[Nn]amed|[Cc]alled)\s+[A-ZÅÄÖÉ]\w+"
    r"|\b[A-ZÅÄÖÉ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäöé]+)?\s+[A-ZÅÄÖÉ][a-zåäöé]+(?:sson|son|ström|berg|gren|qvist|kvist|lund)\b"
)
_NOT_A_PLATE = frozenset({"och", "men", "rum", "nej", "ute", "kap", "pos", "max", "min", "nr"})


def points_at_a_person(*texts: str | None) -> bool:
    """Tell whether a text may point at a person (R6); then it is the coordinator's alone until a person has read it.

    Looks for personal numbers, number plates, telephone numbers, addresses of mail, names, and where somebody lives.
    """
    return any(bool(signs(text)) for text in texts if text)


def signs(text: str) -> frozenset[str]:
    """Return what in a text may point at a person."""
    found = {
        "personal_number": any(_is_a_day(*match.groups()) for match in _PERSONAL_NUMBER.finditer(text)),
        "mail": bool(_MAIL.search(text)),
        "plate": any(match.group()[:3] not in _NOT_A_PLATE for match in _PLATE.finditer(text)),
        "telephone": bool(_TELEPHONE.search(text)),
        "lives": bool(_LIVES.search(text)),
        "name": bool(_NAMED.search(text)),
    }
    return frozenset(sign for sign, seen in found.items() if seen)


def _is_a_day(year: str, month: str, day: str) -> bool:
    number = int(day) - 60 if int(day) > 60 else int(day)  # coordination numbers add 60
    try:
        date(2000 + int(year), int(month), number)
    except ValueError:
        return False
    return True


# --- the phone's tiles -----------------------------------------------------------------------------------------

_COMMON = {
    "station": ("lighting", "sightline", "transit", "passage", "order"),
    "passage": ("lighting", "sightline", "passage", "graffiti", "litter"),
    "school_way": ("lighting", "sightline", "traffic", "ice", "access"),
    "playground": ("lighting", "sightline", "litter", "vandalism", "meeting_place"),
    "retail": ("lighting", "graffiti", "litter", "vandalism", "order"),
    "housing": ("lighting", "sightline", "litter", "building", "parking"),
    "senior": ("lighting", "access", "ice", "traffic", "meeting_place"),
}


def common_categories(theme: str | None) -> tuple[str, ...]:
    """Return the five categories that a phone shows first on a walk with this theme."""
    return _COMMON.get(theme or "", ("lighting", "sightline", "graffiti", "litter", "vandalism"))


# --- the review ---------------------------------------------------------------------------------------------------

KINDS = ("deficiency", "safe_place", "proposal")
CATEGORY_WORDS = {
    "lighting": "Lighting",
    "sightline": "Blocked view, plants",
    "graffiti": "Graffiti",
    "litter": "Litter",
    "vandalism": "Vandalism",
    "upkeep": "Broken, worn",
    "ice": "Ice, snow",
    "traffic": "Traffic, bicycles",
    "passage": "Tunnel, bridge",
    "transit": "Bus stop, station",
    "parking": "Parking",
    "building": "Building, entrance",
    "access": "Accessibility",
    "wayfinding": "Finding the way",
    "meeting_place": "Meeting place",
    "deserted": "Deserted",
    "order": "Disorder",
    "safe_place": "Safe place",
    "other": "Something else",
}
SET_ASIDE_REASONS = ("no_place", "outside", "unclear", "trial", "other")
REDIRECT_REASONS = ("fault_report", "police", "other_walk", "council", "other")
MASK_REASONS = ("person", "crime", "secrecy", "offensive", "other")

NEAR_M = 20
NEAR_MINUTES = 30

WAYS_BACK = frozenset({"reconsider", "split", "release", "keep"})
"""The verbs by which a judgement may be taken back."""


@dataclass(frozen=True)
class Seen:
    """An observation as the comparison sees it."""

    id: uuid.UUID
    category: str | None
    place: Point | None
    at: datetime


@dataclass(frozen=True)
class Likeness:
    """Why two observations may say the same: what they share, how far apart, how long between."""

    other: uuid.UUID
    metres: int
    minutes: int


def near_duplicates(one: Seen, others: Iterable[Seen]) -> tuple[Likeness, ...]:
    """Return which others may say the same (R4): same category, within 20 m and 30 minutes; nearest first."""
    found = [like for other in others if (like := _likeness(one, other))]
    return tuple(sorted(found, key=lambda like: (like.metres, like.minutes)))


def _likeness(one: Seen, other: Seen) -> Likeness | None:
    if other.id == one.id or one.category is None or one.category != other.category:
        return None
    if one.place is None or other.place is None:
        return None
    metres = metres_between(one.place, other.place)
    seconds = abs((one.at - other.at).total_seconds())
    if metres > NEAR_M or seconds > NEAR_MINUTES * 60:
        return None
    return Likeness(other.id, round(metres), round(seconds / 60))


def has_place(lat: float | None, lon: float | None, place: str | None, stop: object) -> bool:
    """Tell whether a position, an address or a stop is known: one of them is required to keep an observation (R1)."""
    return (lat is not None and lon is not None) or bool(place and place.strip()) or stop is not None


def way_back(table: Mapping[str, Mapping[str, str]], state: str, was: str) -> tuple[str, ...] | None:
    """Return the shortest row of verbs that leads back to where it was; None where no way leads back."""
    queue: list[tuple[str, tuple[str, ...]]] = [(state, ())]
    seen = {state}
    while queue:
        here, verbs = queue.pop(0)
        if here == was:
            return verbs
        for verb, there in table[here].items():
            if verb in WAYS_BACK and there not in seen:
                seen.add(there)
                queue.append((there, (*verbs, verb)))
    return None
