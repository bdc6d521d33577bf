"""The verbs of actions, on both databases."""

from datetime import timedelta

import pytest

from tests import make
from walkapp.actions import queries, service
from walkapp.actions.models import Action, Answer
from walkapp.actions.service import Opening, Reply
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.transaction import writing
from walkapp.observations import service as observations
from walkapp.observations.models import Observation
from walkapp.photos.access import gets
from walkapp.photos.models import Photo
from walkapp.walks.models import Walk


@pytest.fixture
def evening(app, town):
    """A walk under review with two kept deficiencies, one safe place and a proposal that nobody has reviewed."""
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing")
        phone = make.participant(walk)
        rows = {
            "dark": make.observation(walk, phone, state="kept", proposal="Byt ljuskälla i armaturen."),
            "bus": make.observation(walk, phone, state="kept", category="transit", text="Displayen är släckt."),
            "short_cut": make.observation(walk, phone, state="kept", category="deserted", text="Mörk genväg."),
            "new": make.observation(walk, phone, category="litter", text="Full papperskorg."),
        }
        seen, unseen = make.photo(rows["dark"], seen=True), make.photo(rows["dark"])
        return {
            "walk": walk.id, "seen": seen.id, "unseen": unseen.id, **{name: row.id for name, row in rows.items()},
        }  # fmt: skip


@pytest.fixture
def in_app(app, evening):
    with app.app_context(), writing():
        yield


@pytest.fixture
def opened(in_app, town, evening):
    """An action about the dark place, with its owner, not sent."""
    return service.open_from(town.coordinator, evening["walk"], [evening["dark"]],
                             Opening("Byt ljuskälla", "quick", town.organisation))  # fmt: skip


@pytest.fixture
def asked(in_app, town, evening):
    """A request that has been sent."""
    action = service.open_from(town.coordinator, evening["walk"], [evening["bus"]], Opening("Tänd displayen", "quick"))
    return service.assign(town.coordinator, action.id, town.asked_organisation)


def owner(town, organisation_id):
    return Actor("owner_link", town.municipality, organisation_id=organisation_id)


def events(subject_id):
    rows = db.session.query(JournalEntry).filter_by(subject_id=subject_id).order_by(JournalEntry.at)
    return [row.event for row in rows]


def test_opening_keeps_the_observation_numbers_the_action_and_sets_the_day(in_app, town, evening):
    action = service.open_from(
        town.coordinator, evening["walk"], [evening["new"], evening["dark"]], Opening("Töm", "quick", town.organisation)
    )
    assert (action.number, action.state, action.power) == (1, "proposed", "municipality")
    assert action.due_on == clock.today() + timedelta(days=14)
    assert db.session.get_one(Observation, evening["new"]).state == "actioned"
    assert db.session.get_one(Observation, evening["dark"]).state == "actioned"


def test_an_unknown_owner_is_looked_into_by_the_coordinator_for_ten_working_days(in_app, town, evening):
    action = service.open_from(town.coordinator, evening["walk"], [evening["short_cut"]], Opening("Vems?", "long"))
    assert (action.power, action.organisation_id) == ("unclear", None)
    assert action.due_on <= clock.today() + timedelta(days=14)
    service.assign(town.coordinator, action.id, town.organisation)
    assert (action.power, action.due_on.month, action.due_on.day) == ("municipality", 12, 31)


def test_the_owner_is_suggested_by_category_and_nobody_for_what_nobody_answers_for(in_app, town, evening):
    found = {one.observation.id: one for one in queries.without_action(town.coordinator, evening["walk"])}
    assert found[evening["dark"]].organisation_id == town.organisation
    assert found[evening["bus"]].organisation_id == town.asked_organisation
    assert found[evening["short_cut"]].organisation_id is None
    assert found[evening["dark"]].title == "Byt ljuskälla i armaturen"
    assert evening["new"] not in found


def test_the_municipalitys_own_are_assigned_and_others_are_asked(in_app, town, evening, opened, asked):
    service.assign(town.coordinator, opened.id, town.organisation)
    assert (opened.state, asked.state, asked.power) == ("assigned", "requested", "authority")


