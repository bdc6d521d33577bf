"""Handing in what was seen, by every status of the contract."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text

from tests import make
from tests.phones import LAT, LON, Phone, body, receipt_code, receipt_digest, sha256
from walkapp.kernel import clock
from walkapp.kernel.db import db
from walkapp.kernel.installation import Installation
from walkapp.kernel.transaction import App, writing
from walkapp.observations.models import Observation, Rating, ReceivedBody, Voice
from walkapp.walks.models import Participant, Stop, Walk


@pytest.fixture
def phone(app: App, town: SimpleNamespace, client: FlaskClient) -> Phone:
    """A phone that has joined."""
    with app.app_context(), writing():
        walk = make.walk(town)
        found = Phone(client, walk.id, walk.join_code)
    found.join()
    return found


@pytest.fixture
def other(phone: Phone) -> Phone:
    """Another phone on the same walk."""
    found = Phone(phone.client, phone.walk, phone.code)
    found.join()
    return found


@pytest.fixture
def context(app: App) -> Iterator[None]:
    """The database, to look into afterwards."""
    with app.app_context():
        yield


def change(app: App, phone: Phone, **over: Any) -> None:
    with app.app_context(), writing():
        walk = db.session.get_one(Walk, phone.walk)
        for name, value in over.items():
            setattr(walk, name, value)


def row(app: App, seen_id: object) -> Observation:
    with app.app_context():
        found = db.session.get_one(Observation, seen_id)
        db.session.expunge(found)
        return found


def verdicts(app: App, seen_id: object) -> list[tuple[int, str]]:
    with app.app_context():
        kept = select(ReceivedBody).where(ReceivedBody.subject_id == seen_id).order_by(ReceivedBody.id)
        return [(one.revision, one.verdict) for one in db.session.scalars(kept)]


def words(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json.get("code") or answer.json["status"]


# --- stored, already, superseded ----------------------------------------------------------------------------------


def test_stored_and_the_same_again(app: App, phone: Phone) -> None:
    seen_id, raw = uuid.uuid4(), body(phone.walk)
    first, again = phone.send(seen_id, raw), phone.send(seen_id, raw, **{"Sent-At": "2026-01-01T00:00:00Z"})
    assert [words(first), words(again)] == [(201, "stored"), (200, "already")]
    for answer in (first, again):
        assert (answer.json["id"], answer.json["revision"]) == (str(seen_id), 1)
        assert (answer.json["sha256"], answer.json["number"]) == (sha256(raw), 1)
        assert 0 < len(answer.json["proof"]) <= 128
    assert verdicts(app, seen_id) == [(1, "stored")]
    with app.app_context():
        assert db.session.scalar(select(ReceivedBody.body)) == raw


def test_what_the_phone_said_is_what_the_row_says(app: App, phone: Phone) -> None:
    with app.app_context():
        stop = db.session.scalars(select(Stop.id).where(Stop.walk_id == phone.walk).order_by(Stop.position)).first()
    seen_id, sha = uuid.uuid4(), "a" * 64
    said = {
        "kind": "proposal", "category": "meeting_place", "text": "Bänkarna står fel.", "proposal": "Vänd dem.",
        "feeling": 4, "acute": True, "stop": str(stop), "asset": "B 17", "said_by": "group", "voices": 3,
        "photos": [{"sha256": sha, "bytes": 1000, "taken_at": "2026-10-29T17:04:00+01:00"}], "sequence": 12,
        "position": {"lat": LAT, "lon": LON, "accuracy_m": 8, "source": "map", "fixed_at": "2026-10-29T16:04:00Z"},
    }  # fmt: skip
    assert phone.observe(seen_id, **said).status_code == 201
    with app.app_context():
        seen = db.session.get_one(Observation, seen_id)
        assert (seen.kind, seen.category, seen.text, seen.proposal) == tuple(list(said.values())[:4])
        assert (seen.feeling, seen.acute, seen.stop_id, seen.asset) == (4, True, stop, "B 17")
        assert (seen.said_by, seen.voices, seen.sequence, seen.place_source) == ("group", 3, 12, "map")
        assert (seen.lat, seen.lon, seen.accuracy_m, seen.needs_place) == (LAT, LON, 8.0, False)
        assert [(one.sha256, one.bytes) for one in seen.photos] == [(sha, 1000)]
        assert seen.made_at.isoformat() == "2026-10-29T16:04:11+00:00"
        assert (seen.state, seen.held, seen.withdrawn, seen.sensitive) == ("sent", False, False, False)


def test_only_what_is_required(phone: Phone) -> None:
    least = {"category": ..., "text": ..., "position": ..., "feeling": 3}
    assert phone.observe(**least).status_code == 201
    nulls = dict.fromkeys(
        ("category", "text", "proposal", "acute", "stop", "asset", "said_by", "voices", "position", "base_revision",
         "withdrawn")
    )  # fmt: skip
    assert phone.observe(feeling=3, **nulls).status_code == 201


def test_numbers_have_no_gaps(phone: Phone, other: Phone) -> None:
    numbers = []
    for turn in range(6):
        answer = (phone, other)[turn % 2].observe(category=("lighting", "nonsense")[turn == 3])
        numbers.append(answer.json.get("number"))
    assert numbers == [1, 2, 3, None, 4, 5]


def test_an_edit_is_the_next_revision(app: App, phone: Phone) -> None:
    seen_id, first = uuid.uuid4(), body(phone.walk)
    phone.send(seen_id, first)
    assert words(phone.observe(seen_id, revision=4, base_revision=1, text="Mörkt vid hela trappan.")) == (201, "stored")
    assert words(phone.send(seen_id, first)) == (200, "already")
    late = phone.observe(seen_id, revision=2, base_revision=1, text="Mörkt.")
    assert words(late) == (200, "superseded")
    assert words(phone.observe(seen_id, revision=2, base_revision=1, text="Mörkt.")) == (200, "superseded")
    assert (row(app, seen_id).revision, row(app, seen_id).text, row(app, seen_id).number) == (
        4,
        "Mörkt vid hela trappan.",
        1,
    )
    assert verdicts(app, seen_id) == [(1, "stored"), (4, "stored"), (2, "superseded")]


def test_an_edit_lists_its_photos_anew(app: App, phone: Phone) -> None:
    seen_id = uuid.uuid4()
    photos = [{"sha256": letter * 64, "bytes": 10} for letter in "abca"]
    phone.observe(seen_id, photos=photos)
    phone.observe(seen_id, revision=2, base_revision=1, photos=photos[2:0:-1])
    with app.app_context():
        listed = db.session.get_one(Observation, seen_id).photos
        assert [(one.position, one.sha256[0]) for one in listed] == [(1, "c"), (2, "b")]


def test_withdrawing_hides_and_keeps(app: App, phone: Phone, other: Phone) -> None:
    change(app, phone, shows_others=True)
    seen_id = uuid.uuid4()
    phone.observe(seen_id)
    assert [one["id"] for one in other.get("changes").json["others"]] == [str(seen_id)]
    assert words(phone.observe(seen_id, revision=2, base_revision=1, withdrawn=True)) == (201, "stored")
    assert row(app, seen_id).withdrawn
    assert other.get("changes").json["others"] == []
    assert phone.get("changes").json["own"][0]["withdrawn"] is True
    assert verdicts(app, seen_id) == [(1, "stored"), (2, "stored")]


# --- conflict, id_taken -------------------------------------------------------------------------------------------


def test_the_same_revision_with_other_bytes_is_kept_beside(app: App, phone: Phone) -> None:
    seen_id = uuid.uuid4()
    phone.observe(seen_id)
    for _ in range(2):
        refused = phone.observe(seen_id, text="Något annat.")
        assert words(refused) == (409, "conflict")
        assert refused.json["current"] == 1
    assert verdicts(app, seen_id) == [(1, "stored"), (1, "conflict")]
    assert row(app, seen_id).text == "Mörkt vid trappan."
    assert words(phone.observe(seen_id, revision=2, base_revision=1, text="Något annat.")) == (201, "stored")


def test_an_edit_of_something_older_is_a_conflict_and_never_a_dead_end(app: App, phone: Phone) -> None:
    seen_id = uuid.uuid4()
    phone.observe(seen_id)
    phone.observe(seen_id, revision=2, base_revision=1, text="Två.")
    refused = phone.observe(seen_id, revision=3, base_revision=1, text="Tre.")
    assert (words(refused), refused.json["current"]) == ((409, "conflict"), 2)
    assert words(phone.observe(seen_id, revision=4, base_revision=2, text="Tre.")) == (201, "stored")
    assert verdicts(app, seen_id) == [(1, "stored"), (2, "stored"), (3, "conflict"), (4, "stored")]


def test_another_participants_id_tells_nothing(app: App, phone: Phone, other: Phone) -> None:
    seen_id, raw = uuid.uuid4(), body(phone.walk)
    phone.send(seen_id, raw)
    for refused in (other.send(seen_id, raw), other.observe(seen_id, revision=2, base_revision=1)):
        assert words(refused) == (409, "id_taken")
        assert not {"current", "revision", "number"} & set(refused.json)
    assert verdicts(app, seen_id) == [(1, "stored")]


# --- who ----------------------------------------------------------------------------------------------------------


def test_an_unknown_token_registers_again(phone: Phone) -> None:
    stranger = Phone(phone.client, phone.walk, phone.code)
    assert words(stranger.observe()) == (401, "register")


def test_another_walk(app: App, town: SimpleNamespace, phone: Phone) -> None:
    with app.app_context(), writing():
        elsewhere = make.walk(town).id
    refused = phone.observe(walk=str(elsewhere))
    assert (words(refused), refused.json["field"]) == ((422, "walk"), "walk")
    assert words(phone.observe(walk=str(uuid.uuid4()))) == (404, "no_walk")


# --- what a body may say ------------------------------------------------------------------------------------------

PHOTO = {"sha256": "a" * 64, "bytes": 10}
GPS = {"lat": LAT, "lon": LON, "accuracy_m": 8.0, "source": "gps"}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"walk": ...}, "walk"),
    ({"revision": ...}, "revision"),
    ({"kind": ...}, "kind"),
    ({"made_at": ...}, "made_at"),
    ({"sequence": ...}, "sequence"),
    ({"photos": ...}, "photos"),
    ({"photos": None}, "photos"),
    ({"walk": "x"}, "walk"),
    ({"revision": 0}, "revision"),
    ({"revision": "1"}, "revision"),
    ({"revision": 1.5}, "revision"),
    ({"revision": True}, "revision"),
    ({"revision": 2**31}, "revision"),
    ({"revision": 2, "base_revision": 2}, "base_revision"),
    ({"kind": "complaint"}, "kind"),
    ({"category": "lights"}, "category"),
    ({"text": "x" * 2001}, "text"),
    ({"proposal": "x" * 2001}, "proposal"),
    ({"text": 7}, "text"),
    ({"feeling": 0}, "feeling"),
    ({"feeling": 6}, "feeling"),
    ({"acute": "yes"}, "acute"),
    ({"stop": 3}, "stop"),
    ({"asset": "x" * 41}, "asset"),
    ({"said_by": "neighbour"}, "said_by"),
    ({"voices": 0}, "voices"),
    ({"made_at": "2026-10-29T17:04:11"}, "made_at"),
    ({"made_at": "0001-01-01T00:00:00+14:00"}, "made_at"),
    ({"made_at": "yesterday"}, "made_at"),
    ({"sequence": -1}, "sequence"),
    ({"name": "Kim"}, "name"),
    ({"position": {**GPS, "source": "guess"}}, "position.source"),
    ({"position": {**GPS, "lat": 91}}, "position.lat"),
    ({"position": {**GPS, "lon": -181}}, "position.lon"),
    ({"position": {**GPS, "speed": 3}}, "position.speed"),
    ({"position": {**GPS, "accuracy_m": None}}, "position"),
    ({"position": {**GPS, "lat": None}}, "position"),
    ({"position": {"source": "address"}}, "position"),
    ({"position": {"source": "address", "address": "x" * 201}}, "position.address"),
    ({"photos": [{**PHOTO, "sha256": "A" * 64}]}, "photos.0.sha256"),
    ({"photos": [PHOTO, {**PHOTO, "bytes": 0}]}, "photos.1.bytes"),
    ({"photos": [PHOTO] * 11}, "photos"),
    ({"category": ..., "text": "  "}, "text"),
]  # fmt: skip


def test_what_is_not_known_is_refused_with_its_field(app: App, phone: Phone) -> None:
    for over, field in REFUSED:
        refused = phone.observe(**over)
        assert (refused.status_code, refused.json["field"], refused.json["code"]) == (422, field, "invalid"), over
    with app.app_context():
        assert db.session.scalars(select(ReceivedBody)).all() == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none(phone: Phone, number: str) -> None:
    raw = body(phone.walk).replace(str(LAT).encode(), number.encode())
    assert phone.send(uuid.uuid4(), raw).status_code == 422


@pytest.mark.parametrize(
    "over",
    [
        {"position": {"source": "none"}, "stop": ...},
        {"position": {"source": "none", "lat": LAT, "lon": LON}},
        {"position": None},
        {"position": {"source": "address", "address": " "}},
        {"stop": "00000000-0000-4000-8000-000000000000", "position": ...},
    ],
)
def test_without_a_place_it_is_stored_and_flagged(app: App, phone: Phone, over: dict[str, Any]) -> None:
    seen_id = uuid.uuid4()
    assert phone.observe(seen_id, **over).status_code == 201
    assert row(app, seen_id).needs_place


def test_an_address_is_a_place(app: App, phone: Phone) -> None:
    seen_id = uuid.uuid4()
    assert phone.observe(seen_id, position={"source": "address", "address": "Nygatan 12"}).status_code == 201
    assert (row(app, seen_id).address, row(app, seen_id).needs_place) == ("Nygatan 12", False)


def test_a_stop_of_another_walk(app: App, town: SimpleNamespace, phone: Phone) -> None:
    with app.app_context(), writing():
        foreign = str(make.walk(town).stops[0].id)
    assert phone.observe(stop=foreign).json["field"] == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "Robert'); DROP TABLE observation;--", "<script>alert(1)</script>", "{{ 7*7 }}", "å ä ö 漢字 🌒", "\x00\x07",
        "half \ud83c of a moon", "=cmd|' /C calc'!A0", "x" * 2000, "🌒" * 2000, "\u202eabc", "a\r\nb",
    ],
)  # fmt: skip
def test_a_text_is_never_refused_for_its_content(app: App, phone: Phone, text: str) -> None:
    seen_id, raw = uuid.uuid4(), body(phone.walk, text="%").replace(b"%", _escaped(text))
    assert phone.send(seen_id, raw).status_code == 201
    stored = text.replace("\x00", "\ufffd").replace("\ud83c", "\ufffd")
    assert row(app, seen_id).text == stored
    assert phone.send(seen_id, raw).status_code == 200


def _escaped(text: str) -> bytes:
    import json

    return json.dumps(text)[1:-1].encode("ascii")


@pytest.mark.parametrize(
    ("text", "sensitive"),
    [("Han bor i det gula huset", True), ("Bilen ABC123 står här", True), ("Mörkt vid nr 12", False)],
)
def test_what_points_at_a_person_is_the_coordinators_alone(
    app: App, phone: Phone, other: Phone, text: str, sensitive: bool
) -> None:
    change(app, phone, shows_others=True)
    seen_id = uuid.uuid4()
    phone.observe(seen_id, text=text)
    assert row(app, seen_id).sensitive is sensitive
    assert len(other.get("changes").json["others"]) == (0 if sensitive else 1)
    phone.observe(seen_id, revision=2, base_revision=1, text="Mörkt.")
    assert row(app, seen_id).sensitive is sensitive  # a person decides, not the next wording


# --- length, client, limits ---------------------------------------------------------------------------------------


def test_length_is_asked_for_and_limited(phone: Phone) -> None:
    address = f"/api/observations/{uuid.uuid4()}"
    endless = phone.client.put(address, headers={**phone.bearer, "Transfer-Encoding": "chunked"}, data=body(phone.walk))
    assert words(endless) == (411, "length_required")
    large = phone.observe(text="x" * 70_000)
    assert (words(large), large.json["max_bytes"]) == ((413, "too_large"), 65536)
    assert large.headers["Connection"] == endless.headers["Connection"] == "close"


def test_an_old_app_updates(phone: Phone) -> None:
    assert words(phone.observe(headers={"Walkapp-Client": "0.7"})) == (426, "update")
    assert words(phone.observe(headers={"Walkapp-Client": "1.b3f"})) == (201, "stored")


def test_sixty_a_minute(app: App, phone: Phone, other: Phone) -> None:
    seen_id, raw = uuid.uuid4(), body(phone.walk)
    assert phone.send(seen_id, raw).status_code == 201
    assert [phone.observe().status_code for _ in range(59)] == [201] * 59
    refused = phone.observe()
    assert words(refused) == (429, "too_many")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert words(phone.send(seen_id, raw)) == (200, "already")  # what has arrived is never in the way
    assert other.observe().status_code == 201


def test_five_hundred_a_walk(app: App, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("walkapp.observations.service.PER_WALK", 2)
    seen_id = uuid.uuid4()
    assert [phone.observe(one).status_code for one in (seen_id, uuid.uuid4(), uuid.uuid4())] == [201, 201, 429]
    assert phone.observe(seen_id, revision=2, base_revision=1).status_code == 201


# --- time ---------------------------------------------------------------------------------------------------------


def test_a_clock_that_is_off_is_corrected_and_both_are_kept(app: App, phone: Phone) -> None:
    seen_id, now = uuid.uuid4(), clock.now().replace(microsecond=0)
    ahead = timedelta(hours=3)
    made = now - timedelta(minutes=30) + ahead
    phone.observe(seen_id, made_at=made.isoformat(), headers={"Sent-At": (now + ahead).isoformat()})
    seen = row(app, seen_id)
    assert seen.made_at == made
    assert abs(seen.seen_at - (made - ahead)) < timedelta(seconds=5)


def test_a_clock_that_is_nearly_right_is_left_alone(app: App, phone: Phone) -> None:
    seen_id, now = uuid.uuid4(), clock.now().replace(microsecond=0)
    made = now - timedelta(minutes=30)
    phone.observe(seen_id, made_at=made.isoformat(), headers={"Sent-At": (now - timedelta(seconds=50)).isoformat()})
    assert row(app, seen_id).seen_at == made


@pytest.mark.parametrize(("at", "light"), [("14:00", "daylight"), ("16:25", "dusk"), ("17:30", "dark")])
def test_light_is_computed(app: App, phone: Phone, at: str, light: str) -> None:
    seen_id = uuid.uuid4()
    phone.observe(seen_id, made_at=f"2025-10-30T{at}:00+01:00")
    assert row(app, seen_id).light == light


# --- the late tray ------------------------------------------------------------------------------------------------


def test_what_comes_later_than_twelve_hours_after_closing_is_held(app: App, phone: Phone) -> None:
    change(app, phone, state="closed", closed_at=clock.now() - timedelta(hours=11, minutes=59))
    assert words(phone.observe()) == (201, "stored")
    change(app, phone, closed_at=clock.now() - timedelta(hours=12, minutes=1))
    seen_id, raw = uuid.uuid4(), body(phone.walk)
    for _ in range(2):
        held = phone.send(seen_id, raw)
        assert (words(held), held.json["number"]) == ((202, "held"), None)
        assert held.json["sha256"] == sha256(raw)
    edit = phone.observe(seen_id, revision=2, base_revision=1, text="Mörkare.")
    assert (words(edit), edit.json["number"]) == ((202, "held"), None)
    assert phone.post("receipt", {"observations": [{"id": str(seen_id), "revision": 1}], "photos": []}).json["digest"]
    with app.app_context(), writing():
        seen = db.session.get_one(Observation, seen_id)
        seen.held, seen.number = False, 2
    assert (words(phone.send(seen_id, raw)), phone.send(seen_id, raw).json["number"]) == ((200, "already"), 2)


def test_an_edit_of_what_was_there_in_time_is_not_held(app: App, phone: Phone) -> None:
    seen_id = uuid.uuid4()
    phone.observe(seen_id)
    change(app, phone, state="reviewing", closed_at=clock.now() - timedelta(days=2))
    assert words(phone.observe(seen_id, revision=2, base_revision=1, withdrawn=True)) == (201, "stored")
    assert row(app, seen_id).withdrawn


def test_a_reopened_walk_holds_nothing(app: App, phone: Phone) -> None:
    change(app, phone, state="open", closed_at=clock.now() - timedelta(days=2))
    assert words(phone.observe()) == (201, "stored")


def test_a_restored_server_takes_what_it_has_proven(app: App, phone: Phone) -> None:
    seen_id, raw = uuid.uuid4(), body(phone.walk, revision=3, base_revision=2)
    proof = phone.send(seen_id, raw).json["proof"]
    with app.app_context(), writing():
        db.session.execute(text("drop trigger received_body_no_delete"))  # a restore brings back an older file
        db.session.execute(delete(ReceivedBody))
        db.session.delete(db.session.get_one(Observation, seen_id))
        db.session.get_one(Installation, 1).epoch = str(uuid.uuid4())
        walk = db.session.get_one(Walk, phone.walk)
        walk.state, walk.closed_at = "reviewing", clock.now() - timedelta(days=3)
    forged = proof.split(".")[0] + "." + "0" * 64
    assert words(phone.send(uuid.uuid4(), raw, Proof=proof)) == (202, "held")
    taken = phone.send(seen_id, raw, Proof=proof)
    assert (words(taken), taken.json["number"]) == ((201, "stored"), 2)
    assert taken.json["proof"] != proof
    assert words(phone.send(uuid.uuid4(), raw, Proof=forged)) == (202, "held")


# --- ratings, voices ----------------------------------------------------------------------------------------------


def rating(phone: Phone, stop: object, **over: Any) -> dict[str, Any]:
    made = {"made_at": "2026-10-29T17:04:11+01:00", "sequence": 3}
    return {"walk": str(phone.walk), "revision": 1, "stop": str(stop), "score": 2, "score_dark": 1, **made, **over}


def test_the_silent_score(app: App, phone: Phone) -> None:
    with app.app_context():
        stop = db.session.scalars(select(Stop.id).where(Stop.walk_id == phone.walk)).first()
    seen_id = uuid.uuid4()

    def send(**over: Any) -> tuple[int, str]:
        return words(
            phone.client.put(f"/api/ratings/{seen_id}", headers=phone.bearer, json=rating(phone, stop, **over))
        )

    answers = [{"question": "Hur känns det?", "text": "Mörkt."}]
    assert send(answers=answers, profile={"light": 0, "sight": 3}) == (201, "stored")
    assert send(answers=answers, profile={"light": 0, "sight": 3}) == (200, "already")
    assert send(score=4) == (409, "conflict")
    assert send(revision=2, base_revision=1, score=4) == (201, "stored")
    assert send(score=6) == (422, "invalid")
    assert send(profile={"light": 4}) == (422, "invalid")
    with app.app_context():
        kept = db.session.get_one(Rating, seen_id)
        assert (kept.score, kept.score_dark, kept.revision, kept.stop_id, kept.answers) == (4, 1, 2, stop, [])


def test_i_saw_it_too(app: App, phone: Phone, other: Phone) -> None:
    change(app, phone, shows_others=True)
    seen = uuid.uuid4()
    phone.observe(seen)

    def agree(who: Phone, seen_id: object, **over: Any) -> tuple[int, str]:
        said = {"walk": str(who.walk), "observation": str(seen), "made_at": "2026-10-29T17:04:11+01:00", **over}
        return words(who.client.put(f"/api/voices/{seen_id}", headers=who.bearer, json=said))

    seen_id = uuid.uuid4()
    assert agree(other, seen_id) == (201, "stored")
    assert agree(other, seen_id) == (200, "already")
    assert agree(other, uuid.uuid4()) == (201, "stored")
    assert agree(phone, seen_id) == (409, "id_taken")
    assert agree(phone, uuid.uuid4()) == (422, "own_observation")
    assert agree(other, uuid.uuid4(), why="x") == (422, "invalid")
    assert other.get("changes").json["others"][0]["voices"] == 2  # the sender's, and the other's once
    with app.app_context():
        assert len(db.session.scalars(select(Voice)).all()) == 2


def test_a_score_that_comes_too_late_is_held_and_counts_no_more(app: App, phone: Phone) -> None:
    with app.app_context():
        stop = db.session.scalars(select(Stop.id).where(Stop.walk_id == phone.walk)).first()
    change(app, phone, state="closed", closed_at=clock.now() - timedelta(hours=13))
    seen_id = uuid.uuid4()
    for _ in range(2):
        answer = phone.client.put(f"/api/ratings/{seen_id}", headers=phone.bearer, json=rating(phone, stop))
        assert words(answer) == (202, "held")
    with app.app_context():
        assert db.session.get(Rating, seen_id) is None
    asked = {"observations": [], "photos": [], "ratings": [{"id": str(seen_id), "revision": 1}]}
    assert phone.post("receipt", asked).json["digest"]


# --- the receipt --------------------------------------------------------------------------------------------------


def test_the_receipt_names_what_is_missing_and_then_agrees(app: App, phone: Phone, other: Phone) -> None:
    here, theirs, raw = uuid.uuid4(), uuid.uuid4(), body(phone.walk)
    phone.send(here, raw)
    other.observe(theirs)
    nowhere = uuid.uuid4()
    asked = {
        "observations": [
            {"id": str(seen_id), "revision": n} for seen_id, n in ((here, 1), (here, 2), (theirs, 1), (nowhere, 1))
        ],
        "photos": ["b" * 64],
    }
    told = phone.post("receipt", asked).json
    expected = sorted([(str(here), 2), (str(theirs), 1), (str(nowhere), 1)])
    assert [(one["id"], one["revision"]) for one in told["missing"]["observations"]] == expected
    assert (told["missing"]["photos"], told["digest"]) == (["b" * 64], None)
    assert told["secured"] == {"observations": [], "photos": [], "ratings": [], "voices": []}
    whole = phone.post("receipt", {"observations": [{"id": str(here), "revision": 1}] * 2, "photos": []}).json
    assert whole["digest"] == receipt_digest([f"o {here} 1 {sha256(raw)}"])
    with app.app_context():
        assert db.session.get_one(Participant, phone.id).receipt_code == receipt_code(whole["digest"])


def test_the_receipt_counts_the_first_body_accepted(phone: Phone) -> None:
    seen_id, first = uuid.uuid4(), body(phone.walk)
    late, newest = (
        body(phone.walk, revision=2, base_revision=1, text="b"),
        body(phone.walk, revision=3, base_revision=1),
    )
    phone.send(seen_id, first)
    phone.observe(seen_id, text="a conflict")
    phone.send(seen_id, newest)
    phone.send(seen_id, late)
    asked = {"observations": [{"id": str(seen_id), "revision": n} for n in (3, 1, 2)], "photos": []}
    lines = [f"o {seen_id} {n} {sha256(raw)}" for n, raw in ((1, first), (2, late), (3, newest))]
    assert phone.post("receipt", asked).json["digest"] == receipt_digest(lines)


def test_an_empty_receipt(phone: Phone) -> None:
    assert phone.post("receipt", {"observations": [], "photos": []}).json["digest"] == sha256(b"")


def test_a_receipt_of_too_much(phone: Phone) -> None:
    ids = [{"id": str(uuid.uuid4()), "revision": 1} for _ in range(5001)]
    assert phone.post("receipt", {"observations": ids[:5000], "photos": []}).status_code == 200
    large = phone.post("receipt", {"observations": ids, "photos": []})
    assert (words(large), large.json["most_ids"]) == ((413, "too_large"), 5000)


@pytest.mark.parametrize(
    "said", [{}, {"observations": [], "photos": ["x"]}, {"observations": [{"id": 3}], "photos": []}]
)
def test_a_receipt_that_cannot_be_read(phone: Phone, said: dict[str, Any]) -> None:
    assert phone.post("receipt", said).status_code == 422


def test_the_receipt_of_another_walk(phone: Phone) -> None:
    refused = phone.client.post(
        f"/api/walks/{uuid.uuid4()}/receipt", headers=phone.bearer, json={"observations": [], "photos": []}
    )
    assert words(refused) == (404, "no_walk")


# --- changes ------------------------------------------------------------------------------------------------------


def test_changes_tell_fates_and_stay_silent_until_something_changed(app: App, phone: Phone, other: Phone) -> None:
    seen_id = uuid.uuid4()
    phone.observe(seen_id, photos=[PHOTO])
    other.observe()
    told = phone.get("changes").json
    assert (told["changed"], told["others"]) == (True, [])
    assert [(one["id"], one["state"], one["number"]) for one in told["own"]] == [(str(seen_id), "sent", 1)]
    assert told["own"][0]["photos"] == [{"sha256": "a" * 64, "state": "awaited", "reason": None, "seen": False}]
    again = phone.get(f"changes?after={told['cursor']}").json
    assert (again["changed"], again["own"], again["cursor"]) == (False, [], told["cursor"])
    with app.app_context(), writing():
        db.session.get_one(Observation, seen_id).go("keep")
    assert phone.get(f"changes?after={told['cursor']}").json["own"][0]["state"] == "kept"


def test_others_words_are_shown_as_reviewed_when_the_coordinator_opened_them(
    app: App, phone: Phone, other: Phone
) -> None:
    with app.app_context(), writing():
        walk = db.session.get_one(Walk, phone.walk)
        walk.shows_others = True
        sender = db.session.get_one(Participant, phone.id)
        kept = make.observation(walk, sender, state="kept", edited_text="Två lampor är släckta.")
        picture = make.photo(kept, seen=True)
        make.photo(kept, seen=False)
        for hidden in ({"secret": True}, {"withdrawn": True}, {"held": True}, {"state": "masked"},
                       {"state": "set_aside"}, {"sensitive": True}):  # fmt: skip
            make.observation(walk, sender, **hidden)
        expected = (str(kept.id), f"/api/photos/{picture.id}/thumb")
    [told] = other.get("changes").json["others"]
    assert (told["id"], told["thumbnails"][0]["address"]) == expected
    assert (told["text"], len(told["thumbnails"])) == ("Två lampor är släckta.", 1)
    assert not {"participant", "participant_id", "name"} & set(told)


def test_the_description_of_the_api_holds_every_door(app: App, client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    assert document["openapi"] == "3.1.0"
    told = {
        (path.replace("{", "<").replace("}", ">"), verb) for path, verbs in document["paths"].items() for verb in verbs
    }
    doors = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.endpoint.split(".")[0] not in ("shell_api",):
            names = {"walk_id": "walk", "participant_id": "participant", "observation_id": "observation"}
            names |= {"rating_id": "rating", "voice_id": "voice", "photo_id": "photo"}
            path = rule.rule.replace("uuid:", "")
            for name, word in names.items():
                path = path.replace(f"<{name}>", f"<{word}>")
            doors |= {(path, method.lower()) for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert told == doors
    shapes = document["components"]["schemas"]
    assert shapes["Observation"]["additionalProperties"] is False
    assert "meeting_place" in shapes["Observation"]["properties"]["category"]["anyOf"][0]["enum"]
    assert client.get("/api/docs").status_code == 200
