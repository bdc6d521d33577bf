"""Who is in the demo: functions, not persons; refusals and delays belong to owners that are invented."""

import uuid
from dataclasses import dataclass, field

from walkapp.agencies import service as agencies
from walkapp.council import service as councils
from walkapp.kernel.actor import Actor, house
from walkapp.kernel.db import db
from walkapp.people import queries as people_queries
from walkapp.people import service as people
from walkapp.people.models import Person

AT = "arboga.example"

# slug, name, kind, what it usually answers for
OWNERS = (
    ("kommunalteknik", "Arboga Kommunalteknik AB", "municipal_company",
     ("lighting", "sightline", "litter", "upkeep", "ice", "wayfinding", "meeting_place", "parking", "passage")),
    ("kommunfastigheter", "Kommunfastigheter i Arboga AB", "municipal_company", ("building",)),
    ("bostadsbolaget", "Arbogabostäder AB", "municipal_company", ()),
    ("samhallsbyggnad", "Samhällsbyggnadsenheten", "municipal_unit", ("traffic", "access", "deserted")),
    ("fritid-kultur", "Fritid och kultur", "municipal_unit", ()),
    ("est-gruppen", "EST-gruppen", "forum", ("order",)),
    ("kollektivtrafik", "Regionens kollektivtrafik", "region", ("transit", "vandalism")),
    ("statlig-vaghallare", "Statlig väghållare", "state", ()),
    ("elnatsagare", "Elnätsägaren", "company", ()),
    ("privat-fastighetsagare", "Privat fastighetsägare", "private_owner", ("graffiti",)),
    ("forsamlingen", "Församlingen", "church", ()),
    ("centrumforening", "Centrumföreningen", "association", ("safe_place",)),
)  # fmt: skip

# key, name, role, standing at the council
PEOPLE = (
    ("samordnare", "Säkerhetssamordnaren", "coordinator", "representative"),
    ("ordforande", "Ordföranden", "chair", "member"),
    ("ledamot", "Ledamoten", "council_member", "member"),
    ("sekreterare", "Utredningssekreteraren", "secretary", "representative"),
    ("polis", "Kommunpolisen", "council_member", "representative"),
    ("kyrkoherde", "Kyrkoherden", "council_member", "representative"),
    ("rektor", "Rektorn", "council_member", "representative"),
    ("centrumledare", "Centrumledaren", "council_member", "representative"),
    ("driftchef", "Driftchefen, Kommunalteknik", "agency_contact", "representative"),
    ("ledare-a", "Vandringsledare, grupp A", "walk_leader", None),
    ("ledare-b", "Vandringsledare, grupp B", "walk_leader", None),
    ("administrator", "Systemförvaltaren", "administrator", None),
    ("arkivarie", "Arkivarien", "archivist", None),
)
SHOWN_ROLES = {"coordinator", "walk_leader", "agency_contact", "council_member", "chair", "secretary", "administrator"}


@dataclass
class Town:
    """What the telling needs to know of whom it made."""

    municipality_id: uuid.UUID
    slug: str
    council_id: uuid.UUID
    owners: dict[str, uuid.UUID] = field(default_factory=dict)
    people: dict[str, uuid.UUID] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return one of the people as the one who acts, with the roles held by now."""
        return people_queries.as_actor(db.session.get_one(Person, self.people[key]))

    @property
    def house(self) -> Actor:
        """The house itself."""
        return house(self.municipality_id)


def make() -> Town:
    """Make the municipality, its owners, its people, and their seats in the council."""
    here = people.add_municipality(house(None), "1984", "arboga")
    here.duty_number = "0589-555 00"
    here.contact_text = "Säkerhetssamordnaren i kommunen, via kontaktcenter"
    maker = house(here.id)
    forum = councils.add_council(
        maker, here, "forebyggande-radet", "Förebyggande rådet", place="Sammanträdesrummet i Rådhuset"
    )
    town = Town(here.id, here.slug, forum.id)
    for slug, name, kind, categories in OWNERS:
        owner = agencies.add(maker, slug=slug, name=name, kind=kind, categories=categories)
        agencies.add_contact(maker, owner.id, name=name, email=f"{slug}@{AT}")
        town.owners[slug] = owner.id
    for person in PEOPLE:
        _add(town, *person)
    return town


def _add(town: Town, key: str, name: str, role: str, standing: str | None) -> None:
    seated = role in ("chair", "secretary", "council_member")
    made = people.add_person(
        town.house,
        email=f"{key}@{AT}",
        name=name,
        # a leader's role comes with the walk that is led
        role="council_member" if role == "walk_leader" else role,
        council_id=town.council_id if seated or role == "walk_leader" else None,
        organisation_id=town.owners["kommunalteknik"] if role == "agency_contact" else None,
    )
    if role == "walk_leader":
        people.withdraw(town.house, made, "council_member", council_id=town.council_id)
    town.people[key] = made.id
    if standing:
        office = role if role in ("chair", "secretary") else None
        councils.take_seat(town.house, town.council_id, made.id, standing=standing, office=office)


def addresses(town: Town) -> list[tuple[str, str]]:
    """Return each person's role and address, for whoever starts the demo."""
    return [(role, f"{key}@{AT}") for key, _, role, _ in PEOPLE]