def test_a_walk_is_sent_out_with_one_entry_for_each_owner_and_steps_on_when_all_is_reviewed(
    in_app, town, evening, opened
):
    second = service.open_from(
        town.coordinator, evening["walk"], [evening["bus"]], Opening("Tänd", "quick", town.organisation)
    )
    walk = db.session.get_one(Walk, evening["walk"])
    told = service.send_to_owners(town.coordinator, walk.id)
    assert told == {town.organisation: [opened.id, second.id]}
    assert events(town.organisation).count("organisation.told") == 1
    assert walk.state == "reviewing"  # one lies in the pile still
    observations.keep(town.coordinator, evening["new"])
    service.open_from(town.coordinator, walk.id, [evening["new"]], Opening("Töm", "quick", town.organisation))
    service.send_to_owners(town.coordinator, walk.id)
    assert walk.state == "assigned"
    with pytest.raises(Conflict):
        service.send_to_owners(town.coordinator, walk.id)


def test_an_answer_is_kept_as_said_and_the_newest_stands(in_app, town, opened):
    service.assign(town.coordinator, opened.id, town.organisation)
    link = owner(town, town.organisation)
    day = clock.today() + timedelta(days=30)
    service.answer(link, opened.id, Reply("plan", "Två nya stolpar.", planned_on=day))
    assert (opened.state, opened.planned_on, opened.answered_at is not None) == ("planned", day, True)
    service.answer(link, opened.id, Reply("finish", "Lyser igen."))
    assert (opened.state, opened.verified_at) == ("done", None)
    assert [answer.state for answer in db.session.query(Answer).order_by(Answer.at)] == ["planned", "done"]
    service.verify(town.coordinator, opened.id, "on_site")
    assert (opened.state, opened.verified_how) == ("verified", "on_site")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("decline"), "answer.needs_reason_code"),
        (Reply("decline", "Medel saknas."), "answer.needs_reason_code"),
        (Reply("decline", " ", "no_funds"), "answer.needs_sentence"),
        (Reply("plan"), "answer.needs_date"),
        (Reply("verify"), "answer.unknown"),
        (Reply("assign"), "answer.unknown"),
    ],
)
def test_an_answer_without_what_it_must_hold_is_refused(in_app, town, opened, reply, code):
    service.assign(town.coordinator, opened.id, town.organisation)
    with pytest.raises(Invalid) as refused:
        service.answer(owner(town, town.organisation), opened.id, reply)
    assert refused.value.code == code
    assert opened.state == "assigned"


def test_a_day_that_has_passed_is_refused(in_app, town, opened):
    service.assign(town.coordinator, opened.id, town.organisation)
    with pytest.raises(Invalid):
        service.answer(
            owner(town, town.organisation), opened.id, Reply("plan", planned_on=clock.today() - timedelta(1))
        )


def test_a_no_counts_as_answered_with_its_reason_and_can_be_taken_up_anew(in_app, town, asked):
    link = owner(town, town.asked_organisation)
    with pytest.raises(Conflict):
        service.answer(link, asked.id, Reply("decline", "Nej.", "no_funds"))
    service.answer(link, asked.id, Reply("refuse", "Medel saknas i planen.", "no_funds"))
    assert (asked.state, asked.reason_code, asked.reason) == ("answered_no", "no_funds", "Medel saknas i planen.")
    service.reopen(town.coordinator, asked.id, "Ny budget.")
    assert (asked.state, asked.reason) == ("reopened", None)


def test_misdirected_is_sent_to_another(in_app, town, opened):
    service.assign(town.coordinator, opened.id, town.organisation)
    service.answer(owner(town, town.organisation), opened.id, Reply("misdirect", "Det är väghållarens."))
    service.assign(town.coordinator, opened.id, town.asked_organisation)
    assert (opened.state, opened.power, opened.answered_at) == ("requested", "authority", None)
    assert not queries.for_owner(owner(town, town.organisation)).waiting
    assert [one.row.id for one in queries.for_owner(owner(town, town.asked_organisation)).waiting] == [opened.id]


def test_another_owners_action_is_not_found_and_neither_is_one_that_was_not_sent(in_app, town, opened):
    with pytest.raises(NotFound):
        service.answer(owner(town, town.organisation), opened.id, Reply("accept"))
    service.assign(town.coordinator, opened.id, town.organisation)
    with pytest.raises(NotFound):
        service.answer(owner(town, town.asked_organisation), opened.id, Reply("accept"))
    with pytest.raises(NotFound):
        service.answer(town.stranger, opened.id, Reply("accept"))
    with pytest.raises(NotAllowed):
        service.answer(town.member, opened.id, Reply("accept"))


