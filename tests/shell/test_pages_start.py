"""The first page: what waits for whoever is signed in, and what this is for everybody else."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.council.test_service import drafted
from walkapp.kernel.actor import Actor
from walkapp.kernel.transaction import App, writing

SignIn = Callable[[FlaskClient, Actor], None]


def test_everybody_learns_what_this_is(client: FlaskClient, town: SimpleNamespace) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "/join" in page
    assert "/sign-in" in page


def test_the_pile_waits_for_the_coordinator(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing")
        phone = make.participant(walk)
        for _ in range(3):
            make.observation(walk, phone)
        walk_id = walk.id
    sign_in(client, town.coordinator)
    page = client.get("/").get_data(as_text=True)
    assert f"/walks/{walk_id}/review" in page
    assert "Granska 3 iakttagelser" in page


@pytest.mark.parametrize(("who", "waits"), [("chair", True), ("secretary", True), ("member", False)])
def test_the_draft_waits_for_the_two_who_sign(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn, who: str, waits: bool
) -> None:
    with app.app_context(), writing():
        meeting_id = drafted(town).id
    sign_in(client, getattr(town, who))
    assert (f"/meetings/{meeting_id}/minutes" in client.get("/").get_data(as_text=True)) is waits


def test_another_municipalitys_pile_is_not_told(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing", name="Vandring i grannstaden")
        make.observation(walk, make.participant(walk))
    sign_in(client, town.stranger)
    assert "Vandring i grannstaden" not in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("who", ["coordinator", "leader", "administrator", "owner_contact", "member", "stranger"])
def test_every_role_has_a_first_page(client: FlaskClient, town: SimpleNamespace, sign_in: SignIn, who: str) -> None:
    sign_in(client, getattr(town, who))
    assert client.get("/").status_code == 200
