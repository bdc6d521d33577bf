"""What a report holds, told in plain values."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.reports import sample
from walkapp.reports import rules

CATALOGUE = Path(rules.__file__).parents[1] / "translations" / "sv" / "reports_paper.po"


def test_safe_places_are_told_apart_and_nothing_is_lost() -> None:
    report = sample.report()
    assert {one.kind for one in report.safe_places} == {"safe_place"}
    assert sorted(one.number for one in report.safe_places + report.to_mend) == list(range(1, 41))


def test_every_picture_is_asked_for_once() -> None:
    photo = rules.Photo("same", "Plats")
    point = replace(sample.points(1)[0], photos=(photo, photo))
    assert sample.report(points=(point,), lead_photo=photo).picture_keys == ("same",)
    assert sample.report(points=(), lead_photo=None).picture_keys == ()


@pytest.mark.parametrize(
    ("geometry", "positions"),
    [
        (None, ()),
        ({}, ()),
        ({"type": "LineString", "coordinates": [[15.8, 59.4], [15.9, 59.5]]}, ((59.4, 15.8), (59.5, 15.9))),
        (
            {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]], [[9, 9]]]},
            ((2.0, 1.0), (4.0, 3.0), (2.0, 1.0)),
        ),
        ({"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2, 30]]}}, ((2.0, 1.0),)),
        ({"type": "Polygon", "coordinates": []}, ()),
    ],
)
def test_a_drawn_shape_becomes_positions(geometry: dict | None, positions: tuple) -> None:
    assert rules.outline(geometry) == positions


@pytest.mark.parametrize("words", [rules.ReportWords, rules.MinutesWords])
def test_every_word_of_a_paper_has_its_swedish(words: type) -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    swedish = rules.translated(words, lambda word: catalogue.get(word, "paper").string)
    for one in fields(words):
        told = getattr(swedish, one.name)
        assert told
        assert set(_gaps(told)) == set(_gaps(one.default))


def _gaps(sentence: str) -> list[str]:
    return [part.split("}")[0] for part in sentence.split("{")[1:]]


def test_a_point_without_a_position_is_named_beside_the_map() -> None:
    points = sample.points(3)
    lost = replace(points[1], lat=None, lon=None)
    plan = rules.map_plan(sample.report(points=(points[0], lost, points[2])))
    assert plan is not None
    assert plan.outside == (2,)
    assert [mark.number for mark in plan.marks] == [1, 3]


def test_the_paper_is_plain_content() -> None:
    import json

    paper = rules.walk_paper(sample.report())
    assert json.loads(json.dumps(paper))["kinds"]["2"] == "safe_place"
    assert paper["map_low"]["height"] < paper["map"]["height"]