def test_an_owner_sees_both_voices_and_looked_at_photos_alone(in_app, town, evening, opened):
    observations.merge(town.coordinator, evening["dark"], evening["short_cut"])
    service.assign(town.coordinator, opened.id, town.organisation)
    point = queries.for_owner(owner(town, town.organisation)).waiting[0]
    words = [say.words for one in point.observations for say in one.sayings]
    assert words == ["Två armaturer är släckta.", "Mörk genväg."]
    assert [photo.id for photo in point.photos] == [evening["seen"]]
    link = owner(town, town.organisation)
    assert gets(link, db.session.get_one(Photo, evening["seen"]))
    assert not gets(link, db.session.get_one(Photo, evening["unseen"]))
    assert not gets(owner(town, town.asked_organisation), db.session.get_one(Photo, evening["seen"]))


def test_what_is_about_the_sensitive_alone_is_hidden_from_the_owner_and_comes_back(in_app, town, evening, opened):
    link = owner(town, town.organisation)
    service.assign(town.coordinator, opened.id, town.organisation)
    observations.flag(town.coordinator, evening["dark"], sensitive=True, secret=False)
    assert queries.for_owner(link).waiting == ()
    with pytest.raises(NotFound):
        service.answer(link, opened.id, Reply("accept"))
    assert not gets(link, db.session.get_one(Photo, evening["seen"]))
    observations.flag(town.coordinator, evening["dark"], sensitive=False, secret=False)
    assert [one.row.id for one in queries.for_owner(link).waiting] == [opened.id]


def test_of_several_observations_the_owner_sees_those_that_may_be_seen(in_app, town, evening):
    both = [evening["dark"], evening["short_cut"]]
    action = service.open_from(town.coordinator, evening["walk"], both, Opening("Ljus", "quick", town.organisation))
    service.assign(town.coordinator, action.id, town.organisation)
    observations.flag(town.coordinator, evening["dark"], sensitive=True, secret=False)
    point = queries.for_owner(owner(town, town.organisation)).waiting[0]
    assert [one.id for one in point.observations] == [evening["short_cut"]]
    assert point.photos == ()


def test_late_is_derived_and_said_of_the_answer_first(in_app, town, opened):
    service.assign(town.coordinator, opened.id, town.organisation)
    assert queries.due_of(opened).late is False
    opened.assigned_at = clock.now() - timedelta(days=30)
    due = queries.due_of(opened)
    assert (due.what, due.late) == ("answer", True)
    service.answer(owner(town, town.organisation), opened.id, Reply("accept"))
    opened.due_on = clock.today() - timedelta(days=1)
    assert (queries.due_of(opened).what, queries.due_of(opened).late) == ("done", True)
    service.answer(owner(town, town.organisation), opened.id, Reply("finish"))
    assert queries.due_of(opened).late is False


def test_a_deadline_that_the_owner_knows_is_moved_only_with_a_reason(in_app, town, opened):
    later = clock.today() + timedelta(days=100)
    changes = Opening("Byt ljuskälla", "quick", town.organisation, due_on=later)
    service.assign(town.coordinator, opened.id, town.organisation)
    with pytest.raises(Invalid) as refused:
        service.change(town.coordinator, opened.id, changes)
    assert refused.value.code == "action.needs_reason_to_move"
    service.change(town.coordinator, opened.id, changes, "Häcken klipps i vinter.")
    assert opened.due_on == later
    with pytest.raises(Invalid):  # another class moves it, too
        service.change(town.coordinator, opened.id, Opening("Byt ljuskälla", "long", town.organisation))


def test_a_patrol_makes_no_actions(in_app, town, evening):
    db.session.get_one(Walk, evening["walk"]).type = "patrol"
    with pytest.raises(Conflict):
        service.open_from(town.coordinator, evening["walk"], [evening["dark"]], Opening("Nej", "quick"))


