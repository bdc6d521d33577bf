import uuid
from datetime import UTC, datetime, timedelta

import pytest

from walkapp.kernel.geo import Point
from walkapp.observations.rules import Seen, has_place, near_duplicates, way_back
from walkapp.observations.states import observation

NOON = datetime(2026, 10, 29, 12, 0, tzinfo=UTC)
HERE = Point(59.3951, 15.8378)


def seen(metres_north=0.0, minutes=0.0, category="lighting", place=HERE):
    there = Point(place.lat + metres_north / 111_195, place.lon) if place else None
    return Seen(uuid.uuid4(), category, there, NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (seen(19.5), True),
        (seen(20.5), False),
        (seen(5, minutes=30), True),
        (seen(5, minutes=30.1), False),
        (seen(5, minutes=-30), True),
        (seen(5, category="litter"), False),
        (seen(place=None), False),
        (seen(5, category=None), False),
    ],
)
def test_same_category_within_twenty_metres_and_thirty_minutes(other, alike):
    assert bool(near_duplicates(seen(), [other])) is alike


def test_the_nearest_comes_first_and_never_itself():
    one, near, far = seen(), seen(3), seen(12)
    assert [like.other for like in near_duplicates(one, [far, one, near])] == [near.id, far.id]


def test_without_category_nothing_is_alike():
    assert near_duplicates(seen(category=None), [seen(category=None)]) == ()


@pytest.mark.parametrize(
    ("lat", "lon", "place", "stop", "known"),
    [
        (1.0, 2.0, None, None, True),
        (1.0, None, None, None, False),
        (None, None, "Torget", None, True),
        (None, None, "  ", None, False),
        (None, None, None, "stop", True),
        (None, None, None, None, False),
    ],
)
def test_position_or_address_or_stop(lat, lon, place, stop, known):
    assert has_place(lat, lon, place, stop) is known


@pytest.mark.parametrize(
    ("state", "was", "verbs"),
    [
        ("kept", "sent", ("reconsider",)),
        ("merged", "sent", ("split", "reconsider")),
        ("noted", "sent", ("reconsider", "reconsider")),
        ("set_aside", "kept", ("reconsider", "keep")),
        ("kept", "kept", ()),
        ("masked", "sent", None),
    ],
)
def test_the_way_back(state, was, verbs):
    assert way_back(observation.table, state, was) == verbs
