"""The public page: what was reviewed, with state and answer; nobody's name, nothing unreviewed."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from tests import make
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.transaction import App, writing
from walkapp.observations.models import Observation
from walkapp.walks.models import ParticipantName, Walk

SECRET = "hemligtordsomingenser"
SignIn = Callable[[FlaskClient, Actor], None]


@pytest.fixture
def walk(app: App, town: SimpleNamespace) -> SimpleNamespace:
    """A published walk with a point in each part of the page, and everything that must not be shown."""
    with app.app_context(), writing():
        made = make.walk(town, state="answered", published_at=clock.now())
        phone = make.participant(made)
        make.keep(ParticipantName(participant_id=phone.id, municipality_id=town.municipality, name=SECRET))
        actions = {
            "Laga lyktan": {"state": "verified", "verified_at": clock.now(), "organisation_id": town.organisation},
            "Gräv en tunnel": {
                "state": "declined", "reason": "Marken håller inte.", "organisation_id": town.asked_organisation,
            },
            "Klipp häcken": {"state": "planned", "organisation_id": town.organisation},
            "Såga i trädet": {"state": "done", "organisation_id": town.organisation},
            SECRET + "förslag": {"state": "proposed", "organisation_id": town.organisation},
        }  # fmt: skip
        for title, over in actions.items():
            make.action(made, [make.observation(made, phone, state="actioned")], title=title, **over)
        make.observation(made, phone, state="preserved", kind="safe_place", text="Tryggt vid ån.", lat=59.395123, lon=15.837987)  # fmt: skip
        for hidden in ({"state": "sent"}, {"state": "masked"}, {"withdrawn": True}, {"sensitive": True}, {"secret": True}):  # fmt: skip
            one = make.observation(made, phone, **{"state": "kept", "text": SECRET, "address": SECRET, **hidden})
            make.action(made, [one], title=SECRET, organisation_id=town.organisation, state="verified")
        shown = make.observation(made, phone, state="kept", text="Glas på gången.")
        unseen, looked_at = make.photo(shown), make.photo(shown, seen=True)
        return SimpleNamespace(id=made.id, unseen=unseen.id, seen=looked_at.id, shown=shown.id)


def page_of(client: FlaskClient, walk: SimpleNamespace) -> str:
    answer = client.get(f"/what-happened/arboga/{walk.id}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_needs_no_sign_in_and_may_be_kept_a_minute(client: FlaskClient, walk: SimpleNamespace) -> None:
    answer = client.get(f"/what-happened/arboga/{walk.id}")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers


def test_the_points_stand_in_their_order(client: FlaskClient, walk: SimpleNamespace) -> None:
    page = page_of(client, walk).split('id="happened"')[1]
    places = [page.index(words) for words in ("Laga lyktan", "Marken håller inte.", "Klipp häcken", "Tryggt vid ån.")]
    assert places == sorted(places)


def test_done_is_not_fixed_before_somebody_has_seen_it(client: FlaskClient, walk: SimpleNamespace) -> None:
    page = page_of(client, walk)
    fixed = page.split('id="s-fixed"')[1].split("</section>")[0]
    assert "Laga lyktan" in fixed
    assert "Såga i trädet" not in fixed


def test_nothing_hidden_and_nobodys_name(client: FlaskClient, walk: SimpleNamespace) -> None:
    page = page_of(client, walk)
    assert "Glas på gången." in page
    assert SECRET not in page
    assert str(walk.unseen) not in page
    assert str(walk.seen) in page


def test_positions_are_rounded(client: FlaskClient, walk: SimpleNamespace) -> None:
    page = page_of(client, walk)
    assert "59.3951" in page
    assert "59.395123" not in page
    assert "15.837987" not in page


def test_what_is_masked_later_leaves_the_page(app: App, client: FlaskClient, walk: SimpleNamespace) -> None:
    with app.app_context(), writing():
        db.session.get_one(Observation, walk.shown).go("mask")
    page = page_of(client, walk)
    assert "Glas på gången." not in page
    assert str(walk.seen) not in page


def test_an_unpublished_walk_is_not_there(app: App, client: FlaskClient, walk: SimpleNamespace) -> None:
    with app.app_context(), writing():
        db.session.get_one(Walk, walk.id).published_at = None
    assert client.get(f"/what-happened/arboga/{walk.id}").status_code == 404
    assert str(walk.id) not in client.get("/what-happened/arboga/").get_data(as_text=True)


def test_a_walk_stands_under_its_own_municipality_alone(client: FlaskClient, walk: SimpleNamespace) -> None:
    assert client.get(f"/what-happened/koping/{walk.id}").status_code == 404
    assert client.get("/what-happened/ingenstans/").status_code == 404
    assert str(walk.id) in client.get("/what-happened/arboga/").get_data(as_text=True)


def test_signed_in_people_see_no_more_than_everybody(
    app: App, client: FlaskClient, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(client, town.coordinator)
    assert SECRET not in page_of(client, walk)


@pytest.mark.parametrize(("language", "heading"), [("sv", "Blir inte av"), ("en", "Will not be done")])
def test_it_speaks_the_readers_language(
    client: FlaskClient, walk: SimpleNamespace, language: str, heading: str
) -> None:
    assert heading in client.get(f"/what-happened/arboga/{walk.id}?language={language}").get_data(as_text=True)