def test_nothing_foreign_is_taken_in(in_app, town, evening):
    elsewhere = make.organisation(town.elsewhere, "annan-kommun", "municipal_unit")
    other_walk = make.walk(town)
    foreign = make.observation(other_walk, make.participant(other_walk), state="kept")
    with pytest.raises(NotFound):
        service.open_from(town.coordinator, evening["walk"], [foreign.id], Opening("Nej", "quick"))
    with pytest.raises(NotFound):
        service.open_from(town.coordinator, evening["walk"], [evening["dark"]], Opening("Nej", "quick", elsewhere.id))
    with pytest.raises(NotFound):
        service.open_from(town.stranger, evening["walk"], [evening["dark"]], Opening("Nej", "quick"))
    with pytest.raises(Invalid):
        service.open_from(town.coordinator, evening["walk"], [], Opening("Nej", "quick"))


def test_the_council_writes_back_and_an_assignment_sends_what_was_proposed(in_app, town, opened):
    service.note_outcome(town.secretary, opened.id, "standpoint", "Rådet ställer sig bakom.")
    assert opened.state == "proposed"
    service.note_outcome(town.secretary, opened.id, "assignment")
    assert (opened.state, opened.assigned_at is not None) == ("assigned", True)
    assert events(opened.id)[-3:] == ["action.considered", "action.considered", "action.assigned"]
    with pytest.raises(Invalid):
        service.note_outcome(town.secretary, opened.id, "decide")
    with pytest.raises(NotAllowed):
        service.note_outcome(town.member, opened.id, "standpoint")


def test_a_request_without_answer_lapses_and_may_still_be_answered(in_app, town, asked):
    service.lapse(town.coordinator, asked.id)
    assert asked.state == "unanswered"
    service.answer(owner(town, town.asked_organisation), asked.id, Reply("agree"))
    assert asked.state == "answered_yes"


def test_taking_back_and_closing_need_a_reason(in_app, town, opened):
    service.assign(town.coordinator, opened.id, town.organisation)
    with pytest.raises(Invalid):
        service.withdraw(town.coordinator, opened.id, "")
    service.withdraw(town.coordinator, opened.id, "Fel plats.")
    assert (opened.state, opened.assigned_at) == ("proposed", None)
    with pytest.raises(Invalid):
        service.close(town.coordinator, opened.id)
    service.close(town.coordinator, opened.id, "Löst redan.")
    assert opened.state == "closed"


def test_the_board_groups_by_owner_in_swedish_order_with_the_unknown_last(in_app, town, evening, opened, asked):
    service.open_from(town.coordinator, evening["walk"], [evening["short_cut"]], Opening("Vems?", "long"))
    board = queries.of_walk(town.coordinator, db.session.get_one(Walk, evening["walk"]))
    assert [group.name for group in board.groups] == ["Gatukontoret", "Statlig Vaghallare", None]
    assert (board.figures.total, board.figures.open, board.figures.outside, board.to_send) == (3, 3, 1, 1)
    assert not queries.index(town.stranger).groups
    assert [group.name for group in queries.index(town.owner_contact).groups] == []  # not told yet


def test_paper_rows_carry_the_numbers_of_their_observations(in_app, town, evening, opened):
    rows = queries.for_paper(db.session.get_one(Walk, evening["walk"]))
    assert [(row.title, row.organisation, row.observation_numbers) for row in rows] == [
        ("Byt ljuskälla", "Gatukontoret", (1,))
    ]


def test_history_is_told_by_role_and_organisation_never_by_name(in_app, town, opened):
    service.assign(town.coordinator, opened.id, town.organisation)
    service.answer(owner(town, town.organisation), opened.id, Reply("start"))
    history = queries.one(town.coordinator, opened.id).history
    assert [(line.event, line.who) for line in history] == [
        ("action.started", "owner_link"), ("action.assigned", "coordinator"), ("action.proposed", "coordinator"),
    ]  # fmt: skip
    assert history[0].organisation == "Gatukontoret"


def test_reminding_writes_to_those_who_owe_an_answer(in_app, town, opened, asked):
    service.assign(town.coordinator, opened.id, town.organisation)
    assert service.remind_owners(town.coordinator) == 2
    service.answer(owner(town, town.organisation), opened.id, Reply("accept"))
    assert service.remind_owners(town.coordinator) == 1
    assert isinstance(db.session.get(Action, opened.id), Action)
