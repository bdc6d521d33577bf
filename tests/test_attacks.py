"""Attacks that once got in, or might: each test is one of them, and fails when its door stands open."""

import json
import re
import socket
import urllib.request
import uuid
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.house import Server, run
from walkapp.actions import queries
from walkapp.actions import service as actions
from walkapp.agencies import service as agencies
from walkapp.kernel import clock, queue
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid
from walkapp.kernel.letters import without_secrets
from walkapp.kernel.mail import Letter
from walkapp.kernel.serving import THREADS
from walkapp.kernel.threads import HEAD_SECONDS
from walkapp.kernel.transaction import App, writing
from walkapp.kernel.wire import read
from walkapp.observations import service as observations
from walkapp.observations import wire
from walkapp.observations.models import Observation
from walkapp.people import session
from walkapp.reports import service as reports
from walkapp.walks import wire as walks_wire
from walkapp.walks.models import Walk


def revise(
    phone: Any, walk_id: uuid.UUID, observation_id: uuid.UUID, revision: int, **over: Any
) -> observations.Outcome:
    """What a phone sends when its walker writes something else."""
    body = {
        "walk": str(walk_id), "revision": revision, "base_revision": revision - 1, "kind": "deficiency", "photos": [],
        "made_at": clock.now().isoformat(), "sequence": revision, **over,
    }  # fmt: skip
    raw = json.dumps(body).encode()
    return observations.receive(phone, observations.Sent(observation_id, raw), read(wire.Observation, raw).to_input())


@pytest.fixture
def told(app: App, town: SimpleNamespace) -> SimpleNamespace:
    """A published walk with one thing that stands by itself, and one that an owner has been told of."""
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing", closed_at=clock.now())
        phone = make.participant(walk)
        alone = make.observation(walk, phone, state="kept", category="litter", text="Skräp vid bänken.", proposal=None)
        given = make.observation(walk, phone, state="actioned", text="Mörkt hos HEMLIGEN.", proposal=None)
        action = make.action(
            walk, [given], organisation_id=town.organisation, state="assigned", title="Laga ljuset hos HEMLIGEN"
        )
        reports.publish(town.coordinator, walk.id)
        token = agencies.make_owner_link(town.coordinator, town.organisation)
        return SimpleNamespace(
            walk=walk.id, phone=make.phone(phone), alone=alone.id, given=given.id, action=action.id, token=token,
            public=f"/what-happened/{town.slug}/{walk.id}",
        )  # fmt: skip


# --- a phone, after the review ------------------------------------------------------------------------------------


def test_what_a_phone_writes_after_the_review_is_read_by_the_coordinator_alone(
    app: App, client: FlaskClient, town: SimpleNamespace, told: SimpleNamespace, sign_in: Any
) -> None:
    slander = {"text": "FÖRTAL om grannen.", "proposal": "FÖRTAL igen", "category": "other", "voices": 900}
    place = {"position": {"source": "address", "address": "FÖRTAL gatan 1"}}
    with app.app_context(), writing():
        assert revise(told.phone, told.walk, told.alone, 2, **slander, **place).word == "stored"
    page = client.get(told.public).text
    assert "Skräp vid bänken." in page
    assert "FÖRTAL" not in page
    assert "900" not in page
    sign_in(client, town.member)
    for address in (f"/walks/{told.walk}/report", f"/walks/{told.walk}/map.html"):
        assert "FÖRTAL" not in client.get(address).text
    sign_in(client, town.coordinator)
    assert "FÖRTAL om grannen." in client.get(f"/walks/{told.walk}/review/{told.alone}").text


def test_a_picture_without_words_gets_none_after_the_review(
    app: App, client: FlaskClient, told: SimpleNamespace, town: SimpleNamespace
) -> None:
    with app.app_context(), writing():
        walk = db.session.get_one(Walk, told.walk)
        silent = make.observation(walk, make.participant(walk), state="kept", text=None, proposal=None)
        phone = make.Actor("participant", town.municipality, silent.participant_id, walk_id=walk.id)
        revise(phone, told.walk, silent.id, 2, text="FÖRTAL", category="lighting")
    assert "FÖRTAL" not in client.get(told.public).text


def test_a_walker_can_take_back_what_has_been_reviewed(app: App, client: FlaskClient, told: SimpleNamespace) -> None:
    with app.app_context(), writing():
        revise(told.phone, told.walk, told.alone, 2, withdrawn=True, text="Skräp vid bänken.")
        assert db.session.get_one(Observation, told.alone).withdrawn
    assert "Skräp vid bänken." not in client.get(told.public).text


def test_before_the_review_the_newest_words_stand(app: App, told: SimpleNamespace) -> None:
    with app.app_context(), writing():
        walk = db.session.get_one(Walk, told.walk)
        row = make.observation(walk, make.participant(walk), text="Mörkt.")
        phone = make.Actor("participant", walk.municipality_id, row.participant_id, walk_id=walk.id)
        revise(phone, walk.id, row.id, 2, text="Mörkt vid trappan.")
        assert row.wording == "Mörkt vid trappan."
        assert row.curation is None


