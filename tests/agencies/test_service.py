"""The register of owners, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from walkapp.agencies import queries, service
from walkapp.agencies.models import OwnerLink
from walkapp.kernel import clock
from walkapp.kernel.actor import PUBLIC, house
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.transaction import writing


@pytest.fixture
def inside(app, town):
    with app.app_context(), writing():
        yield


def test_an_owner_is_added_and_found_in_swedish_order(inside, town):
    for name in ("Östra bostäder", "Ågatans ägare", "Zinkgruvan"):
        service.add(town.coordinator, name=name, kind="company")
    names = [one.name for one in queries.listed(town.coordinator)]
    assert names == ["Gatukontoret", "Statlig Vaghallare", "Zinkgruvan", "Ågatans ägare", "Östra bostäder"]
    assert queries.by_slug(town.coordinator, "ostra-bostader").name == "Östra bostäder"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "agency"}, "organisation.no_such_kind"),
        ({"categories": ("lamps",)}, "organisation.no_such_category"),
        ({"answer_days": 0}, "organisation.bad_answer_days"),
        ({"answer_days": 91}, "organisation.bad_answer_days"),
        ({"name": "Gatu\r\nBcc: a@b.se", "slug": "gatu"}, "organisation.bad_name"),
        ({"name": " ", "slug": "x"}, "organisation.bad_name"),
        ({"name": "!!"}, "organisation.bad_slug"),
    ],
)
def test_what_does_not_add_up_is_refused(inside, town, given, code):
    with pytest.raises(Invalid, match=code):
        service.add(town.coordinator, **{"name": "Ny", "kind": "company", **given})


def test_the_same_slug_twice_is_refused_and_another_municipality_may_have_it(inside, town):
    with pytest.raises(Conflict):
        service.add(town.coordinator, name="Gatukontoret", kind="municipal_unit")
    assert service.add(town.stranger, name="Gatukontoret", kind="municipal_unit").municipality_id == town.elsewhere


@pytest.mark.parametrize("who", ["leader", "member", "owner_contact", "secretary"])
def test_only_its_keepers_change_the_register(inside, town, who):
    actor = getattr(town, who)
    with pytest.raises(NotAllowed):
        service.add(actor, name="Ny", kind="company")
    with pytest.raises(NotAllowed):
        service.make_owner_link(actor, town.organisation)
    with pytest.raises(NotAllowed):
        service.add_contact(actor, town.organisation, name="A", email="a@b.se")


def test_another_municipalitys_register_is_not_there(inside, town):
    for verb in (service.retire, service.make_owner_link, service.revoke_links, queries.one):
        with pytest.raises(NotFound, match=r"organisation\.not_found"):
            verb(town.stranger, town.organisation)
    assert queries.listed(town.stranger) == []
    assert queries.listed(PUBLIC) == []


def test_a_change_keeps_the_slug_and_tells_what_was(inside, town):
    service.change(
        town.coordinator, town.organisation, name="Gata och park", kind="municipal_unit", categories=(), answer_days=5
    )
    one = queries.one(town.coordinator, town.organisation)
    assert (one.name, one.slug, one.answer_days, one.categories) == ("Gata och park", "gatukontoret", 5, [])
    entry = db.session.scalar(select(JournalEntry).where(JournalEntry.event == "organisation.changed"))
    assert entry.facts["before"]["name"] == "Gatukontoret"


def test_contacts_come_and_go(inside, town):
    contact = service.add_contact(town.coordinator, town.organisation, name="Drift", email="Drift@Example.org")
    again = service.add_contact(town.coordinator, town.organisation, name="Driftjour", email="drift@example.org")
    assert (again.id, again.name, again.email) == (contact.id, "Driftjour", "drift@example.org")
    service.remove_contact(town.coordinator, town.organisation, contact.id)
    assert "drift@example.org" not in {c.email for c in queries.one(town.coordinator, town.organisation).contacts}
    with pytest.raises(NotFound):
        service.remove_contact(town.coordinator, town.organisation, contact.id)


@pytest.mark.parametrize(("name", "email"), [("A", "a@b.se, c@d.se"), ("A\r\nBcc: x@y.se", "a@b.se"), ("", "a@b.se")])
def test_a_contact_that_could_end_a_header_is_refused(inside, town, name, email):
    with pytest.raises(Invalid):
        service.add_contact(town.coordinator, town.organisation, name=name, email=email)


def test_the_suggestion_knows_the_actors_register_alone(inside, town):
    assert queries.suggest_for(town.coordinator, "lighting").id == town.organisation
    assert queries.suggest_for(town.coordinator, "order") is None
    assert queries.suggest_for(town.stranger, "lighting") is None
    service.retire(town.coordinator, town.organisation)
    assert queries.suggest_for(town.coordinator, "lighting") is None


def test_an_owners_link_opens_its_list_and_is_kept_as_a_hash(inside, town):
    token = service.make_owner_link(house(town.municipality), town.organisation)
    link = queries.find_by_token(token)
    actor = queries.as_actor(link)
    assert (actor.kind, actor.organisation_id, actor.roles) == ("owner_link", town.organisation, frozenset())
    assert [one.id for one in queries.listed(actor)] == [town.organisation]
    assert token not in str([vars(row) for row in db.session.scalars(select(OwnerLink))])
    assert queries.find_by_token(token + "x") is None


def test_an_owners_link_ends_when_revoked_when_it_runs_out_and_when_the_owner_is_retired(inside, town):
    first, second = (service.make_owner_link(town.coordinator, town.organisation) for _ in range(2))
    assert service.revoke_links(town.coordinator, town.organisation) == 2
    assert queries.find_by_token(first) is queries.find_by_token(second) is None
    third = service.make_owner_link(town.coordinator, town.organisation)
    with clock.standing_at(clock.now() + service.LINK_LIVES):
        assert queries.find_by_token(third) is None
    assert queries.find_by_token(third)
    service.retire(town.coordinator, town.organisation)
    assert queries.find_by_token(third) is None
    with pytest.raises(Conflict, match=r"organisation\.retired"):
        service.make_owner_link(town.coordinator, town.organisation)
    service.bring_back(town.coordinator, town.organisation)
    assert queries.find_by_token(third) is None, "bringing back does not open old links"


def test_links_made_within_its_life_stay_open(inside, town):
    token = service.make_owner_link(town.coordinator, town.organisation)
    with clock.standing_at(clock.now() + service.LINK_LIVES - timedelta(days=1)):
        assert queries.find_by_token(token)
