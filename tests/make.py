"""One factory function per thing. Each returns the row, flushed inside the caller's transaction."""

import hashlib
import json
import uuid
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from walkapp.actions.models import Action, ActionObservation
from walkapp.agencies.models import Organisation, OrganisationContact
from walkapp.council.models import AgendaItem, Attendance, Council, CouncilMember, Meeting
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor, Role
from walkapp.kernel.db import db
from walkapp.kernel.ids import new_id
from walkapp.kernel.series import next_number
from walkapp.observations.models import Curation, Observation, ObservationPhoto
from walkapp.people.models import Municipality, Person, PersonContact, RoleGrant, SignIn
from walkapp.photos.models import Photo, PhotoContent
from walkapp.walks.models import Area, Participant, Stop, Walk, WalkGroup

LAT, LON = 59.3951, 15.8378
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[15.835, 59.393], [15.843, 59.393], [15.843, 59.398], [15.835, 59.398], [15.835, 59.393]]],
}
ROUTE = {"type": "LineString", "coordinates": [[15.8378, 59.3951], [15.8369, 59.39465], [15.841, 59.3968]]}


def keep(row: Any) -> Any:
    """Add and flush."""
    db.session.add(row)
    db.session.flush()
    return row


def municipality(code: str = "1984", slug: str = "arboga", name: str = "Arboga") -> Municipality:
    return keep(
        Municipality(
            code=code, slug=slug, name=name, lat=59.39389, lon=15.83861, duty_number="0589-870 00", settings={}
        )
    )


def person(town_id: uuid.UUID, word: str, **scope: uuid.UUID | None) -> Actor:
    """A person with one role; the name is the role's."""
    row = keep(Person(municipality_id=town_id, title=word))
    email = f"{word}.{row.id.hex[-6:]}@example.org"
    keep(PersonContact(person_id=row.id, municipality_id=town_id, name=word.replace("_", " ").title(), email=email))
    keep(RoleGrant(municipality_id=town_id, person_id=row.id, word=word, **scope))
    return Actor("person", town_id, row.id, frozenset({Role(word, **scope)}))


def organisation(town_id: uuid.UUID, slug: str, kind: str, categories: tuple[str, ...] = ()) -> Organisation:
    row = keep(
        Organisation(
            municipality_id=town_id,
            slug=slug,
            name=slug.replace("-", " ").title(),
            kind=kind,
            categories=list(categories),
        )
    )
    contact = OrganisationContact(
        municipality_id=town_id, organisation_id=row.id, name="Funktion", email=f"{slug}@example.org"
    )
    keep(contact)
    return row


def town() -> SimpleNamespace:
    """A municipality with one person in each role (Actors), two owners and a council (ids), and a stranger."""
    home = municipality()
    away = municipality("1983", "koping", "Köping")
    own = organisation(home.id, "gatukontoret", "municipal_unit", ("lighting", "sightline", "upkeep"))
    asked = organisation(home.id, "statlig-vaghallare", "state", ("transit",))
    forum = keep(Council(municipality_id=home.id, slug="bra", name="Förebyggande rådet", place="Sammanträdesrummet"))
    found = SimpleNamespace(
        municipality=home.id,
        slug=home.slug,
        organisation=own.id,
        asked_organisation=asked.id,
        council=forum.id,
        coordinator=person(home.id, "coordinator"),
        leader=person(home.id, "walk_leader"),
        administrator=person(home.id, "administrator"),
        owner_contact=person(home.id, "agency_contact", organisation_id=own.id),
        member=person(home.id, "council_member", council_id=forum.id),
        chair=person(home.id, "chair", council_id=forum.id),
        secretary=person(home.id, "secretary", council_id=forum.id),
        stranger=person(away.id, "coordinator"),
        elsewhere=away.id,
    )
    seats = (
        (found.chair, "member", "chair"),
        (found.member, "member", None),
        (found.secretary, "representative", "secretary"),
    )
    for position, (actor, standing, office) in enumerate(seats, 1):
        seat = CouncilMember(
            municipality_id=home.id,
            council_id=forum.id,
            person_id=actor.id,
            position=position,
            standing=standing,
            office=office,
        )
        keep(seat)
    return found


def sign_in_row(actor: Actor, secret: str) -> SignIn:
    return keep(
        SignIn(
            municipality_id=actor.municipality_id,
            person_id=actor.id,
            secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
            began_at=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
        )
    )


def walk(town: SimpleNamespace, **over: Any) -> Walk:
    """A walk this evening, open, with area, route, two groups and three stops."""
    area = keep(Area(municipality_id=town.municipality, name="Centrum", shape=SQUARE, reason="Lägesbilden pekar hit."))
    begins = clock.at(over.pop("day", clock.today()), time(16, 0))
    values: dict[str, Any] = {
        "municipality_id": town.municipality,
        "name": "Trygghetsvandring Nytorget",
        "purpose": "Hitta och åtgärda platser som kan skapa otrygghet",
        "theme": "centre",
        "area_id": area.id,
        "route": ROUTE,
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "meeting_point": "Nytorget, vid klockan",
        "meeting_lat": LAT,
        "meeting_lon": LON,
        "leader_id": town.leader.id,
        "join_code": uuid.uuid4().hex[:8].upper(),
        "state": "open",
        "opened_at": clock.now(),
    }
    row = keep(Walk(**{**values, **over}))
    for letter in "AB":
        keep(WalkGroup(municipality_id=row.municipality_id, walk_id=row.id, name=letter))
    for position, name in enumerate(("Nytorget", "Medborgarhuset", "Resecentrum"), 1):
        stop(row, position=position, name=name, lat=LAT + position / 1000, lon=LON + position / 1000)
    return row


