"""The coordinator's verbs, on both databases."""

from datetime import timedelta

import pytest

from tests import make
from walkapp.kernel import clock
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.transaction import writing
from walkapp.observations import queries, service
from walkapp.observations.models import Observation
from walkapp.observations.service import Edit, Reason


@pytest.fixture
def pile(app, town):
    """A closed walk with two alike, one elsewhere, one without place, one safe place and one that came late."""
    with app.app_context(), writing():
        walk = make.walk(town, state="closed")
        phone, other = make.participant(walk), make.participant(walk)
        now = clock.now()
        rows = {
            "dark": make.observation(walk, phone, text="Parkeringen är mörk.", at=now),
            "same": make.observation(
                walk, other, text="Mörkt mellan bilarna.", lat=make.LAT + 0.00006, at=now + timedelta(minutes=1)
            ),
            "far": make.observation(walk, phone, text="Mörkt vid ån.", lat=make.LAT + 0.01),
            "nowhere": make.observation(walk, phone, category="litter", lat=None, lon=None, needs_place=True),
            "good": make.observation(walk, phone, kind="safe_place", category="safe_place", text="Fri sikt."),
            "late": make.observation(walk, other, held=True, number=None, category="graffiti"),
        }
        return {"walk": walk.id, **{name: row.id for name, row in rows.items()}}


@pytest.fixture
def in_app(app, pile):
    with app.app_context(), writing():
        yield


def states(*names, pile):
    return [db.session.get_one(Observation, pile[name]).state for name in names]


def events(observation_id):
    rows = db.session.query(JournalEntry).filter_by(subject_id=observation_id).order_by(JournalEntry.at)
    return [row.event for row in rows]


def test_the_first_decision_begins_the_review_of_a_closed_walk(in_app, town, pile):
    service.keep(town.coordinator, pile["dark"])
    assert db.session.get_one(Observation, pile["dark"]).state == "kept"
    assert "walk.reviewing" in events(pile["walk"])


def test_alike_are_suggested_both_ways_with_their_reasons_and_the_far_one_is_not(in_app, town, pile):
    one = queries.detail(town.coordinator, pile["dark"])
    assert [(like.said.id, like.metres, like.minutes) for like in one.alike] == [(pile["same"], 7, 1)]
    assert (one.alike[0].stands_id, one.alike[0].joins_id) == (pile["dark"], pile["same"])
    assert [like.said.id for like in queries.detail(town.coordinator, pile["same"]).alike] == [pile["dark"]]


def test_a_merge_keeps_every_voice_and_can_be_undone(in_app, town, pile):
    service.merge(town.coordinator, pile["dark"], pile["same"])
    assert states("dark", "same", pile=pile) == ["kept", "merged"]
    kept = queries.standing(town.coordinator, pile["walk"])[0]
    assert [say.words for say in kept.sayings] == ["Parkeringen är mörk.", "Mörkt mellan bilarna."]
    assert kept.voices == 2
    service.undo(town.coordinator, pile["same"])
    assert states("dark", "same", pile=pile) == ["sent", "sent"]
    assert queries.detail(town.coordinator, pile["dark"]).alike  # an undone slip is suggested again
    assert db.session.get_one(Observation, pile["same"]).text == "Mörkt mellan bilarna."


def test_what_was_split_or_told_apart_is_not_suggested_again(in_app, town, pile):
    service.merge(town.coordinator, pile["dark"], pile["same"])
    service.split(town.coordinator, pile["same"])
    assert states("same", pile=pile) == ["kept"]
    assert not queries.detail(town.coordinator, pile["dark"]).alike


def test_told_apart_can_be_undone(in_app, town, pile):
    service.tell_apart(town.coordinator, pile["dark"], pile["same"])
    assert not queries.detail(town.coordinator, pile["same"]).alike
    service.undo(town.coordinator, pile["dark"])
    assert queries.detail(town.coordinator, pile["same"]).alike


def test_nothing_is_merged_into_what_is_merged_into_it(in_app, town, pile):
    service.merge(town.coordinator, pile["dark"], pile["same"])
    with pytest.raises(Conflict):
        service.merge(town.coordinator, pile["same"], pile["dark"])
    with pytest.raises(Conflict):
        service.merge(town.coordinator, pile["dark"], pile["dark"])


def test_a_chain_of_merges_keeps_all_voices(in_app, town, pile):
    service.merge(town.coordinator, pile["same"], pile["far"])
    service.merge(town.coordinator, pile["dark"], pile["same"])
    assert queries.detail(town.coordinator, pile["dark"]).voices == 3


def test_keeping_needs_a_place_and_any_form_of_it_will_do(in_app, town, pile):
    with pytest.raises(Invalid) as refused:
        service.keep(town.coordinator, pile["nowhere"])
    assert refused.value.code == "observation.needs_place"
    service.edit(town.coordinator, pile["nowhere"], Edit(place="Vid biblioteket"))
    assert db.session.get_one(Observation, pile["nowhere"]).needs_place is False
    service.keep(town.coordinator, pile["nowhere"])
    assert states("nowhere", pile=pile) == ["kept"]


