"""Classes, deadlines, and when something is late: plain calculations about actions."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

TERMS = ("acute", "quick", "short", "long", "continuous", "preserve")
POWERS = ("municipality", "company", "authority", "private", "unclear")
COSTS = ("none", "under_10", "under_100", "under_1000", "over_1000", "unknown")
REASONS = ("no_funds", "not_permitted", "other_plan", "not_needed", "technical", "other")
OUTCOMES = ("information", "assignment", "standpoint", "filed", "forwarded", "tabled")
HOWS = ("on_site", "photo")

TELLS = ("plan", "accept", "await_funds", "investigate", "start", "finish", "misdirect", "decline")
REPLIES = ("agree", "finish", "misdirect", "refuse")
NEEDS_REASON = ("decline", "refuse")

LOOKED_INTO_DAYS = 10
QUICK_DAYS = 14
SHORT_MONTHS = 6


def deadline(term: str, from_day: date) -> date | None:
    """Return the day by which an action of this class should be done (R11); None where the class sets none.

    A long one waits for the next budget: the last day of next year.
    """
    if term == "acute":
        return from_day
    if term == "quick":
        return from_day + timedelta(days=QUICK_DAYS)
    if term == "short":
        return months_after(from_day, SHORT_MONTHS)
    return date(from_day.year + 1, 12, 31) if term == "long" else None


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days_after(day: date, count: int) -> date:
    """Return the day that lies so many working days later. Monday to Friday count; public holidays are not known, so a
    week with one gives the owner a day less."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def open_until(term: str, organisation_known: bool, from_day: date) -> date | None:
    """Return an action's first deadline: by its class, or ten working days to find out whose it is (R7)."""
    if not organisation_known:
        return working_days_after(from_day, LOOKED_INTO_DAYS)
    return deadline(term, from_day)


def overdue(due_on: date | None, state: str, today: date, settled: Iterable[str]) -> bool:
    """Tell whether the day has passed while the action is still open. Never stored (R12)."""
    return due_on is not None and due_on < today and state not in settled


def answer_due(assigned_on: date | None, answer_days: int) -> date | None:
    """Return the day by which the owner should have answered."""
    return working_days_after(assigned_on, answer_days) if assigned_on else None


def suggest_term(category: str | None, kind: str, acute: bool) -> str:
    """Return the class that usually fits: what a person can change afterwards."""
    if acute:
        return "acute"
    if kind == "safe_place":
        return "preserve"
    quick = ("litter", "graffiti", "vandalism", "ice")
    if category in quick:
        return "quick"
    return {"order": "continuous", "deserted": "long", "passage": "long"}.get(category or "", "short")


def suggest_title(proposal: str | None, text: str | None, longest: int = 90, shortest: int = 20) -> str:
    """Return the first sentence of what was proposed, else of what was seen, as a heading; the second one too when the
    first is a word or two."""
    words = " ".join((proposal or text or "").split())
    title = ""
    for sentence in re.split(r"(?<=[.!?]) ", words):
        title = f"{title} {sentence}".strip()
        if len(title) >= shortest:
            break
    title = title.removesuffix(".")
    if len(title) <= longest:
        return title
    return title[:longest].rsplit(" ", 1)[0].rstrip(",;:") + "…"


@dataclass(frozen=True)
class Standing:
    """An action as the figures see it."""

    state: str
    power: str
    late: bool
    answered: bool
    verified: bool


@dataclass(frozen=True)
class Figures:
    """The five figures over a list of actions."""

    total: int
    open: int
    answered: int
    late: int
    verified: int
    outside: int


def figures(rows: Iterable[Standing], open_states: Iterable[str]) -> Figures:
    """Count the rows. Done is not verified (R10): only what somebody has seen counts as verified."""
    rows, still_open = list(rows), frozenset(open_states)
    return Figures(
        total=len(rows),
        open=sum(row.state in still_open for row in rows),
        answered=sum(row.answered for row in rows),
        late=sum(row.late for row in rows),
        verified=sum(row.verified for row in rows),
        outside=sum(row.power in ("authority", "private") for row in rows),
    )
