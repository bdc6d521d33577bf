"""When each thing of the demo happened: at its own distance from the walk, and never later than yesterday."""

from datetime import date, datetime, time, timedelta

from walkapp.kernel import clock

INVITED, REVIEWED, SENT, PUBLISHED, MEETING = -21, 5, 8, 28, 33
MEETING_BEFORE = -37
THURSDAY = 3


class Days:
    """The demo's calendar, told on one day."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.walk = last_thursday_of_october_before(today)

    def on(self, days_after: int) -> date:
        """Return the day so long after the walk, or yesterday if that has not come yet."""
        return min(self.walk + timedelta(days=days_after), self.today - timedelta(days=1))

    def at(self, days_after: int, hour: int, minute: int = 0) -> datetime:
        """Return the moment on that day when a Swedish clock shows this time."""
        return clock.at(self.on(days_after), time(hour, minute))

    @property
    def meeting(self) -> date | None:
        """The day on which the council considered the report: 33 days after the walk, or the latest working day that
        leaves time to have it signed; None when the walk is too fresh for that."""
        day = working_day(min(self.walk + timedelta(days=MEETING), self.today - timedelta(days=3)))
        return day if day > self.on(SENT) + timedelta(days=2) else None

    @property
    def coming(self) -> date:
        """The day of the next meeting."""
        return self.today + timedelta(days=10)


def last_thursday_of_october_before(day: date) -> date:
    """Return the latest such Thursday before the day."""
    for year in (day.year, day.year - 1):
        last = date(year, 10, 31)
        thursday = last - timedelta(days=(last.weekday() - THURSDAY) % 7)
        if thursday < day:
            return thursday
    raise AssertionError


def working_day(day: date) -> date:
    """Return the day, or the Friday before it at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
