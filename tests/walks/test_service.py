"""Planning, inviting and leading a walk, on both databases."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from tests import make
from walkapp.kernel import clock
from walkapp.kernel.actor import PUBLIC
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from walkapp.kernel.geo import Point
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.transaction import writing
from walkapp.people.queries import roles_of
from walkapp.walks import queries, service
from walkapp.walks.models import Area, Invitation
from walkapp.walks.service import Details, GroupPlan, Guest, StopPlan


@pytest.fixture
def inside(app, town):
    with app.app_context(), writing():
        yield


@pytest.fixture
def details(town):
    day = clock.today() + timedelta(days=10)
    return Details(
        name="Nytorget–resecentrum",
        starts_at=clock.at(day, time(16, 0)),
        ends_at=clock.at(day, time(18, 0)),
        meeting=Point(59.3951, 15.8378),
        meeting_point="Nytorget",
        leader_id=town.leader.id,
        area_name="Centrum",
        area_shape=make.SQUARE,
        route=make.ROUTE,
    )


@pytest.fixture
def draft(inside, town, details):
    return service.create(town.coordinator, details)


@pytest.fixture
def invited(draft, town):
    service.plan(town.coordinator, draft.id)
    service.add_guests(town.coordinator, draft.id, [Guest("Kommunpolis", "Polisen", "polis@example.org")])
    service.invite(town.coordinator, draft.id)
    return draft


def events(name):
    return db.session.scalars(select(JournalEntry).where(JournalEntry.event == name).order_by(JournalEntry.id)).all()


def test_a_walk_begins_as_a_draft_with_its_own_code(draft):
    assert draft.state == "draft"
    assert len(draft.join_code) == 9
    assert draft.area.name == "Centrum"
    assert draft.meeting_place == Point(59.3951, 15.8378)


@pytest.mark.parametrize("who", ["leader", "member", "owner_contact", "administrator"])
def test_only_the_coordinator_begins_a_walk(inside, town, details, who):
    with pytest.raises(NotAllowed, match=r"walk\.may_not_create"):
        service.create(getattr(town, who), details)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"name": " "}, "walk.bad_name"),
        ({"name": "A\r\nBcc: x@y.se"}, "walk.bad_name"),
        ({"type": "stroll"}, "walk.no_such_type"),
        ({"theme": "ghosts"}, "walk.no_such_theme"),
    ],
)
def test_what_does_not_add_up_is_refused(inside, town, details, over, code):
    with pytest.raises(Invalid, match=code):
        service.create(town.coordinator, replace(details, **over))


def test_a_walk_ends_after_it_begins(inside, town, details):
    with pytest.raises(Invalid, match=r"walk\.ends_before_it_begins"):
        service.create(town.coordinator, replace(details, ends_at=details.starts_at))


def test_a_leader_comes_from_the_municipality(inside, town, details):
    with pytest.raises(Invalid, match=r"walk\.no_such_leader"):
        service.create(town.coordinator, replace(details, leader_id=town.stranger.id))


def test_who_leads_gets_the_role_for_this_walk_and_loses_it_again(draft, town, details):
    def leads(actor):
        return any(role.walk_id == draft.id for role in roles_of(actor.id))

    assert leads(town.leader)
    service.set_groups(town.coordinator, draft.id, [GroupPlan("A", town.member.id)])
    service.change(town.coordinator, draft.id, replace(details, leader_id=town.secretary.id))
    assert (leads(town.leader), leads(town.member), leads(town.secretary)) == (False, True, True)
    service.set_groups(town.coordinator, draft.id, [])
    assert not leads(town.member)


def test_an_area_that_was_walked_before_keeps_its_shape(draft, town, details):
    other = service.create(
        town.coordinator, replace(details, name="Igen", area_id=draft.area_id, area_name=None, area_shape=None)
    )
    assert other.area_id == draft.area_id
    bigger = {"type": "Polygon", "coordinates": [[[15.8, 59.3], [15.9, 59.3], [15.9, 59.4], [15.8, 59.3]]]}
    service.change(town.coordinator, other.id, replace(details, name="Igen", area_shape=bigger))
    assert other.area_id != draft.area_id
    assert (draft.area.shape, other.area.shape) == (make.SQUARE, bigger)


def test_another_municipalitys_area_is_not_there(inside, town, details):
    foreign = make.keep(Area(municipality_id=town.elsewhere, name="Bortom", shape=None, reason=None))
    with pytest.raises(NotFound, match=r"area\.not_found"):
        service.create(town.coordinator, replace(details, area_id=foreign.id))


def test_stops_keep_their_ids_when_they_change_places(draft, town):
    a, b = service.set_stops(town.coordinator, draft.id, [StopPlan("A"), StopPlan("B", 59.1, 15.1, ("Hur?",))])
    service.set_stops(
        town.coordinator, draft.id, [StopPlan("B2", 59.1, 15.1, ("Hur?", " "), b.id), StopPlan("A", id=a.id)]
    )
    db.session.expire(draft)
    assert [(s.id, s.name, s.position, s.questions) for s in draft.stops] == [
        (b.id, "B2", 1, ["Hur?"]),
        (a.id, "A", 2, []),
    ]
    service.set_stops(town.coordinator, draft.id, [StopPlan("A", id=a.id)])
    db.session.expire(draft)
    assert [stop.id for stop in draft.stops] == [a.id]


def test_a_stop_of_another_walk_is_not_moved_here(draft, town):
    other = make.walk(town)
    theirs = other.stops[0]
    (mine,) = service.set_stops(town.coordinator, draft.id, [StopPlan("Taget", id=theirs.id)])
    assert mine.id != theirs.id
    assert theirs.walk_id == other.id


@pytest.mark.parametrize("stops", [[StopPlan(" ")], [StopPlan("x" * 121)], [StopPlan("x")] * 41])
def test_stops_have_names_and_an_end(draft, town, stops):
    with pytest.raises(Invalid):
        service.set_stops(town.coordinator, draft.id, stops)


def test_a_plan_needs_area_and_leader(inside, town, details):
    bare = service.create(
        town.coordinator, replace(details, leader_id=None, area_name=None, area_shape=None, area_id=None)
    )
    with pytest.raises(Conflict, match=r"walk\.not_ready_to_plan") as no:
        service.plan(town.coordinator, bare.id)
    assert no.value.facts["missing"] == ["area", "leader"]
    service.change(town.coordinator, bare.id, details)
    assert service.plan(town.coordinator, bare.id).state == "planned"


def test_a_leader_plans_and_opens_but_does_not_cancel(draft, town):
    leader = make.Actor("person", town.municipality, town.leader.id, roles_of(town.leader.id))
    service.plan(leader, draft.id)
    with pytest.raises(NotAllowed, match=r"walk\.may_not_coordinate"):
        service.cancel(leader, draft.id, "Regn")
    service.begin(leader, draft.id, free=True)
    assert service.close(leader, draft.id).state == "closed"


def test_opening_needs_a_stop_or_the_word_that_it_walks_freely(draft, town):
    service.plan(town.coordinator, draft.id)
    with pytest.raises(Conflict, match=r"walk\.not_ready_to_open"):
        service.begin(town.coordinator, draft.id)
    service.set_stops(town.coordinator, draft.id, [StopPlan("Nytorget")])
    walk = service.begin(town.coordinator, draft.id)
    assert (walk.state, walk.opened_at is not None) == ("open", True)


def test_a_draft_is_not_opened_even_with_stops(draft, town):
    service.set_stops(town.coordinator, draft.id, [StopPlan("Nytorget")])
    with pytest.raises(Conflict, match=r"walk\.cannot_open"):
        service.begin(town.coordinator, draft.id)


def test_a_closed_walk_is_opened_again_and_reviewed(draft, town):
    service.plan(town.coordinator, draft.id)
    first = service.begin(town.coordinator, draft.id, free=True).opened_at
    assert service.close(town.coordinator, draft.id).closed_at is not None
    again = service.begin(town.coordinator, draft.id, free=True)
    assert (again.opened_at, again.closed_at) == (first, None)
    service.close(town.coordinator, draft.id)
    assert service.begin_review(town.coordinator, draft.id).state == "reviewing"
    assert service.begin_review(town.coordinator, draft.id).state == "reviewing"
    assert service.advance(town.coordinator, draft.id, "minute").state == "minuted"
    with pytest.raises(Conflict, match=r"walk\.cannot_change"):
        service.set_stops(town.coordinator, draft.id, [])


def test_a_walk_is_published_from_its_review_on(draft, town):
    with pytest.raises(Conflict, match=r"walk\.cannot_publish"):
        service.publish(town.coordinator, draft.id)
    reviewed = make.walk(town, state="reviewing")
    assert service.publish(town.coordinator, reviewed.id).published_at
    assert [row.id for row in queries.listed(PUBLIC)] == [reviewed.id]
    service.unpublish(town.coordinator, reviewed.id)
    assert queries.listed(PUBLIC) == []


def test_invitations_are_sent_once_and_to_nobody_twice(draft, town):
    service.plan(town.coordinator, draft.id)
    guests = [Guest("Kommunpolis", "P", "p@example.org"), Guest("Boende", "", "P@Example.org")]
    assert len(service.add_guests(town.coordinator, draft.id, guests)) == 1
    assert events("invitation.sent") == []
    assert len(service.invite(town.coordinator, draft.id)) == 1
    assert service.invite(town.coordinator, draft.id) == []
    assert draft.state == "invited"
    assert [entry.facts["sequence"] for entry in events("invitation.sent")] == [0]


@pytest.mark.parametrize(
    "guest",
    [
        Guest("Polis", "P", "not an address"),
        Guest("Polis", "P\r\nBcc: x@y.se", "p@example.org"),
        Guest("Polis\nX: y", "P", "p@example.org"),
        Guest(" ", "P", "p@example.org"),
        Guest("Polis", "P", "p@example.org\r\nBcc: x@y.se"),
    ],
)
def test_a_guest_that_could_end_a_header_is_refused(draft, town, guest):
    with pytest.raises(Invalid):
        service.add_guests(town.coordinator, draft.id, [guest])


def test_the_sequence_grows_and_reminders_go_to_the_silent(invited, town):
    (row,) = service.send_again(town.coordinator, invited.id, to_everyone=False)
    assert (row.sequence, row.state) == (1, "sent")
    row.token_sha256 = service.hashed("t")
    service.answer_invitation("t", "yes")
    assert service.send_again(town.coordinator, invited.id, to_everyone=False) == []
    assert [r.sequence for r in service.send_again(town.coordinator, invited.id, to_everyone=True)] == [2]


def test_an_answer_can_be_changed_until_the_walk_is_over(invited, town):
    row = db.session.scalar(select(Invitation))
    service.keep_token(row, "t")
    assert service.answer_invitation("t", "yes").state == "yes"
    assert service.answer_invitation(" t ", "no").state == "no"
    with pytest.raises(Invalid):
        service.answer_invitation("t", "perhaps")
    with pytest.raises(NotFound):
        service.answer_invitation("other", "yes")
    service.begin(town.coordinator, invited.id, free=True)
    service.close(town.coordinator, invited.id)
    with pytest.raises(Gone, match=r"invitation\.over"):
        service.answer_invitation("t", "yes")


def test_the_answer_is_journalled_as_the_guests(invited):
    row = db.session.scalar(select(Invitation))
    service.keep_token(row, "t")
    service.answer_invitation("t", "yes")
    (entry,) = events("invitation.answered")
    assert (entry.actor_kind, entry.actor_id, entry.facts) == ("invitation", row.id, {"answer": "yes"})


def test_a_withdrawn_invitation_is_called_off_and_its_link_is_dead(invited, town):
    row = db.session.scalar(select(Invitation))
    service.keep_token(row, "t")
    service.withdraw_invitation(town.coordinator, invited.id, row.id)
    assert [(e.facts["sequence"], e.facts["why"]) for e in events("invitation.called_off")] == [(1, "withdrawn")]
    with pytest.raises(NotFound):
        service.answer_invitation("t", "yes")
    with pytest.raises(NotFound):
        service.withdraw_invitation(town.coordinator, make.walk(town).id, row.id)


@pytest.mark.parametrize(("verb", "state"), [(service.cancel, "cancelled"), (service.postpone, "postponed")])
def test_calling_off_needs_a_reason_and_tells_those_who_have_not_said_no(invited, town, verb, state):
    service.add_guests(town.coordinator, invited.id, [Guest("Boende", "", f"{n}@example.org") for n in "abc"])
    service.invite(town.coordinator, invited.id)
    declined, withdrawn, *_ = queries.invitations(town.coordinator, invited)
    service.keep_token(declined, "n")
    service.answer_invitation("n", "no")
    service.withdraw_invitation(town.coordinator, invited.id, withdrawn.id)
    with pytest.raises(Invalid, match=r"walk\.reason_missing"):
        verb(town.coordinator, invited.id, " ")
    assert verb(town.coordinator, invited.id, "Storm väntas").state == state
    told = [entry for entry in events("invitation.called_off") if entry.facts["why"] == state]
    assert len(told) == 2
    assert {entry.facts["reason"] for entry in told} == {"Storm väntas"}


def test_after_a_postponement_everyone_is_invited_again(invited, town):
    service.postpone(town.coordinator, invited.id, "Storm")
    service.plan(town.coordinator, invited.id)
    (row,) = service.invite(town.coordinator, invited.id)
    assert (row.sequence, invited.state) == (2, "invited")


def test_a_move_is_noticed_and_telling_about_it_settles_it(invited, town, details):
    assert not queries.not_told(town.coordinator, invited)
    service.change(town.coordinator, invited.id, replace(details, purpose="Annat syfte"))
    assert not queries.not_told(town.coordinator, invited)
    service.change(town.coordinator, invited.id, replace(details, ends_at=details.ends_at + timedelta(hours=1)))
    assert queries.not_told(town.coordinator, invited)
    service.send_again(town.coordinator, invited.id, to_everyone=True)
    assert not queries.not_told(town.coordinator, invited)


def test_the_code_is_rotated_joining_paused_and_others_shown(draft, town):
    code = draft.join_code
    assert service.rotate_code(town.coordinator, draft.id).join_code != code
    assert queries.by_spoken_code(code) is None
    service.pause_joining(town.coordinator, draft.id, paused=True)
    service.pause_joining(town.coordinator, draft.id, paused=True)
    assert (draft.join_paused, len(events("walk.joining_paused"))) == (True, 1)
    service.show_others(town.coordinator, draft.id, shown=True)
    assert draft.shows_others
    assert not service.show_others(town.coordinator, draft.id, shown=False).shows_others


def test_a_phone_is_shut_out_of_its_own_walk_alone(inside, town):
    walk, other = make.walk(town), make.walk(town)
    phone = make.participant(walk)
    with pytest.raises(NotFound):
        service.revoke(town.coordinator, other.id, phone.id)
    assert service.revoke(town.coordinator, walk.id, phone.id).revoked_at


VERBS = [
    lambda who, walk, details: service.change(who, walk.id, details),
    lambda who, walk, details: service.set_stops(who, walk.id, []),
    lambda who, walk, details: service.set_groups(who, walk.id, []),
    lambda who, walk, details: service.plan(who, walk.id),
    lambda who, walk, details: service.add_guests(who, walk.id, []),
    lambda who, walk, details: service.invite(who, walk.id),
    lambda who, walk, details: service.send_again(who, walk.id, to_everyone=True),
    lambda who, walk, details: service.begin(who, walk.id, free=True),
    lambda who, walk, details: service.close(who, walk.id),
    lambda who, walk, details: service.cancel(who, walk.id, "x"),
    lambda who, walk, details: service.postpone(who, walk.id, "x"),
    lambda who, walk, details: service.begin_review(who, walk.id),
    lambda who, walk, details: service.advance(who, walk.id, "minute"),
    lambda who, walk, details: service.publish(who, walk.id),
    lambda who, walk, details: service.rotate_code(who, walk.id),
    lambda who, walk, details: service.pause_joining(who, walk.id, paused=True),
    lambda who, walk, details: service.show_others(who, walk.id, shown=True),
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_refused_to_others(inside, town, details, verb):
    walk = make.walk(town)
    before = (walk.state, walk.join_code, walk.join_paused, walk.shows_others)
    with pytest.raises(NotFound, match=r"walk\.not_found"):
        verb(town.stranger, walk, details)
    for who in (town.member, town.owner_contact, town.leader):  # the leader of no walk, or of another
        with pytest.raises(NotAllowed):
            verb(who, walk, details)
    assert (walk.state, walk.join_code, walk.join_paused, walk.shows_others) == before