def test_the_participants_own_words_are_never_overwritten(in_app, town, pile):
    service.edit(town.coordinator, pile["dark"], Edit(kind="proposal", category="parking", text="Mörk parkering."))
    row = db.session.get_one(Observation, pile["dark"])
    assert (row.kind, row.category, row.text) == ("deficiency", "lighting", "Parkeringen är mörk.")
    assert (row.curated_kind, row.curated_category, row.wording) == ("proposal", "parking", "Mörk parkering.")
    service.undo(town.coordinator, pile["dark"])
    assert row.wording == "Parkeringen är mörk."


def test_a_proposal_is_reworded_beside_the_participants_own(in_app, town, pile):
    row = db.session.get_one(Observation, pile["dark"])
    row.proposal = "Be Kalle i porten byta lampan."
    service.edit(town.coordinator, row.id, Edit(proposal="Byt lampan."))
    assert (row.proposal, row.proposed) == ("Be Kalle i porten byta lampan.", "Byt lampan.")
    service.keep(town.coordinator, row.id)
    told = next(one for one in queries.standing(town.coordinator, row.walk_id) if one.id == row.id)
    assert told.proposal == "Byt lampan."
    assert [saying.proposal for saying in told.sayings] == ["Byt lampan."]


def test_what_equals_the_participants_own_is_no_change(in_app, town, pile):
    row = db.session.get_one(Observation, pile["dark"])
    service.edit(town.coordinator, row.id, Edit("deficiency", "lighting", row.text, None, row.lat, row.lon))
    assert "observation.edited" not in events(row.id)


def test_set_aside_needs_a_reason_and_is_undone_to_where_it_was(in_app, town, pile):
    with pytest.raises(Invalid):
        service.set_aside(town.coordinator, pile["dark"], Reason("unclear", " "))
    service.keep(town.coordinator, pile["dark"])
    service.set_aside(town.coordinator, pile["dark"], Reason("unclear", "Går inte att förstå."))
    assert queries.detail(town.coordinator, pile["dark"]).reason == "Går inte att förstå."
    service.undo(town.coordinator, pile["dark"])
    assert states("dark", pile=pile) == ["kept"]
    assert queries.detail(town.coordinator, pile["dark"]).reason is None
    with pytest.raises(Conflict) as refused:
        service.undo(town.coordinator, pile["dark"])
    assert refused.value.code == "observation.nothing_to_undo"


def test_note_and_preserve_keep_in_one_step_and_come_back_in_one(in_app, town, pile):
    service.note(town.coordinator, pile["dark"], "Redan på gång.")
    service.preserve(town.coordinator, pile["good"])
    assert states("dark", "good", pile=pile) == ["noted", "preserved"]
    service.undo(town.coordinator, pile["dark"])
    service.undo(town.coordinator, pile["good"])
    assert states("dark", "good", pile=pile) == ["sent", "sent"]


def test_masking_hides_from_everyone_else_and_has_no_way_back(in_app, town, pile):
    service.keep(town.coordinator, pile["dark"])
    assert pile["dark"] in queries.standing_among(town.member, [pile["dark"]])
    service.mask(town.coordinator, pile["dark"], Reason("person", "Pekar ut någon."))
    assert not queries.standing_among(town.member, [pile["dark"]])
    with pytest.raises(Conflict):
        service.undo(town.coordinator, pile["dark"])


def test_flags_hide_from_the_council_and_the_owner(in_app, town, pile):
    service.keep(town.coordinator, pile["dark"])
    service.flag(town.coordinator, pile["dark"], sensitive=True, secret=False)
    assert not queries.standing_among(town.member, [pile["dark"]])
    assert not queries.standing_among(town.owner_contact, [pile["dark"]], as_owner=True)
    assert queries.standing_among(town.coordinator, [pile["dark"]])


def test_the_late_tray_gives_no_number_before_it_is_admitted(in_app, town, pile):
    assert [row.id for row in queries.late_tray(town.coordinator, pile["walk"])] == [pile["late"]]
    assert pile["late"] not in [row.id for row in queries.pile(town.coordinator, pile["walk"]).rows]
    with pytest.raises(Conflict) as refused:
        service.keep(town.coordinator, pile["late"])
    assert refused.value.code == "observation.is_held"
    row = service.admit(town.coordinator, pile["late"])
    assert (row.number, row.held) == (7, False)
    with pytest.raises(Conflict):
        service.admit(town.coordinator, pile["late"])


def test_the_pile_counts_and_leads_on_around_the_corner(in_app, town, pile):
    service.keep(town.coordinator, pile["dark"])
    found = queries.pile(town.coordinator, pile["walk"])
    assert (found.done, found.total) == (1, 5)
    assert found.next_after(pile["dark"]).id == pile["same"]
    assert found.next_after(pile["good"]).id == pile["same"]
    assert found.beside(pile["dark"])[0] is None


def test_what_a_participant_took_back_cannot_be_kept(in_app, town, pile):
    db.session.get_one(Observation, pile["dark"]).withdrawn = True
    with pytest.raises(Conflict) as refused:
        service.keep(town.coordinator, pile["dark"])
    assert refused.value.code == "observation.is_withdrawn"


def test_only_the_coordinator_of_the_municipality_reviews(in_app, town, pile):
    with pytest.raises(NotFound):
        service.keep(town.stranger, pile["dark"])
    with pytest.raises(NotFound):
        queries.pile(town.stranger, pile["walk"])
    with pytest.raises((NotAllowed, NotFound)):
        service.keep(town.member, pile["dark"])
    assert states("dark", pile=pile) == ["sent"]