# --- what is hidden, through what was made of it ------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["secret", "sensitive", "withdrawn", "masked"])
def test_an_action_is_hidden_with_what_it_is_about(
    app: App, client: FlaskClient, town: SimpleNamespace, told: SimpleNamespace, sign_in: Any, mark: str
) -> None:
    own = [f"/a/{told.token}", f"/a/{told.token}/actions/{told.action}"]
    desk = ["/actions/", f"/walks/{told.walk}/actions", f"/actions/{told.action}"]
    assert all("HEMLIGEN" in client.get(address).text for address in own)
    with app.app_context(), writing():
        row = db.session.get_one(Observation, told.given)
        if mark == "masked":
            row.go("mask")
        else:
            setattr(row, mark, True)
    for address in [*own, told.public]:
        assert "HEMLIGEN" not in client.get(address).text
    for reader in (town.member, town.chair, town.owner_contact, town.administrator):
        sign_in(client, reader)
        assert all("HEMLIGEN" not in client.get(address).text for address in ["/", *desk])
    sign_in(client, town.coordinator)
    assert all("HEMLIGEN" in client.get(address).text for address in desk)


def test_no_owner_is_told_of_an_action_about_what_is_hidden(
    app: App, town: SimpleNamespace, told: SimpleNamespace
) -> None:
    with app.app_context(), writing():
        walk = db.session.get_one(Walk, told.walk)
        hidden = make.observation(walk, make.participant(walk), state="actioned", secret=True)
        action = make.action(walk, [hidden], organisation_id=town.organisation, state="proposed")
        with pytest.raises(Conflict, match="about_what_is_hidden"):
            actions.assign(town.coordinator, action.id, town.organisation)
        with pytest.raises(Conflict, match="nothing_to_send"):
            actions.send_to_owners(town.coordinator, walk.id)
        assert action.state == "proposed"
        assert queries.of_walk(town.coordinator, walk).to_send == 0
        row = db.session.get_one(Observation, told.given)
        row.secret = True
        db.session.flush()
        assert queries.to_be_told(town.coordinator, town.organisation, [told.action]) == []


# --- secrets at rest ----------------------------------------------------------------------------------------------


def test_a_letter_that_is_sent_keeps_no_secret(app: App, town: SimpleNamespace, told: SimpleNamespace) -> None:
    with app.app_context():
        with writing():
            walk = db.session.get_one(Walk, told.walk)
            seen = make.observation(walk, make.participant(walk), state="actioned")
            action = make.action(walk, [seen], organisation_id=town.organisation, state="proposed")
            actions.assign(town.coordinator, action.id, town.organisation)
        queue.drain(app)
        db.session.rollback()
        letter = db.session.scalars(select(Letter)).one()
        assert letter.sent_at is not None
        assert "/a/…" in letter.text
        (sent,) = (app.extensions["settings"].instance_path / "mail").glob("*.eml")
        token = re.search(r"/a/([\w-]{43})", message_from_bytes(sent.read_bytes(), policy=default).get_content())
        assert token is not None
        assert token[1] not in letter.text


@pytest.mark.parametrize("secret", ["/a/", "/rsvp#i=", "/sign-in#t="])
def test_every_kind_of_secret_goes(secret: str) -> None:
    text = f"Svara här:\nhttps://vandring.example.se{secret}{'x-_9' * 10}\n\nHej"
    assert without_secrets(text) == f"Svara här:\nhttps://vandring.example.se{secret}…\n\nHej"


# --- what strangers and phones say of themselves ------------------------------------------------------------------


@pytest.mark.parametrize("header", ["X-Forwarded-Server", "X-Forwarded-Prefix", "x-forwarded-anything", "Forwarded"])
def test_through_any_proxy_nothing_is_local(app: App, header: str) -> None:
    with app.test_request_context("/", headers={"Host": "127.0.0.1"}):
        assert session.is_local_request()
    with app.test_request_context("/", headers={"Host": "127.0.0.1", header: "x"}):
        assert not session.is_local_request()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_phone_from_another_century_is_heard(moment: str) -> None:
    raw = json.dumps({"waiting": {"observations": 1, "photos": 0}, "oldest_at": moment}).encode()
    assert read(walks_wire.Heartbeat, raw).to_input().oldest_at is None


@pytest.mark.parametrize("email", ['"a@b.se', "<a@b.se>", "a,b@c.se", "a@b.se\r\nBcc: x@y.se", "a@-b.se", "a;b@c.se"])
def test_an_address_that_no_header_can_carry_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        read(walks_wire.Contact, json.dumps({"email": email}).encode())


# --- the server's own lines ---------------------------------------------------------------------------------------


def test_lines_that_never_finish_their_request_do_not_stop_the_house(tmp_path: Path) -> None:
    run(tmp_path, "db", "upgrade")
    server = Server(tmp_path).start()
    where = urlsplit(server.address)
    half = [socket.create_connection((where.hostname, where.port)) for _ in range(THREADS + 12)]
    try:
        for line in half:
            line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        with urllib.request.urlopen(f"{server.address}/health", timeout=2.5 * HEAD_SECONDS) as answer:
            assert answer.status == 200
    finally:
        for line in half:
            line.close()
        server.stop()
