"""The reads of observations: first the phone's, then the coordinator's."""

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.photos import queries as photos
from walkapp.photos.models import Photo
from walkapp.walks.access import walk_for
from walkapp.walks.models import Participant, Stop, Walk, WalkGroup

from . import rules
from .access import for_other_eyes, observation_for, visible_to
from .models import MergeLink, Observation, ObservationPhoto, ReceivedBody, Voice
from .states import PILE, STANDING

# --- The phone ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Revision:
    """One revision of one thing, as a receipt asks for it."""

    id: uuid.UUID
    revision: int


@dataclass(frozen=True)
class Asked:
    """What a phone asks its receipt for, each once."""

    observations: frozenset[Revision] = frozenset()
    photos: frozenset[str] = frozenset()
    ratings: frozenset[Revision] = frozenset()
    voices: frozenset[Revision] = frozenset()


@dataclass(frozen=True)
class Receipt:
    """What is missing, what the last three verified backups hold, and the digest when nothing is missing."""

    missing: Asked
    digest: str | None
    secured: Asked = field(default_factory=Asked)


def bodies_of(actor: Actor, kind: str, subject_id: uuid.UUID) -> list[rules.Known]:
    """Return what has arrived from this phone for this id, oldest first, without the bytes."""
    rows = db.session.execute(
        select(ReceivedBody.revision, ReceivedBody.sha256, ReceivedBody.verdict)
        .where(ReceivedBody.kind == kind, ReceivedBody.subject_id == subject_id)
        .where(ReceivedBody.participant_id == actor.id)
        .order_by(ReceivedBody.id)
    )
    return [rules.Known(*row) for row in rows]


def hashes_listed_by(participant_id: uuid.UUID) -> set[str]:
    """Return the hashes of every photo that a phone's observations list."""
    listed = select(ObservationPhoto.sha256).join(Observation, Observation.id == ObservationPhoto.observation_id)
    return set(db.session.scalars(listed.where(Observation.participant_id == participant_id)))


def count_sent_by(participant_id: uuid.UUID) -> int:
    """Return how many observations a phone has sent."""
    mine = select(func.count(Observation.id)).where(Observation.participant_id == participant_id)
    return db.session.scalar(mine) or 0


def receipt(actor: Actor, asked: Asked) -> Receipt:
    """Return what has arrived from this phone of what it asks for. What others sent counts as missing."""
    accepted = _accepted(actor)
    arrived = {photo.sha256: photo.content.bytes for photo in photos.all_sent_by(actor.id)} if actor.id else {}
    named = {"observation": asked.observations, "rating": asked.ratings, "voice": asked.voices}
    missing: dict[str, frozenset[Revision]] = {
        kind: frozenset(one for one in wanted if (kind, one) not in accepted) for kind, wanted in named.items()
    }
    lost = asked.photos - set(arrived)
    lines = [
        f"{kind[0]} {one.id} {one.revision} {accepted[kind, one]}"
        for kind, wanted in named.items()
        for one in wanted - missing[kind]
    ]
    lines += [f"p {sha256} {arrived[sha256]}" for sha256 in asked.photos - lost]
    whole = not (lost or any(missing.values()))
    return Receipt(
        Asked(missing["observation"], lost, missing["rating"], missing["voice"]), rules.digest(lines) if whole else None
    )


def changes(actor: Actor, walk: Walk) -> dict[str, Any]:
    """Return what became of a phone's own things and, when the coordinator opened them, others' observations."""
    rows = list(
        db.session.scalars(
            select(Observation)
            .where(Observation.walk_id == walk.id, visible_to(actor))
            .order_by(Observation.seen_at, Observation.id)
        ).unique()
    )
    pictures = photos_of(rows)
    voices = voices_for([row.id for row in rows])
    told = {
        "own": [_own(row, pictures[row.id]) for row in rows if row.participant_id == actor.id],
        "others": [
            _other(row, pictures[row.id], voices.get(row.id, 0)) for row in rows if row.participant_id != actor.id
        ],
    }
    cursor = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]
    return {**told, "cursor": cursor}


