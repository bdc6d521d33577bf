"""What the desk reads of walks, on both databases."""

from datetime import timedelta

import pytest

from tests import make
from walkapp.kernel import clock
from walkapp.kernel.actor import PUBLIC
from walkapp.kernel.transaction import writing
from walkapp.people.queries import roles_of
from walkapp.people.service import grant
from walkapp.walks import queries
from walkapp.walks.models import ParticipantName


@pytest.fixture
def inside(app, town):
    with app.app_context(), writing():
        yield


def test_what_is_to_come_stands_first_soonest_first(inside, town):
    today = clock.today()
    for name, days, state in [("B", 20, "planned"), ("A", 5, "invited"), ("C", -40, "closed"), ("D", -3, "archived")]:
        make.walk(town, name=name, day=today + timedelta(days=days), state=state)
    make.walk(town, name="E", day=today + timedelta(days=1), state="cancelled")
    assert [row.name for row in queries.listed(town.coordinator)] == ["A", "B", "E", "D", "C"]
    assert [row.name for row in queries.listed(town.coordinator, "closed")] == ["C"]


def test_a_row_tells_leader_stops_and_phones(inside, town):
    walk = make.walk(town)
    make.participant(walk)
    (row,) = queries.listed(town.coordinator)
    assert (row.leader, row.area, row.stops, row.phones, row.coming) == ("Walk Leader", "Centrum", 3, 1, 0)


def test_drafts_are_seen_by_their_makers(inside, town):
    draft = make.walk(town, state="draft", opened_at=None)
    assert [row.id for row in queries.listed(town.coordinator)] == [draft.id]
    for who in (town.member, town.leader, town.stranger, PUBLIC):
        assert queries.listed(who) == []


def test_a_leader_of_a_draft_sees_it(inside, town):
    from walkapp.kernel.db import db
    from walkapp.people.models import Person

    draft = make.walk(town, state="draft", opened_at=None)
    grant(town.coordinator, db.session.get_one(Person, town.leader.id), "walk_leader", walk_id=draft.id)
    leader = make.Actor("person", town.municipality, town.leader.id, roles_of(town.leader.id))
    assert [row.id for row in queries.listed(leader)] == [draft.id]


def test_phones_that_still_hold_something_stand_first(inside, town):
    walk = make.walk(town)
    now = clock.now()

    def joined(minutes, heard, **over):
        return make.participant(
            walk, joined_at=now - timedelta(minutes=minutes), last_contact_at=now - timedelta(minutes=heard), **over
        )

    calm = joined(40, 1)
    silent = joined(39, 30)
    full = joined(38, 1, waiting_observations=2, waiting_photos=1)
    done = joined(37, 30, receipt_code="ABCD-2345", receipt_at=now)
    gone = joined(36, 1, revoked_at=now, waiting_observations=9)
    make.keep(ParticipantName(participant_id=calm.id, municipality_id=walk.municipality_id, name="Åsa"))
    phones = queries.phones(town.coordinator, walk)
    assert [phone.id for phone in phones] == [full.id, silent.id, calm.id, done.id, gone.id]
    assert [(phone.number, phone.waiting, phone.silent) for phone in phones[:4]] == [
        (3, 3, False),
        (2, 0, True),
        (1, 0, False),
        (4, 0, False),
    ]
    assert phones[2].name == "Åsa"
    assert queries.phones(town.member, walk) == []


def test_the_spoken_code_finds_walks_that_one_is_invited_to(inside, town):
    for state, found in [("draft", False), ("planned", False), ("invited", True), ("open", True), ("cancelled", False)]:
        walk = make.walk(town, state=state, join_code=f"ABCD-{state[:4].upper()}")
        assert (queries.by_spoken_code(walk.join_code) is not None) is found
    assert queries.by_spoken_code(None) is None


def test_joining_ends_a_day_after_closing(inside, town):
    now = clock.now()
    closed = make.walk(town, state="closed", closed_at=now - timedelta(hours=23))
    assert queries.can_be_joined(closed)
    closed.closed_at = now - timedelta(hours=25)
    assert not queries.can_be_joined(closed)
    paused = make.walk(town, join_paused=True)
    assert not queries.can_be_joined(paused)


def test_the_next_walk_to_join_is_the_soonest_of_the_municipality(inside, town):
    day = clock.today() + timedelta(days=2)
    make.walk(town, state="planned", day=day)
    later = make.walk(town, state="invited", day=day + timedelta(days=1))
    assert queries.joinable(municipality_id=town.municipality).id == later.id
    sooner = make.walk(town, state="open", day=day)
    assert queries.joinable().id == sooner.id
    assert queries.joinable(municipality_id=town.elsewhere) is None
    sooner.ends_at = clock.now() - timedelta(hours=3)
    sooner.starts_at = sooner.ends_at - timedelta(hours=2)
    assert queries.joinable().id == sooner.id, "it is open, whatever the clock says"
    assert queries.join_address("https://x.example", sooner) == (
        f"https://x.example/field/join#w={sooner.id}&k={sooner.join_code}"
    )
