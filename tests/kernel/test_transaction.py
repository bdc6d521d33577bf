"""One commit per request, the answer only after it; the line of writers is fair."""

import threading
import time

import pytest
from flask import Blueprint
from sqlalchemy import func, select, text

from walkapp.kernel.db import db, wal_is_safe
from walkapp.kernel.errors import Invalid
from walkapp.kernel.installation import Installation
from walkapp.kernel.series import Series, next_number
from walkapp.kernel.transaction import Pen, keep_although_refused, own_transaction, writing


def count(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Series))


@pytest.fixture
def doors(app, town):
    """Doors that write and then answer, refuse, break, or hold on to what they wrote."""
    bp = Blueprint("trial", __name__)

    def write():
        next_number(town.municipality, town.council, "trial")

    @bp.post("/trial/ok")
    def ok():
        write()
        return "", 201

    @bp.post("/trial/refused")
    def refused():
        write()
        raise Invalid("invalid", field="x")

    @bp.post("/trial/returned")
    def returned():
        write()
        return "", 422

    @bp.post("/trial/kept")
    def kept():
        write()
        keep_although_refused()
        return "", 409

    @bp.post("/trial/broken")
    def broken():
        write()
        raise RuntimeError

    @bp.post("/trial/commit")
    def commit():
        write()
        db.session.execute(text("pragma defer_foreign_keys=on"))
        db.session.execute(
            text(
                "insert into stop (id, municipality_id, walk_id, position, name, questions) values ('x', 'x', 'x', 1, 'x', '[]')"
            )
        )
        return "", 201

    @bp.get("/trial/read")
    def read():
        write()
        return ""

    @bp.post("/trial/own")
    @own_transaction
    def own():
        with writing():
            write()
        return "", 201

    app.register_blueprint(bp)
    app.config["PROPAGATE_BUGS"] = False
    return app.test_client()


@pytest.mark.parametrize(
    ("door", "status", "rows"),
    [
        ("ok", 201, 1),
        ("own", 201, 1),
        ("refused", 422, 0),
        ("returned", 422, 0),
        ("kept", 409, 1),
        ("broken", 500, 0),
        ("commit", 409, 0),
    ],
)
def test_only_an_accepted_change_stays(app, doors, door, status, rows):
    assert doors.post(f"/trial/{door}").status_code == status
    assert count(app) == rows


def test_a_read_leaves_nothing(app, doors):
    doors.get("/trial/read")
    assert count(app) == 0


def test_writers_are_served_in_order(tmp_path):
    pen, served, ready = Pen(tmp_path / "pen"), [], threading.Event()

    def writer(number):
        with pen:
            served.append(number)

    threads = []
    with pen:
        for number in range(12):
            thread = threading.Thread(target=writer, args=(number,))
            thread.start()
            threads.append(thread)
            while len(pen.line) < number + 1:
                time.sleep(0.001)
        ready.set()
    for thread in threads:
        thread.join()
    assert served == list(range(12))


def test_sixteen_threads_lose_no_number(app, town):
    def add():
        with app.app_context():
            for _ in range(10):
                with writing():
                    next_number(town.municipality, town.council, "trial")

    threads = [threading.Thread(target=add) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalar(select(Series.last)) == 160


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((3, 44, 6), True),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
    ],
)
def test_an_unsafe_sqlite_is_refused(version, safe):
    assert wal_is_safe(version) is safe


def test_the_database_is_durable_and_knows_itself(app):
    with app.app_context():
        assert db.session.scalar(text("pragma journal_mode")) == "wal"
        assert db.session.scalar(text("pragma synchronous")) == 2
        assert db.session.scalar(text("pragma foreign_keys")) == 1
        assert db.session.scalar(select(Installation.server_id))
