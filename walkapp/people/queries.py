"""People, as pages and papers show them."""

import uuid

from sqlalchemy import select

from walkapp.kernel.actor import Actor, Role
from walkapp.kernel.db import db
from walkapp.kernel.order import swedish

from .models import Municipality, Person, PersonContact, RoleGrant


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
