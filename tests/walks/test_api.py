"""Joining and what belongs to it, by every status of the contract."""

import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.phones import Phone, sha256
from walkapp.kernel import clock
from walkapp.kernel.db import db
from walkapp.kernel.installation import Installation
from walkapp.kernel.transaction import App, writing
from walkapp.people.models import Municipality
from walkapp.walks.models import Participant, ParticipantContact, ParticipantName, Walk


@pytest.fixture
def phone(app: App, town: SimpleNamespace, client: FlaskClient) -> Phone:
    """A phone that has read the walk's QR."""
    with app.app_context(), writing():
        walk = make.walk(town, join_code="DUSK-2026")
        return Phone(client, walk.id, walk.join_code)


def change(app: App, phone: Phone, **over: Any) -> None:
    with app.app_context(), writing():
        walk = db.session.get_one(Walk, phone.walk)
        for name, value in over.items():
            setattr(walk, name, value)


def test_a_phone_joins_and_a_lost_answer_is_harmless(app: App, phone: Phone) -> None:
    first, again = phone.join(name="Kim"), phone.join(name="Kim B", language="en")
    assert (first.status_code, first.json["status"]) == (201, "joined")
    assert (again.status_code, again.json["status"]) == (200, "already")
    assert first.json["id"] == str(phone.id)
    assert first.json["sha256"] == sha256(phone.token)
    assert len(first.json["proof"]) <= 128
    with app.app_context():
        assert db.session.get_one(ParticipantName, phone.id).name == "Kim B"
        assert db.session.get_one(Participant, phone.id).language == "en"


def test_the_newest_name_and_group_win_and_a_name_can_be_taken_back(app: App, phone: Phone) -> None:
    with app.app_context():
        groups = [str(group.id) for group in db.session.get_one(Walk, phone.walk).groups]
    phone.join(name="Kim", group=groups[0])
    phone.join(name=None, group=groups[1])
    with app.app_context():
        assert db.session.get(ParticipantName, phone.id) is None
        assert str(db.session.get_one(Participant, phone.id).group_id) == groups[1]


def test_every_answer_says_which_server_it_is(app: App, phone: Phone) -> None:
    with app.app_context():
        made = db.session.get_one(Installation, 1)
        facts = (made.server_id, made.epoch)
    stranger = Phone(phone.client, phone.walk, "WRONG-ONE")
    answers = [phone.join(), stranger.join(), phone.client.get("/api/nothing"), phone.get("pack")]
    for answer in answers:
        assert (answer.json["server_id"], answer.json["epoch"]) == facts
        assert answer.json["server_time"]
    assert [a.content_type for a in answers[1:3]] == ["application/problem+json"] * 2


def test_the_code_may_be_typed_as_it_was_heard(phone: Phone) -> None:
    assert phone.join(code="dusk 2026").status_code == 201


def test_a_wrong_code(phone: Phone) -> None:
    refused = phone.join(code="DUSK-2025")
    assert (refused.status_code, refused.json["code"]) == (401, "bad_code")
    assert refused.json["detail"] == "Koden stämmer inte. Läs den igen på affischen."
    assert phone.client.put(f"/api/walks/{phone.walk}/participants/{phone.id}", json={}).status_code == 422
    bare = phone.client.put(f"/api/walks/{phone.walk}/participants/{phone.id}", json={"token_sha256": "0" * 64})
    assert (bare.status_code, bare.json["code"]) == (401, "bad_code")


def test_a_refusal_speaks_the_readers_language(phone: Phone) -> None:
    refused = phone.join(code="DUSK-2025", headers={"Accept-Language": "en"})
    assert refused.json["detail"] == "The code is not right. Read it again from the poster."


def test_an_id_that_is_taken_changes_nothing(app: App, phone: Phone) -> None:
    phone.join(name="Kim")
    thief = Phone(phone.client, phone.walk, phone.code, id=phone.id)
    refused = thief.join(name="Sam")
    assert (refused.status_code, refused.json["code"]) == (409, "id_taken")
    with app.app_context():
        assert db.session.get_one(ParticipantName, phone.id).name == "Kim"
        assert db.session.get_one(Participant, phone.id).token_sha256 == sha256(phone.token)


