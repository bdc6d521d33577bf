"""A council seats people, meets, decides, and two of them sign what was said."""

import hashlib
import json
import threading
import time as time_of_day
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests import make
from walkapp.council import queries, rules, service
from walkapp.council.models import Meeting, MinutesSnapshot, Signature
from walkapp.kernel import clock, queue
from walkapp.kernel.actor import Actor, house
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.mail import Letter
from walkapp.kernel.transaction import App, writing
from walkapp.people import queries as people_queries
from walkapp.people.models import Person


@pytest.fixture
def desk(app: App, town: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with app.app_context(), writing():
        yield town


def given(days: int = 10, **over: Any) -> service.MeetingInput:
    day = clock.today() + timedelta(days=days)
    values = {"starts_at": clock.at(day, time(8, 30)), "ends_at": clock.at(day, time(10, 30)), "place": "Stora salen"}
    return service.MeetingInput(**{**values, **over})


def planned(town: SimpleNamespace, days: int = 10, **over: Any) -> Meeting:
    return service.plan_meeting(town.secretary, town.council, given(days, **over))


def running(town: SimpleNamespace, days: int = 10) -> Meeting:
    meeting = planned(town, days)
    service.call_meeting(town.secretary, meeting.id)
    service.open_meeting(town.secretary, meeting.id)
    for row in meeting.attendance:
        service.attend(town.secretary, meeting.id, row.person_id, "room")
    return meeting


def drafted(town: SimpleNamespace, days: int = 10) -> Meeting:
    meeting = running(town, days)
    service.write_note(town.secretary, meeting.agenda[5].id, "Det är lugnt just nu.")
    return service.close_meeting(town.secretary, meeting.id)


def signed(town: SimpleNamespace, days: int = 10) -> Meeting:
    meeting = drafted(town, days)
    sha256 = queries.minutes_of(meeting).sha256
    service.sign(town.secretary, meeting.id, sha256)
    service.sign(town.chair, meeting.id, sha256)
    return meeting


def with_walk(town: SimpleNamespace) -> SimpleNamespace:
    walk = make.walk(town, state="reviewing")
    phone = make.participant(walk)
    seen = make.observation(walk, phone, state="actioned")
    action = make.action(walk, [seen], organisation_id=town.organisation, title="Byt armaturerna på torget")
    return SimpleNamespace(walk=walk, phone=phone, seen=seen, action=action)


# -- councils and seats


def test_a_council_is_added_by_the_house_and_not_by_a_member(desk: SimpleNamespace) -> None:
    home = people_queries.municipality_by_slug(desk.slug)
    assert home is not None
    added = service.add_council(house(home.id), home, "est", "EST-gruppen")
    assert added.municipality_id == home.id
    with pytest.raises(Conflict, match=r"council.slug_taken"):
        service.add_council(house(home.id), home, "est", "En till")
    with pytest.raises(NotAllowed):
        service.add_council(desk.member, home, "tva", "Två")


def test_a_seat_gives_its_role_and_an_office_has_one_holder(desk: SimpleNamespace) -> None:
    service.take_seat(desk.secretary, desk.council, desk.member.id, standing="member", office="chair")
    roles = {role.word for role in people_queries.roles_of(desk.member.id)}
    former = {role.word for role in people_queries.roles_of(desk.chair.id)}
    assert (roles, former) == ({"chair"}, {"council_member"})
    offices = queries.offices(db.session.get_one(service.Council, desk.council))
    assert {office: person for person, office in offices.items()}["chair"] == desk.member.id


def test_who_leaves_a_seat_reads_nothing_more(desk: SimpleNamespace) -> None:
    council = db.session.get_one(service.Council, desk.council)
    seat = next(seat for seat in council.members if seat.person_id == desk.member.id)
    service.leave_seat(desk.secretary, desk.council, seat.id)
    assert people_queries.roles_of(desk.member.id) == frozenset()
    assert desk.member.id not in {one.person_id for one in queries.seats(council)}


def test_nobody_from_elsewhere_gets_a_seat(desk: SimpleNamespace) -> None:
    with pytest.raises(NotFound, match=r"person.not_found"):
        service.take_seat(desk.secretary, desk.council, desk.stranger.id)


# -- the agenda


def test_a_planned_meeting_has_the_nine_points_and_everyone_with_a_seat(desk: SimpleNamespace) -> None:
    meeting = planned(desk)
    assert [item.kind for item in meeting.agenda] == [kind for kind, _heading in rules.AGENDA]
    assert [item.position for item in meeting.agenda] == list(range(1, 10))
    classes = {standing: len(rows) for standing, rows in queries.attendance(meeting).items()}
    assert classes == {"member": 2, "representative": 1, "other": 0}


def test_the_third_point_takes_the_walk_that_waits(desk: SimpleNamespace) -> None:
    walk = with_walk(desk).walk
    meeting = planned(desk)
    assert (meeting.agenda[2].walk_id, meeting.agenda[2].heading) == (walk.id, walk.name)
    assert planned(desk, 40).agenda[2].walk_id is None


def test_a_walk_that_is_not_reviewed_cannot_be_considered(desk: SimpleNamespace) -> None:
    meeting, walk = planned(desk), make.walk(desk)
    with pytest.raises(Conflict, match=r"meeting.walk_not_reviewed"):
        service.put_on_agenda(desk.coordinator, meeting.id, walk.id)


def test_the_coordinator_prepares_and_the_order_stays_whole(desk: SimpleNamespace) -> None:
    meeting = planned(desk)
    added = service.add_item(desk.coordinator, meeting.id, service.ItemInput("Belysning i tunneln", "Gatuchefen"))
    assert [item.kind for item in meeting.agenda][-2:] == ["free", "other"]
    service.move_item(desk.coordinator, added.id, -7)
    assert meeting.agenda[1].id == added.id
    service.remove_item(desk.coordinator, added.id)
    assert [item.position for item in meeting.agenda] == list(range(1, 10))


def test_a_second_walk_gets_a_point_of_its_own(desk: SimpleNamespace) -> None:
    first = with_walk(desk).walk
    meeting = planned(desk)
    second = with_walk(desk).walk
    item = service.put_on_agenda(desk.coordinator, meeting.id, second.id)
    assert item.walk_id == second.id
    assert meeting.agenda[2].walk_id == first.id
    assert service.put_on_agenda(desk.coordinator, meeting.id, second.id).id == item.id


def test_a_meeting_ends_after_it_begins(desk: SimpleNamespace) -> None:
    moment = clock.now()
    with pytest.raises(Invalid):
        planned(desk, starts_at=moment, ends_at=moment)


def test_members_read_and_write_nothing(desk: SimpleNamespace) -> None:
    meeting = running(desk)
    item = meeting.agenda[5]
    for who in (desk.member, desk.coordinator):
        with pytest.raises(NotAllowed):
            service.write_note(who, item.id, "Jag skriver")
        with pytest.raises(NotAllowed):
            service.close_meeting(who, meeting.id)
    with pytest.raises(NotAllowed):
        service.add_item(desk.member, meeting.id, service.ItemInput("Min punkt"))
    with pytest.raises(NotAllowed):
        service.plan_meeting(desk.coordinator, desk.council, given())


@pytest.mark.parametrize("who", ["stranger", "leader", "owner_contact"])
def test_others_do_not_even_see_that_there_is_a_meeting(desk: SimpleNamespace, who: str) -> None:
    meeting = planned(desk)
    actor: Actor = getattr(desk, who)
    with pytest.raises(NotFound):
        service.open_meeting(actor, meeting.id)


# -- the call


def test_the_call_goes_to_everyone_with_the_meeting_as_a_calendar_entry(app: App, town: SimpleNamespace) -> None:
    with app.app_context(), writing():
        meeting = planned(town, link="https://example.org/mote")
        service.call_meeting(town.secretary, meeting.id)
        meeting_id, begins = meeting.id, meeting.starts_at
    queue.drain(app)
    with app.app_context():
        letters = list(db.session.scalars(select(Letter).where(Letter.about_id == meeting_id)))
        assert len(letters) == 3
        assert {letter.calendar_method for letter in letters} == {"REQUEST"}
        calendar = (letters[0].calendar or "").replace("\r\n ", "")
        assert f"UID:{meeting_id}@walkapp" in calendar
        assert f"DTSTART:{begins:%Y%m%dT%H%M%SZ}" in calendar
        assert "METHOD:REQUEST" in calendar
        assert f"/meetings/{meeting_id}/" in letters[0].text
    with app.app_context(), writing():
        service.call_off(town.secretary, meeting_id)
    queue.drain(app)
    with app.app_context():
        cancelled = [
            letter
            for letter in db.session.scalars(select(Letter).where(Letter.about_id == meeting_id))
            if letter.calendar_method == "CANCEL"
        ]
        assert len(cancelled) == 3
        assert "SEQUENCE:1" in (cancelled[0].calendar or "")


def test_the_call_is_written_once_although_the_job_runs_twice(app: App, town: SimpleNamespace) -> None:
    with app.app_context(), writing():
        meeting = planned(town)
        service.call_meeting(town.secretary, meeting.id)
    queue.drain(app)
    with app.app_context(), writing():
        for job in db.session.scalars(select(queue.Job).where(queue.Job.handler.contains("council.jobs"))):
            job.state = "ready"
    queue.drain(app)
    with app.app_context():
        assert len(list(db.session.scalars(select(Letter)))) == 3


# -- at the meeting


def test_attendance_in_three_ways_and_three_classes(desk: SimpleNamespace) -> None:
    meeting = running(desk)
    service.attend(desk.secretary, meeting.id, desk.member.id, "remote")
    service.attend(desk.secretary, meeting.id, desk.chair.id, "absent")
    guest = service.add_guest(desk.secretary, meeting.id, desk.coordinator.id)
    assert guest.standing == "other"
    assert rules.count_ways(row.how for row in meeting.attendance) == {
        "room": 2, "remote": 1, "absent": 1, "unsaid": 0,
    }  # fmt: skip
    groups = {group["standing"]: group["people"] for group in queries.draft(meeting)["attendance"]}
    assert [person["how"] for person in groups["member"]] == ["absent", "remote"]
    assert [person["name"] for person in groups["other"]] == ["Coordinator"]


def test_a_way_that_does_not_exist_is_refused(desk: SimpleNamespace) -> None:
    meeting = running(desk)
    with pytest.raises(Invalid):
        service.attend(desk.secretary, meeting.id, desk.member.id, "by_horse")


def test_a_meeting_is_not_closed_before_attendance_is_said(desk: SimpleNamespace) -> None:
    meeting = planned(desk)
    service.call_meeting(desk.secretary, meeting.id)
    service.open_meeting(desk.secretary, meeting.id)
    with pytest.raises(Conflict, match=r"meeting.attendance_unsaid"):
        service.close_meeting(desk.secretary, meeting.id)


def test_an_outcome_is_written_back_to_its_action(desk: SimpleNamespace) -> None:
    seen = with_walk(desk)
    meeting = running(desk)
    service.decide(desk.secretary, meeting.agenda[2].id, seen.action.id, "assignment", "Gärna före vintern")
    considered = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "action.considered")).one()
    assert (considered.subject_id, considered.facts["outcome"]) == (seen.action.id, "assignment")
    assert seen.action.state == "assigned"
    outcome = queries.draft(meeting)["items"][2]["outcomes"][0]
    assert outcome["text"] == f"Byt armaturerna på torget ({seen.seen.number}). Gärna före vintern."
    assert outcome["owner"] == "Gatukontoret"


