"""Signing in, out, and the language, through the doors."""

import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from walkapp.kernel import clock, queue
from walkapp.kernel.actor import house
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.mail import Letter
from walkapp.kernel.transaction import writing
from walkapp.people import service
from walkapp.people.models import Person, SignIn, SignInToken


@pytest.fixture
def token(app, town):
    with app.app_context(), writing():
        person = db.session.get_one(Person, town.coordinator.id)
        return service.make_sign_in_token(house(town.municipality), person)


@pytest.fixture
def address(app, town):
    with app.app_context():
        return db.session.get_one(Person, town.coordinator.id).contact.email


def letters(app):
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in sorted((Path(app.instance_path) / "mail").glob("*.eml"))
    ]


def signed_in(client):
    return client.get("/walks/").status_code == 200


def test_a_page_leads_to_the_sign_in_and_back(client, town, token):
    answer = client.get("/walks/?state=open")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/walks/?state%3Dopen"
    answer = client.post("/sign-in", data={"token": token, "next": "/walks/?state=open"})
    assert (answer.status_code, answer.location) == (303, "/walks/?state=open")
    assert signed_in(client)


def test_a_post_without_sign_in_leads_there_too(client, town):
    assert client.post("/walks/new", data={}).location == "/sign-in"


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_out_of_the_house(client, token, goal):
    assert client.post("/sign-in", data={"token": token, "next": goal}).location == "/"


def test_a_get_never_spends(app, client, town, token):
    for path in ("/sign-in", f"/sign-in?t={token}", f"/sign-in?token={token}", "/sign-in/sent"):
        assert client.get(path).status_code == 200
        client.head(path)
    assert not signed_in(client)
    with app.app_context():
        assert db.session.scalar(select(SignInToken)).spent_at is None
    assert client.post("/sign-in", data={"token": token}).status_code == 303


def test_a_link_works_once(app, client, token):
    client.post("/sign-in", data={"token": token})
    other = app.test_client()
    answer = other.post("/sign-in", data={"token": token}, headers={"Accept-Language": "sv"})
    assert answer.status_code == 410
    assert "redan använd" in answer.text
    assert not signed_in(other)


def test_pressing_twice_does_not_throw_anybody_out(client, token):
    client.post("/sign-in", data={"token": token})
    assert client.post("/sign-in", data={"token": token}).status_code == 303
    assert signed_in(client)


def test_a_link_runs_out(app, client, token):
    with app.app_context(), writing():
        db.session.scalar(select(SignInToken)).expires_at = clock.now() - timedelta(seconds=1)
    assert client.post("/sign-in", data={"token": token}).status_code == 410
    assert not signed_in(client)


def test_whoever_pastes_the_whole_address_is_let_in(client, token):
    assert client.post("/sign-in", data={"token": f" http://127.0.0.1/sign-in#t={token} "}).status_code == 303


def test_signing_in_gives_a_new_secret_and_ends_what_was_there(app, client, town, sign_in, token):
    sign_in(client, town.member)
    with client.session_transaction() as before:
        planted = before["who"]
        before["csrf_token"] = "planted"
    client.post("/sign-in", data={"token": token})
    with client.session_transaction() as after:
        assert after["who"] != planted
        assert after.get("csrf_token") != "planted"
    with app.app_context():
        old = db.session.scalar(select(SignIn).where(SignIn.person_id == town.member.id))
        assert old.ended_at is not None


def test_signing_out_ends_the_session_on_the_server_too(app, client, token):
    client.post("/sign-in", data={"token": token})
    kept = client.get_cookie("walkapp").value
    assert client.post("/sign-out").status_code == 303
    assert not signed_in(client)
    client.set_cookie("walkapp", kept)
    assert not signed_in(client)


def test_the_letter_holds_the_link_and_the_database_does_not(app, client, address):
    client.post("/sign-in/link", data={"email": address.upper(), "next": "/walks/"}, headers={"Accept-Language": "sv"})
    queue.drain(app)
    (letter,) = letters(app)
    assert letter["To"].addresses[0].addr_spec == address
    assert letter["Subject"] == "Din länk för att logga in"
    link = re.search(r"http://127\.0\.0\.1/sign-in\?next=%2Fwalks%2F#t=(\S+)", letter.get_content())
    with app.app_context():
        assert db.session.scalars(select(Letter)).all() == []
        assert db.session.scalar(select(SignInToken)).token_sha256 != link[1]
    assert client.post("/sign-in", data={"token": link[1], "next": "/walks/"}).location == "/walks/"


