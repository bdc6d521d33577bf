"""The demo municipality, told on different days."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from walkapp import demonstration
from walkapp.actions.models import Action
from walkapp.actions.rules import overdue
from walkapp.actions.states import SETTLED
from walkapp.agencies.models import Organisation
from walkapp.council.models import Meeting
from walkapp.demonstration.calendar import Days, last_thursday_of_october_before, working_day
from walkapp.kernel.db import db
from walkapp.kernel.mail import Letter
from walkapp.observations.models import Observation
from walkapp.photos.models import Photo
from walkapp.walks import queries as walks
from walkapp.walks.models import Participant, Walk

INVENTED = {"statlig-vaghallare", "privat-fastighetsagare"}


@pytest.mark.parametrize(
    ("today", "walk"),
    [
        (date(2026, 11, 22), date(2026, 10, 29)),
        (date(2026, 10, 29), date(2025, 10, 30)),
        (date(2026, 10, 30), date(2026, 10, 29)),
        (date(2027, 1, 1), date(2026, 10, 29)),
        (date(2030, 10, 31), date(2029, 10, 25)),
    ],
)
def test_the_walk_was_on_the_last_thursday_of_october(today, walk):
    assert last_thursday_of_october_before(today) == walk


@pytest.mark.parametrize("days_after", [*range(1, 60), 100, 200, 300, 359])
def test_nothing_has_happened_that_has_not(days_after):
    today = date(2026, 10, 29) + timedelta(days=days_after)
    days = Days(today)
    told = [days.on(one) for one in (-37, -21, 0, 5, 8, 28)]
    assert told == sorted(told)
    assert told[-1] < today
    assert days.coming == today + timedelta(days=10)
    if days.meeting is not None:
        assert days.on(8) < days.meeting < today
        assert days.meeting == working_day(days.meeting)


@pytest.mark.parametrize("today", [date(2026, 12, 20), date(2026, 10, 31)], ids=["long after", "two days after"])
def test_the_whole_story_is_told(app, today):
    with app.app_context():
        people = demonstration.tell(app, today)
        assert {role for role, _ in people} >= {"coordinator", "chair", "secretary", "agency_contact", "walk_leader"}
        first = db.session.scalars(select(Walk).order_by(Walk.starts_at)).first()
        seen = db.session.scalars(select(Observation).where(Observation.walk_id == first.id)).unique().all()
        assert Counter(one.kind for one in seen) == {"deficiency": 31, "safe_place": 5, "proposal": 4}
        assert sorted(one.number for one in seen) == list(range(1, 41))
        assert db.session.scalar(select(func.count()).where(Participant.walk_id == first.id)) == 18
        photos = db.session.scalars(select(Photo)).unique().all()
        assert len(photos) == 35
        assert {photo.content.state for photo in photos} == {"ready"}
        assert not any(letter.sent_at is None for letter in db.session.scalars(select(Letter)))
        assert walks.joinable().id != first.id
        states = [meeting.state for meeting in db.session.scalars(select(Meeting).order_by(Meeting.starts_at)).unique()]
        assert states == (["approved", "signed", "called"] if today.month == 12 else ["signed", "called"])
        with pytest.raises(demonstration.NotEmpty):
            demonstration.tell(app, today)


def test_refusals_and_delays_belong_to_owners_that_are_invented(app):
    today = date(2026, 12, 20)
    with app.app_context():
        demonstration.tell(app, today)
        owners = {one.id: one.slug for one in db.session.scalars(select(Organisation))}
        for action in db.session.scalars(select(Action)).unique():
            bad = action.state in ("declined", "answered_no", "requested", "awaiting_funds")
            late = action.organisation_id is not None and overdue(action.due_on, action.state, today, SETTLED)
            assert not (bad or late) or owners[action.organisation_id] in INVENTED, (action.title, action.state)
