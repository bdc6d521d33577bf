"""The register's pages."""

import re

import pytest

from walkapp.agencies import queries
from walkapp.kernel.db import db


@pytest.fixture
def desk(client, town, sign_in):
    sign_in(client, town.coordinator)
    return client


NEW = {"name": "Fritid och kultur", "kind": "municipal_unit", "categories": ["meeting_place"], "answer_days": "10"}


def test_an_owner_is_added_and_stands_in_the_list(desk):
    answer = desk.post("/agencies/new", data=NEW)
    assert answer.status_code == 303
    page = desk.get("/agencies/").text
    assert "Fritid och kultur" in page
    assert "Mötesplats" in page


def test_a_form_that_does_not_add_up_keeps_what_was_written(desk):
    answer = desk.post("/agencies/new", data={**NEW, "answer_days": "400", "name": "Bevarat namn"})
    assert answer.status_code == 422
    assert "Bevarat namn" in answer.text


def test_contacts_are_added_and_taken_out(app, desk, town):
    path = f"/agencies/{town.organisation}"
    wrong = desk.post(f"{path}/contacts", data={"contact-name": "Drift", "contact-email": "drift"})
    assert wrong.status_code == 422
    assert "ser inte ut som en e-postadress" in wrong.text
    desk.post(f"{path}/contacts", data={"contact-name": "Drift", "contact-email": "drift@example.org"})
    assert "drift@example.org" in desk.get(path).text
    with app.app_context():
        contact = next(c for c in queries.one(town.coordinator, town.organisation).contacts if c.name == "Drift")
    desk.post(f"{path}/contacts/{contact.id}/remove")
    assert "drift@example.org" not in desk.get(path).text


def test_the_owners_address_is_shown_once(app, desk, town):
    path = f"/agencies/{town.organisation}"
    shown = re.search(r"http://127\.0\.0\.1/a/([\w-]{43})", desk.post(f"{path}/link").text)
    assert shown[1] not in desk.get(path).text
    with app.app_context():
        assert queries.find_by_token(shown[1]).organisation_id == town.organisation
    desk.post(f"{path}/links/revoke")
    with app.app_context():
        db.session.rollback()
        assert queries.find_by_token(shown[1]) is None


def test_an_owner_is_retired_and_brought_back(desk, town):
    path = f"/agencies/{town.organisation}"
    desk.post(f"{path}/retire")
    assert "Börja använda igen" in desk.get(path).text
    desk.post(f"{path}/bring-back")
    assert "Sluta använda" in desk.get(path).text


def test_a_name_is_text_and_never_markup(desk):
    desk.post("/agencies/new", data={**NEW, "name": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in desk.get("/agencies/").text


@pytest.mark.parametrize("who", ["member", "leader", "owner_contact"])
def test_the_register_is_for_its_keepers(client, town, sign_in, who):
    sign_in(client, getattr(town, who))
    assert client.get("/agencies/").status_code == 403
    assert client.post("/agencies/new", data=NEW).status_code == 403


def test_a_foreign_register_is_not_there(client, town, sign_in):
    sign_in(client, town.stranger)
    path = f"/agencies/{town.organisation}"
    assert client.get(path).status_code == 404
    for verb in ("link", "links/revoke", "retire", "bring-back"):
        assert client.post(f"{path}/{verb}").status_code == 404
    answer = client.post(f"{path}/contacts", data={"contact-name": "A", "contact-email": "a@b.se"})
    assert answer.status_code == 404
