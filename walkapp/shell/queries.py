"""What the frame of the app reads: whether the house is well, and what waits for whoever is signed in."""

import functools
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from sqlalchemy import select

from walkapp.actions import queries as actions
from walkapp.actions.queries import Group, Row
from walkapp.council import access as council_access
from walkapp.council.models import Council, Meeting
from walkapp.council.rules import OFFICES
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.installation import Installation
from walkapp.kernel.look import ago, day, listed, span, weekday
from walkapp.observations import queries as observations
from walkapp.observations.queries import PileRow
from walkapp.people.access import holds_office
from walkapp.photos import store
from walkapp.photos.image import layers
from walkapp.walks.access import visible_to as walks_visible_to
from walkapp.walks.models import Participant, Walk

log = logging.getLogger(__name__)


def ailing() -> str | None:
    """Return what does not answer, `database` or `store`; None when both do. What exactly is wrong goes to the log."""
    try:
        if db.session.scalar(select(Installation.one)) is None:
            return "database"
    except Exception:
        db.session.rollback()
        log.exception("the database does not answer")
        return "database"
    try:
        store.the_store().check()
    except Exception:
        log.exception("the photo store does not answer")
        return "store"
    return None


@functools.cache
def fence() -> dict[str, bool]:
    """Return which layers of the fence around picture decoding hold on this machine."""
    return {layer: bool(holds) for layer, holds in layers()["held"].items()}


# --- What waits for whoever is signed in ------------------------------------------------------------------------------

MOST = 5  # the one thing, and up to four smaller ones
SOON = timedelta(days=21)


@dataclass(frozen=True)
class Waits:
    """One thing that waits: what, why, and the door that leads to it (an endpoint with its values)."""

    title: str
    text: str
    button: str
    endpoint: str
    values: dict[str, Any]
    icon: str = "received"
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Owes:
    """An owner that others wait for."""

    organisation_id: uuid.UUID
    name: str
    unanswered: int
    late: int


@dataclass(frozen=True)
class WalkCard:
    """The walk at hand: its map, its figures, how far it has come."""

    walk: Walk
    counts: dict[str, int]
    shapes: dict[str, Any]
    steps: tuple[tuple[str, str, str], ...]  # what, when or how far, past | now | ""


@dataclass(frozen=True)
class Start:
    """The desk's first page."""

    waits: tuple[Waits, ...]
    owes: tuple[Owes, ...]
    card: WalkCard | None


def start(actor: Actor) -> Start:
    """Return what waits for this person, what others owe, and the walk at hand."""
    coordinates = actor.has("coordinator")
    walks = _walks(actor)
    waits: list[Waits] = []
    if coordinates or actor.has("walk_leader"):
        waits += _of_walks(actor, walks)
    waits += _of_councils(actor)
    if coordinates:
        waits += _of_actions(actor)
    elif actor.has("agency_contact"):
        waits += _of_owner(actor)
    owes = _owes(actor) if coordinates or _seated(actor) else ()
    shown = next((walk for walk in walks if walk.state not in ("draft", "planned")), walks[0] if walks else None)
    return Start(tuple(waits[:MOST]), owes, _card(actor, shown) if shown is not None and coordinates else None)


def _seated(actor: Actor) -> bool:
    return any(actor.has(word) for word in ("council_member", *OFFICES))


def _walks(actor: Actor) -> list[Walk]:
    """The walks at hand: those under way first, then the newest that has been, then what comes."""
    order = ("open", "closed", "reviewing", "invited", "minuted", "assigned", "answered", "planned", "draft")
    mine = select(Walk).where(walks_visible_to(actor), Walk.state.in_(order))
    if not actor.has("coordinator"):
        led = [role.walk_id for role in actor.roles if role.word == "walk_leader" and role.walk_id]
        mine = mine.where((Walk.leader_id == actor.id) | Walk.id.in_(led))
    return sorted(db.session.scalars(mine), key=lambda walk: (order.index(walk.state), -walk.starts_at.timestamp()))