def test_an_id_of_another_walk_is_taken_too(app: App, town: SimpleNamespace, phone: Phone) -> None:
    phone.join()
    with app.app_context(), writing():
        other = make.walk(town)
        elsewhere = Phone(phone.client, other.id, other.join_code, id=phone.id, token=phone.token)
    assert elsewhere.join().json["code"] == "id_taken"


def test_joining_is_paused(app: App, phone: Phone) -> None:
    change(app, phone, join_paused=True)
    refused = phone.join()
    assert (refused.status_code, refused.json["code"]) == (403, "paused")


@pytest.mark.parametrize("state", ["draft", "planned", "postponed"])
def test_a_walk_that_nobody_was_invited_to(app: App, phone: Phone, state: str) -> None:
    change(app, phone, state=state)
    assert (phone.join().status_code, phone.join().json["code"]) == (404, "no_walk")


def test_no_such_walk(phone: Phone) -> None:
    lost = Phone(phone.client, uuid.uuid4(), phone.code)
    assert (lost.join().status_code, lost.join().json["code"]) == (404, "no_walk")


@pytest.mark.parametrize(
    ("state", "hours", "status"),
    [("invited", None, 201), ("closed", 23, 201), ("minuted", 23, 201), ("closed", 25, 410), ("cancelled", None, 410)],
)
def test_joining_ends_a_day_after_closing(app: App, phone: Phone, state: str, hours: int | None, status: int) -> None:
    closed = clock.now() - timedelta(hours=hours) if hours else None
    change(app, phone, state=state, closed_at=closed)
    answer = phone.join()
    assert answer.status_code == status
    if status == 410:
        assert answer.json["code"] == "walk_over"


def test_rotating_the_code_does_not_touch_joined_phones(app: App, phone: Phone) -> None:
    phone.join()
    change(app, phone, join_code="NEWC-ODE1")
    assert phone.get("pack").status_code == 200
    assert phone.join().status_code == 200
    assert Phone(phone.client, phone.walk, "DUSK-2026").join().status_code == 401


def test_a_restored_server_knows_its_proof(app: App, phone: Phone) -> None:
    proof = phone.join().json["proof"]
    with app.app_context(), writing():
        db.session.delete(db.session.get_one(Participant, phone.id))
        db.session.get_one(Installation, 1).epoch = str(uuid.uuid4())
        walk = db.session.get_one(Walk, phone.walk)
        walk.join_code, walk.state, walk.closed_at = "NEWC-ODE1", "reviewing", clock.now() - timedelta(days=3)
    assert phone.join().status_code == 401
    assert phone.join(headers={"Proof": proof[:-1] + ("0" if proof[-1] != "0" else "1")}).status_code == 401
    assert phone.join(headers={"Proof": proof}).status_code == 201
    other = Phone(phone.client, phone.walk, "DUSK-2026")
    assert other.join(headers={"Proof": proof}).status_code == 401


def test_a_revoked_phone_stays_out_whatever_it_shows(app: App, phone: Phone) -> None:
    proof = phone.join().json["proof"]
    with app.app_context(), writing():
        db.session.get_one(Participant, phone.id).revoked_at = clock.now()
    for answer in (phone.join(headers={"Proof": proof}), phone.get("pack"), phone.observe()):
        assert (answer.status_code, answer.json["code"]) == (403, "revoked")


def test_a_phone_that_came_by_import_gets_its_hash_at_the_first_join(app: App, phone: Phone) -> None:
    with app.app_context(), writing():
        make.participant(db.session.get_one(Walk, phone.walk), id=phone.id, token_sha256=None)
    assert phone.get("pack").json["code"] == "register"
    assert phone.join().status_code == 201
    assert phone.get("pack").status_code == 200


def test_a_walk_takes_so_many_phones(app: App, town: SimpleNamespace, phone: Phone) -> None:
    with app.app_context(), writing():
        db.session.get_one(Municipality, town.municipality).settings = {"participants_per_walk": 1}
    assert phone.join().status_code == 201
    full = Phone(phone.client, phone.walk, phone.code).join()
    assert (full.status_code, full.json["code"]) == (429, "walk_full")
    assert int(full.headers["Retry-After"]) > 0
    assert phone.join().status_code == 200