def test_an_action_of_another_walk_cannot_be_decided_here(desk: SimpleNamespace) -> None:
    with_walk(desk)
    meeting = running(desk)
    other = with_walk(desk)
    with pytest.raises(NotFound, match=r"action.not_found"):
        service.decide(desk.secretary, meeting.agenda[2].id, other.action.id, "filed")


def test_what_was_masked_is_not_before_the_council(desk: SimpleNamespace) -> None:
    seen = with_walk(desk)
    meeting = running(desk)
    seen.seen.state = "masked"
    db.session.flush()
    assert queries.actions_of(meeting.agenda[2]) == []


def test_nothing_is_called_a_decision_unless_the_council_may_decide(desk: SimpleNamespace) -> None:
    meeting = running(desk)
    service.write_note(desk.secretary, meeting.agenda[5].id, "Rådet är enigt.", "standpoint")
    assert "beslut" not in json.dumps(queries.draft(meeting), ensure_ascii=False).lower()
    service.set_up(desk.secretary, desk.council, minutes_word="minutes", numbering="plain", may_decide=True)
    said = queries.draft(meeting)
    assert said["items"][5]["outcomes"][0]["kind"] == "standpoint"
    assert said["items"][5]["outcomes"][0]["word"] != queries.rules.outcome_word("standpoint")


