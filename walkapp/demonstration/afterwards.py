"""After the walk: the pile is reviewed, actions are sent to their owners, owners answer, the public reads."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from walkapp.actions import service as actions
from walkapp.actions.models import Action
from walkapp.demonstration.calendar import PUBLISHED, REVIEWED, SENT, Days
from walkapp.demonstration.cast import Town
from walkapp.demonstration.evening import story
from walkapp.kernel import clock, queue
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.transaction import App, writing
from walkapp.observations import service as observations
from walkapp.observations.models import Observation
from walkapp.photos import service as photos
from walkapp.photos.models import Photo
from walkapp.reports import service as reports
from walkapp.walks import service as walks

NOT_YET_SEEN = {36, 39}  # the coordinator's next two photos: seen before shown is something to do, not a rule to read


def review(town: Town, walk_id: uuid.UUID, days: Days) -> None:
    """Keep, merge, preserve, send elsewhere; look at the photos."""
    with clock.standing_at(days.at(REVIEWED, 19)), writing():
        me = town.actor("samordnare")
        walks.begin_review(me, walk_id)
        rows = _by_number(walk_id)
        for told in story()["observations"]:
            _judge(me, told, rows)
        for number, row in rows.items():
            if number not in NOT_YET_SEEN:
                _look_at_photos(me, row)


def _by_number(walk_id: uuid.UUID) -> dict[int, Observation]:
    """Return the walk's observations by the story's numbers: what a phone sent last stands last."""
    rows = {row.text: row for row in db.session.scalars(select(Observation).where(Observation.walk_id == walk_id))}
    return {told["number"]: rows[told["text"]] for told in story()["observations"]}


def _judge(me: Actor, told: dict[str, Any], rows: dict[int, Observation]) -> None:
    row = rows[told["number"]]
    if "merge_into" in told:
        observations.merge(me, rows[told["merge_into"]].id, row.id)
    elif "redirect" in told:
        observations.redirect(me, row.id, observations.Reason("other_walk", told["redirect"]))
    elif told["kind"] == "safe_place":
        observations.preserve(me, row.id)
    else:
        observations.keep(me, row.id)


def _look_at_photos(me: Actor, row: Observation) -> None:
    hashes = [listed.sha256 for listed in row.photos]
    for photo in db.session.scalars(
        select(Photo).where(Photo.sender_id == row.participant_id, Photo.sha256.in_(hashes))
    ):
        photos.describe(me, photo.id, "Tecknad bild av platsen")
        photos.look_at(me, photo.id)


def act(app: App, town: Town, walk_id: uuid.UUID, days: Days) -> None:
    """Open the actions, send them, and let the owners answer, each at its own time."""
    opened: list[tuple[uuid.UUID, dict[str, Any]]] = []
    with clock.standing_at(days.at(SENT, 8, 30)), writing():
        me = town.actor("samordnare")
        rows = _by_number(walk_id)
        for told in story()["observations"]:
            if "action" in told:
                opened.append((_open(me, town, walk_id, told, rows), told))
    with clock.standing_at(days.at(SENT, 9)), writing():
        actions.send_to_owners(town.actor("samordnare"), walk_id)
    queue.drain(app)
    steps = [
        (days.at(SENT + step[1], 13), number, action_id, step)
        for number, (action_id, told) in enumerate(opened)
        for step in told["action"]["steps"]
    ]
    for moment, number, action_id, step in sorted(steps, key=lambda one: (one[0], one[1])):
        _step(town, action_id, moment + timedelta(minutes=number), step)
    queue.drain(app)


def _open(me: Actor, town: Town, walk_id: uuid.UUID, told: dict[str, Any], rows: dict[int, Observation]) -> uuid.UUID:
    opening = actions.Opening(
        title=told["action"]["title"],
        term=told["term"],
        organisation_id=town.owners[told["owner"]] if told["owner"] else None,
        description=told["proposal"],
        season=told.get("season"),
        heritage=told.get("heritage", False),
    )
    return actions.open_from(me, walk_id, [rows[told["number"]].id], opening).id


def _step(town: Town, action_id: uuid.UUID, moment: datetime, step: list[Any]) -> None:
    verb, words = step[0], step[2]
    with clock.standing_at(moment), writing():
        if verb == "verify":
            actions.verify(town.actor("samordnare"), action_id, words)
            return
        action = db.session.get_one(Action, action_id)
        owner = Actor("owner_link", town.municipality_id, organisation_id=action.organisation_id)
        planned = clock.today() + timedelta(days=30) if verb in ("plan", "agree") else None
        reply = actions.Reply(verb, words, reason_code=step[3] if len(step) > 3 else None, planned_on=planned)
        actions.answer(owner, action_id, reply)


def publish(town: Town, walk_id: uuid.UUID, days: Days) -> None:
    """Let everybody read what became of it."""
    with clock.standing_at(days.at(PUBLISHED, 9)), writing():
        reports.publish(town.actor("samordnare"), walk_id)
