"""Municipality, person, role, sign-in. Names and addresses in a table of their own."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from walkapp.kernel.db import Identified, Json, Model, UtcDateTime
from walkapp.kernel.geo import Point


class Municipality(Identified, Model):
    """A municipality (*kommun*): everything else belongs to one."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(unique=True)  # four digits, Statistics Sweden
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    lat: Mapped[float]  # the middle of its town: where a new map opens, and where light is computed
    lon: Mapped[float]
    duty_number: Mapped[str | None]  # driftjour, for acute faults
    contact_text: Mapped[str | None]  # who to turn to, as shown to walkers: a function, never a person
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    @property
    def municipality_id(self) -> uuid.UUID:
        """A municipality belongs to itself."""
        return self.id

    @property
    def centre(self) -> Point:
        """The middle of its town."""
        return Point(self.lat, self.lon)


class Person(Identified, Model):
    """Somebody who signs in. The rest of the data refers to role and organisation, never to a name."""

    __tablename__ = "person"

    municipality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    language: Mapped[str] = mapped_column(default="sv")
    active: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str | None]  # the function, as papers show it: säkerhetssamordnare

    contact: Mapped["PersonContact"] = relationship(lazy="joined", innerjoin=True)


class PersonContact(Model):
    """A person's name and address."""

    __tablename__ = "person_contact"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)  # lower case


class RoleGrant(Identified, Model):
    """A role that a person holds, in a scope. The scope's id points up the stairs, so it is no foreign key."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "word", "organisation_id", "council_id", "walk_id"),)

    municipality_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    word: Mapped[str]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    council_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    walk_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class SignInToken(Identified, Model):
    """A one-time address by mail: good for ten minutes, spent by its POST, hashed at rest."""

    __tablename__ = "sign_in_token"

    municipality_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    token_sha256: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    spent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Identified, Model):
    """A session on one device: its id is random and hashed at rest; ending it ends it at once."""

    __tablename__ = "sign_in"

    municipality_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
