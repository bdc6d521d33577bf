"""Handing in photos, by every status of the contract; and the one door through which they are shown."""

import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import make, photo_maker
from tests.phones import Phone, receipt_digest, sha256
from walkapp.kernel import queue
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.transaction import App, writing
from walkapp.observations.models import Observation
from walkapp.photos import jobs
from walkapp.photos.models import Photo, PhotoContent
from walkapp.photos.rules import LARGEST_BYTES
from walkapp.walks.models import Participant, Walk

SignIn = Callable[[FlaskClient, Actor], None]


@pytest.fixture
def phone(app: App, town: SimpleNamespace, client: FlaskClient) -> Phone:
    """A phone that has joined."""
    with app.app_context(), writing():
        walk = make.walk(town)
        found = Phone(client, walk.id, walk.join_code)
    found.join()
    return found


@pytest.fixture
def develop(app: App) -> Iterator[Callable[[], None]]:
    """Run what is due, and close the dark room afterwards."""
    yield lambda: [None for _ in range(queue.drain(app))] and None
    jobs.dark_room().close()
    jobs.dark_room.cache_clear()


def words(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json.get("code") or answer.json["status"]  # type: ignore[attr-defined]


def files(app: App) -> list[str]:
    root = app.extensions["settings"].instance_path / "photos"
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_stored_and_the_same_again(app: App, phone: Phone) -> None:
    photo = photo_maker.jpeg()
    first, again = phone.send_photo(photo), phone.send_photo(photo)
    assert [words(first), words(again)] == [(201, "stored"), (200, "already")]
    for answer in (first, again):
        assert (answer.json["sha256"], answer.json["bytes"]) == (sha256(photo), len(photo))
        assert 0 < len(answer.json["proof"]) <= 128
    assert files(app) == [sha256(photo)]


def test_a_photo_serves_every_observation_that_lists_it_and_may_come_first(app: App, phone: Phone) -> None:
    photo = photo_maker.jpeg()
    listed = [{"sha256": sha256(photo), "bytes": len(photo)}]
    assert words(phone.send_photo(photo)) == (201, "stored")
    ids = [uuid.uuid4(), uuid.uuid4()]
    for one in ids:
        phone.observe(one, photos=listed)
    assert words(phone.send_photo(photo, observation=ids[1])) == (200, "already")
    told = phone.get("changes").json["own"]
    assert [one["photos"][0]["state"] for one in told] == ["received", "received"]


def test_anothers_equal_bytes_are_stored_once(app: App, phone: Phone) -> None:
    photo = photo_maker.jpeg()
    other = Phone(phone.client, phone.walk, phone.code)
    other.join()
    assert [words(phone.send_photo(photo)), words(other.send_photo(photo))] == [(201, "stored")] * 2
    with app.app_context():
        assert db.session.scalar(select(func.count(Photo.id))) == 2
        assert db.session.scalar(select(func.count(PhotoContent.id))) == 1


def test_the_receipt_counts_photos(phone: Phone) -> None:
    photo = photo_maker.jpeg()
    phone.send_photo(photo)
    told = phone.post("receipt", {"observations": [], "photos": [sha256(photo)]}).json
    assert told["digest"] == receipt_digest([f"p {sha256(photo)} {len(photo)}"])


@pytest.mark.parametrize("make_photo", [photo_maker.png, photo_maker.webp, photo_maker.heic])
def test_the_type_is_what_the_bytes_say(app: App, phone: Phone, make_photo: Callable[[], bytes]) -> None:
    assert words(phone.send_photo(make_photo(), **{"Content-Type": "text/html"})) == (201, "stored")
    with app.app_context():
        assert db.session.scalar(select(PhotoContent.media_type)) == f"image/{make_photo.__name__}"


# --- refused, in this order: token, length, hash, magic bytes, size in the header ----------------------------------


def test_the_token_comes_first(phone: Phone) -> None:
    stranger = Phone(phone.client, phone.walk, phone.code)
    assert words(stranger.send_photo(b"", **{"Content-Length": str(LARGEST_BYTES + 1)})) == (401, "register")


def test_then_the_length(phone: Phone) -> None:
    address = f"/api/observations/{uuid.uuid4()}/photos/no-hash"
    without = phone.client.put(address, headers={**phone.bearer, "Transfer-Encoding": "chunked"}, data=b"x")
    large = phone.client.put(
        address, headers=phone.bearer, input_stream=None, content_length=LARGEST_BYTES + 1, data=b""
    )
    assert words(without) == (411, "length_required")
    assert (words(large), large.json["max_bytes"]) == ((413, "too_large"), 25 * 1024 * 1024)
    assert without.headers["Connection"] == large.headers["Connection"] == "close"


def test_then_the_hash(app: App, phone: Phone) -> None:
    svg = photo_maker.svg()
    for name in ("0" * 64, "no-hash", sha256(svg).upper()):
        assert words(phone.send_photo(svg, name=name)) == (422, "hash_mismatch")
    assert words(phone.send_photo(b"")) in ((411, "length_required"), (422, "hash_mismatch"))
    assert files(app) == []


def test_then_the_first_bytes(app: App, phone: Phone) -> None:
    for harmful in (photo_maker.svg(), b"<html><script>alert(1)</script>", b"GIF89a" + b"0" * 100, b"%PDF-1.7\n"):
        assert words(phone.send_photo(harmful)) == (415, "not_a_photo")
    assert files(app) == []


def test_then_the_size_that_the_header_claims(app: App, phone: Phone) -> None:
    for bomb in (photo_maker.png_bomb(), photo_maker.lying_jpeg()):
        refused = phone.send_photo(bomb)
        assert (words(refused), refused.json["most_pixels"]) == ((422, "bad_image"), 120_000_000)
    assert files(app) == []


def test_a_body_that_stops_leaves_nothing(app: App, phone: Phone) -> None:
    photo = photo_maker.jpeg()
    address = f"/api/observations/{uuid.uuid4()}/photos/{sha256(photo)}"
    short = {"CONTENT_LENGTH": str(len(photo))}
    cut = phone.client.put(address, headers=phone.bearer, data=photo[:-10], environ_overrides=short)
    assert words(cut) == (408, "stalled")
    assert files(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count(Photo.id))) == 0


