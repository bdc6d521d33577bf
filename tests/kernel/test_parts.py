"""The parts that pages are built of: every state has its shape, every field its label, and nobody's words become markup."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from walkapp.kernel import look, words

ROOT = Path(__file__).parents[2]
STATES = {
    "action": "proposed assigned accepted planned investigating awaiting_funds declined misdirected started done verified "
    "closed reopened requested answered_yes answered_no unanswered",
    "observation": "sent kept merged redirected masked set_aside actioned noted preserved held withdrawn needs_place "
    "sensitive secret",
    "walk": "draft planned invited open closed reviewing minuted assigned answered followed_up archived cancelled postponed",
    "meeting": "planned called running drafted signed approved filed",
    "finding": "unchecked fixed partly remains worse new",
}
LOOK = "{% import 'macros/look.html' as look %}"
FORMS = "{% import 'macros/forms.html' as forms %}"


class PlanForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Namn", [DataRequired("Skriv ett namn")], description="Så att någon känner igen den")
    outcome = RadioField(
        "Rådet", choices=[SelectChoice("position", "ställer sig bakom"), SelectChoice("note", "tar informationen")]
    )
    called = BooleanField("Vi har ringt")
    groups = SelectMultipleField(
        "Grupper", choices=[SelectChoice("a", "Grupp A"), SelectChoice("b", "Grupp B")], default=["b"]
    )
    area = TextAreaField("Område")


@pytest.fixture(scope="module")
def house() -> Flask:
    words.build()
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY="x", WTF_CSRF_ENABLED=False, BABEL_DEFAULT_LOCALE="sv",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "walkapp" / "translations"),
    )  # fmt: skip
    Babel(app)
    look.install(app)
    return app


@pytest.fixture
def page(house: Flask) -> Iterator[Flask]:
    with house.test_request_context(method="POST", data={"area": "{}"}):
        yield house


def draw(template: str, **facts: Any) -> str:
    return render_template_string(template, **facts)


@pytest.mark.parametrize(("thing", "state"), [(thing, state) for thing, row in STATES.items() for state in row.split()])
def test_every_state_has_icon_tone_and_a_swedish_word(page: Flask, thing: str, state: str) -> None:
    chip = draw(LOOK + "{{ look.state_chip(thing, state) }}", thing=thing, state=state)
    tone = re.search(r'class="chip (\w+)"', chip)
    assert tone
    assert tone[1] in ("rest", "wait", "move", "good", "bad")
    assert "<svg" in chip
    with force_locale("en"):
        english = draw(LOOK + "{{ look.state_word(thing, state) }}", thing=thing, state=state)
    assert english
    assert draw(LOOK + "{{ look.state_word(thing, state) }}", thing=thing, state=state) != english


def test_a_declined_action_is_calm(page: Flask) -> None:
    chip = draw(LOOK + "{{ look.state_chip('action', 'declined') }}")
    assert 'class="chip rest"' in chip
    assert "Genomförs inte" in chip


def test_a_state_nobody_knows_is_a_mistake(page: Flask) -> None:
    with pytest.raises(ValueError, match="not enough values"):
        draw(LOOK + "{{ look.state_chip('action', 'lost') }}")


def test_a_mark_says_its_kind_aloud(page: Flask) -> None:
    assert draw(LOOK + "{{ look.mark('safe_place', 18) }}") == (
        '<span class="mark safe"><span class="vh">Trygg plats </span>18</span>'
    )
    assert 'class="mark deficiency draft"' in draw(LOOK + "{{ look.mark('deficiency') }}")


def test_peoples_words_never_become_markup(page: Flask) -> None:
    nasty = "</script><script>alert(1)</script><b>'\""
    shapes = {"points": [{"id": "1", "kind": "deficiency", "number": 1, "lat": 59.4, "lon": 15.8, "title": nasty}]}
    drawn = draw(
        LOOK + "{{ look.desk_map(shapes, nasty) }}{{ look.say('deficiency', 1, nasty) }}", shapes=shapes, nasty=nasty
    )
    assert "<b>" not in drawn
    assert drawn.count("</script>") == 1
    data = drawn.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(data)["points"][0]["title"] == nasty


def test_words_for_the_script_survive_their_attribute(page: Flask) -> None:
    import html

    drawn = draw(LOOK + "{{ look.desk_map({}, 'Karta') }}")
    found = re.search(r'data-words="([^"]*)"', drawn)
    assert found
    assert json.loads(html.unescape(found[1]))["safe_place"] == "Trygg plats"


def test_a_field_has_its_label_its_hint_and_its_error_in_this_order(page: Flask) -> None:
    form = PlanForm()
    assert not form.validate()
    drawn = draw(FORMS + "{{ forms.field(form.name) }}", form=form)
    assert drawn.index("<label") < drawn.index("hint") < drawn.index("Skriv ett namn") < drawn.index("<input")
    assert 'aria-describedby="name-error name-hint"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_what_is_to_be_mended_is_said_first_and_leads_there(page: Flask) -> None:
    form = PlanForm()
    form.validate()
    drawn = draw(FORMS + "{{ forms.top(form) }}", form=form)
    assert 'href="#name"' in drawn
    assert 'href="#outcome-0"' in drawn
    assert "2 saker att rätta" in drawn


def test_radio_buttons_become_tiles_that_are_still_radio_buttons(page: Flask) -> None:
    form = PlanForm(outcome="note")
    drawn = draw(FORMS + "{{ forms.choices(form.outcome, shape='low') }}", form=form)
    assert drawn.count('type="radio"') == 2
    assert drawn.count(" checked") == 1
    assert "<legend>Rådet</legend>" in drawn


def test_ticks_keep_what_was_ticked(page: Flask) -> None:
    drawn = draw(FORMS + "{{ forms.ticks(form.groups) }}{{ forms.field(form.called) }}", form=PlanForm(formdata=None))
    assert re.search(r'value="b" checked', drawn)
    assert not re.search(r'value="a" checked', drawn)
    assert '<label for="called">Vi har ringt</label>' in drawn


def test_a_map_field_is_a_real_field_without_a_script(page: Flask) -> None:
    form = PlanForm()
    drawn = draw(FORMS + "{{ forms.field_map(form.area, 'area', (59.4, 15.8), around={'stops': []}) }}", form=form)
    assert re.search(r'<textarea[^>]* name="area"', drawn)
    assert 'data-draw="area" data-lat="59.4" data-lon="15.8"' in drawn
    assert "{}</textarea>" in drawn


def test_a_verb_is_a_form_that_asks_first(page: Flask) -> None:
    confirm = {"title": "Ta bort?", "text": "Den försvinner.", "yes": "Ta bort", "no": "Behåll den"}
    drawn = draw(FORMS + "{{ forms.press('/x', 'Ta bort', key='B', confirm=confirm) }}", confirm=confirm)
    assert 'method="post" action="/x" data-confirm="Ta bort?"' in drawn
    assert 'data-key="B"' in drawn


def test_the_parts_speak_each_readers_language(page: Flask) -> None:
    assert "Brist" in draw(LOOK + "{{ look.kind_word('deficiency') }}")
    with force_locale("en"):
        assert "Deficiency" in draw(LOOK + "{{ look.kind_word('deficiency') }}")


def test_no_template_of_the_look_has_inline_script_or_style() -> None:
    for file in [*(ROOT / "templates").glob("*.html"), *(ROOT / "templates" / "macros").glob("*.html")]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=", text), file.name
        assert not re.search(r"\son\w+=\"", text), file.name
        assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", text), file.name
