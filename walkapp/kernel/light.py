"""Daylight at a place and a day, computed (never copied): sunset, and the end of civil dusk."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from astral import Observer
from astral.sun import dusk, sunset

from .clock import STOCKHOLM, local
from .geo import Point


@dataclass(frozen=True)
class Light:
    """When the sun sets and when civil dusk ends (aware, UTC); None where the sun does not that day."""

    sunset_at: datetime | None
    dusk_at: datetime | None

    def word(self, moment: datetime) -> str:
        """Return `daylight`, `dusk` or `dark` for an afternoon or evening moment of that day."""
        if self.sunset_at is None and self.dusk_at is not None:  # the sun does not rise: at noon it is dusk
            return "dusk" if moment < self.dusk_at else "dark"
        if self.sunset_at is None or moment < self.sunset_at:
            return "daylight"
        return "dusk" if self.dusk_at is None or moment < self.dusk_at else "dark"


def light_on(day: date, place: Point) -> Light:
    """Compute the light of a day at a place."""
    observer = Observer(place.lat, place.lon)
    return Light(_moment(sunset, observer, day), _moment(dusk, observer, day))


def light_at(moment: datetime, place: Point) -> str:
    """Return `daylight`, `dusk` or `dark` at this moment."""
    return light_on(local(moment).date(), place).word(moment)


def _moment(which: object, observer: Observer, day: date) -> datetime | None:
    try:
        found: datetime = which(observer, date=day, tzinfo=STOCKHOLM)  # type: ignore[operator]
    except ValueError:  # midnight sun, or polar night
        return None
    return (found.astimezone(UTC) + timedelta(seconds=30)).replace(second=0, microsecond=0)  # as almanacs do
