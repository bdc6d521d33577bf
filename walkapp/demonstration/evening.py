"""The walk of the demo: eighteen people in two groups, forty observations, and another walk that is open now."""

import functools
import hashlib
import io
import json
import uuid
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from walkapp.demonstration.calendar import INVITED, Days
from walkapp.demonstration.cast import AT, Town
from walkapp.kernel import clock, queue
from walkapp.kernel.actor import PUBLIC, Actor
from walkapp.kernel.db import db
from walkapp.kernel.geo import Point
from walkapp.kernel.ids import new_id
from walkapp.kernel.transaction import App, writing
from walkapp.kernel.wire import read
from walkapp.observations import service as observations
from walkapp.observations import wire
from walkapp.observations.service import Sent
from walkapp.photos import service as photos
from walkapp.photos.image import draw_scene
from walkapp.walks import service as walks
from walkapp.walks.models import Invitation, Stop, Walk

ROUTE_A, ROUTE_B = ("NYT", "MED", "AHL", "NYG", "CEN", "RES"), ("STO", "NIC", "JÄR")
WITHOUT_PHOTO = {16, 17, 32, 33, 40}
QUESTIONS = (
    "Hur känns det här just nu?",
    "Hur tror du att det känns när det är mörkt, eller när du är ensam?",
    "Ser du runt omkring dig, och syns du?",
    "Vad skulle göra störst skillnad? Vad ska vi bevara?",
)
PURPOSE = "Att hitta och åtgärda platser som kan skapa otrygghet, och att utveckla rådets samarbete i det trygghetsskapande arbetet."
PARK = [
    [15.8352, 59.3932], [15.8378, 59.3930], [15.8391, 59.3943], [15.8389, 59.3956], [15.8366, 59.3954], [15.8352, 59.3932],
]  # fmt: skip
# what the report counts; together eighteen
GUESTS = (
    ("Boende", 3), ("Ungdomar", 2), ("Pensionärsorganisation", 2), ("Funktionsrättsorganisation", 1), ("Förtroendevalda", 2),
    ("Kommunpolis", 1), ("Kommunala verksamheter", 4), ("Församlingen", 1), ("Centrumföreningen", 1), ("Fastighetsägare", 1),
)  # fmt: skip


