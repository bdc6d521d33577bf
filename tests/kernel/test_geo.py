"""Places, light, order, ids: pure calculations."""

import time
import uuid
from datetime import UTC, date, datetime

import pytest

from walkapp.kernel import clock
from walkapp.kernel.geo import Point, line_metres, metres_between, read_shape, sweref99tm
from walkapp.kernel.ids import new_id
from walkapp.kernel.light import light_at, light_on
from walkapp.kernel.order import swedish

ARBOGA = Point(59.3936, 15.8391)


def test_sweref_agrees_with_lantmateriet_s_formulas():
    north, east = sweref99tm(ARBOGA)
    assert (round(north, 2), round(east, 2)) == (6584181.29, 547656.09)


def test_distance():
    assert metres_between(Point(59.39510, 15.83780), Point(59.39465, 15.83690)) == pytest.approx(71.5, abs=0.5)
    assert line_metres({"type": "LineString", "coordinates": [[15.0, 59.0], [15.0, 59.01]]}) == pytest.approx(
        1112, abs=1
    )
    assert line_metres(None) == 0


@pytest.mark.parametrize(
    ("day", "sunset", "dusk"), [(date(2021, 10, 28), "17:14", "17:57"), (date(2026, 10, 28), "16:14", "16:58")]
)
def test_light_of_late_october_before_and_after_the_clocks_change(day, sunset, dusk):
    light = light_on(day, ARBOGA)
    shown = [clock.local(moment).strftime("%H:%M") for moment in (light.sunset_at, light.dusk_at)]
    for seen, known in zip(shown, (sunset, dusk), strict=True):
        minutes = [int(text[:2]) * 60 + int(text[3:]) for text in (seen, known)]
        assert abs(minutes[0] - minutes[1]) <= 2


def test_light_by_the_moment():
    words = [light_at(datetime(2026, 10, 28, hour, 30, tzinfo=UTC), ARBOGA) for hour in (14, 15, 17)]
    assert words == ["daylight", "dusk", "dark"]


def test_midnight_sun_is_daylight():
    assert light_at(datetime(2026, 6, 20, 21, 0, tzinfo=UTC), Point(68.44, 22.48)) == "daylight"


def test_swedish_order():
    assert sorted(["Örebro", "Zinkgruvan", "Ängelholm", "Åmål", "Arboga", "arboga", "Édouard"], key=swedish) == [
        "Arboga", "arboga", "Édouard", "Zinkgruvan", "Åmål", "Ängelholm", "Örebro",
    ]  # fmt: skip


def test_ids_are_version_7_and_sort_by_age():
    ids = []
    for _ in range(5):
        ids.append(new_id())
        time.sleep(0.002)
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {uuid.RFC_4122}


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"Point","coordinates":[1,2]}',
        '{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}',
        "[]",
        "x",
        '{"type":"Polygon","coordinates":[[[1,2],[3,400],[5,6]]]}',
        '{"type":"Polygon"}',
    ],
)
def test_a_wrong_shape_is_refused(text):
    with pytest.raises((ValueError, TypeError)):
        read_shape(text, "Polygon")


def test_a_ring_is_closed():
    shape = read_shape(
        '{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6]]]}}', "Polygon"
    )
    assert shape["coordinates"][0][0] == shape["coordinates"][0][-1]
    assert read_shape("  ", "Polygon") is None