def test_the_answer_does_not_tell_whether_the_address_is_known(app, client, address):
    def ask(who):
        answer = client.post("/sign-in/link", data={"email": who})
        return answer.status_code, answer.location, answer.text, client.get(answer.location).text

    assert ask(address) == ask("nobody@example.org")
    queue.drain(app)
    assert len(letters(app)) == 1


def test_a_letter_that_was_delayed_longer_than_the_link_lives_is_not_sent(app, client, address):
    client.post("/sign-in/link", data={"email": address})
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        queue.drain(app)
    assert letters(app) == []


def test_links_are_not_sent_without_end(client, address):
    answers = [client.post("/sign-in/link", data={"email": address}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert client.post("/sign-in/link", data={"email": "other@example.org"}).status_code == 303


def test_codes_are_not_guessed_without_end(client, town):
    answers = [client.post("/sign-in", data={"token": f"guess-{n}"}).status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_bad_address_says_so(client, town):
    answer = client.post("/sign-in/link", data={"email": "anna"}, headers={"Accept-Language": "sv"})
    assert answer.status_code == 422
    assert "ser inte ut som en e-postadress" in answer.text


@pytest.fixture
def demo(app, town):
    with app.app_context(), writing():
        installation().is_demo = True


PROXIED = [
    {"Forwarded": "for=1.2.3.4"},
    {"X-Forwarded-For": "1.2.3.4"},
    {"X-Forwarded-Host": "localhost"},
    {"X-Forwarded-Proto": "https"},
]


def test_one_click_signs_in_on_a_local_demo(client, town, demo):
    assert str(town.coordinator.id) in client.get("/sign-in").text
    answer = client.post("/sign-in/demo", data={"person": str(town.coordinator.id), "next": "/walks/"})
    assert (answer.status_code, answer.location) == (303, "/walks/")
    assert signed_in(client)


@pytest.mark.parametrize("headers", PROXIED)
def test_one_click_is_refused_behind_a_proxy(client, town, demo, headers):
    assert str(town.coordinator.id) not in client.get("/sign-in", headers=headers).text
    answer = client.post("/sign-in/demo", data={"person": str(town.coordinator.id)}, headers=headers)
    assert answer.status_code == 404
    assert not signed_in(client)


def test_one_click_is_refused_under_a_foreign_host(client, town, demo):
    answer = client.post("/sign-in/demo", data={"person": str(town.coordinator.id)}, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert not signed_in(client)


def test_one_click_is_refused_where_there_is_no_demo(client, town):
    assert client.post("/sign-in/demo", data={"person": str(town.coordinator.id)}).status_code == 404


def test_the_doors_ask_for_a_token_against_foreign_forms(app, client, town, token):
    app.config["WTF_CSRF_ENABLED"] = True
    for path in ("/sign-in", "/sign-in/link", "/sign-in/demo", "/sign-out", "/language"):
        assert client.post(path, data={"token": token}).status_code == 400


def test_the_cookie_is_not_for_scripts(client, token):
    cookie = client.post("/sign-in", data={"token": token}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_language_is_chosen_for_browser_and_letters(app, client, town, sign_in):
    sign_in(client, town.coordinator)
    answer = client.post("/language", data={"language": "en", "back": "/walks/?language=sv&state=open"})
    assert answer.location == "/walks/?state=open"
    assert '<html lang="en">' in client.get("/walks/").text
    with app.app_context():
        assert db.session.get_one(Person, town.coordinator.id).language == "en"


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", None])
def test_the_language_leads_nowhere_else(client, town, back):
    assert client.post("/language", data={"language": "en", "back": back or ""}).location == "/"


def test_a_language_that_is_not_here(client, town):
    assert client.post("/language", data={"language": "xx"}).status_code == 422