def test_points_are_counted_through_the_year_where_the_council_wants(desk: SimpleNamespace) -> None:
    service.set_up(desk.secretary, desk.council, minutes_word="minutes", numbering="section", may_decide=False)
    first = drafted(desk, 1)
    second = planned(desk, 2)
    if clock.local(first.starts_at).year == clock.local(second.starts_at).year:
        assert queries.draft(second)["items"][0]["number"] == "§ 10"


# -- signing


def test_two_signatures_freeze_the_minutes(desk: SimpleNamespace) -> None:
    meeting = signed(desk)
    assert meeting.state == "signed"
    snapshot = queries.snapshot_of(meeting)
    assert snapshot is not None
    assert snapshot.signed_at is not None
    assert {one.sha256 for one in meeting.signatures} == {snapshot.sha256}
    again = json.dumps(json.loads(snapshot.text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(again.encode()).hexdigest() == snapshot.sha256
    event = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "minutes.signed")).one()
    assert event.subject_id == snapshot.id


def test_signed_minutes_do_not_change_when_the_action_does(desk: SimpleNamespace) -> None:
    seen = with_walk(desk)
    meeting = running(desk)
    service.decide(desk.secretary, meeting.agenda[2].id, seen.action.id, "standpoint")
    service.close_meeting(desk.secretary, meeting.id)
    sha256 = queries.minutes_of(meeting).sha256
    service.sign(desk.chair, meeting.id, sha256)
    service.sign(desk.secretary, meeting.id, sha256)
    before = queries.minutes_of(meeting)
    seen.action.title, seen.action.organisation_id = "Något helt annat", desk.asked_organisation
    db.session.get_one(Person, desk.chair.id).contact.name = "Någon Annan"
    db.session.flush()
    db.session.expire_all()
    after = queries.minutes_of(meeting)
    assert (after.content, after.sha256) == (before.content, before.sha256)
    with pytest.raises(Conflict, match=r"meeting.cannot_write"):
        service.write_note(desk.secretary, meeting.agenda[0].id, "I efterhand")
    with pytest.raises(Conflict, match=r"meeting.cannot_write"):
        service.decide(desk.secretary, meeting.agenda[2].id, seen.action.id, "filed")
    with pytest.raises(Conflict, match=r"meeting.cannot_note_attendance"):
        service.attend(desk.secretary, meeting.id, desk.member.id, "absent")
    with pytest.raises(Conflict, match=r"meeting.cannot_reopen"):
        service.reopen_meeting(desk.secretary, meeting.id)


