"""Receiving on both databases: whatever gets lost or comes twice, the same rows and numbers without gaps."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import make
from tests.phones import receipt_code, receipt_digest
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Refusal
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.transaction import App, writing
from walkapp.kernel.wire import read
from walkapp.observations import queries, service, wire
from walkapp.observations.models import Observation, ReceivedBody
from walkapp.walks import service as walks
from walkapp.walks.models import Participant, Walk


@dataclass
class Carrier:
    """A phone without a wire: its bodies go straight to the service."""

    app: App
    actor: Actor
    answers: list[service.Outcome] = field(default_factory=list)

    def body(self, **over: Any) -> bytes:
        values = {
            "walk": str(self.actor.walk_id),
            "revision": 1,
            "kind": "deficiency",
            "text": "Mörkt.",
            "made_at": "2026-10-29T17:04:11+01:00",
            "sequence": 1,
            "photos": [],
        }
        return json.dumps({**values, **over}).encode()

    def send(self, subject: uuid.UUID, raw: bytes) -> service.Outcome:
        with self.app.app_context(), writing():
            return service.receive(self.actor, service.Sent(subject, raw), read(wire.Observation, raw).to_input())


@pytest.fixture
def carriers(app: App, town: SimpleNamespace) -> Callable[[int], list[Carrier]]:
    """Phones on a fresh walk."""

    def join(count: int) -> list[Carrier]:
        with app.app_context(), writing():
            walk = make.walk(town)
            return [Carrier(app, make.phone(make.participant(walk))) for _ in range(count)]

    return join


def rows(app: App, walk_id: uuid.UUID | None) -> dict[uuid.UUID, Observation]:
    with app.app_context():
        found = db.session.scalars(select(Observation).where(Observation.walk_id == walk_id)).unique().all()
        db.session.expunge_all()
        return {row.id: row for row in found}


# --- whatever gets lost or comes twice ----------------------------------------------------------------------------

STEP = st.sampled_from(["sent", "lost on the way", "answer lost", "sent twice", "an old one again"])
SCRIPT = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["new", "edit", "edit", "withdraw"]), STEP, st.integers(0, 9)),
    min_size=1,
    max_size=14,
)


@dataclass
class Story:
    """What a phone has seen, what it was told, and every body it has frozen."""

    carrier: Carrier
    newest: list[tuple[uuid.UUID, int, str, bool]] = field(default_factory=list)
    frozen: list[tuple[uuid.UUID, bytes]] = field(default_factory=list)
    unanswered: list[tuple[uuid.UUID, bytes]] = field(default_factory=list)

    def act(self, what: str, step: str, pick: int) -> None:
        self.settle_if_needed(what, pick)
        if what == "new" or not self.newest:
            self.newest.append((uuid.uuid4(), 1, f"text {len(self.frozen)}", False))
            subject, base = len(self.newest) - 1, None
        else:
            subject = pick % len(self.newest)
            one, base, _, _ = self.newest[subject]
            self.newest[subject] = (one, base + 1 + pick % 2, f"text {len(self.frozen)}", what == "withdraw")
        one, revision, text, withdrawn = self.newest[subject]
        raw = self.carrier.body(revision=revision, base_revision=base, text=text, withdrawn=withdrawn)
        self.frozen.append((one, raw))
        self.unanswered.append((one, raw))
        self.deliver(step, pick)

    def settle_if_needed(self, what: str, pick: int) -> None:
        # an edit is made on what was acknowledged: what waits for an answer is sent first
        if what != "new":
            self.settle()

    def deliver(self, step: str, pick: int) -> None:
        letter = self.unanswered[-1]
        if step == "lost on the way":
            return
        self.carrier.send(*letter)
        if step == "answer lost":
            return
        self.unanswered.pop()
        if step == "sent twice":
            assert self.carrier.send(*letter).word == "already"
        if step == "an old one again":
            assert self.carrier.send(*self.frozen[pick % len(self.frozen)]).word in ("already", "stored")

    def settle(self) -> None:
        while self.unanswered:
            assert self.carrier.send(*self.unanswered.pop(0)).word in ("stored", "already", "superseded")


@given(script=SCRIPT)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_interleaving_gives_the_same_rows_and_numbers_without_gaps(
    app: App, carriers: Callable[[int], list[Carrier]], script: list[tuple[int, str, str, int]]
) -> None:
    stories = [Story(carrier) for carrier in carriers(2)]
    for who, what, step, pick in script:
        stories[who].act(what, step, pick)
    for story in stories:
        story.settle()
        for letter in story.frozen:
            assert story.carrier.send(*letter).word in ("already", "superseded")
    found = rows(app, stories[0].carrier.actor.walk_id)
    told = {one: (revision, text, withdrawn) for story in stories for one, revision, text, withdrawn in story.newest}
    assert {one: (row.revision, row.text, row.withdrawn) for one, row in found.items()} == told
    assert sorted(row.number or 0 for row in found.values()) == list(range(1, len(told) + 1))
    with app.app_context():
        for story in stories:
            mine = ReceivedBody.participant_id == story.carrier.actor.id
            kept = db.session.execute(select(ReceivedBody.subject_id, ReceivedBody.body).where(mine)).all()
            assert sorted((str(one), bytes(raw)) for one, raw in kept) == sorted(
                (str(one), raw) for one, raw in story.frozen
            )


# --- eight at once ------------------------------------------------------------------------------------------------


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads that start together; return what each gave or raised."""
    gate, told = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int) -> None:
        gate.wait()
        try:
            told[place] = jobs[place]()
        except Exception as problem:
            told[place] = problem  # type: ignore[assignment]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_eight_tries_of_one_letter_are_stored_once(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    [carrier] = carriers(1)
    for _ in range(3):
        letter = (uuid.uuid4(), carrier.body())
        told = at_once([lambda letter=letter: carrier.send(*letter)] * 8)
        assert sorted(outcome.word for outcome in told) == ["already"] * 7 + ["stored"]
        assert len({outcome.number for outcome in told}) == 1
    assert len(rows(app, carrier.actor.walk_id)) == 3


