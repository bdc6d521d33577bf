"""The demo municipality: one walk carried through the whole chain, told relative to the day it is made.

    calendar    which day each thing happened
    cast        the municipality, its owners, people and council: functions and invented places, nobody real
    evening     the walk itself: forty observations with drawn pictures
    afterwards  review, actions, letters, answers
    council     the meetings before and after

Everything goes through the same verbs as in real life, with the clock standing at the time of the telling.
"""

from datetime import date

from sqlalchemy import select

from walkapp.demonstration import afterwards, cast, council, evening
from walkapp.demonstration.calendar import Days
from walkapp.kernel import clock, queue
from walkapp.kernel.db import db
from walkapp.kernel.installation import make_installation
from walkapp.kernel.transaction import App, writing
from walkapp.people.models import Municipality


class NotEmpty(Exception):
    """The demo is told on an empty instance alone."""


def is_empty() -> bool:
    """Tell whether there is no municipality yet."""
    return db.session.scalar(select(Municipality.id).limit(1)) is None


def tell(app: App, today: date) -> list[tuple[str, str]]:
    """Fill the instance; return the people's roles and addresses. Must run in an application context."""
    if not is_empty():
        raise NotEmpty("This instance is not empty. Point WALKAPP_INSTANCE_PATH at a new folder for the demo.")
    days = Days(today)
    with writing():
        make_installation().is_demo = True
    with clock.standing_at(days.at(-60, 9)), writing():
        town = cast.make()
    council.hold_the_meeting_before(town, days)
    walk_id = evening.walk(app, town, days)
    afterwards.review(town, walk_id, days)
    afterwards.act(app, town, walk_id, days)
    council.hold_the_meeting_after(town, walk_id, days)
    afterwards.publish(town, walk_id, days)
    council.call_the_coming_meeting(town, walk_id, days)
    evening.open_another_walk(town, days)
    queue.drain(app)
    return cast.addresses(town)