def test_under_anothers_observation(phone: Phone) -> None:
    other, one = Phone(phone.client, phone.walk, phone.code), uuid.uuid4()
    other.join()
    other.observe(one)
    assert words(phone.send_photo(photo_maker.jpeg(), observation=one)) == (409, "id_taken")


def test_a_revoked_phone(app: App, phone: Phone) -> None:
    with app.app_context(), writing():
        db.session.get_one(Participant, phone.id).revoked_at = db.session.get_one(Walk, phone.walk).starts_at
    assert words(phone.send_photo(photo_maker.jpeg())) == (403, "revoked")


def test_an_old_app(phone: Phone) -> None:
    assert words(phone.send_photo(photo_maker.jpeg(), **{"Walkapp-Client": "0.1"})) == (426, "update")


def test_twenty_that_no_observation_lists(phone: Phone) -> None:
    photos = [photo_maker.jpeg() + bytes([number]) for number in range(21)]
    assert [phone.send_photo(photo).status_code for photo in photos] == [201] * 20 + [429]
    assert phone.send_photo(photos[0]).status_code == 200
    phone.observe(photos=[{"sha256": sha256(photos[20]), "bytes": len(photos[20])}])
    assert phone.send_photo(photos[20]).status_code == 201


# --- developed, seen, shown ---------------------------------------------------------------------------------------


@pytest.fixture
def shown(app: App, phone: Phone, develop: Callable[[], None]) -> tuple[uuid.UUID, uuid.UUID]:
    """An observation with a developed photo: their ids."""
    photo, one = photo_maker.jpeg(orientation=6), uuid.uuid4()
    phone.observe(one, photos=[{"sha256": sha256(photo), "bytes": len(photo)}])
    phone.send_photo(photo, observation=one)
    develop()
    with app.app_context():
        return one, db.session.scalars(select(Photo.id)).one()


