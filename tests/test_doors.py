"""Every address and every role: who gets in. An address without a row here fails.

A row names who may enter. To enter means to be heard: a form that is refused for what it says (400, 409, 422) has let its
sender in. Whoever may not is led to the sign-in (nobody signed in) or gets 403 or 404; a coordinator of another municipality
never gets in, whatever the row says, except where everybody does.
"""

import shutil
import tempfile
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from werkzeug.routing import Rule

from tests import make
from walkapp.agencies import service as agencies
from walkapp.agencies.models import Organisation
from walkapp.factory import create_app
from walkapp.kernel import clock
from walkapp.kernel.transaction import writing
from walkapp.people.models import RoleGrant

ROLES = ("coordinator", "leader", "member", "chair", "secretary", "owner_contact", "administrator")
EVERYONE = "everyone"
PHONE = "phone"  # a bearer token, never a cookie
TOWN = " ".join(ROLES)
DESK = "coordinator"
WALKERS = "coordinator leader"
REGISTER = "coordinator administrator"
FORUM = "coordinator member chair secretary administrator"
PREPARE = "coordinator secretary"
SEATS = "secretary administrator"
READERS = "coordinator leader member chair secretary"

DOORS: dict[str, str] = {}


def doors(who: str, *endpoints: str) -> None:
    DOORS.update(dict.fromkeys(endpoints, who))


doors(EVERYONE, "static", "shell.start", "shell.field", "shell.manifest", "shell.service_worker")
doors(EVERYONE, "shell_api.docs", "shell_api.health", "shell_api.openapi", "feedback.walk", "feedback.what_happened")
doors(EVERYONE, "people.ask_for_link", "people.choose_language", "people.link_sent", "people.sign_in", "people.spend")
doors(EVERYONE, "people.sign_in_as_demo_person", "people.sign_out")
# who has the token of an invitation, or of an owner's link, needs nothing else
doors(EVERYONE, "walks_join.join", "walks_join.rsvp", "walks_join.show_invitation", "walks_join.answer")
doors(EVERYONE, "walks_join.try_on_phones")
doors(EVERYONE, *(f"actions_owner.{name}" for name in ("list", "one", "answer", "picture")))
# the code of the walk in place of a bearer token
doors(EVERYONE, "walks_api.join")
doors(PHONE, "walks_api.contact", "walks_api.heartbeat")
doors(PHONE, *(f"observations_api.{name}" for name in ("observation", "rating", "voice", "receipt", "changes", "pack")))
doors(PHONE, "observations_api_photos.photo", "observations_api_photos.thumb")

doors(TOWN, "walks.index", "walks.open", "walks.light", "actions.index", "actions.of_walk", "actions.open")
doors(DESK, "walks.new", "walks.begin_review", "walks.call_off", "photos.picture")
doors(
    WALKERS,
    *(
        f"walks.{name}"
        for name in ("plan", "save_plan", "invitations", "add_guest", "add_owners", "invite", "invite_again")
    ),
    *(f"walks.{name}" for name in ("withdraw_invitation", "begin", "close", "live", "joining", "others", "poster")),
    *(f"walks.{name}" for name in ("revoke", "rotate_code")),
)
doors(
    DESK,
    *(
        f"observations.{name}"
        for name in ("review", "one", "judge", "put_away", "take_up", "flag", "merge", "note", "look")
    ),
    *(f"observations.{name}" for name in ("tell_apart", "undo")),
)
doors(
    DESK,
    *(f"actions.{name}" for name in ("assign", "edit", "lapse", "look", "new", "propose", "remind", "send", "settle")),
)
doors("coordinator owner_contact", "actions.answer")
doors(WALKERS, "actions.verify")
doors(
    REGISTER,
    *(f"agencies.{name}" for name in ("index", "new", "edit", "add_contact", "remove_contact", "retire", "bring_back")),
    *(f"agencies.{name}" for name in ("make_link", "revoke_links")),
)
doors(
    FORUM, "council.index", "council.open", "council.meeting", "council.minutes", "council.wall", "reports.minutes_pdf"
)
doors(SEATS, "council.seat", "council.leave", "council.settings")
doors("secretary", "council.plan", "council.change")
doors(
    PREPARE, "council.item", *(f"council_meeting.{name}" for name in ("add_item", "up", "down", "remove", "put_walk"))
)
doors(
    "secretary",
    *(f"council_meeting.{name}" for name in ("attendance", "begin", "call", "call_off", "close", "decide", "file")),
    *(f"council_meeting.{name}" for name in ("guest", "note", "reopen")),
)
doors("chair secretary", "council_meeting.approve_previous", "council_meeting.sign")
doors(READERS, "reports.walk_report", "reports.walk_pdf", "reports.walk_map")
doors(DESK, "reports.publish", "reports.unpublish")

