"""Keeping photos on both databases."""

import hashlib
import io
import threading
import uuid
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from tests import make, photo_maker
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Full, Invalid, NotAllowed, NotFound, Refusal
from walkapp.kernel.transaction import App, writing
from walkapp.photos import access, service, store
from walkapp.photos.models import Photo, PhotoContent


@pytest.fixture
def phones(app: App, town: SimpleNamespace) -> list[Actor]:
    """Eight phones on a walk."""
    with app.app_context(), writing():
        walk = make.walk(town)
        return [make.phone(make.participant(walk)) for _ in range(8)]


def keep(app: App, actor: Actor, data: bytes) -> tuple[str, uuid.UUID]:
    with app.app_context():
        received = service.receive(actor, hashlib.sha256(data).hexdigest(), io.BytesIO(data), len(data))
        with writing():
            word, photo = service.keep(actor, received)
            return word, photo.id


def test_eight_phones_send_the_same_bytes_at_once(app: App, phones: list[Actor]) -> None:
    photo, gate = photo_maker.jpeg(), threading.Barrier(8)
    told: list[object] = []

    def send(actor: Actor) -> None:
        gate.wait()
        try:
            told.append(keep(app, actor, photo)[0])
        except Exception as problem:
            told.append(problem)

    threads = [threading.Thread(target=send, args=(actor,)) for actor in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["stored"] * 8
    with app.app_context():
        assert db.session.scalar(select(func.count(PhotoContent.id))) == 1
        assert db.session.scalar(select(func.count(Photo.id))) == 8


def test_what_was_erased_stays_erased(app: App, phones: list[Actor]) -> None:
    photo = photo_maker.jpeg()
    keep(app, phones[0], photo)
    with app.app_context(), writing():
        content = db.session.scalars(select(PhotoContent)).one()
        content.state = "erased"
        key = f"{content.municipality_id}/original/{content.sha256[:2]}/{content.sha256[2:4]}/{content.sha256}"
    assert keep(app, phones[0], photo)[0] == "already"
    with app.app_context():
        assert not store.the_store().exists(key)


def test_a_lost_file_comes_back_with_the_next_try(app: App, phones: list[Actor]) -> None:
    photo = photo_maker.jpeg()
    with app.app_context():
        received = service.receive(phones[0], hashlib.sha256(photo).hexdigest(), io.BytesIO(photo), len(photo))
        store.the_store().remove(received.key)
    keep(app, phones[0], photo)
    with app.app_context():
        assert store.the_store().exists(received.key)


def test_a_full_disk_is_said_so(app: App, phones: list[Actor], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise store.StoreFull

    monkeypatch.setattr(store.FolderStore, "receive", full)
    with pytest.raises(Full) as refused:
        keep(app, phones[0], photo_maker.jpeg())
    assert (refused.value.status, refused.value.retry_after) == (507, 300)


def test_no_order_of_refusals_reads_more_than_it_must(app: App, phones: list[Actor]) -> None:
    class Untouched:
        def read(self, size: int, /) -> bytes:
            raise AssertionError("read although it was refused already")

    with app.app_context():
        for sha256, length in (("a" * 64, None), ("a" * 64, 26 << 20), ("zz", 10), ("a" * 64, 0)):
            with pytest.raises(Refusal):
                service.receive(phones[0], sha256, Untouched(), length)


def test_an_owner_and_a_person_send_photos_too(app: App, town: SimpleNamespace) -> None:
    owner = Actor("owner_link", town.municipality, organisation_id=town.organisation)
    with app.app_context(), writing():
        theirs = service.keep_upload(owner, photo_maker.jpeg())
        ours = service.keep_upload(town.coordinator, photo_maker.jpeg())
        assert (theirs.sender_kind, theirs.sender_id) == ("organisation", town.organisation)
        assert (ours.sender_kind, ours.sender_id) == ("person", town.coordinator.id)
        assert access.gets(owner, theirs)
        assert not access.gets(owner, ours)
        received = store.Received("", theirs.sha256, 1, "image/jpeg", None, None)
        with pytest.raises(NotAllowed, match="may_not_send"):
            service.keep(Actor("public", None), received)


def test_looking_holding_back_and_describing(app: App, town: SimpleNamespace, phones: list[Actor]) -> None:
    photo = keep(app, phones[0], photo_maker.jpeg())[1]
    with app.app_context(), writing():
        for stranger in (town.stranger, phones[1]):
            with pytest.raises(NotFound):
                service.look_at(stranger, photo)
        with pytest.raises(NotAllowed, match="may_not_look_at"):
            service.look_at(phones[0], photo)
        seen = service.look_at(town.coordinator, photo)
        assert (seen.seen_by_id, seen.held_back, seen.shown) == (town.coordinator.id, False, False)
        seen.content.state = "ready"
        assert seen.shown
        assert not service.hold_back(town.coordinator, photo).shown
        assert service.look_at(town.coordinator, photo).shown
        assert service.describe(town.coordinator, photo, "  En mörk gångväg ").alt == "En mörk gångväg"


def test_there_is_no_picture_before_it_is_developed(app: App, town: SimpleNamespace, phones: list[Actor]) -> None:
    photo = keep(app, phones[0], photo_maker.jpeg())[1]
    with app.app_context(), pytest.raises(NotFound):
        service.picture(town.coordinator, photo, "800")


def test_a_hash_that_is_not_the_bytes(app: App, phones: list[Actor]) -> None:
    with app.app_context(), pytest.raises(Invalid, match="hash_mismatch"):
        service.receive(phones[0], "a" * 64, io.BytesIO(photo_maker.jpeg()), len(photo_maker.jpeg()))