def test_the_second_signs_the_first_ones_words_although_an_action_has_moved(desk: SimpleNamespace) -> None:
    seen = with_walk(desk)
    meeting = running(desk)
    service.decide(desk.secretary, meeting.agenda[2].id, seen.action.id, "standpoint")
    service.close_meeting(desk.secretary, meeting.id)
    sha256 = queries.minutes_of(meeting).sha256
    service.sign(desk.secretary, meeting.id, sha256)
    seen.action.title = "Något helt annat"
    db.session.flush()
    assert queries.minutes_of(meeting).sha256 == sha256
    service.sign(desk.chair, meeting.id, sha256)
    assert meeting.state == "signed"


def test_a_change_after_the_first_signature_makes_it_fall(desk: SimpleNamespace) -> None:
    meeting = drafted(desk)
    sha256 = queries.minutes_of(meeting).sha256
    service.sign(desk.secretary, meeting.id, sha256)
    service.write_note(desk.secretary, meeting.agenda[6].id, "Skolan har fått ny rektor.")
    assert list(db.session.scalars(select(Signature))) == []
    dropped = queries.dropped_signature(meeting)
    assert dropped is not None
    assert (dropped.facts["reason"], dropped.facts["office"]) == ("note", "secretary")
    with pytest.raises(Conflict, match=r"minutes.changed_meanwhile"):
        service.sign(desk.chair, meeting.id, sha256)
    assert meeting.state == "drafted"


def test_saving_the_same_words_again_drops_nothing(desk: SimpleNamespace) -> None:
    meeting = drafted(desk)
    service.sign(desk.secretary, meeting.id, queries.minutes_of(meeting).sha256)
    service.write_note(desk.secretary, meeting.agenda[5].id, "  Det är lugnt just nu.  ")
    assert len(meeting.signatures) == 1