def _of_walks(actor: Actor, walks: list[Walk]) -> Iterator[Waits]:
    for walk in walks:
        if walk.state == "open":
            yield Waits(
                _("%(walk)s is under way", walk=walk.name),
                _("Began %(when)s.", when=ago(walk.opened_at or walk.starts_at)),
                _("Follow it"),
                "walks.live",
                {"walk_id": walk.id},
                "walk",
            )
        elif actor.has("coordinator") and walk.state in ("closed", "reviewing"):
            yield from _of_review(actor, walk)
        elif walk.state in ("invited", "planned") and clock.now() <= walk.starts_at <= clock.now() + SOON:
            invited = walk.state == "invited"
            yield Waits(
                _("%(walk)s, %(day)s", walk=walk.name, day=weekday(walk.starts_at)),
                _("Starts %(clock)s.", clock=span(walk.starts_at)) if invited else _("Nobody is invited yet."),
                _("Prepare") if invited else _("Invite"),
                "walks.open" if invited else "walks.invitations",
                {"walk_id": walk.id},
                "planned",
            )


def _of_review(actor: Actor, walk: Walk) -> Iterator[Waits]:
    pile = observations.pile(actor, walk.id)
    left = [row for row in pile.rows if row.waits]
    if left:
        yield Waits(
            ngettext(
                "Review %(num)s observation from %(day)s", "Review %(num)s observations from %(day)s", len(left),
                day=day(walk.starts_at),
            ),
            _about(left),
            _("Go on reviewing") if pile.done else _("Begin to review"),
            "observations.review",
            {"walk_id": walk.id},
            "looking",
            pile.done,
            pile.total,
        )  # fmt: skip
        return
    unopened = actions.without_action(actor, walk.id)
    if unopened:
        yield Waits(
            ngettext(
                "Make %(num)s observation into an action", "Make %(num)s observations into actions", len(unopened)
            ),
            _("%(walk)s is reviewed. Now each point needs an owner.", walk=walk.name),
            _("Propose actions"),
            "actions.of_walk",
            {"walk_id": walk.id},
            "assigned",
        )
    elif walk.published_at is None:
        yield Waits(
            _("The report of %(walk)s is ready to read", walk=walk.name),
            _("Everything is reviewed. Publish it when it is right."),
            _("Read the report"),
            "reports.walk_report",
            {"walk_id": walk.id},
            "arrived",
        )


def _about(left: list[PileRow]) -> str:
    parts = [ngettext("About %(num)s minute", "About %(num)s minutes", len(left))]
    twins = sum(bool(row.looks_like) for row in left)
    if twins:
        parts.append(ngettext("%(num)s looks like another", "%(num)s look like another", twins))
    twice = sum("sensitive" in row.flags for row in left)
    if twice:
        parts.append(ngettext("%(num)s should be read twice", "%(num)s should be read twice", twice))
    return f"{listed(parts)}."


def _of_councils(actor: Actor) -> Iterator[Waits]:
    councils = db.session.scalars(select(Council).where(council_access.visible_to(actor)))
    for council in councils:
        mine = select(Meeting).where(Meeting.council_id == council.id, Meeting.state.not_in(("approved", "filed")))
        for meeting in db.session.scalars(mine.order_by(Meeting.starts_at)).unique():
            yield from _of_meeting(actor, council, meeting)


def _of_meeting(actor: Actor, council: Council, meeting: Meeting) -> Iterator[Waits]:
    writes = holds_office(actor, council.id, "secretary")
    at, name = {"meeting_id": meeting.id}, {"council": council.name, "day": day(meeting.starts_at)}
    if meeting.state == "running" and writes:
        yield Waits(
            _("%(council)s is meeting", **name), _("The minutes are open."), _("Go on writing"), "council.meeting", at,
            "people",
        )  # fmt: skip
    elif meeting.state == "drafted" and _can_sign(actor, council, meeting):
        yield Waits(
            _("Sign the notes of %(day)s", **name), _("%(council)s. Two sign: chair and secretary.", **name),
            _("Read and sign"), "council.minutes", at, "pen",
        )  # fmt: skip
    elif meeting.state in ("planned", "called") and meeting.starts_at >= clock.now() - timedelta(hours=12):
        call = writes and meeting.state == "planned"
        yield Waits(
            _("%(council)s meets %(day)s", **name),
            _("The members are not called yet.") if call else f"{meeting.place}, {span(meeting.starts_at)}",
            _("Call the members") if call else _("See the agenda"),
            "council.meeting",
            at,
            "people",
        )


def _can_sign(actor: Actor, council: Council, meeting: Meeting) -> bool:
    given = {one.office for one in meeting.signatures}
    held = {office for office in OFFICES if holds_office(actor, council.id, office)}
    return bool(held - given) and all(one.person_id != actor.id for one in meeting.signatures)