# no such thing among the world's, or an empty form names none: to be told so is to be heard
NOTHING_THERE = {
    "static", "photos.picture", "actions_owner.picture", "people.sign_in_as_demo_person", "walks_join.answer",
    "walks.withdraw_invitation", "council_meeting.guest", "council_meeting.put_walk",
}  # fmt: skip
# addresses without an id: a stranger finds the own municipality's things there
OWN_TOWN = {
    "walks.index",
    "walks.new",
    "walks.light",
    "actions.index",
    "actions.remind",
    "agencies.index",
    "agencies.new",
    "council.index",
}


@pytest.fixture
def world(app, town) -> SimpleNamespace:
    """One of everything, and the way back to it."""
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing", published_at=clock.now(), closed_at=clock.now())
        grant = {"municipality_id": town.municipality, "person_id": town.leader.id, "word": "walk_leader"}
        make.keep(RoleGrant(**grant, walk_id=walk.id))
        phone = make.participant(walk)
        seen = make.observation(walk, phone, state="kept")
        pile = make.observation(walk, phone)
        photo = make.photo(pile)
        action = make.action(walk, [seen], organisation_id=town.organisation, state="assigned")
        meeting = make.meeting(town, state="running")
        organisation = make.db.session.get_one(Organisation, town.organisation)
        found = SimpleNamespace(
            walk_id=walk.id, participant_id=phone.id, observation_id=pile.id, photo_id=photo.id, action_id=action.id,
            meeting_id=meeting.id, council_id=town.council, item_id=meeting.agenda[0].id, organisation_id=town.organisation,
            contact_id=organisation.contacts[0].id, member_id=meeting.council.members[1].id, slug=town.slug,
            token=agencies.make_owner_link(town.coordinator, town.organisation), invitation_id=uuid.uuid4(),
            sha256="0" * 64, rating_id=uuid.uuid4(), voice_id=uuid.uuid4(), name="nothing.js", size="thumb",
        )  # fmt: skip
    found.again = snapshot(app)
    return found


def snapshot(app):
    """Keep the database as it is now; return what puts it back."""
    file = app.extensions["settings"].instance_path / "walkapp.sqlite"
    kept = file.with_suffix(".kept")

    def close():
        with app.app_context():
            make.db.session.remove()
            make.db.engine.dispose()

    def again():
        close()
        for name in (f"{file}-wal", f"{file}-shm"):
            Path(name).unlink(missing_ok=True)
        shutil.copy(kept, file)

    with app.app_context():
        make.db.session.execute(text("pragma wal_checkpoint(truncate)"))
    close()
    shutil.copy(file, kept)
    return again


def address(rule: Rule, world: SimpleNamespace) -> str:
    values = {}
    for name in rule.arguments:
        words = getattr(rule._converters[name], "items", None)
        values[name] = sorted(words)[0] if words else getattr(world, name)
    _, path = rule.build(values)
    return path


def enter(app, sign_in, world, town, rule: Rule, method: str, role: str) -> str:
    """Knock; return `in`, `sign-in`, `forbidden` or `unseen`."""
    client = app.test_client()
    if role != "nobody":
        sign_in(client, getattr(town, role))
    body = {"json": {}} if rule.rule.startswith("/api/") and method != "GET" else {}
    answer = client.open(address(rule, world), method=method, **body)
    assert answer.status_code < 500, (rule.endpoint, role, answer.status_code)
    answer.close()
    if answer.status_code in (302, 303) and "/sign-in" in answer.headers["Location"]:
        return "in" if rule.endpoint == "people.sign_out" else "sign-in"
    return {401: "sign-in", 403: "forbidden", 404: "unseen"}.get(answer.status_code, "in")


def knocks() -> list[tuple[str, str]]:
    rules = create_app(instance_path=tempfile.mkdtemp(), secret_key="0" * 64).url_map.iter_rules()
    return sorted({(rule.endpoint, method) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}})


KNOCKS = knocks()


def test_every_address_has_a_row():
    assert {endpoint for endpoint, _ in KNOCKS} == set(DOORS)


@pytest.mark.parametrize(("endpoint", "method"), KNOCKS, ids=[f"{method} {endpoint}" for endpoint, method in KNOCKS])
def test_who_gets_in(app, sign_in, world, town, endpoint, method):
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint and method in rule.methods)
    row = DOORS[endpoint]
    heard = {"in", "unseen"} if endpoint in NOTHING_THERE else {"in"}
    for role in ("nobody", *ROLES, "stranger"):
        world.again()
        became = enter(app, sign_in, world, town, rule, method, role)
        if row == EVERYONE:
            assert became in heard, (role, became)
        elif row == PHONE:
            assert became == "sign-in", (role, became)
        elif role == "nobody":
            assert became == "sign-in" or (endpoint == "photos.picture" and became == "unseen"), became
        elif role == "stranger":
            assert became == ("in" if endpoint in OWN_TOWN else "unseen"), became
        elif role in row.split():
            assert became in heard, (role, became)
        else:
            assert became in ("forbidden", "unseen"), (role, became)
