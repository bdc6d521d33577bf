"""Every address and every role: who gets in. An address without a row here fails.

A row names who may enter. To enter means to be heard: a form that is refused for what it says (400, 409, 422) has let its
sender in. Whoever may not is led to the sign-in (nobody signed in) or gets 403 or 404; a coordinator of another municipality
never gets in, whatever the row says, except where everybody does.
"""

import uuid
from types import SimpleNamespace

import pytest
from werkzeug.routing import Rule

from tests import make
from walkapp.agencies import service as agencies
from walkapp.kernel import clock
from walkapp.kernel.transaction import writing

ROLES = ("coordinator", "leader", "member", "chair", "secretary", "owner_contact", "administrator")
EVERYONE = "everyone"
PHONE = "phone"  # a bearer token, never a cookie
TOWN = "coordinator leader member chair secretary owner_contact administrator"
DESK = "coordinator"
WALKERS = "coordinator leader"
OFFICE = "chair secretary"

DOORS: dict[str, str] = {}


def doors(who: str, *endpoints: str) -> None:
    DOORS.update(dict.fromkeys(endpoints, who))


@pytest.fixture
def world(app, town) -> SimpleNamespace:
    """One of everything."""
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing", published_at=clock.now(), closed_at=clock.now())
        phone = make.participant(walk)
        seen = make.observation(walk, phone, state="kept")
        pile = make.observation(walk, phone)
        photo = make.photo(pile)
        action = make.action(walk, [seen], organisation_id=town.organisation, state="assigned")
        meeting = make.meeting(town, state="running")
        organisation = agencies.access.organisation_for(town.coordinator, town.organisation, to="change")
        return SimpleNamespace(
            walk_id=walk.id, participant_id=phone.id, observation_id=pile.id, photo_id=photo.id, action_id=action.id,
            meeting_id=meeting.id, council_id=town.council, item_id=meeting.agenda[0].id, organisation_id=town.organisation,
            contact_id=organisation.contacts[0].id, member_id=meeting.council.members[1].id, slug=town.slug,
            token=agencies.make_owner_link(town.coordinator, town.organisation), invitation_id=uuid.uuid4(),
            sha256="0" * 64, rating_id=uuid.uuid4(), voice_id=uuid.uuid4(), name="nothing.js", size="thumb", verb=None,
        )  # fmt: skip


def address(rule: Rule, world: SimpleNamespace) -> str:
    values = {}
    for name in rule.arguments:
        given = getattr(world, name)
        values[name] = given if given is not None else rule._converters[name].items and sorted(rule._converters[name].items)[0]
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
