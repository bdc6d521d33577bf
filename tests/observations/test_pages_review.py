"""The pile on the desk: one page, one decision at a time."""

import re

import pytest

from tests import make
from walkapp.kernel.db import db
from walkapp.kernel.transaction import writing
from walkapp.observations.models import Observation
from walkapp.photos.models import Photo


@pytest.fixture
def pile(app, town):
    with app.app_context(), writing():
        walk = make.walk(town, state="closed")
        phone, other = make.participant(walk), make.participant(walk)
        rows = {
            "dark": make.observation(walk, phone, text="Mörkt <script>alert(1)</script> här."),
            "same": make.observation(walk, other, text="Samma lampa.", lat=make.LAT + 0.00005),
            "nowhere": make.observation(walk, phone, category="litter", lat=None, lon=None, needs_place=True),
            "late": make.observation(walk, other, held=True, number=None, category="graffiti"),
        }
        return {
            "walk": walk.id, "photo": make.photo(rows["dark"]).id, **{name: row.id for name, row in rows.items()},
        }  # fmt: skip


@pytest.fixture
def desk(client, sign_in, town):
    sign_in(client, town.coordinator)
    return client


def address(pile, name, verb=None):
    return f"/walks/{pile['walk']}/review/{pile[name]}" + (f"/{verb}" if verb else "")


def state(app, pile, name):
    with app.app_context():
        return db.session.get_one(Observation, pile[name]).state


EDIT = {"kind": "deficiency", "category": "lighting", "text": "", "place": "", "point": ""}
REASON = {"code": "unclear", "sentence": "Går inte att förstå."}


def test_a_stranger_cannot_see_the_pile(app, client, sign_in, town, pile):
    sign_in(client, town.stranger)
    assert client.get(f"/walks/{pile['walk']}/review").status_code == 404
    assert client.get(address(pile, "dark")).status_code == 404
    for verb, data in (("keep", EDIT), ("edit", EDIT), ("mask", {"code": "person", "sentence": "Nej."}),
                       ("set_aside", REASON), ("undo", {}), ("split", {}), ("merge", {"other": str(pile["same"])}),
                       ("flag", {"secret": "y"})):  # fmt: skip
        assert client.post(address(pile, "dark", verb), data=data).status_code == 404, verb
    assert state(app, pile, "dark") == "sent"


@pytest.mark.parametrize("who", ["leader", "member", "secretary", "owner_contact", "administrator"])
def test_only_the_coordinator_reviews(client, sign_in, town, pile, who):
    sign_in(client, getattr(town, who))
    assert client.get(f"/walks/{pile['walk']}/review").status_code == 403
    assert client.post(address(pile, "dark", "keep"), data=EDIT).status_code == 403


def test_an_observation_is_not_found_under_another_walk(app, desk, town, pile):
    with app.app_context(), writing():
        other = make.walk(town).id
    assert desk.get(f"/walks/{other}/review/{pile['dark']}").status_code == 404


def test_the_page_shows_pile_progress_and_the_likeness_with_its_reasons(desk, pile):
    text = desk.get(f"/walks/{pile['walk']}/review").get_data(as_text=True)
    assert "0 av 3 klara" in text
    assert "Nr 2 liknar den här." in text
    assert "6 meter bort" in text
    assert "Kom efter stängning" in text
    assert "<script>alert" not in text
    assert "Mörkt &lt;script&gt;alert(1)&lt;/script&gt; här." in text


def test_every_verb_has_its_key(desk, pile):
    text = desk.get(address(pile, "dark")).get_data(as_text=True)
    assert set("SNBXDJ") <= set(re.findall(r'data-key="(\w)"', text))


def test_keeping_leads_to_the_next_with_a_way_back(app, desk, pile):
    answer = desk.post(address(pile, "dark", "keep"), data=EDIT)
    assert answer.status_code == 303
    assert str(pile["same"]) in answer.location
    text = desk.get(answer.location).get_data(as_text=True)
    assert "Nr 1 är behållen." in text
    undo = re.search(r'action="([^"]+/undo)"', text).group(1)
    assert desk.post(undo).status_code == 303
    assert state(app, pile, "dark") == "sent"


def test_without_a_place_the_page_says_how_to_give_one_and_keeps_what_was_written(app, desk, pile):
    data = {**EDIT, "category": "litter", "text": "Sopor bakom muren."}
    refused = desk.post(address(pile, "nowhere", "keep"), data=data)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Ange platsen" in text
    assert "Sopor bakom muren." in text
    assert state(app, pile, "nowhere") == "sent"
    point = '{"type": "Point", "coordinates": [15.8378, 59.3951]}'
    assert desk.post(address(pile, "nowhere", "keep"), data={**data, "point": point}).status_code == 303
    assert state(app, pile, "nowhere") == "kept"


