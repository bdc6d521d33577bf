"""What follows when a photo has come: derivatives, or quarantine after two tries."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import make, photo_maker
from walkapp.kernel import queue
from walkapp.kernel.db import db
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.queue import Job
from walkapp.kernel.transaction import App, writing
from walkapp.photos import jobs, service
from walkapp.photos.image import BadImage, DarkRoomGone, Developed
from walkapp.photos.models import PhotoContent
from walkapp.photos.store import the_store


class Room:
    """A dark room that does what it is told, in turn."""

    def __init__(self, *fates: Exception | Developed) -> None:
        self.fates = list(fates)
        self.tries = 0

    def develop(self, original: int) -> Developed:
        self.tries += 1
        fate = self.fates[min(self.tries, len(self.fates)) - 1]
        if isinstance(fate, Exception):
            raise fate
        return fate


@pytest.fixture
def sent(app: App, town: SimpleNamespace) -> Callable[[bytes], None]:
    """Send a photo from a phone."""

    def send(data: bytes) -> None:
        with app.app_context(), writing():
            service.keep_upload(make.phone(make.participant(make.walk(town))), data)

    return send


@pytest.fixture
def room(app: App, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Room]:
    """Put another dark room in the place of the real one."""

    def build(*fates: Exception | Developed) -> Room:
        made = Room(*fates)
        monkeypatch.setattr(jobs, "dark_room", lambda: made)
        return made

    return build


def content(app: App) -> PhotoContent:
    with app.app_context():
        found = db.session.scalars(select(PhotoContent)).one()
        db.session.expunge(found)
        return found


def test_a_photo_is_developed_by_the_real_room(app: App, sent: Callable[[bytes], None]) -> None:
    sent(photo_maker.jpeg(orientation=8))
    try:
        assert queue.drain(app) == 1
        found = content(app)
        assert (found.state, found.reason) == ("ready", None)
        assert found.width is not None
        with app.app_context():
            todo = jobs.queries.Undeveloped(found.id, found.municipality_id, found.sha256)
            for size in (1600, 800, 320):
                with the_store().open(todo.derivative_key(size)) as made:
                    assert photo_maker.is_upright(made.read())
    finally:
        jobs.dark_room().close()
        jobs.dark_room.cache_clear()


GOOD = Developed(640, 480, {1600: b"a", 800: b"b", 320: b"c"})


@pytest.mark.parametrize(
    ("fates", "state", "tries"),
    [
        ([GOOD], "ready", 1),
        ([BadImage("memory"), GOOD], "ready", 2),
        ([BadImage("late"), BadImage("late"), GOOD], "quarantined", 2),
        ([BadImage("broken"), GOOD], "quarantined", 1),
    ],
)
def test_two_tries(
    app: App,
    sent: Callable[[bytes], None],
    room: Callable[..., Room],
    fates: list[Exception | Developed],
    state: str,
    tries: int,
) -> None:
    made = room(*fates)
    sent(photo_maker.plain_jpeg())
    assert queue.drain(app) == 1
    assert (content(app).state, made.tries) == (state, tries)
    with app.app_context():
        events = set(db.session.scalars(select(JournalEntry.event)))
    assert ("photo.quarantined" in events) is (state == "quarantined")


def test_a_room_that_does_not_answer_blames_no_photo(
    app: App, sent: Callable[[bytes], None], room: Callable[..., Room]
) -> None:
    room(DarkRoomGone("gone"))
    sent(photo_maker.plain_jpeg())
    queue.drain(app)
    assert content(app).state == "received"
    with app.app_context():
        job = db.session.scalars(select(Job)).one()
        assert (job.state, job.attempts) == ("ready", 1)
        assert job.run_at > job.lease_until if job.lease_until else True


def test_a_handler_that_runs_twice_does_it_once(
    app: App, sent: Callable[[bytes], None], room: Callable[..., Room]
) -> None:
    made = room(GOOD)
    sent(photo_maker.plain_jpeg())
    queue.drain(app)
    with app.app_context(), writing():
        job = db.session.scalars(select(Job)).one()
        job.state = "ready"
    queue.drain(app)
    assert made.tries == 1