def test_joining_too_often_from_one_place(phone: Phone) -> None:
    statuses = [phone.join(code="WRONG").status_code for _ in range(62)]
    assert statuses[:55] == [401] * 55
    assert statuses[-1] == 429
    assert phone.get("pack").status_code == 401  # never by place for what a phone does afterwards


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"token_sha256": "short"}, "token_sha256"),
        ({"token_sha256": None}, "token_sha256"),
        ({"language": "xx yy"}, "language"),
        ({"name": "x" * 81}, "name"),
        ({"group": "A"}, "group"),
        ({"group": str(uuid.uuid4())}, "group"),
        ({"age": 40}, "age"),
    ],
)
def test_what_a_join_may_say(phone: Phone, over: dict[str, Any], field: str) -> None:
    refused = phone.join(**over)
    assert (refused.status_code, refused.json["field"]) == (422, field)


@pytest.mark.parametrize("raw", [b" ", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9000])
def test_what_is_no_json_at_all(phone: Phone, raw: bytes) -> None:
    headers = {"Authorization": f"Join {phone.code}"}
    refused = phone.client.put(f"/api/walks/{phone.walk}/participants/{phone.id}", headers=headers, data=raw)
    assert refused.status_code == 422


def test_a_body_has_a_length_and_not_too_much_of_it(phone: Phone) -> None:
    address, headers = f"/api/walks/{phone.walk}/participants/{phone.id}", {"Authorization": f"Join {phone.code}"}
    endless = phone.client.put(address, headers={**headers, "Transfer-Encoding": "chunked"}, data=b"{}")
    assert (endless.status_code, endless.json["code"]) == (411, "length_required")
    assert phone.client.put(address, headers=headers).status_code == 411
    large = phone.client.put(address, headers=headers, data=b" " * 20_000)
    assert (large.status_code, large.json["code"], large.json["max_bytes"]) == (413, "too_large", 16384)
    assert {answer.headers["Connection"] for answer in (endless, large)} == {"close"}


# --- the pack -----------------------------------------------------------------------------------------------------


def test_the_pack_holds_what_a_phone_needs(phone: Phone) -> None:
    phone.join()
    pack = phone.get("pack").json
    assert {"walk", "area", "route", "stops", "categories", "groups", "numbers", "limits", "texts"} <= set(pack)
    assert pack["walk"]["id"] == str(phone.walk)
    assert pack["walk"]["municipality"] == {"name": "Arboga", "slug": "arboga"}
    assert pack["walk"]["light"]["sunset_at"] < pack["walk"]["light"]["dusk_at"]
    assert [stop["order"] for stop in pack["stops"]] == [1, 2, 3]
    assert len(pack["categories"]) == 19
    assert sum(category["common"] for category in pack["categories"]) == 5
    assert pack["numbers"] == {"emergency": "112", "police": "114 14", "duty": "0589-870 00"}
    assert pack["limits"] == {"photo_bytes": 26214400, "photos_per_observation": 3, "text": 2000}
    assert "join_code" not in str(pack)


def test_the_pack_is_read_again_only_when_it_changed(app: App, phone: Phone) -> None:
    phone.join()
    for encoding in ("identity", "br", "gzip"):
        tag = phone.get("pack", **{"Accept-Encoding": encoding}).headers["ETag"]
        again = phone.get("pack", **{"If-None-Match": tag, "Accept-Encoding": encoding})
        assert again.status_code == 304
        assert again.headers["Server-Id"] == phone.get("changes").json["server_id"]
        assert again.data == b""
    change(app, phone, name="En annan vandring")
    assert phone.get("pack", **{"If-None-Match": tag}).status_code == 200


def test_the_pack_speaks_the_readers_language(phone: Phone) -> None:
    phone.join()
    swedish, english = phone.get("pack?language=sv"), phone.get("pack?language=en")
    assert swedish.json["texts"]["privacy"].startswith("Det du skriver")
    assert english.json["texts"]["privacy"].startswith("What you write")
    assert swedish.headers["ETag"] != english.headers["ETag"]


