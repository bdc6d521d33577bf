"""Walk, area, route, stop, invitation, participant."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from walkapp.kernel.db import Identified, Json, Model, UtcDateTime
from walkapp.kernel.geo import Point
from walkapp.kernel.states import Stateful

from . import states


class Area(Identified, Model):
    """A piece of town that is walked, with the reason why; walked again, it is the same area."""

    __tablename__ = "area"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    name: Mapped[str]
    shape: Mapped[dict[str, Any] | None] = mapped_column(Json)  # GeoJSON Polygon, WGS 84
    reason: Mapped[str | None]


class Walk(Identified, Stateful, Model):
    """A safety walk."""

    __tablename__ = "walk"
    machine = states.walk

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    name: Mapped[str]
    type: Mapped[str] = mapped_column(default="inventory")  # inventory, patrol, inspection, digital: rule R17
    purpose: Mapped[str | None]
    theme: Mapped[str | None]
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("area.id"))
    route: Mapped[dict[str, Any] | None] = mapped_column(Json)  # GeoJSON LineString
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    meeting_point: Mapped[str | None]
    meeting_lat: Mapped[float | None]
    meeting_lon: Mapped[float | None]
    accessibility: Mapped[str | None]  # steps, surface, benches: what a person needs to know beforehand
    most_people: Mapped[int] = mapped_column(default=20)
    registry_number: Mapped[str | None]  # dnr, free text
    leader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("walk.id"))
    join_code: Mapped[str] = mapped_column(unique=True)  # XXXX-XXXX, printed and spoken; can be rotated
    join_paused: Mapped[bool] = mapped_column(default=False)
    shows_others: Mapped[bool] = mapped_column(default=False)  # participants see one another's observations
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the public page shows it

    area: Mapped[Area | None] = relationship(lazy="joined")
    stops: Mapped[list["Stop"]] = relationship(order_by="Stop.position", cascade="all, delete-orphan")
    groups: Mapped[list["WalkGroup"]] = relationship(order_by="WalkGroup.name", cascade="all, delete-orphan")

    @property
    def meeting_place(self) -> Point | None:
        """Where it starts, if it has been put on the map."""
        if self.meeting_lat is None or self.meeting_lon is None:
            return None
        return Point(self.meeting_lat, self.meeting_lon)


class Stop(Identified, Model):
    """A place where the walk halts, with its questions."""

    __tablename__ = "stop"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]  # 1, 2, 3 along the route
    name: Mapped[str]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    questions: Mapped[list[str]] = mapped_column(Json, default=list)


class WalkGroup(Identified, Model):
    """Those who walk together, when a walk is more than a handful."""

    __tablename__ = "walk_group"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    leader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class Invitation(Identified, Stateful, Model):
    """An invitation to a role or an organisation; who and where is in a table of its own."""

    __tablename__ = "invitation"
    machine = states.invitation

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]  # kommunpolis, pensionärsorganisation: what the report counts
    token_sha256: Mapped[str | None] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)  # of the calendar entry
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    contact: Mapped["InvitationContact"] = relationship(lazy="joined", innerjoin=True, cascade="all, delete-orphan")


class InvitationContact(Model):
    """Who was invited."""

    __tablename__ = "invitation_contact"

    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    name: Mapped[str]
    email: Mapped[str]


class Participant(Model):
    """A phone on a walk, by a pseudonym that holds for this walk alone. The phone makes id and token itself."""

    __tablename__ = "participant"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), index=True)
    group_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("walk_group.id", ondelete="SET NULL"))
    token_sha256: Mapped[str | None]  # None: came by import, the first valid join sets it
    role: Mapped[str] = mapped_column(default="participant")
    language: Mapped[str] = mapped_column(default="sv")
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting_observations: Mapped[int] = mapped_column(default=0)  # what the phone last said it still holds
    waiting_photos: Mapped[int] = mapped_column(default=0)
    oldest_waiting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_code: Mapped[str | None]  # XXXX-XXXX of its last complete receipt
    receipt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ParticipantName(Model):
    """The name that a participant chose to give; in no export."""

    __tablename__ = "participant_name"

    participant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    name: Mapped[str]


class ParticipantContact(Model):
    """Where the answer goes afterwards; kept apart, in no export."""

    __tablename__ = "participant_contact"

    participant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    email: Mapped[str]
    band: Mapped[str | None]
