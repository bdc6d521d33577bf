"""Pictograms, assets, days and times: what every page is drawn with."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale

from walkapp.kernel import clock, look

DUSK = datetime(2026, 10, 29, 15, 25, tzinfo=UTC)  # 16.25 in Sweden, winter time


@pytest.fixture(scope="module")
def words() -> None:
    """Build the catalogue that the sentences come from."""
    from walkapp.kernel import words as catalogue

    catalogue.build()


@pytest.fixture
def page(words: None) -> Iterator[Flask]:
    """A page being drawn for a reader of Swedish, an evening in October."""
    app = Flask(__name__)
    translations = str(Path(look.__file__).parents[1] / "translations")
    app.config.update(BABEL_DEFAULT_LOCALE="sv", BABEL_TRANSLATION_DIRECTORIES=translations)
    Babel(app)
    look.install(app)
    with app.test_request_context(), clock.standing_at(DUSK):
        yield app


def test_a_pictogram_is_silent_beside_words() -> None:
    drawn = look.icon("lighting")
    assert drawn.startswith('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"')
    assert "<path" in drawn


def test_a_pictogram_alone_has_a_voice() -> None:
    assert 'role="img" aria-label="Stäng &amp; &lt;göm&gt;"' in look.icon("close", "Stäng & <göm>")


def test_an_arrow_back_turns_with_the_text() -> None:
    assert 'class="i flip"' in look.icon("back")


def test_an_unknown_pictogram_is_a_mistake() -> None:
    with pytest.raises(LookupError, match="no pictogram called 'unicorn'"):
        look.icon("unicorn")


@pytest.mark.parametrize(
    "foreign", ["<script>1</script>", '<path onload="x"/>', '<image href="//x"/>', "<style></style>"]
)
def test_a_sheet_with_anything_but_shapes_is_refused(
    foreign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "icons.svg"
    sheet.write_text(f'<svg><symbol id="i-bad" viewBox="0 0 24 24">{foreign}</symbol></svg>')
    monkeypatch.setattr(look, "ICONS", sheet)
    with pytest.raises(ValueError, match="a pictogram may not hold"):
        look.icon("bad")


def test_every_pictogram_that_the_parts_name_exists() -> None:
    drawn = look._pictograms(look.ICONS)
    assert len(drawn) >= 60
    assert all(shapes for shapes in drawn.values())


def test_an_asset_is_found_again_after_a_new_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = tmp_path / "assets.json"
    monkeypatch.setattr(look, "ASSETS", built)
    built.write_text(json.dumps({"desk.js": "desk.aaa.js"}))
    assert look.asset("desk.js") == "/static/desk.aaa.js"
    built.write_text(json.dumps({"desk.js": "desk.bbb.js"}))
    os.utime(built, ns=(1, 1))
    assert look.asset("desk.js") == "/static/desk.bbb.js"


def test_a_missing_build_says_how_to_mend_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "ASSETS", tmp_path / "assets.json")
    with pytest.raises(RuntimeError, match="make set-up"):
        look.asset("desk.js")


def test_a_file_that_was_not_built_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "ASSETS", tmp_path / "assets.json")
    look.ASSETS.write_text("{}")
    with pytest.raises(LookupError, match=r"no file called 'desk\.css'"):
        look.asset("desk.css")


@pytest.mark.parametrize(
    ("template", "swedish", "english"),
    [
        ("{{ moment|day }}", "29 oktober 2026", "29 October 2026"),
        ("{{ moment|day_short }}", "29 okt", "29 Oct"),
        ("{{ before|day_short }}", "3 feb 2025", "3 Feb 2025"),
        ("{{ moment|weekday }}", "torsdag 29 oktober 2026", "Thursday 29 October 2026"),
        ("{{ moment|time }}", "16.25", "16:25"),
        ("{{ clock|time }}", "09.05", "09:05"),
        ("{{ clock|span }}", "kl 09.05", "at 09:05"),
        ("{{ moment|span(later) }}", "kl 16.25–18.25", "at 16:25–18:25"),
        ("{{ moment|when }}", "29 oktober 2026 kl 16.25", "29 October 2026 at 16:25"),
        ("{{ moment|week }}", "v. 44", "week 44"),
        ("{{ 1234.5|figure }}", "1\xa0234,5", "1,234.5"),
        ("{{ 7.2|length_of_way }}", "7 meter", "7 metres"),
        ("{{ 1.0|length_of_way }}", "1 meter", "1 metre"),
        ("{{ 1096|length_of_way }}", "1,1 km", "1.1 km"),
        ("{{ ['a', 'b', 'c']|listed }}", "a, b och c", "a, b and c"),
    ],
)
def test_days_and_times_in_the_readers_language(page: Flask, template: str, swedish: str, english: str) -> None:
    facts = {"moment": DUSK, "later": DUSK + timedelta(hours=2), "before": date(2025, 2, 3), "clock": time(9, 5)}
    assert render_template_string(template, **facts) == swedish
    with force_locale("en"):
        assert render_template_string(template, **facts) == english


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (timedelta(seconds=20), "nyss"),
        (timedelta(minutes=1), "för 1 minut sedan"),
        (timedelta(minutes=45), "för 45 minuter sedan"),
        (timedelta(hours=3), "i dag kl 13.25"),
        (timedelta(hours=23), "i går kl 17.25"),
        (timedelta(days=3), "26 oktober 2026 kl 16.25"),
        (timedelta(minutes=-90), "i dag kl 17.55"),
    ],
)
def test_how_long_ago(page: Flask, since: timedelta, said: str) -> None:
    assert look.ago(DUSK - since) == said


@pytest.mark.parametrize(
    "shown",
    [look.day, look.day_short, look.weekday, look.time_of_day, look.span, look.when, look.week, look.ago, look.length],
)
def test_nothing_is_shown_as_nothing(page: Flask, shown: object) -> None:
    assert callable(shown)
    assert shown(None) == ""


def test_a_moment_is_shown_on_its_swedish_day(page: Flask) -> None:
    assert look.day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "1 januari 2027"


def test_a_moment_without_a_zone_is_a_mistake(page: Flask) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        look.time_of_day(datetime(2026, 10, 29, 16, 25))  # noqa: DTZ001
