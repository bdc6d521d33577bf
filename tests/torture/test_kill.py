"""kill -9: what was acknowledged is there, and no row is without its photo. The seed is printed, and can be given."""

import contextlib
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import make, photo_maker, servers
from tests.phones import body, receipt_digest, sha256
from tests.torture.fall_over import POINTS, holes
from walkapp.factory import create_app
from walkapp.kernel.db import db
from walkapp.kernel.transaction import App, writing
from walkapp.observations.models import Observation, ReceivedBody
from walkapp.photos import rules
from walkapp.photos.models import Photo
from walkapp.photos.store import the_store
from walkapp.walks.models import Walk

pytestmark = pytest.mark.torture
SEED = int(os.environ.get("WALKAPP_TORTURE_SEED") or time.time_ns() % 1_000_000)
FALLS = 60
KILLS = 6
ROOT = Path(__file__).parents[2]
SMALL = photo_maker.jpeg(width=64, height=48)


@dataclass
class Sender(threading.Thread):
    """A phone: freezes, sends, sends again until it is told; never sends what was acknowledged."""

    port: int
    walk: uuid.UUID
    code: str
    dice: random.Random
    stop: threading.Event
    gone: float = 90
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    acknowledged: dict[str, str] = field(default_factory=dict)
    photos: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    problem: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        try:
            joining = json.dumps({"token_sha256": sha256(self.token)}).encode()
            self.until_told(f"/api/walks/{self.walk}/participants/{self.id}", joining, f"Join {self.code}")
            while not self.stop.is_set():
                self.walk_on()
        except BaseException as problem:
            self.problem = problem

    def walk_on(self) -> None:
        photo = SMALL + self.dice.randbytes(self.dice.choice((10, 1000, 150_000)))
        one, listed = uuid.uuid4(), [{"sha256": sha256(photo), "bytes": len(photo)}]
        raw = body(self.walk, photos=listed, sequence=len(self.acknowledged))
        first, then = (self.tell, self.show) if self.dice.random() < 0.7 else (self.show, self.tell)
        first(one, raw, photo)
        then(one, raw, photo)

    def tell(self, one: uuid.UUID, raw: bytes, _: bytes) -> None:
        answer = self.until_told(f"/api/observations/{one}", raw)
        assert (answer["id"], answer["sha256"]) == (str(one), sha256(raw))
        self.acknowledged[str(one)] = answer["sha256"]

    def show(self, one: uuid.UUID, _: bytes, photo: bytes) -> None:
        answer = self.until_told(f"/api/observations/{one}/photos/{sha256(photo)}", photo)
        assert (answer["sha256"], answer["bytes"]) == (sha256(photo), len(photo))
        self.photos[answer["sha256"]] = answer["bytes"]

    def until_told(self, address: str, raw: bytes, authorization: str | None = None) -> dict[str, Any]:
        headers = {"Authorization": authorization or f"Bearer {self.id}.{self.token}"}
        deadline = time.monotonic() + self.gone
        while time.monotonic() < deadline:
            try:
                return self.put(address, raw, headers)
            except (OSError, http.client.HTTPException):
                self.retries += 1
                time.sleep(0.02)
        raise TimeoutError(address)

    def put(self, address: str, raw: bytes, headers: dict[str, str]) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("PUT", address, raw, headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status in (429, 503):
            raise OSError("later")
        assert answer.status in (200, 201), (answer.status, said)
        told: dict[str, Any] = json.loads(said)
        return told


@pytest.fixture
def instance(tmp_path: Path) -> tuple[App, uuid.UUID, str]:
    """An instance of its own, with a walk that is open."""
    app = create_app(instance_path=str(tmp_path))
    servers.migrate(app)
    with app.app_context(), writing():
        walk: Walk = make.walk(make.town())
        found = app, walk.id, walk.join_code
    with app.app_context():
        db.engine.dispose()
    return found


def nothing_is_lost(app: App, senders: list[Sender]) -> None:
    """Look at rows and files as the falls have left them."""
    with app.app_context():
        assert db.session.scalar(text("pragma integrity_check")) == "ok"
        assert db.session.execute(text("pragma foreign_key_check")).all() == []
        rows = {str(row.id): row for row in db.session.scalars(select(Observation)).unique()}
        bodies = {str(one.subject_id): one for one in db.session.scalars(select(ReceivedBody))}
        photos = {(row.sender_id, row.sha256): row for row in db.session.scalars(select(Photo))}
        for sender in senders:
            for one, said in sender.acknowledged.items():
                assert rows[one].participant_id == sender.id, "acknowledged, and not there"
                assert hashlib.sha256(bodies[one].body).hexdigest() == said
            for said in sender.photos:
                assert (sender.id, said) in photos, "acknowledged, and not there"
        for row in photos.values():
            with the_store().open(rules.original_key(str(row.municipality_id), row.sha256)) as file:
                assert hashlib.sha256(file.read()).hexdigest() == row.sha256, "a row without its photo"
        assert len(bodies) == len(rows), "received, and no row; or a row that nobody sent"
        assert sorted(row.number or 0 for row in rows.values()) == list(range(1, len(rows) + 1))
        db.engine.dispose()


def wait(process: subprocess.Popen[str], done: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert process.poll() is None, "the server's parent ended"
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.1)


def test_falling_between_photo_and_row_and_between_row_and_answer(
    instance: tuple[App, uuid.UUID, str], tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    app, walk, code = instance
    command = [sys.executable, "-m", "tests.torture.fall_over", str(tmp_path), str(SEED), str(FALLS)]
    environment = {**os.environ, "WALKAPP_LIMITS": "off"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env=environment) as parent:  # fmt: skip
        assert parent.stdout is not None
        port, stop = int(parent.stdout.readline().split()[-1]), threading.Event()
        senders = [Sender(port, walk, code, random.Random(SEED + place), stop) for place in range(3)]
        log = tmp_path / "falls"
        try:
            for sender in senders:
                sender.start()
            wait(parent, lambda: log.exists() and len(log.read_text().splitlines()) >= FALLS, 80)
            stop.set()
            for sender in senders:
                sender.join(20)
        finally:
            stop.set()
            parent.send_signal(signal.SIGTERM)
    assert [sender.problem for sender in senders] == [None] * 3
    falls = Counter(log.read_text().splitlines())
    assert falls == dict.fromkeys(POINTS, FALLS // len(POINTS))
    assert (tmp_path / "holes").read_text() == "", "a row without its photo"
    sent = sum(len(sender.acknowledged) for sender in senders)
    print(f"{sum(falls.values())} falls, {sent} observations, {sum(sender.retries for sender in senders)} tries again")
    assert sent >= 20
    nothing_is_lost(app, senders)


def test_killing_the_real_server_at_random_under_four_phones(
    instance: tuple[App, uuid.UUID, str], tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    app, walk, code = instance
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dice, stop = random.Random(SEED), threading.Event()
    senders = [Sender(port, walk, code, random.Random(SEED + 10 + place), stop) for place in range(4)]
    for sender in senders:
        sender.start()
    server = serve(tmp_path, port)
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.2, 1.2))
            kill(server)
            assert holes(tmp_path) == [], "a row without its photo"
            server = serve(tmp_path, port)
        stop.set()
        for sender in senders:
            sender.join(30)
        assert [sender.problem for sender in senders] == [None] * 4
        receipts_agree(port, walk, senders)
    finally:
        stop.set()
        kill(server)
    sent = sum(len(sender.acknowledged) for sender in senders)
    print(f"{KILLS} kills, {sent} observations, {sum(sender.retries for sender in senders)} tries again")
    assert sent >= 20
    nothing_is_lost(app, senders)


def receipts_agree(port: int, walk: uuid.UUID, senders: list[Sender]) -> None:
    """The server's receipt equals what each phone knows by itself."""
    for sender in senders:
        asked = {
            "observations": [{"id": one, "revision": 1} for one in sender.acknowledged],
            "photos": list(sender.photos),
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Authorization": f"Bearer {sender.id}.{sender.token}"}
        connection.request("POST", f"/api/walks/{walk}/receipt", json.dumps(asked), headers)
        told = json.loads(connection.getresponse().read())
        connection.close()
        lines = [f"o {one} 1 {said}" for one, said in sender.acknowledged.items()]
        assert told["digest"] == receipt_digest(lines + [f"p {said} {size}" for said, size in sender.photos.items()])


def serve(folder: Path, port: int) -> subprocess.Popen[str]:
    """Start `walkapp serve` and wait until it says that it listens."""
    environment = {**os.environ, "WALKAPP_INSTANCE_PATH": str(folder), "WALKAPP_LIMITS": "off"}
    environment.pop("WALKAPP_DATABASE_URL", None)
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("walkapp")), "serve", "--port", str(port)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("listening on")
    return process


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9, all of it at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()