def stop(walk: Walk, **over: Any) -> Stop:
    values: dict[str, Any] = {
        "position": 1,
        "name": "Nytorget",
        "lat": LAT,
        "lon": LON,
        "questions": ["Hur känns det här?"],
    }
    return keep(Stop(municipality_id=walk.municipality_id, walk_id=walk.id, **{**values, **over}))


def participant(walk: Walk, token: str = "token", **over: Any) -> Participant:
    """A phone that has joined; its bearer is `<id>.<token>`."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "token_sha256": hashlib.sha256(token.encode()).hexdigest(),
        "joined_at": clock.now(),
    }
    return keep(Participant(municipality_id=walk.municipality_id, walk_id=walk.id, **{**values, **over}))


def phone(participant: Participant) -> Actor:
    """The participant as the one who acts."""
    return Actor("participant", participant.municipality_id, participant.id, walk_id=participant.walk_id)


def observation(walk: Walk, participant: Participant, **over: Any) -> Observation:
    """An observation that has arrived, with a number and a place."""
    moment: datetime = over.pop("at", clock.now())
    edits = {key.removeprefix("edited_"): over.pop(key) for key in list(over) if key.startswith("edited_")}
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "number": next_number(walk.municipality_id, walk.id, "observation"),
        "revision": 1,
        "received_at": moment,
        "kind": "deficiency",
        "category": "lighting",
        "text": "Två armaturer är släckta.",
        "feeling": 2,
        "lat": LAT,
        "lon": LON,
        "accuracy_m": 8.0,
        "place_source": "gps",
        "made_at": moment,
        "seen_at": moment,
        "sequence": 1,
    }
    row = Observation(
        municipality_id=walk.municipality_id, walk_id=walk.id, participant_id=participant.id, **{**values, **over}
    )
    keep(row)
    if edits:
        keep(Curation(observation_id=row.id, municipality_id=walk.municipality_id, **edits))
    return row


def photo(observation: Observation, *, seen: bool = False, state: str = "ready", content: bytes | None = None) -> Photo:
    """A photo row listed by the observation. The bytes themselves are not in the store."""
    sha = hashlib.sha256(content or uuid.uuid4().bytes).hexdigest()
    stored = keep(
        PhotoContent(
            municipality_id=observation.municipality_id,
            sha256=sha,
            bytes=len(content or b"0" * 1000),
            media_type="image/jpeg",
            received_at=clock.now(),
            state=state,
            width=1600,
            height=1200,
        )
    )
    row = keep(
        Photo(
            municipality_id=observation.municipality_id,
            content_id=stored.id,
            sha256=sha,
            sender_kind="participant",
            sender_id=observation.participant_id,
            received_at=clock.now(),
            seen_at=clock.now() if seen else None,
        )
    )
    place = len(observation.photos) + 1
    keep(
        ObservationPhoto(
            municipality_id=observation.municipality_id,
            observation_id=observation.id,
            position=place,
            sha256=sha,
            bytes=stored.bytes,
        )
    )
    return row


def action(walk: Walk, observations: list[Observation], **over: Any) -> Action:
    """An action about some observations."""
    values: dict[str, Any] = {
        "id": new_id(),
        "number": next_number(walk.municipality_id, walk.id, "action"),
        "title": "Byt ljuskälla",
        "term": "quick",
        "power": "municipality",
        "due_on": clock.today() + timedelta(days=14),
        "made_at": clock.now(),
    }
    row = keep(Action(municipality_id=walk.municipality_id, walk_id=walk.id, **{**values, **over}))
    for seen in observations:
        keep(ActionObservation(action_id=row.id, observation_id=seen.id, municipality_id=walk.municipality_id))
    return row


def meeting(town: SimpleNamespace, **over: Any) -> Meeting:
    """A meeting of the town's council with one agenda item and everybody's attendance unsaid."""
    day: date = over.pop("day", clock.today() + timedelta(days=10))
    values: dict[str, Any] = {
        "starts_at": clock.at(day, time(8, 30)),
        "ends_at": clock.at(day, time(10, 30)),
        "place": "Sammanträdesrummet",
    }
    row = keep(Meeting(municipality_id=town.municipality, council_id=town.council, **{**values, **over}))
    keep(
        AgendaItem(
            municipality_id=town.municipality, meeting_id=row.id, position=1, heading="Närvaro", kind="attendance"
        )
    )
    for position, (actor, standing) in enumerate(((town.chair, "member"), (town.secretary, "representative")), 1):
        keep(
            Attendance(
                municipality_id=town.municipality,
                meeting_id=row.id,
                person_id=actor.id,
                position=position,
                standing=standing,
            )
        )
    return row


def body(walk: Walk, **over: Any) -> bytes:
    """An observation's body as a phone freezes it."""
    values = {
        "walk": str(walk.id),
        "revision": 1,
        "kind": "deficiency",
        "category": "lighting",
        "text": "Mörkt vid trappan.",
        "made_at": clock.local(clock.now()).isoformat(timespec="seconds"),
        "sequence": 1,
        "position": {"lat": LAT, "lon": LON, "accuracy_m": 8.0, "source": "gps"},
        "photos": [],
    }
    return json.dumps({**values, **over}, ensure_ascii=False).encode()