def _of_actions(actor: Actor) -> Iterator[Waits]:
    board = actions.index(actor)
    rows = [row for group in board.groups for row in group.rows]
    if board.to_send:
        yield Waits(
            ngettext("Send %(num)s action to its owner", "Send %(num)s actions to their owners", board.to_send),
            _("The owners do not know of them yet."),
            _("See the list"),
            "actions.index",
            {"state": "proposed"},
            "assigned",
        )
    yield from _one_or_many(
        [row for row in rows if row.state == "done"],
        lambda n: ngettext("Is %(num)s thing really done?", "Are %(num)s things really done?", n),
        _("The owner says so. Somebody needs to see it."),
        _("Check"),
        "done",
    )
    yield from _one_or_many(
        [
            row
            for row in rows
            if row.state == "misdirected" or (row.organisation_id is None and row.state == "proposed")
        ],
        lambda n: ngettext("Whose is %(num)s place?", "Whose are %(num)s places?", n),
        _("Nobody answers for it yet."),
        _("Find the owner"),
        "misdirected",
    )


def _one_or_many(rows: list[Row], title: Any, text: str, button: str, state: str) -> Iterator[Waits]:
    if len(rows) == 1:
        yield Waits(rows[0].title, text, button, "actions.open", {"action_id": rows[0].id}, "looking")
    elif rows:
        yield Waits(title(len(rows)), text, button, "actions.index", {"state": state}, "looking")


def _of_owner(actor: Actor) -> Iterator[Waits]:
    rows = [row for group in actions.index(actor).groups for row in group.rows if row.due.what == "answer"]
    if rows:
        yield Waits(
            ngettext("Answer %(num)s point", "Answer %(num)s points", len(rows)),
            listed([row.title for row in rows[:3]]),
            pgettext("button", "Answer"),
            "actions.index",
            {},
            "received",
        )


def _owes(actor: Actor) -> tuple[Owes, ...]:
    rows = [_owed(group) for group in actions.index(actor).groups]
    return tuple(sorted((row for row in rows if row), key=lambda row: (-row.late, -row.unanswered)))


def _owed(group: Group) -> Owes | None:
    unanswered = sum(row.due.what == "answer" for row in group.rows)
    late = sum(row.due.late for row in group.rows)
    if group.organisation_id is None or not (unanswered or late):
        return None
    return Owes(group.organisation_id, group.name or "", unanswered, late)


def _card(actor: Actor, walk: Walk) -> WalkCard:
    pile = observations.pile(actor, walk.id)
    gone = ("masked", "set_aside", "redirected", "merged")
    told = [row for row in pile.rows if row.state not in gone and "withdrawn" not in row.flags]
    counts = {kind: sum(row.kind == kind for row in told) for kind in ("deficiency", "safe_place", "proposal")}
    shapes = {
        "area": walk.area.shape if walk.area else None,
        "route": walk.route,
        "stops": [],
        "points": [
            {"id": str(row.id), "kind": row.kind, "number": row.number, "lat": row.lat, "lon": row.lon, "title": ""}
            for row in told
            if row.lat is not None and row.number is not None
        ],
    }
    return WalkCard(walk, counts, shapes, tuple(_steps(actor, walk, pile.done, pile.total)))


def _steps(actor: Actor, walk: Walk, done: int, total: int) -> Iterator[tuple[str, str, str]]:
    """The way to an answer: walked, reviewed, shared out, answered, told."""
    phones = len(list(db.session.scalars(select(Participant.id).where(Participant.walk_id == walk.id))))
    board = actions.of_walk(actor, walk)
    figures = board.figures
    sent = figures.total - sum(row.state == "proposed" for group in board.groups for row in group.rows)

    def share(some: int, whole: int) -> str:
        return _("%(some)s of %(all)s", some=some, all=whole) if whole else ""

    ways = [
        (pgettext("step", "Walk"), ngettext("%(num)s phone", "%(num)s phones", phones), walk.closed_at is not None),
        (pgettext("step", "Review"), share(done, total), 0 < total == done),
        (pgettext("step", "Shared out"), share(sent, figures.total), 0 < sent == figures.total),
        (pgettext("step", "Answers"), share(figures.answered, sent), 0 < sent <= figures.answered),
        (pgettext("step", "Told to everyone"), day(walk.published_at), walk.published_at is not None),
    ]
    now = next((index for index, (_what, _far, past) in enumerate(ways) if not past), len(ways))
    for index, (what, far, past) in enumerate(ways):
        yield what, far, "past" if past else "now" if index == now else ""
