"""Council (forum), meeting, agenda item, attendance, outcome, signature, snapshot."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from walkapp.kernel.db import Identified, Model, UtcDateTime
from walkapp.kernel.states import Stateful
from walkapp.people.models import Person

from .states import meeting as meeting_states


class Council(Identified, Model):
    """A forum: the crime-prevention council, later also EST groups, focus groups and working groups."""

    __tablename__ = "council"
    __table_args__ = (UniqueConstraint("municipality_id", "slug"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="council")
    place: Mapped[str | None]  # where it usually meets
    numbering: Mapped[str] = mapped_column(default="plain")  # plain: "1."; section: "§ 12", through the year
    minutes_word: Mapped[str] = mapped_column(default="notes")  # notes: minnesanteckningar; minutes: protokoll
    may_decide: Mapped[bool] = mapped_column(default=False)  # may its outcomes be called beslut?
    active_until: Mapped[date | None]

    members: Mapped[list["CouncilMember"]] = relationship(order_by="CouncilMember.position")


class CouncilMember(Identified, Model):
    """A seat: who, in which class, in which office, for how long."""

    __tablename__ = "council_member"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("council.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    standing: Mapped[str]  # member (ledamot), representative (rådsrepresentant), other (övriga)
    office: Mapped[str | None]  # chair, secretary
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Meeting(Identified, Stateful, Model):
    """A meeting of a council."""

    __tablename__ = "meeting"
    machine = meeting_states

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("council.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str]
    link: Mapped[str | None]  # for those who take part remotely
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"))
    registry_number: Mapped[str | None]
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"))  # the meeting that approved it

    council: Mapped[Council] = relationship(lazy="joined", innerjoin=True)
    agenda: Mapped[list["AgendaItem"]] = relationship(order_by="AgendaItem.position")
    attendance: Mapped[list["Attendance"]] = relationship(order_by="Attendance.position")
    signatures: Mapped[list["Signature"]] = relationship(order_by="Signature.at")


class AgendaItem(Identified, Model):
    """A point on the agenda, its note and its outcome. An outcome per action stands in `ActionOutcome`."""

    __tablename__ = "agenda_item"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(
        default="free"
    )  # attendance, previous, walk, situation, units, crime, other, free
    heading: Mapped[str]
    presenter: Mapped[str | None]
    note: Mapped[str | None]
    outcome: Mapped[str | None]  # information assignment standpoint filed forwarded tabled
    walk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("walk.id"))  # its report is considered here

    outcomes: Mapped[list["ActionOutcome"]] = relationship(order_by="ActionOutcome.at")


class ActionOutcome(Identified, Model):
    """What the council came to about one action; written back to the action, downstairs."""

    __tablename__ = "action_outcome"
    __table_args__ = (UniqueConstraint("agenda_item_id", "action_id"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    agenda_item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action.id"), index=True)
    outcome: Mapped[str]
    text: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attendance(Identified, Model):
    """Who took part, in which class, and how."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    standing: Mapped[str]  # member representative other
    how: Mapped[str | None]  # room remote absent; None: not yet said

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Signature(Identified, Model):
    """One of the two signatures under the minutes, bound to the snapshot's hash."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("meeting_id", "office"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    office: Mapped[str]  # chair, secretary
    sha256: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MinutesSnapshot(Identified, Model):
    """The minutes as signed: canonical JSON and its SHA-256. Append-only; later changes never alter it (R13)."""

    __tablename__ = "minutes_snapshot"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"))
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    version: Mapped[int]
    text: Mapped[str]
    sha256: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
