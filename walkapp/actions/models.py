"""An action (*åtgärd*), its owner, answers, deadline and verification."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from walkapp.agencies.models import Organisation
from walkapp.kernel.db import Identified, Model, UtcDateTime
from walkapp.kernel.states import Stateful

from . import states


class Action(Identified, Stateful, Model):
    """What is to be done about one or several observations, by exactly one organisation (R7)."""

    __tablename__ = "action"
    __table_args__ = (UniqueConstraint("walk_id", "number"),)
    machine = states.action

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), index=True)
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str | None]
    public_text: Mapped[str | None]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    term: Mapped[str]  # acute, quick, short, long, continuous, preserve: the class, which sets the deadline (R11)
    power: Mapped[str]  # municipality, company, authority, private, unclear: rådighet
    cost: Mapped[str | None]
    due_on: Mapped[date | None]
    season: Mapped[str | None]
    heritage: Mapped[bool] = mapped_column(default=False)  # kulturmiljö: samråd
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planned_on: Mapped[date | None]  # when the owner says it will be done
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_how: Mapped[str | None]  # on_site, photo
    reason_code: Mapped[str | None]  # of a no
    reason: Mapped[str | None]
    foreign_reference: Mapped[str | None]  # the owner's own case number

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    observations: Mapped[list["ActionObservation"]] = relationship(cascade="all, delete-orphan")
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.at")


class ActionObservation(Model):
    """An observation that an action answers."""

    __tablename__ = "action_observation"

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"), primary_key=True)
    observation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    municipality_id: Mapped[uuid.UUID] = mapped_column(Uuid)


class Answer(Identified, Model):
    """What an owner said, as said. Never changed; the newest one stands."""

    __tablename__ = "answer"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_kind: Mapped[str]  # owner_link, person
    verb: Mapped[str]
    state: Mapped[str]  # that it led to
    text: Mapped[str | None]
    reason_code: Mapped[str | None]
    planned_on: Mapped[date | None]
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
