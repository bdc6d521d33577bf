"""People, as pages and papers show them."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from walkapp.kernel.actor import Actor, Role
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotFound
from walkapp.kernel.order import swedish

from .models import Municipality, Person, PersonContact, RoleGrant

ROLES_SHOWN = (
    "coordinator",
    "walk_leader",
    "chair",
    "secretary",
    "council_member",
    "agency_contact",
    "archivist",
    "administrator",
)


def by_email(email: str) -> Person | None:
    """Return the active person with this address."""
    found = select(Person).join(PersonContact).where(PersonContact.email == email.strip().lower(), Person.active)
    return db.session.scalar(found)


def roles_of(person_id: uuid.UUID) -> frozenset[Role]:
    """Return every role that a person holds."""
    rows = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id))
    return frozenset(Role(row.word, row.organisation_id, row.council_id, row.walk_id) for row in rows)


def as_actor(person: Person) -> Actor:
    """Return a person as the one who acts."""
    return Actor("person", person.municipality_id, person.id, roles_of(person.id), language=person.language)


def municipality(municipality_id: uuid.UUID) -> Municipality:
    """Return a municipality that something else already points to."""
    return db.session.get_one(Municipality, municipality_id)


def municipality_by_slug(slug: str) -> Municipality | None:
    """Return a municipality by the slug in its public addresses."""
    return db.session.scalar(select(Municipality).where(Municipality.slug == slug))


def municipality_by_code(code: str) -> Municipality | None:
    """Return a municipality by its four digits."""
    return db.session.scalar(select(Municipality).where(Municipality.code == code))


def of_municipality(actor: Actor) -> list[Person]:
    """Return the active people of the actor's municipality, by name in Swedish order."""
    rows = db.session.scalars(
        select(Person).where(Person.municipality_id == actor.municipality_id, Person.active)
    ).unique()
    return sorted(rows, key=lambda person: swedish(person.contact.name))


def one(actor: Actor, person_id: uuid.UUID | None) -> Person | None:
    """Return an active person of the actor's municipality."""
    if person_id is None:
        return None
    here = select(Person).where(Person.id == person_id, Person.municipality_id == actor.municipality_id, Person.active)
    return db.session.scalar(here)


def with_role(actor: Actor, *words: str) -> list[Person]:
    """Return the active people of the actor's municipality who hold one of these roles, by name."""
    held = select(RoleGrant.person_id).where(
        RoleGrant.municipality_id == actor.municipality_id, RoleGrant.word.in_(words)
    )
    holders = set(db.session.scalars(held))
    return [person for person in of_municipality(actor) if person.id in holders]


def grants_for_walk(actor: Actor, walk_id: uuid.UUID) -> list[RoleGrant]:
    """Return who holds the role of leader for one walk."""
    held = (RoleGrant.municipality_id == actor.municipality_id, RoleGrant.walk_id == walk_id)
    return list(db.session.scalars(select(RoleGrant).where(*held, RoleGrant.word == "walk_leader")))


def active(person_id: uuid.UUID) -> Person:
    """Return an active person, of whatever municipality; for the doors that let people in."""
    found = db.session.scalar(select(Person).where(Person.id == person_id, Person.active))
    if found is None:
        raise NotFound("person.not_found")
    return found


@dataclass(frozen=True)
class DemoPerson:
    """Somebody whom a visitor of the demo may be for a while."""

    id: uuid.UUID
    name: str
    title: str | None
    roles: tuple[str, ...]


def demo_people() -> list[DemoPerson]:
    """Return the people of a demo instance by role, the coordinator first. Only a demo's door asks."""
    order = list(ROLES_SHOWN)
    people = [
        DemoPerson(row.id, row.contact.name, row.title, tuple(word for word in order if as_actor(row).has(word)))
        for row in db.session.scalars(select(Person).where(Person.active)).unique()
    ]
    return sorted(
        (person for person in people if person.roles), key=lambda one: (order.index(one.roles[0]), swedish(one.name))
    )