def test_the_code_opens_the_pack_before_joining(app: App, phone: Phone) -> None:
    address = f"/api/walks/{phone.walk}/pack"
    assert phone.client.get(address, headers={"Authorization": "Join DUSK-2026"}).json["walk"]["id"] == str(phone.walk)
    assert phone.client.get(address, headers={"Authorization": "Join DUSK-2027"}).status_code == 401
    assert phone.client.get(address).json["code"] == "register"
    change(app, phone, join_paused=True)
    assert phone.client.get(address, headers={"Authorization": "Join DUSK-2026"}).status_code == 403


def test_another_walks_pack_is_not_there(app: App, town: SimpleNamespace, phone: Phone) -> None:
    phone.join()
    with app.app_context(), writing():
        other = make.walk(town).id
    for walk in (other, uuid.uuid4()):
        refused = phone.client.get(f"/api/walks/{walk}/pack", headers=phone.bearer)
        assert (refused.status_code, refused.json["code"]) == (404, "no_walk")


@pytest.mark.parametrize("shown", [None, "Bearer", "Bearer x.y", "Basic eDp5", "Bearer {id}", "Bearer {id}.wrong"])
def test_an_unknown_token_is_told_to_register(phone: Phone, shown: str | None) -> None:
    phone.join()
    headers = {"Authorization": shown.format(id=phone.id)} if shown else {}
    refused = phone.client.get(f"/api/walks/{phone.walk}/pack", headers=headers)
    assert (refused.status_code, refused.json["code"]) == (401, "register")


@pytest.mark.parametrize(
    ("version", "status"), [(None, 200), ("1.0", 200), ("1.3f2a", 200), ("1.99", 200), ("0.9", 426), ("2.0", 426)]
)
def test_an_app_that_is_too_old(phone: Phone, version: str | None, status: int) -> None:
    phone.join()
    answer = phone.get("pack", **({"Walkapp-Client": version} if version else {}))
    assert answer.status_code == status
    if status == 426:
        assert answer.json["code"] == "update"


# --- contact, heartbeat -------------------------------------------------------------------------------------------


def test_an_address_for_the_answer_is_kept_apart_and_can_be_taken_back(app: App, phone: Phone) -> None:
    phone.join()
    address = f"/api/walks/{phone.walk}/participants/{phone.id}/contact"

    def give(**said: Any) -> tuple[int, str]:
        answer = phone.client.put(address, headers=phone.bearer, json=said)
        return answer.status_code, answer.json.get("status")

    assert give(email=" kim@example.org ", band="65+") == (201, "stored")
    assert give(email="kim@example.org", band="65+") == (200, "already")
    with app.app_context():
        assert db.session.get_one(ParticipantContact, phone.id).email == "kim@example.org"
    assert give(email=None) == (201, "stored")
    assert give(email=None) == (200, "already")
    with app.app_context():
        assert db.session.get(ParticipantContact, phone.id) is None
    assert give(email="kim at example")[0] == 422


def test_nobody_leaves_an_address_for_another(phone: Phone) -> None:
    phone.join()
    other = Phone(phone.client, phone.walk, phone.code)
    other.join()
    address = f"/api/walks/{phone.walk}/participants/{phone.id}/contact"
    assert phone.client.put(address, headers=other.bearer, json={"email": "a@b.se"}).status_code == 403


def test_a_sign_of_life_tells_what_waits(app: App, phone: Phone) -> None:
    phone.join()
    beat = {"waiting": {"observations": 3, "photos": 2}, "oldest_at": "2026-10-29T17:04:11+01:00"}
    assert phone.post("heartbeat", beat).json["state"] == "open"
    with app.app_context():
        row = db.session.get_one(Participant, phone.id)
        assert (row.waiting_observations, row.waiting_photos) == (3, 2)
        assert row.last_contact_at is not None
    change(app, phone, state="closed", closed_at=clock.now())
    over = phone.post("heartbeat", {"waiting": {"observations": 0, "photos": 0}, "oldest_at": None})
    assert (over.json["state"], over.json["message"][:22]) == ("closed", "Vandringen är slut. De")


@pytest.mark.parametrize("said", [{}, {"waiting": {"observations": -1, "photos": 0}}, {"waiting": 3}])
def test_a_sign_of_life_that_cannot_be_read(phone: Phone, said: dict[str, Any]) -> None:
    phone.join()
    assert phone.post("heartbeat", said).status_code == 422