def test_until_a_person_has_looked_only_the_coordinator_gets_it(
    app: App, town: SimpleNamespace, client: FlaskClient, sign_in: SignIn, shown: tuple[uuid.UUID, uuid.UUID]
) -> None:
    observation, photo = shown
    address = f"/photos/{photo}/800.jpg"

    def gets(actor: Actor | None) -> int:
        visitor = app.test_client()
        if actor:
            sign_in(visitor, actor)
        return visitor.get(address, buffered=True).status_code

    everyone = (town.coordinator, town.secretary, town.owner_contact, town.stranger, None)
    assert [gets(who) for who in everyone] == [200, 404, 404, 404, 404]
    with app.app_context(), writing():
        db.session.get_one(Observation, observation).go("keep")
    assert [gets(who) for who in everyone] == [200, 404, 404, 404, 404]
    with app.app_context(), writing():
        seen = db.session.get_one(Photo, photo)
        seen.seen_at = seen.received_at
    assert [gets(who) for who in everyone] == [200, 200, 404, 404, 404]
    with app.app_context(), writing():
        walk = db.session.get_one(Observation, observation).walk_id
        published = db.session.get_one(Walk, walk)
        published.state, published.published_at = "reviewing", published.starts_at
    assert [gets(who) for who in everyone] == [200, 200, 200, 200, 200]
    for flag in ("withdrawn", "secret", "sensitive"):
        with app.app_context(), writing():
            setattr(db.session.get_one(Observation, observation), flag, True)
        assert [gets(who) for who in everyone] == [200, 404, 404, 404, 404]
        with app.app_context(), writing():
            setattr(db.session.get_one(Observation, observation), flag, False)
    with app.app_context(), writing():
        db.session.get_one(Photo, photo).held_back = True
    assert [gets(who) for who in everyone] == [200, 404, 404, 404, 404]


def test_the_picture_can_do_nothing_but_be_one(
    app: App, town: SimpleNamespace, client: FlaskClient, sign_in: SignIn, shown: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(client, town.coordinator)
    for size, side in (("thumb", 320), ("800", 800), ("1600", 1600)):
        answer = client.get(f"/photos/{shown[1]}/{size}.jpg", buffered=True)
        assert answer.content_type == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"
        assert photo_maker.SECRET not in answer.data
        assert photo_maker.is_upright(answer.data), side
        tag = answer.headers["ETag"]
        assert client.get(answer.request.path, headers={"If-None-Match": tag}, buffered=True).status_code == 304
        part = client.get(answer.request.path, headers={"Range": "bytes=0-9"}, buffered=True)
        assert (part.status_code, part.data) == (206, answer.data[:10])
    for size in ("original", "320", "../800", "2000"):
        assert client.get(f"/photos/{shown[1]}/{size}.jpg", buffered=True).status_code == 404


def test_a_phone_sees_its_own_and_others_only_after_somebody_looked(
    app: App, phone: Phone, shown: tuple[uuid.UUID, uuid.UUID]
) -> None:
    other = Phone(phone.client, phone.walk, phone.code)
    other.join()
    address = f"/api/photos/{shown[1]}/thumb"

    def gets() -> list[int]:
        return [phone.client.get(address, headers=who.bearer, buffered=True).status_code for who in (phone, other)]

    assert gets() == [200, 404]
    with app.app_context(), writing():
        db.session.get_one(Walk, phone.walk).shows_others = True
        seen = db.session.get_one(Photo, shown[1])
        seen.seen_at = seen.received_at
    assert gets() == [200, 200]
    assert phone.client.get(address).json["code"] == "register"


def test_a_photo_that_cannot_be_developed_is_told_to_its_sender(
    app: App, town: SimpleNamespace, client: FlaskClient, sign_in: SignIn, phone: Phone, develop: Callable[[], None]
) -> None:
    photo, one = photo_maker.truncated(), uuid.uuid4()
    phone.observe(one, photos=[{"sha256": sha256(photo), "bytes": len(photo)}])
    assert words(phone.send_photo(photo)) == (201, "stored")
    develop()
    [told] = phone.get("changes").json["own"][0]["photos"]
    assert (told["state"], told["reason"]) == ("quarantined", "broken")
    assert words(phone.send_photo(photo)) == (200, "already")
    sign_in(client, town.coordinator)
    with app.app_context():
        photo_id = db.session.scalars(select(Photo.id)).one()
    assert client.get(f"/photos/{photo_id}/800.jpg").status_code == 404
