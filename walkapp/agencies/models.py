"""Who answers for what: the register of organisations (*ansvarig part*)."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from walkapp.kernel.db import Identified, Json, Model, UtcDateTime

from .rules import is_asked


class Organisation(Identified, Model):
    """An owner of places: a municipal unit or company, a state body, a region, a church, a private owner..."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("municipality_id", "slug"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]  # a word of rules.KINDS
    categories: Mapped[list[str]] = mapped_column(Json, default=list)  # what it usually answers for
    answer_days: Mapped[int] = mapped_column(default=10)  # working days
    active: Mapped[bool] = mapped_column(default=True)

    contacts: Mapped[list["OrganisationContact"]] = relationship(order_by="OrganisationContact.email")

    @property
    def asked(self) -> bool:
        """Tell whether it is asked (*förfrågan*) rather than given (*skickas till*): rule R8."""
        return is_asked(self.kind)


class OrganisationContact(Identified, Model):
    """Where an organisation's letters go: a role's address before a person's."""

    __tablename__ = "organisation_contact"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    email: Mapped[str]


class OwnerLink(Identified, Model):
    """The address `/a/<token>` by which an organisation sees and answers its own list. Hashed at rest, revocable."""

    __tablename__ = "owner_link"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