def test_eight_phones_at_once_leave_no_gap(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    phones = carriers(8)

    def walk(phone: Carrier) -> list[int | None]:
        return [phone.send(uuid.uuid4(), phone.body(sequence=turn)).number for turn in range(5)]

    told = at_once([lambda phone=phone: walk(phone) for phone in phones])
    assert all(isinstance(numbers, list) for numbers in told), told
    assert sorted(number for numbers in told for number in numbers) == list(range(1, 41))


def test_eight_edits_of_one_revision_leave_one_standing(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    [carrier] = carriers(1)
    one = uuid.uuid4()
    carrier.send(one, carrier.body())
    edits = [carrier.body(revision=2, base_revision=1, text=f"nr {place}") for place in range(8)]
    told = at_once([lambda raw=raw: carrier.send(one, raw) for raw in edits])
    assert sorted(outcome.word for outcome in told) == ["conflict"] * 7 + ["stored"]
    assert {outcome.current for outcome in told} == {2}
    with app.app_context():
        kept = db.session.scalar(select(func.count(ReceivedBody.id)).where(ReceivedBody.subject_id == one))
    assert kept == 9


def test_one_id_from_eight_phones_belongs_to_one(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    phones, one = carriers(8), uuid.uuid4()
    told = at_once([lambda phone=phone: phone.send(one, phone.body()) for phone in phones])
    stored = [outcome for outcome in told if isinstance(outcome, service.Outcome)]
    assert [outcome.word for outcome in stored] == ["stored"]
    owner = rows(app, phones[0].actor.walk_id)[one].participant_id
    for phone in phones:
        if phone.actor.id == owner:
            assert phone.send(one, phone.body()).word == "already"
        else:
            with pytest.raises(Conflict, match="id_taken"):
                phone.send(one, phone.body())
    assert [row.number for row in rows(app, phones[0].actor.walk_id).values()] == [1]


def test_eight_joins_of_one_phone(app: App, town: SimpleNamespace) -> None:
    with app.app_context(), writing():
        walk = make.walk(town)
        walk_id, code = walk.id, walk.join_code
    who = uuid.uuid4()

    def join() -> str:
        with app.app_context(), writing():
            joining = walks.Joining(who, code, "a" * 64, "Kim")
            return walks.join(Actor("public", None), walk_id, joining).word

    told = at_once([join] * 8)
    assert sorted(told) == ["already"] * 7 + ["joined"]
    assert join() == "already"
    with app.app_context():
        assert db.session.scalar(select(func.count(Participant.id)).where(Participant.walk_id == walk_id)) == 1


# --- the rest, on both databases ----------------------------------------------------------------------------------


def test_a_refused_body_leaves_nothing(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    [carrier] = carriers(1)
    with pytest.raises(Refusal):
        carrier.send(uuid.uuid4(), carrier.body(walk=str(uuid.uuid4())))
    carrier.send(uuid.uuid4(), carrier.body())
    assert [row.number for row in rows(app, carrier.actor.walk_id).values()] == [1]


def test_the_journal_tells_what_came(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    [carrier] = carriers(1)
    one = uuid.uuid4()
    for over in ({}, {}, {"text": "x"}, {"revision": 3, "base_revision": 1}, {"revision": 2, "base_revision": 1},
                 {"revision": 4, "base_revision": 3, "withdrawn": True}):  # fmt: skip
        carrier.send(one, carrier.body(**over))
    with app.app_context():
        events = db.session.scalars(
            select(JournalEntry.event).where(JournalEntry.subject_id == one).order_by(JournalEntry.id)
        ).all()
    assert events == [f"observation.{word}" for word in ("received", "conflicted", "revised", "withdrawn")]


def test_texts_that_a_database_might_not_take(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    [carrier] = carriers(1)
    one = uuid.uuid4()
    carrier.send(one, carrier.body(text="\x00 \ud83c 🌒 å"))
    assert rows(app, carrier.actor.walk_id)[one].text == "\ufffd \ufffd 🌒 å"


def test_the_receipt_agrees_with_what_the_phone_knows(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    phone, other = carriers(2)
    letters = [(uuid.uuid4(), phone.body(sequence=turn)) for turn in range(5)]
    outcomes = [phone.send(*letter) for letter in letters]
    theirs = uuid.uuid4()
    other.send(theirs, other.body())
    with app.app_context(), writing():
        seen = db.session.get_one(Observation, letters[0][0])
        photo = make.photo(seen)
        sha256, size = photo.sha256, photo.content.bytes
    asked = queries.Asked(
        frozenset(queries.Revision(one, 1) for one, _ in letters), frozenset({sha256}), frozenset(), frozenset()
    )
    with app.app_context(), writing():
        walk_id = phone.actor.walk_id
        assert walk_id is not None
        receipt = service.settle_receipt(phone.actor, walk_id, asked)
    lines = [f"o {outcome.id} 1 {outcome.sha256}" for outcome in outcomes] + [f"p {sha256} {size}"]
    assert receipt.digest == receipt_digest(lines)
    with app.app_context():
        assert db.session.get_one(Participant, phone.actor.id).receipt_code == receipt_code(receipt.digest or "")
        stolen = queries.receipt(phone.actor, queries.Asked(frozenset({queries.Revision(theirs, 1)})))
    assert (stolen.digest, len(stolen.missing.observations)) == (None, 1)


def test_changes_are_read_with_few_questions(app: App, carriers: Callable[[int], list[Carrier]]) -> None:
    phone, other = carriers(2)
    for carrier in (phone, other):
        for _ in range(5):
            carrier.send(uuid.uuid4(), carrier.body())
    with app.app_context(), writing():
        db.session.get_one(Walk, phone.actor.walk_id).shows_others = True
    with app.app_context():
        told = queries.changes(phone.actor, db.session.get_one(Walk, phone.actor.walk_id))
    assert (len(told["own"]), len(told["others"])) == (5, 5)