def photos_of(rows: Iterable[Observation]) -> dict[uuid.UUID, list[tuple[ObservationPhoto, Photo | None]]]:
    """Return each observation's listed photos in order, with the photo itself where it has arrived."""
    found: dict[uuid.UUID, list[ObservationPhoto]] = {row.id: [] for row in rows}
    sender = {row.id: row.participant_id for row in rows}
    listed = db.session.scalars(
        select(ObservationPhoto)
        .where(ObservationPhoto.observation_id.in_(found))
        .order_by(ObservationPhoto.observation_id, ObservationPhoto.position)
    )
    for one in listed:
        found[one.observation_id].append(one)
    pairs = {(sender[one.observation_id], one.sha256) for many in found.values() for one in many}
    arrived = photos.by_sender_and_hash(pairs)
    return {seen: [(one, arrived.get((sender[seen], one.sha256))) for one in many] for seen, many in found.items()}


def voices_for(observation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many other participants saw it too, each counted once and never the sender itself."""
    counted = (
        select(Voice.observation_id, func.count(func.distinct(Voice.participant_id)))
        .join(Observation, Observation.id == Voice.observation_id)
        .where(Voice.observation_id.in_(observation_ids), Voice.walk_id == Observation.walk_id)
        .where(Voice.participant_id != Observation.participant_id)
        .group_by(Voice.observation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _accepted(actor: Actor) -> dict[tuple[str, Revision], str]:
    rows = db.session.execute(
        select(ReceivedBody.kind, ReceivedBody.subject_id, ReceivedBody.revision, ReceivedBody.sha256)
        .where(ReceivedBody.participant_id == actor.id, ReceivedBody.verdict.in_(rules.ACCEPTED))
        .order_by(ReceivedBody.id)
    )
    found: dict[tuple[str, Revision], str] = {}
    for kind, subject_id, revision, sha256 in rows:
        found.setdefault((kind, Revision(subject_id, revision)), sha256)
    return found


def _own(row: Observation, pictures: list[tuple[ObservationPhoto, Photo | None]]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "revision": row.revision,
        "number": row.number,
        "state": row.state,
        "held": row.held,
        "withdrawn": row.withdrawn,
        "needs_place": row.needs_place,
        "reason_code": row.curation.reason_code if row.curation else None,
        "photos": [
            {
                "sha256": one.sha256,
                "state": photo.content.state if photo else "awaited",
                "reason": photo.content.reason if photo else None,
                "seen": bool(photo and photo.seen_at),
            }
            for one, photo in pictures
        ],
    }


def _other(row: Observation, pictures: list[tuple[ObservationPhoto, Photo | None]], voices: int) -> dict[str, Any]:
    edited = row.curation
    return {
        "id": str(row.id),
        "number": row.number,
        "kind": (edited and edited.kind) or row.kind,
        "category": (edited and edited.category) or row.category,
        "text": (edited and edited.text) or row.text,
        "lat": edited.lat if edited and edited.lat is not None else row.lat,
        "lon": edited.lon if edited and edited.lon is not None else row.lon,
        "stop": str(row.stop_id) if row.stop_id else None,
        "seen_at": row.seen_at.isoformat(),
        "voices": row.voices + voices,
        "thumbnails": [
            {"address": f"/api/photos/{photo.id}/thumb", "alt": photo.alt}
            for _, photo in pictures
            if photo is not None and photo.shown
        ],
    }


# --- The coordinator ----------------------------------------------------------------------------------------------


# --- The coordinator ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PhotoRow:
    """A photo that an observation lists. `id` is None until it has arrived."""

    id: uuid.UUID | None
    state: str  # arriving received ready quarantined erased
    looked_at: bool
    held_back: bool
    alt: str | None

    @property
    def shown(self) -> bool:
        """Tell whether others than its sender and the coordinator may get it."""
        return self.id is not None and self.state == "ready" and self.looked_at and not self.held_back


@dataclass(frozen=True)
class Said:
    """What one participant said, in their own words, with what the phone knew."""

    id: uuid.UUID
    number: int | None
    kind: str
    category: str | None
    text: str | None
    proposal: str | None
    feeling: int | None
    at: datetime
    light: str | None
    stop: str | None
    group: str | None
    voices: int
    state: str
    flags: tuple[str, ...]
    photos: tuple[PhotoRow, ...]


@dataclass(frozen=True)
class Alike:
    """Another observation that may say the same, and why."""

    said: Said
    metres: int
    minutes: int
    stands_id: uuid.UUID | None  # which of the two would stand for both: the one that stands already, else the lower
    joins_id: uuid.UUID | None  # number; None when neither can be merged any more


@dataclass(frozen=True)
class PileRow:
    """One row of the coordinator's pile."""

    id: uuid.UUID
    number: int | None
    kind: str
    category: str | None
    words: str | None
    at: datetime
    state: str
    flags: tuple[str, ...]
    looks_like: tuple[int, ...]
    lat: float | None
    lon: float | None

    @property
    def waits(self) -> bool:
        """Tell whether a person has still to decide."""
        return self.state in PILE and "withdrawn" not in self.flags


@dataclass(frozen=True)
class Pile:
    """A walk's observations as the coordinator works through them: the first still to review, in order of number."""

    rows: tuple[PileRow, ...]
    done: int
    total: int

    def beside(self, observation_id: uuid.UUID) -> tuple[PileRow | None, PileRow | None]:
        """Return the row before and the row after."""
        at = next((index for index, row in enumerate(self.rows) if row.id == observation_id), None)
        if at is None:
            return None, None
        return (self.rows[at - 1] if at else None), (self.rows[at + 1] if at + 1 < len(self.rows) else None)

    def next_after(self, observation_id: uuid.UUID | None) -> PileRow | None:
        """Return the next one to review after this, around the corner; None when all are reviewed."""
        at = next((index for index, row in enumerate(self.rows) if row.id == observation_id), -1)
        order = [*self.rows[at + 1 :], *self.rows[: at + 1]]
        return next((row for row in order if row.waits and row.id != observation_id), None)


@dataclass(frozen=True)
class Detail:
    """One observation under review."""

    said: Said
    kind: str
    category: str | None
    wording: str | None
    proposed: str | None
    place: str | None
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    place_source: str
    verbs: tuple[str, ...]
    reason_code: str | None
    reason: str | None
    alike: tuple[Alike, ...]
    merged: tuple[Said, ...]
    merged_into: Said | None
    voices: int


@dataclass(frozen=True)
class Standing:
    """A reviewed observation with every voice that says the same: for actions, report, owner and public page."""

    id: uuid.UUID
    walk_id: uuid.UUID
    number: int | None
    kind: str
    category: str | None
    wording: str | None
    proposal: str | None
    place: str | None
    stop: str | None
    lat: float | None
    lon: float | None
    feeling: int | None
    at: datetime
    light: str | None
    acute: bool
    state: str
    sayings: tuple["Saying", ...]
    photos: tuple[PhotoRow, ...]
    voices: int


@dataclass(frozen=True)
class Saying:
    """One voice's words, as others may read them."""

    number: int | None
    kind: str
    words: str
    proposal: str | None


FLAGS = ("held", "withdrawn", "needs_place", "sensitive", "secret", "acute")


@dataclass
class _Ground:
    """What a page about a walk's observations needs, read in a handful of queries."""

    rows: dict[uuid.UUID, Observation]
    merged_into: dict[uuid.UUID, uuid.UUID]
    told_apart: set[frozenset[uuid.UUID]]
    photos: dict[uuid.UUID, tuple[PhotoRow, ...]]
    joined_voices: dict[uuid.UUID, int]
    stops: dict[uuid.UUID, str]
    groups: dict[uuid.UUID, str]

    def family(self, kept_id: uuid.UUID) -> list[Observation]:
        """Return all that are merged into this one, also through another; by number."""
        below: list[uuid.UUID] = []
        line = [kept_id]
        while line:
            here = line.pop()
            children = [merged for merged, kept in self.merged_into.items() if kept == here]
            below += children
            line += children
        return sorted((self.rows[one] for one in below if one in self.rows), key=_in_order)

    def said(self, row: Observation) -> Said:
        return Said(
            id=row.id, number=row.number, kind=row.kind, category=row.category, text=row.text, proposal=row.proposal,
            feeling=row.feeling, at=row.seen_at, light=row.light,
            stop=self.stops.get(row.stop_id) if row.stop_id else None, group=self.groups.get(row.participant_id),
            voices=self.voices(row), state=row.state, flags=flags_of(row), photos=self.photos.get(row.id, ()),
        )  # fmt: skip

    def voices(self, row: Observation) -> int:
        return max(1, row.voices) + self.joined_voices.get(row.id, 0)

    def alike(self, row: Observation) -> list[rules.Likeness]:
        """Return which others may say the same: still standing or in the pile, and not told apart by a person."""
        if row.state not in (*PILE, *STANDING) or row.withdrawn:
            return []
        found = rules.near_duplicates(_as_seen(row), self.comparable)
        return [like for like in found if frozenset((row.id, like.other)) not in self.told_apart]

    @cached_property
    def comparable(self) -> list[rules.Seen]:
        """What can be merged into, or with: in the pile or standing."""
        rows = self.rows.values()
        return [_as_seen(row) for row in rows if row.state in (*PILE, *STANDING) and not (row.withdrawn or row.held)]


def flags_of(row: Observation) -> tuple[str, ...]:
    """Return the flags that are raised, by their words."""
    return tuple(flag for flag in FLAGS if getattr(row, flag))


def pile(actor: Actor, walk_id: uuid.UUID) -> Pile:
    """Return the coordinator's pile; what came late lies in a tray of its own."""
    walk_for(actor, walk_id, to="coordinate")
    ground = _ground(Observation.walk_id == walk_id)
    rows = [_pile_row(ground, row) for row in sorted(ground.rows.values(), key=_in_order) if not row.held]
    return Pile(tuple(rows), sum(not row.waits for row in rows), len(rows))


def late_tray(actor: Actor, walk_id: uuid.UUID) -> tuple[PileRow, ...]:
    """Return what arrived later than twelve hours after closing, and waits to be admitted."""
    walk_for(actor, walk_id, to="coordinate")
    ground = _ground(Observation.walk_id == walk_id, Observation.held.is_(True))
    return tuple(_pile_row(ground, row) for row in sorted(ground.rows.values(), key=_in_order))


def detail(actor: Actor, observation_id: uuid.UUID, *, of: uuid.UUID | None = None) -> Detail:
    """Return one observation (of this walk) with what looks like it, what is merged into it, and what may be done."""
    row = observation_for(actor, observation_id, to="review")
    if of is not None and row.walk_id != of:
        raise NotFound("observation.not_found")
    ground = _ground(Observation.walk_id == row.walk_id)
    alike = [_as_alike(ground, row, like) for like in ground.alike(row)]
    family = ground.family(row.id)
    into = ground.rows.get(ground.merged_into.get(row.id, row.id))
    point, curation = row.point, row.curation
    return Detail(
        said=ground.said(row), kind=row.curated_kind, category=row.curated_category,
        wording=curation.text if curation else None, proposed=row.proposed, place=row.place,
        lat=point.lat if point else None,
        lon=point.lon if point else None, accuracy_m=row.accuracy_m, place_source=row.place_source,
        verbs=row.machine.verbs(row.state), reason_code=curation.reason_code if curation else None,
        reason=curation.reason if curation else None, alike=tuple(alike),
        merged=tuple(ground.said(one) for one in family),
        merged_into=ground.said(into) if into is not None and into.id != row.id else None,
        voices=sum(ground.voices(one) for one in (row, *family)),
    )  # fmt: skip


def standing(actor: Actor, walk_id: uuid.UUID) -> list[Standing]:
    """Return a walk's reviewed observations that the actor may see, each with its voices; by number."""
    return _standing(Observation.walk_id == walk_id, visible_to(actor))


def standing_among(
    actor: Actor, observation_ids: Iterable[uuid.UUID], *, as_owner: bool = False
) -> dict[uuid.UUID, Standing]:
    """Return these observations as others may read them; what the actor may not see is left out.

    `as_owner`: the floor above has found that the actor answers for what they are about.
    """
    wanted = list(observation_ids)
    if not wanted:
        return {}
    walks = select(Observation.walk_id).where(Observation.id.in_(wanted))
    where, seen = Observation.walk_id.in_(walks), visible_to(actor)
    if as_owner:
        seen = (Observation.municipality_id == actor.municipality_id) & for_other_eyes()
    return {one.id: one for one in _standing(where, seen) if one.id in wanted}


def about(actor: Actor, observation_id: uuid.UUID) -> Standing:
    """Return one observation with its voices, reviewed or not."""
    row = observation_for(actor, observation_id, to="review")
    ground = _ground(Observation.walk_id == row.walk_id)
    return _as_standing(ground, row, set(ground.rows))


def _standing(where: ColumnElement[bool], visible: ColumnElement[bool]) -> list[Standing]:
    ground = _ground(where)
    seen = set(db.session.scalars(select(Observation.id).where(where, visible)))
    kept = [row for row in ground.rows.values() if row.state in STANDING and row.id in seen]
    return [_as_standing(ground, row, seen) for row in sorted(kept, key=_in_order)]


def _as_standing(ground: _Ground, row: Observation, seen: set[uuid.UUID]) -> Standing:
    family = [row, *(one for one in ground.family(row.id) if one.id in seen)]
    sayings = [
        Saying(one.number, one.curated_kind, words, one.proposed)
        for one in family
        if (words := one.wording or one.proposed)
    ]
    point = row.point
    return Standing(
        id=row.id, walk_id=row.walk_id, number=row.number, kind=row.curated_kind, category=row.curated_category,
        wording=row.wording, proposal=row.proposed, place=row.place,
        stop=ground.stops.get(row.stop_id) if row.stop_id else None, lat=point.lat if point else None,
        lon=point.lon if point else None, feeling=row.feeling, at=row.seen_at, light=row.light, acute=row.acute,
        state=row.state, sayings=tuple(sayings),
        photos=tuple(photo for one in family for photo in ground.photos.get(one.id, ())),
        voices=sum(ground.voices(one) for one in family),
    )  # fmt: skip


def live_links(walk_ids: Select[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return merged -> kept for the merges of these walks that have not been taken back."""
    rows = select(MergeLink.merged_id, MergeLink.kept_id).join(Observation, Observation.id == MergeLink.kept_id)
    found = db.session.execute(rows.where(MergeLink.undone_at.is_(None), Observation.walk_id.in_(walk_ids)))
    return {row[0]: row[1] for row in found}


def _as_alike(ground: _Ground, row: Observation, like: rules.Likeness) -> Alike:
    other = ground.rows[like.other]
    pair = sorted((row, other), key=lambda one: (one.state in PILE, *_in_order(one)))
    stands, joins = pair if pair[1].can("merge") else (None, None)
    ids = (stands.id if stands else None, joins.id if joins else None)
    return Alike(ground.said(other), like.metres, like.minutes, *ids)


def _pile_row(ground: _Ground, row: Observation) -> PileRow:
    twins = [ground.rows[like.other].number for like in ground.alike(row)]
    point = row.point
    return PileRow(
        id=row.id, number=row.number, kind=row.curated_kind, category=row.curated_category,
        words=row.wording or row.proposed, at=row.seen_at, state=row.state, flags=flags_of(row),
        looks_like=tuple(number for number in twins if number is not None), lat=point.lat if point else None,
        lon=point.lon if point else None,
    )  # fmt: skip


def _ground(*where: ColumnElement[bool]) -> _Ground:
    rows = {row.id: row for row in db.session.scalars(select(Observation).where(*where)).unique()}
    ids = select(Observation.id).where(*where)
    walks = select(Observation.walk_id).where(*where)
    stops = db.session.execute(select(Stop.id, Stop.name).where(Stop.walk_id.in_(walks)))
    groups = db.session.execute(
        select(Participant.id, WalkGroup.name)
        .join(WalkGroup, WalkGroup.id == Participant.group_id)
        .where(Participant.walk_id.in_(walks))
    )
    listed = photos_of(rows.values())
    return _Ground(
        rows=rows,
        merged_into=live_links(walks),
        told_apart=_told_apart(ids),
        photos={one: tuple(photo_row(photo) for _listed, photo in many) for one, many in listed.items()},
        joined_voices=voices_for(rows),
        stops={row[0]: row[1] for row in stops},
        groups={row[0]: row[1] for row in groups},
    )


def _told_apart(ids: Select[uuid.UUID]) -> set[frozenset[uuid.UUID]]:
    """What a person has said is not the same: the journal remembers it."""
    events = ("observation.told_apart", "observation.split", "observation.undone")
    rows = select(JournalEntry).where(JournalEntry.event.in_(events), JournalEntry.subject_id.in_(ids))
    entries = list(db.session.scalars(rows))
    undone = {entry.facts.get("entry") for entry in entries}
    return {
        frozenset((entry.subject_id, uuid.UUID(entry.facts["other"])))
        for entry in entries
        if entry.subject_id and entry.facts.get("other") and str(entry.id) not in undone
    }


def photo_row(photo: Photo | None) -> PhotoRow:
    """Return what a page needs of a photo; None has not arrived."""
    if photo is None:
        return PhotoRow(None, "arriving", False, False, None)
    return PhotoRow(photo.id, photo.content.state, photo.seen_at is not None, photo.held_back, photo.alt)


def _as_seen(row: Observation) -> rules.Seen:
    return rules.Seen(row.id, row.curated_category, row.point, row.seen_at)


def _in_order(row: Observation) -> tuple[bool, int, datetime]:
    return row.number is None, row.number or 0, row.seen_at


STEPS = (
    "kept", "merged", "split", "redirected", "set_aside", "masked", "noted", "preserved", "sent", "edited", "flagged",
    "told_apart",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """The last thing done with an observation: what the receipt says, and whether it can be taken back."""

    word: str
    number: int | None
    undoable: bool


def step_of(actor: Actor, observation_id: uuid.UUID) -> Step | None:
    """Return what was last done with an observation; None when that has been undone."""
    row = observation_for(actor, observation_id, to="review")
    entry = _last_entry(row)
    if entry is None:
        return None
    word = entry.event.removeprefix("observation.")
    return Step(word, row.number, word in STEPS and word != "masked")


def last_step(row: Observation) -> JournalEntry | None:
    """Return the last step in the review of an observation that can be taken back."""
    entry = _last_entry(row)
    return entry if entry and entry.event.removeprefix("observation.") in STEPS else None


def _last_entry(row: Observation) -> JournalEntry | None:
    events = [f"observation.{step}" for step in (*STEPS, "actioned", "admitted", "undone")]
    rows = select(JournalEntry).where(JournalEntry.subject_id == row.id, JournalEntry.event.in_(events))
    entry = db.session.scalar(rows.order_by(JournalEntry.at.desc(), JournalEntry.id.desc()).limit(1))
    return None if entry is None or entry.event == "observation.undone" else entry
