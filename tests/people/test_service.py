"""Municipalities, people and sign-ins, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from walkapp.kernel import clock
from walkapp.kernel.actor import Role, house
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.transaction import writing
from walkapp.people import queries, service
from walkapp.people.models import Person, PersonContact, RoleGrant, SignIn, SignInToken
from walkapp.people.rules import hashed


@pytest.fixture
def inside(app, town):  # the town first: a write transaction is never nested
    with app.app_context(), writing():
        yield


def coordinator(town):
    return db.session.get_one(Person, town.coordinator.id)


def test_the_carried_list_holds_all_290_with_a_place_in_sweden():
    rows = service.register()
    assert len(rows) == 290
    assert rows["1984"]["name"] == "Arboga"
    assert all(54.9 < float(row["lat"]) < 69.2 and 10.4 < float(row["lon"]) < 24.3 for row in rows.values())


def test_a_municipality_is_added_by_its_code(inside):
    made = service.add_municipality(house(None), "1980")
    assert (made.name, made.slug) == ("Västerås", "vasteras")
    assert made.centre.lat == pytest.approx(59.61, abs=0.05)


@pytest.mark.parametrize(("code", "slug", "refusal"), [("9999", None, Invalid), ("1980", "Västerås", Invalid)])
def test_an_unknown_code_or_a_bad_slug_is_refused(inside, code, slug, refusal):
    with pytest.raises(refusal):
        service.add_municipality(house(None), code, slug)


def test_a_municipality_is_added_once(inside, town):
    with pytest.raises(Conflict, match=r"municipality\.already_here"):
        service.add_municipality(house(None), "1984")


def test_a_coordinator_adds_no_municipality(inside, town):
    with pytest.raises(NotAllowed):
        service.add_municipality(town.coordinator, "1980")


def test_a_person_is_added_with_a_role_and_a_second_role_is_added_to_the_same_person(inside, town):
    home = house(town.municipality)
    first = service.add_person(home, email="Anna@Arboga.se", name="Anna Ek", role="coordinator")
    again = service.add_person(home, email="anna@arboga.se", name="Anna Ek", role="chair", council_id=town.council)
    service.add_person(home, email="anna@arboga.se", name="Anna Ek", role="chair", council_id=town.council)
    assert first.id == again.id
    assert queries.roles_of(first.id) == {Role("coordinator"), Role("chair", council_id=town.council)}
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == first.id)).all()
    assert len(grants) == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"role": "agency_contact"}, "person.role_needs_scope"),
        ({"role": "chair"}, "person.role_needs_scope"),
        ({"role": "mayor"}, "person.no_such_role"),
        ({"role": "coordinator", "email": "a@b.se\r\nBcc: c@d.se"}, "person.bad_email"),
        ({"role": "coordinator", "name": "Anna\r\nBcc: c@d.se"}, "person.bad_name"),
    ],
)
def test_what_does_not_add_up_is_refused(inside, town, given, code):
    with pytest.raises(Invalid, match=code):
        service.add_person(house(town.municipality), **{"email": "a@b.se", "name": "Anna", **given})


def test_nobody_is_taken_from_another_municipality(inside, town):
    there = db.session.get_one(PersonContact, town.stranger.id).email
    with pytest.raises(Conflict, match=r"person\.of_another_municipality"):
        service.add_person(house(town.municipality), email=there, name="X", role="coordinator")


def test_only_an_administrator_adds_people(inside, town):
    with pytest.raises(NotAllowed):
        service.add_person(town.coordinator, email="a@b.se", name="A", role="coordinator")
    assert service.add_person(town.administrator, email="a@b.se", name="A", role="coordinator")


def test_a_token_signs_in_once(inside, town):
    token = service.make_sign_in_token(house(town.municipality), coordinator(town))
    person, secret = service.spend(f" {token}\n")
    assert person.id == town.coordinator.id
    assert db.session.scalar(select(SignIn).where(SignIn.secret_sha256 == hashed(secret))).person_id == person.id
    with pytest.raises(Gone, match=r"sign_in\.link_spent"):
        service.spend(token)


def test_neither_token_nor_session_is_kept_as_it_is(inside, town):
    token = service.make_sign_in_token(house(town.municipality), coordinator(town))
    _, secret = service.spend(token)
    kept = [row.token_sha256 for row in db.session.scalars(select(SignInToken))]
    kept += [row.secret_sha256 for row in db.session.scalars(select(SignIn))]
    kept += [str(row.facts) for row in db.session.scalars(select(JournalEntry))]
    assert not any(hidden in text for hidden in (token, secret) for text in kept)


def test_a_token_runs_out_after_ten_minutes(inside, town):
    token = service.make_sign_in_token(house(town.municipality), coordinator(town))
    with (
        clock.standing_at(clock.now() + timedelta(minutes=10, seconds=1)),
        pytest.raises(Gone, match=r"sign_in\.link_expired"),
    ):
        service.spend(token)


def test_spending_one_token_spends_the_others(inside, town):
    older = service.make_sign_in_token(house(town.municipality), coordinator(town))
    newer = service.make_sign_in_token(house(town.municipality), coordinator(town))
    service.spend(newer)
    with pytest.raises(Gone):
        service.spend(older)


def test_a_made_up_token_and_one_of_somebody_who_left_are_the_same(inside, town):
    token = service.make_sign_in_token(house(town.municipality), coordinator(town))
    coordinator(town).active = False
    for given in ("made-up", token):
        with pytest.raises(NotFound, match=r"sign_in\.link_unknown"):
            service.spend(given)


def test_a_session_ends_at_once(inside, town):
    _, secret = service.spend(service.make_sign_in_token(house(town.municipality), coordinator(town)))
    service.end_session(secret)
    service.end_session("not a session")
    assert db.session.scalar(select(SignIn).where(SignIn.secret_sha256 == hashed(secret))).ended_at is not None


def test_asking_for_a_link_is_noted_only_for_somebody_who_is_here(inside, town):
    service.ask_for_link("nobody@example.org", "/walks/", "sv")
    service.ask_for_link("not an address", None, "sv")
    assert not db.session.scalars(select(JournalEntry).where(JournalEntry.event == "sign_in.asked")).all()
    service.ask_for_link(coordinator(town).contact.email.upper(), "//evil.example", "en")
    (entry,) = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "sign_in.asked"))
    assert entry.facts == {"to": None, "language": "en"}