@pytest.mark.parametrize(
    "point", ['{"type": "Polygon"}', "[1,2]", "nonsense", '{"type":"Point","coordinates":[999,1]}']
)
def test_what_is_no_place_is_refused(desk, pile, point):
    assert desk.post(address(pile, "nowhere", "edit"), data={**EDIT, "point": point}).status_code == 422


def test_merging_keeps_both_and_splits_again(app, desk, pile):
    assert desk.post(address(pile, "dark", "merge"), data={"other": str(pile["same"])}).status_code == 303
    assert (state(app, pile, "dark"), state(app, pile, "same")) == ("kept", "merged")
    text = desk.get(address(pile, "dark")).get_data(as_text=True)
    assert "Samma lampa." in text
    assert "2 röster säger samma sak" in text
    assert desk.post(address(pile, "same", "split")).status_code == 303
    assert state(app, pile, "same") == "kept"


def test_not_the_same_is_not_asked_again(desk, pile):
    assert desk.post(address(pile, "dark", "tell-apart"), data={"other": str(pile["same"])}).status_code == 303
    assert "liknar den här" not in desk.get(address(pile, "dark")).get_data(as_text=True)
    assert desk.post(address(pile, "dark", "tell-apart"), data={"other": "nonsense"}).status_code == 422


@pytest.mark.parametrize(
    ("verb", "code", "became"),
    [("set_aside", "unclear", "set_aside"), ("redirect", "police", "redirected"), ("mask", "person", "masked")],
)
def test_putting_away_needs_code_and_sentence(app, desk, pile, verb, code, became):
    assert desk.get(address(pile, "dark") + f"?ask={verb}").status_code == 200
    refused = desk.post(address(pile, "dark", verb), data={"sentence": "Står kvar."})
    assert refused.status_code == 422
    assert "Står kvar." in refused.get_data(as_text=True)
    assert desk.post(address(pile, "dark", verb), data={"code": code}).status_code == 422
    assert desk.post(address(pile, "dark", verb), data={"code": "made-up", "sentence": "Nej."}).status_code == 422
    assert state(app, pile, "dark") == "sent"
    assert desk.post(address(pile, "dark", verb), data={"code": code, "sentence": "Så är det."}).status_code == 303
    assert state(app, pile, "dark") == became
    assert "Så är det." in desk.get(address(pile, "dark")).get_data(as_text=True)


def test_noting_without_action_needs_a_sentence(app, desk, pile):
    assert desk.post(address(pile, "dark", "note"), data={}).status_code == 422
    assert desk.post(address(pile, "dark", "note"), data={"sentence": "Redan på gång."}).status_code == 303
    assert state(app, pile, "dark") == "noted"


def test_a_photo_is_looked_at_shown_or_held_back_and_described(app, desk, pile):
    def photo():
        with app.app_context():
            return db.session.get_one(Photo, pile["photo"])

    where = address(pile, "dark", f"photos/{pile['photo']}/look")
    assert "Inte tittat" in desk.get(address(pile, "dark")).get_data(as_text=True)
    assert desk.post(where, data={"show": "1", "alt": "En mörk trappa"}).status_code == 303
    assert (photo().seen_at is not None, photo().held_back, photo().alt) == (True, False, "En mörk trappa")
    assert desk.post(where, data={"show": "0", "alt": "En mörk trappa"}).status_code == 303
    assert photo().held_back is True
    assert desk.post(where, data={}).status_code == 422


def test_the_late_one_is_let_in(app, desk, pile):
    assert "Släpp in den" in desk.get(address(pile, "late")).get_data(as_text=True)
    assert desk.post(address(pile, "late", "keep"), data={**EDIT, "category": "graffiti"}).status_code == 409
    assert desk.post(address(pile, "late", "admit")).status_code == 303
    with app.app_context():
        row = db.session.get_one(Observation, pile["late"])
        assert (row.held, row.number is not None) == (False, True)


def test_flags_are_set_and_taken_back(app, desk, pile):
    assert desk.post(address(pile, "dark", "flag"), data={"sensitive": "y"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Observation, pile["dark"]).sensitive is True
    desk.post(address(pile, "dark", "undo"))
    with app.app_context():
        assert db.session.get_one(Observation, pile["dark"]).sensitive is False


def test_when_all_is_reviewed_the_way_leads_to_the_actions(desk, pile):
    for name in ("dark", "same", "nowhere"):
        desk.post(address(pile, name, "set_aside"), data=REASON)
    text = desk.get(f"/walks/{pile['walk']}/review").get_data(as_text=True)
    assert "Allt är granskat" in text
    assert f"/walks/{pile['walk']}/actions/propose" in text


def test_english_for_those_who_read_it(desk, pile):
    text = desk.get(address(pile, "dark") + "?language=en").get_data(as_text=True)
    assert "No. 2 is like this one." in text
    assert "Merge, keep both voices" in text
