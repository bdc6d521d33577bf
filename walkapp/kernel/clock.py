"""The one clock. Times are UTC; days are those of the walk's own country."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta())


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC) + _shift.get()


def today() -> date:
    """Return the present day in Sweden."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return the moment as a Swedish clock shows it."""
    return moment.astimezone(STOCKHOLM)


def at(day: date, clock: time) -> datetime:
    """Return the moment (UTC) when a Swedish clock shows this time on this day."""
    return datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock run from `moment`: for the demo, which is told in its own time, and for tests."""
    token = _shift.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)


@contextmanager
def real() -> Iterator[None]:
    """Let the clock show real time again, for a moment."""
    token = _shift.set(timedelta())
    try:
        yield
    finally:
        _shift.reset(token)