def test_reopening_makes_a_signature_fall(desk: SimpleNamespace) -> None:
    meeting = drafted(desk)
    service.sign(desk.chair, meeting.id, queries.minutes_of(meeting).sha256)
    service.reopen_meeting(desk.secretary, meeting.id)
    assert (meeting.state, meeting.signatures) == ("running", [])


def test_one_person_signs_once_and_members_not_at_all(desk: SimpleNamespace) -> None:
    meeting = drafted(desk)
    sha256 = queries.minutes_of(meeting).sha256
    service.sign(desk.chair, meeting.id, sha256)
    with pytest.raises(Conflict, match=r"minutes.signed_by_you"):
        service.sign(desk.chair, meeting.id, sha256)
    for who in (desk.member, desk.coordinator):
        with pytest.raises(NotAllowed):
            service.sign(who, meeting.id, sha256)
    with pytest.raises(NotFound):
        service.sign(desk.stranger, meeting.id, sha256)


def test_a_running_meeting_cannot_be_signed(desk: SimpleNamespace) -> None:
    meeting = running(desk)
    with pytest.raises(Conflict, match=r"meeting.cannot_sign"):
        service.sign(desk.chair, meeting.id, queries.minutes_of(meeting).sha256)


# -- afterwards


def test_the_next_meeting_approves_the_minutes_and_then_they_are_filed(desk: SimpleNamespace) -> None:
    before = signed(desk, 1)
    after = running(desk, 30)
    assert after.previous_id == before.id
    service.approve_previous(desk.secretary, after.id)
    assert (before.state, before.approved_by_id) == ("approved", after.id)
    assert after.agenda[1].outcome == "filed"
    assert clock.local(before.starts_at).strftime("%Y") in (after.agenda[1].note or "")
    service.file_minutes(desk.secretary, before.id, "KS 2026/7")
    assert (before.state, before.registry_number) == ("filed", "KS 2026/7")


def test_unsigned_minutes_are_not_approved(desk: SimpleNamespace) -> None:
    drafted(desk, 1)
    after = running(desk, 30)
    with pytest.raises(Conflict, match=r"meeting.cannot_approve"):
        service.approve_previous(desk.secretary, after.id)


def test_each_signed_text_is_kept_once(desk: SimpleNamespace) -> None:
    meeting = drafted(desk)
    service.sign(desk.secretary, meeting.id, queries.minutes_of(meeting).sha256)
    service.write_note(desk.secretary, meeting.agenda[6].id, "Ett tillägg.")
    sha256 = queries.minutes_of(meeting).sha256
    service.sign(desk.secretary, meeting.id, sha256)
    service.sign(desk.chair, meeting.id, sha256)
    kept = list(db.session.scalars(select(MinutesSnapshot).order_by(MinutesSnapshot.version)))
    assert [(one.version, one.signed_at is not None) for one in kept] == [(1, False), (2, True)]


@pytest.mark.parametrize("link", ["javascript://example.org/%0aalert(1)", "data:text/html,x", "//example.org"])
def test_a_link_that_is_no_address_is_refused(desk: SimpleNamespace, link: str) -> None:
    with pytest.raises(Invalid, match=r"meeting.bad_link"):
        planned(desk, link=link)


def test_two_who_sign_in_the_same_moment_both_count(app: App, town: SimpleNamespace) -> None:
    with app.app_context(), writing():
        meeting = drafted(town)
        meeting_id, sha256 = meeting.id, queries.minutes_of(meeting).sha256
    first_has_signed = threading.Event()
    problems: list[BaseException] = []

    def first() -> None:
        with app.app_context(), writing():
            service.sign(town.chair, meeting_id, sha256)
            first_has_signed.set()
            time_of_day.sleep(0.3)  # its signature is written and not yet seen by anybody

    def second() -> None:
        first_has_signed.wait()
        with app.app_context(), writing():
            service.sign(town.secretary, meeting_id, sha256)

    def hand(signs: Callable[[], None]) -> None:
        try:
            signs()
        except BaseException as problem:
            problems.append(problem)

    hands = [threading.Thread(target=hand, args=(signs,)) for signs in (first, second)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert problems == []
    with app.app_context():
        assert db.session.get_one(Meeting, meeting_id).state == "signed"
