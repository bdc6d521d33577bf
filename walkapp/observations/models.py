"""What was seen on a walk. The participant's own words are never overwritten; the coordinator's stand beside them."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from walkapp.kernel.db import Identified, Json, Model, UtcDateTime
from walkapp.kernel.geo import Point
from walkapp.kernel.states import Stateful

from .states import observation


class ReceivedBody(Identified, Model):
    """Every body that arrived, as its bytes; append-only. `verdict` tells what was made of it."""

    __tablename__ = "received_body"
    __table_args__ = (Index("ix_received_body_subject", "subject_id", "revision"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    kind: Mapped[str]  # observation, rating, voice
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    participant_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    revision: Mapped[int]
    sha256: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    verdict: Mapped[str]  # stored superseded held conflict
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the phone's clock
    client: Mapped[str | None]


class Observation(Stateful, Model):
    """An observation (*iakttagelse*): the phone made its id. The newest accepted revision's words."""

    __tablename__ = "observation"
    __table_args__ = (UniqueConstraint("walk_id", "number"),)
    machine = observation

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), index=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    number: Mapped[int | None]  # without gaps within the walk; None while held
    revision: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    held: Mapped[bool] = mapped_column(default=False)  # came later than 12 h after closing: the late tray
    admitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    needs_place: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)  # points at a person: the coordinator alone
    secret: Mapped[bool] = mapped_column(default=False)

    kind: Mapped[str]  # deficiency, safe_place, proposal
    category: Mapped[str | None]
    text: Mapped[str | None]
    proposal: Mapped[str | None]
    feeling: Mapped[int | None]
    acute: Mapped[bool] = mapped_column(default=False)
    stop_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stop.id", ondelete="SET NULL"))
    asset: Mapped[str | None]
    said_by: Mapped[str] = mapped_column(default="self")
    voices: Mapped[int] = mapped_column(default=1)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    place_source: Mapped[str] = mapped_column(default="none")  # gps, map, address, none
    fixed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)  # as the phone said
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the same, corrected for the phone's clock
    sequence: Mapped[int]
    light: Mapped[str | None]  # daylight, dusk, dark: computed

    curation: Mapped["Curation | None"] = relationship(lazy="joined", uselist=False)
    photos: Mapped[list["ObservationPhoto"]] = relationship(order_by="ObservationPhoto.position")

    @property
    def curated_kind(self) -> str:
        """The kind as reviewed; the participant's own until somebody has changed it."""
        return (self.curation and self.curation.kind) or self.kind

    @property
    def curated_category(self) -> str | None:
        """The category as reviewed."""
        return (self.curation and self.curation.category) or self.category

    @property
    def wording(self) -> str | None:
        """The wording for report, owner and public page: the reviewed one, else the participant's own words."""
        return (self.curation and self.curation.text) or self.text

    @property
    def proposed(self) -> str | None:
        """What is proposed, in the reviewed wording, else in the participant's own words."""
        return (self.curation and self.curation.proposal) or self.proposal

    @property
    def place(self) -> str | None:
        """The place in words: as reviewed, else the address that the participant gave."""
        return (self.curation and self.curation.place) or self.address

    @property
    def point(self) -> Point | None:
        """The position as reviewed, else as the phone gave it."""
        for one in (self.curation, self):
            if one is not None and one.lat is not None and one.lon is not None:
                return Point(one.lat, one.lon)
        return None


class Curation(Model):
    """What the coordinator made of an observation, beside the participant's own words."""

    __tablename__ = "curation"

    observation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("observation.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    kind: Mapped[str | None]
    category: Mapped[str | None]
    text: Mapped[str | None]  # the wording that report and public page use
    proposal: Mapped[str | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    place: Mapped[str | None]
    reason_code: Mapped[str | None]  # of set aside, redirect, mask
    reason: Mapped[str | None]


class ObservationPhoto(Identified, Model):
    """A photo that an observation lists, by its hash. It may be listed before it has arrived."""

    __tablename__ = "observation_photo"
    __table_args__ = (UniqueConstraint("observation_id", "sha256"),)

    municipality_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    observation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("observation.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    sha256: Mapped[str]
    bytes: Mapped[int]
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MergeLink(Identified, Model):
    """`merged` says the same as `kept`: every voice stays, and the link can be taken back."""

    __tablename__ = "merge_link"

    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    kept_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("observation.id"), index=True)
    merged_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("observation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Rating(Model):
    """The silent score at a stop; the newest accepted revision."""

    __tablename__ = "rating"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), index=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    stop_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stop.id", ondelete="SET NULL"))
    revision: Mapped[int]
    score: Mapped[int | None]
    score_dark: Mapped[int | None]
    answers: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)  # to the stop's questions
    profile: Mapped[dict[str, int] | None] = mapped_column(Json)  # nine codes, 0-3
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Voice(Model):
    """ "I saw it too": one more voice for another's observation."""

    __tablename__ = "voice"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), index=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    observation_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
