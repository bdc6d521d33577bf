"""A council's plain calculations: the agenda's template, numbers, words for outcomes, and the form that is signed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

STANDINGS = ("member", "representative", "other")
OFFICES = ("chair", "secretary")
WAYS = ("room", "remote", "absent")
OUTCOMES = ("information", "standpoint", "assignment", "forwarded", "tabled", "filed")

# kind and heading of the nine standing points; the third takes its heading from the walk that is reported
AGENDA = (
    ("attendance", "Attendance"),
    ("previous", "The previous meeting"),
    ("walk", "The safety walk"),
    ("free", "The EST group"),
    ("free", "The focus group"),
    ("situation", "The situation now"),
    ("units", "News from the units"),
    ("crime", "How crime develops here"),
    ("other", "Other matters"),
)


@dataclass(frozen=True)
class Note:
    """A note as it is printed: paragraphs, then the parts that have a heading of their own."""

    paragraphs: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def read_note(text: str | None) -> Note:
    """Split a note at its empty lines; a line that begins with # is the heading of a unit's own part."""
    before: list[str] = []
    sections: list[tuple[str, list[str]]] = []
    paragraph: list[str] = []

    def end_paragraph() -> None:
        if paragraph:
            (sections[-1][1] if sections else before).append(" ".join(paragraph))
            paragraph.clear()

    for line in (one.strip() for one in (text or "").splitlines()):
        if line.startswith("#") and line.lstrip("# "):
            end_paragraph()
            sections.append((line.lstrip("# "), []))
        elif line:
            paragraph.append(line)
        else:
            end_paragraph()
    end_paragraph()
    return Note(tuple(before), tuple((heading, tuple(parts)) for heading, parts in sections))


def item_number(numbering: str, position: int, before: int = 0) -> str:
    """Return an item's number as it is printed: "3." at each meeting anew, or "§ 12" counted through the year."""
    return f"§ {before + position}" if numbering == "section" else f"{position}."


def outcome_word(outcome: str, *, may_decide: bool = False, asked: bool = False) -> str:
    """Return the message id of an outcome.

    A council without the power to decide never reads "decision"; who is only asked gets a request, not an assignment.
    """
    if outcome == "standpoint" and may_decide:
        return "Decision"
    if outcome == "assignment" and asked:
        return "Request"
    return {
        "information": "Information",
        "standpoint": "Standpoint",
        "assignment": "Assignment",
        "forwarded": "Passed on",
        "tabled": "Put off",
        "filed": "Filed",
    }[outcome]


def count_ways(ways: Iterable[str | None]) -> dict[str, int]:
    """Count who is in the room, remote, absent; `unsaid` is the rest."""
    counts = dict.fromkeys((*WAYS, "unsaid"), 0)
    for way in ways:
        counts[way or "unsaid"] += 1
    return counts


def hinders_closing(ways: Sequence[str | None]) -> tuple[str, ...]:
    """Tell why a meeting cannot be closed yet; nothing when it can."""
    reasons = []
    if any(way is None for way in ways):
        reasons.append("attendance_unsaid")
    if not any(way in ("room", "remote") for way in ways):
        reasons.append("nobody_present")
    return tuple(reasons)


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, letters as they are (UTF-8 when encoded)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256_of(text: str) -> str:
    """Return the hash that a signature is bound to."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def numbers(points: Sequence[int]) -> str:
    """Return the points' numbers as a paper shows them: "(8, 9)", or nothing."""
    return f" ({', '.join(str(point) for point in points)})" if points else ""


def sentence(text: str) -> str:
    """Return the text ended by a full stop."""
    stripped = text.strip()
    return stripped if not stripped or stripped[-1] in ".!?…" else f"{stripped}."