@functools.cache
def story() -> dict[str, Any]:
    """Return the demo's stops and observations."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("observations.json").read_text("utf-8"))
    return found


def walk(app: App, town: Town, days: Days) -> uuid.UUID:
    """Plan it, invite to it, walk it, close it."""
    walk_id = _plan(town, days)
    queue.drain(app)
    _answer_invitations(walk_id, days)
    with clock.standing_at(days.at(0, 15, 40)), writing():
        walks.begin(town.actor("samordnare"), walk_id)
    _walk_the_round(walk_id, days)
    with clock.standing_at(days.at(0, 18, 20)), writing():
        walks.close(town.actor("samordnare"), walk_id)
    queue.drain(app)
    return walk_id


def _plan(town: Town, days: Days) -> uuid.UUID:
    with clock.standing_at(days.at(-30, 10)), writing():
        me = town.actor("samordnare")
        meeting = Point(story()["stops"]["NYT"]["lat"], story()["stops"]["NYT"]["lon"])
        details = walks.Details(
            name="Trygghetsvandring Nytorget–resecentrum",
            starts_at=clock.at(days.walk, time(16, 0)),
            ends_at=clock.at(days.walk, time(18, 0)),
            theme="centre",
            purpose=PURPOSE,
            meeting_point="Nytorget, vid klockan",
            meeting=meeting,
            accessibility="Knappt en kilometer med omvägar. Smågatsten på torget, en trappa som går att gå runt, bänkar vid varje stopp.",
            leader_id=town.people["ledare-a"],
            area_name="Centrum: Nytorget till resecentrum",
            area_shape=_area(),
            area_reason="Lägesbilden pekar på centrum, och medborgardialogen nämnde samma platser.",
            route=_route(ROUTE_A),
        )
        made = walks.create(me, details)
        stops = [_stop(key) for key in (*ROUTE_A, *ROUTE_B)]
        walks.set_stops(me, made.id, stops)
        walks.set_groups(
            me, made.id, [walks.GroupPlan("A", town.people["ledare-a"]), walks.GroupPlan("B", town.people["ledare-b"])]
        )
        walks.plan(me, made.id)
        walk_id = made.id
    with clock.standing_at(days.at(INVITED, 9)), writing():
        me = town.actor("samordnare")
        walks.add_guests(me, walk_id, _guests())
        walks.invite(me, walk_id)
    return walk_id


def _guests() -> list[walks.Guest]:
    numbered = [(role, number) for role, count in GUESTS for number in range(1, count + 1)]
    return [
        walks.Guest(role, f"{role} {number}", f"gast-{place}@{AT}") for place, (role, number) in enumerate(numbered, 1)
    ]


def _stop(key: str) -> walks.StopPlan:
    stop = story()["stops"][key]
    return walks.StopPlan(stop["name"], stop["lat"], stop["lon"], QUESTIONS)


def _route(keys: tuple[str, ...]) -> dict[str, Any]:
    places = [story()["stops"][key] for key in keys]
    return {"type": "LineString", "coordinates": [[place["lon"], place["lat"]] for place in places]}


def _area() -> dict[str, Any]:
    corners = [
        [15.8352, 59.3934], [15.8394, 59.3929], [15.8432, 59.3936], [15.8462, 59.3962], [15.8447, 59.3974],
        [15.8408, 59.3977], [15.8384, 59.3968], [15.8360, 59.3957], [15.8352, 59.3934],
    ]  # fmt: skip
    return {"type": "Polygon", "coordinates": [corners]}


def _answer_invitations(walk_id: uuid.UUID, days: Days) -> None:
    with clock.standing_at(days.at(INVITED + 6, 12)), writing():
        for invitation in db.session.scalars(select(Invitation).where(Invitation.walk_id == walk_id)):
            invitation.go("accept")
            invitation.answered_at = clock.now()


def _join(walk_id: uuid.UUID, count: int, moment: datetime) -> list[Actor]:
    with clock.standing_at(moment), writing():
        found = db.session.get_one(Walk, walk_id)
        groups = {group.name: group.id for group in found.groups}
        phones = []
        for number in range(count):
            token = uuid.uuid4().hex
            joining = walks.Joining(
                participant_id=uuid.uuid4(),
                code=found.join_code,
                token_sha256=hashlib.sha256(token.encode()).hexdigest(),
                group_id=groups.get("A" if number < 10 else "B"),
            )
            joined = walks.join(PUBLIC, walk_id, joining)
            phones.append(walks.authenticate(joined.participant.id, token))
    return phones


def _walk_the_round(walk_id: uuid.UUID, days: Days) -> None:
    phones = _join(walk_id, 18, days.at(0, 15, 55))
    groups = {"A": phones[:10], "B": phones[10:]}
    stops = _stops(walk_id)
    for told in sorted(story()["observations"], key=lambda one: (str(one["time"]), int(one["number"]))):
        hour, minute = (int(part) for part in str(told["time"]).split(":"))
        members = groups[told["group"]]
        _record(members[told["number"] % len(members)], walk_id, stops, told, days.at(0, hour, minute))
    with clock.standing_at(days.at(0, 18, 5)), writing():
        for phone in phones:
            walks.heartbeat(phone, walk_id, walks.Waiting(0, 0, None))


def _stops(walk_id: uuid.UUID) -> dict[str, uuid.UUID]:
    rows = db.session.scalars(select(Stop).where(Stop.walk_id == walk_id))
    by_name = {row.name: row.id for row in rows}
    return {key: by_name[stop["name"]] for key, stop in story()["stops"].items() if stop["name"] in by_name}


def _record(
    phone: Actor, walk_id: uuid.UUID, stops: dict[str, uuid.UUID], told: dict[str, Any], moment: datetime
) -> None:
    number = int(told["number"])
    listed, picture, sha256 = [], b"", ""
    if number not in WITHOUT_PHOTO:
        picture = draw_scene(told["category"], number, dark=told["category"] == "lighting")
        sha256 = hashlib.sha256(picture).hexdigest()
        listed = [{"sha256": sha256, "bytes": len(picture), "taken_at": clock.local(moment).isoformat()}]
    raw = _body(walk_id, stops, told, listed, moment)
    seen = read(wire.Observation, raw).to_input()
    with clock.standing_at(moment + timedelta(seconds=20)):
        with writing():
            observations.receive(phone, Sent(new_id(), raw, sent_at=clock.now(), client="1.demo"), seen)
        if picture:
            received = photos.receive(phone, sha256, io.BytesIO(picture), len(picture))
            with writing():
                observations.keep_photo(phone, received)


def _body(
    walk_id: uuid.UUID,
    stops: dict[str, uuid.UUID],
    told: dict[str, Any],
    photos_listed: list[dict[str, Any]],
    moment: datetime,
) -> bytes:
    """Return the observation as a phone would freeze it."""
    stop_id = stops.get(told["stop"])
    when = clock.local(moment).isoformat()
    body = {
        "walk": str(walk_id),
        "revision": 1,
        "kind": told["kind"],
        "category": told["category"],
        "text": told["text"],
        "proposal": told["proposal"],
        "feeling": told["feeling"],
        "acute": told.get("acute", False),
        "stop": str(stop_id) if stop_id else None,
        "position": {"lat": told["lat"], "lon": told["lon"], "accuracy_m": 8.0, "source": "gps", "fixed_at": when},
        "photos": photos_listed,
        "made_at": when,
        "sequence": told["number"],
    }
    return json.dumps(body, ensure_ascii=False).encode()


def open_another_walk(town: Town, days: Days) -> uuid.UUID:
    """A walk that can be joined now, on the day of the telling."""
    begins = clock.at(days.today, time(16, 0))
    with writing():
        me = town.actor("samordnare")
        keys = ("AHL", "MED", "NYT", "NYG", "STO")
        details = walks.Details(
            name="Trygghetsvandring Ahllöfsparken",
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            theme="general",
            purpose=PURPOSE,
            meeting_point="Ahllöfsparken, vid bron",
            meeting=Point(story()["stops"]["AHL"]["lat"], story()["stops"]["AHL"]["lon"]),
            accessibility="Ungefär 300 meter på asfalt och gatsten, utan trappor.",
            leader_id=town.people["ledare-b"],
            area_name="Ahllöfsparken och ån",
            area_shape={"type": "Polygon", "coordinates": [PARK]},
            area_reason="Flera iakttagelser vid ån förra gången, och en utredning om ljus som behöver fler röster.",
            route=_route(keys),
        )
        made = walks.create(me, details)
        walks.set_stops(me, made.id, [_stop(key) for key in keys])
        walks.set_groups(me, made.id, [walks.GroupPlan("A", town.people["ledare-b"])])
        walks.plan(me, made.id)
        walks.begin(me, made.id)
        return made.id
