"""Codes, places and stops."""

import json

import pytest

from walkapp.walks import rules
from walkapp.walks.rules import Spot

A, B, C = Spot("Nytorget", 59.3951, 15.8378), Spot("Parken", 59.394, 15.836), Spot("", 59.396, 15.84)


def test_codes_can_be_read_in_the_dusk_and_said_aloud():
    codes = {rules.new_code() for _ in range(300)}
    assert len(codes) == 300
    assert not set("".join(codes)) & set("01OIL")
    assert all(len(code) == 9 and code[4] == "-" for code in codes)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abcd2345", "ABCD-2345"),
        (" ABCD – 2345 ", "ABCD-2345"),
        ("ab cd.23 45", "ABCD-2345"),
        ("ABCD-234", None),
        ("ABCDÅ345", None),
        ("", None),
    ],
)
def test_a_code_is_heard_in_many_ways(typed, code):
    assert rules.tidy_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["59.3951, 15.8378", "59,3951 15,8378", "59.3951,15.8378", "59,3951,15,8378", " 59.3951  15.8378 "]
)
def test_a_place_is_typed_in_many_ways(typed):
    assert rules.read_place(typed) == (59.3951, 15.8378)


def test_no_place_is_no_place():
    assert rules.read_place("  ") is None


@pytest.mark.parametrize("typed", ["15.8378, 59.3951", "59.3951", "Nytorget", "59.4 15.8 3", "-59.4, 15.8"])
def test_swapped_or_foreign_numbers_are_told_of(typed):
    with pytest.raises(ValueError, match=r"Sweden|numbers"):
        rules.read_place(typed)


def test_places_are_written_as_they_are_read():
    assert rules.read_place(rules.write_place(59.3951, 15.8378)) == (59.3951, 15.8378)
    assert rules.write_place(None, None) == ""


def test_the_maps_field_goes_there_and_back():
    assert rules.read_spots(rules.write_spots([A, B, C])) == [A, B, C]
    assert rules.write_spots([]) == ""
    assert rules.read_spots("") == []


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[]",
        '{"features": 3}',
        '{"features": [3]}',
        json.dumps({"features": [{"geometry": {"type": "LineString", "coordinates": [15, 59]}}]}),
        json.dumps({"features": [{"geometry": {"type": "Point", "coordinates": [15, 99]}}]}),
        json.dumps({"features": [{"geometry": {"type": "Point", "coordinates": ["a", "b"]}}]}),
        json.dumps({"features": [{"geometry": None}]}),
    ],
)
def test_a_field_that_holds_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        rules.read_spots(text)


@pytest.mark.parametrize(
    ("drawn", "who"),
    [
        ([A, B, C], [0, 1, 2]),
        ([A, Spot("Parken", 59.39, 15.83), C], [0, 1, 2]),  # moved: known by its name
        ([Spot("Torget", A.lat, A.lon), B], [0, 1]),  # named anew: known by its place
        ([B, A], [1, 0]),  # turned round
        ([A, B, C, Spot("Ny", 59.4, 15.9)], [0, 1, 2, None]),
        ([Spot("", 59.4, 15.9)], [None]),
        ([], []),
    ],
)
def test_drawn_stops_are_known_again(drawn, who):
    assert rules.match_spots([A, B, C], drawn) == who


def test_two_stops_of_one_name_are_told_apart():
    twins = [Spot("Hörnet", 59.1, 15.1), Spot("Hörnet", 59.2, 15.2)]
    assert rules.match_spots(twins, [Spot("Hörnet", 59.2, 15.2), Spot("Hörnet", 59.3, 15.3)]) == [1, 0]


def test_what_is_lacking():
    assert rules.lacks_for_planning(area=False, leader=False) == ("area", "leader")
    assert rules.lacks_for_planning(area=True, leader=True) == ()
    assert rules.lacks_for_opening(stops=0, free=False) == ("stops",)
    assert rules.lacks_for_opening(stops=0, free=True) == ()
    assert rules.lacks_for_opening(stops=1, free=False) == ()


def test_every_theme_begins_with_the_silent_score():
    assert all(
        questions[0] == rules.FEEL and len(questions) <= rules.MOST_QUESTIONS for questions in rules.THEMES.values()
    )
