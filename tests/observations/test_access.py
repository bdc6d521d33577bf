"""Who sees an observation: everyone, times everything that hides one."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests import make
from walkapp.kernel import clock
from walkapp.kernel.actor import PUBLIC, Actor, Role, house
from walkapp.kernel.db import db
from walkapp.kernel.errors import NotAllowed, NotFound
from walkapp.kernel.transaction import App, writing
from walkapp.observations import access
from walkapp.observations.models import Observation
from walkapp.walks.models import Walk

SEES_ALL = {"coordinator", "house", "sender"}


@pytest.fixture
def scene(app: App, town: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """A walk in review, its sender and another phone; inside a transaction that is thrown away."""
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing", leader_id=town.leader.id)
        sender, neighbour = make.participant(walk), make.participant(walk)
        away = make.participant(make.walk(town))
        leader = replace(town.leader, roles=frozenset({Role("walk_leader", walk_id=walk.id)}))
        yield SimpleNamespace(
            walk=walk,
            sender=sender,
            who={
                "coordinator": town.coordinator,
                "house": house(town.municipality),
                "sender": make.phone(sender),
                "neighbour": make.phone(neighbour),
                "elsewhere": make.phone(away),
                "leader": leader,
                "member": town.member,
                "secretary": town.secretary,
                "administrator": town.administrator,
                "owner": town.owner_contact,
                "owner_link": Actor("owner_link", town.municipality, organisation_id=town.organisation),
                "stranger": town.stranger,
                "public": PUBLIC,
            },
        )


def seen_by(scene: SimpleNamespace, **over: Any) -> set[str]:
    """Who sees an observation of this kind; the two ways to ask must agree."""
    one = make.observation(scene.walk, scene.sender, **over)
    found = set()
    for name, actor in scene.who.items():
        listed = one.id in set(db.session.scalars(select(Observation.id).where(access.visible_to(actor))))
        try:
            access.observation_for(actor, one.id)
            held = True
        except NotFound:
            held = False
        assert listed is held, name
        if held:
            found.add(name)
    return found


def test_before_review_the_coordinator_and_the_leader(scene: SimpleNamespace) -> None:
    assert seen_by(scene) == {*SEES_ALL, "leader"}


def test_other_phones_when_the_coordinator_opened_it(scene: SimpleNamespace) -> None:
    scene.walk.shows_others = True
    assert seen_by(scene) == {*SEES_ALL, "leader", "neighbour"}
    assert seen_by(scene, state="set_aside") == {*SEES_ALL, "leader"}


def test_the_council_sees_what_was_reviewed(scene: SimpleNamespace) -> None:
    council = {*SEES_ALL, "leader", "member", "secretary"}
    for state in ("kept", "actioned", "noted", "preserved", "merged"):
        assert seen_by(scene, state=state) == council, state
    for state in ("sent", "redirected", "set_aside"):
        assert seen_by(scene, state=state) == council - {"member", "secretary"}, state


def test_the_public_sees_what_stands_of_published_walks(scene: SimpleNamespace) -> None:
    scene.walk.published_at = clock.now()
    db.session.flush()
    for state in ("kept", "actioned", "noted", "preserved"):
        assert "public" in seen_by(scene, state=state), state
    for state in ("sent", "merged", "redirected", "masked", "set_aside"):
        assert "public" not in seen_by(scene, state=state), state
    scene.walk.state = "closed"
    assert "public" not in seen_by(scene, state="kept")


@pytest.mark.parametrize("hidden", ["withdrawn", "held", "secret", "sensitive", "masked"])
def test_what_is_hidden_is_hidden_from_all_but_its_sender_and_the_coordinator(
    scene: SimpleNamespace, hidden: str
) -> None:
    scene.walk.published_at, scene.walk.shows_others = clock.now(), True
    over: dict[str, Any] = {"state": "masked"} if hidden == "masked" else {"state": "kept", hidden: True}
    assert seen_by(scene, **over) == SEES_ALL


def test_reviewing_is_the_coordinators(scene: SimpleNamespace) -> None:
    one = make.observation(scene.walk, scene.sender, state="kept").id
    for name, actor in scene.who.items():
        if name in ("coordinator", "house"):
            assert access.observation_for(actor, one, to="review").id == one
        elif name in ("sender", "leader", "member", "secretary"):
            with pytest.raises(NotAllowed, match=r"observation\.may_not_review"):
                access.observation_for(actor, one, to="review")
        else:
            with pytest.raises(NotFound):
                access.observation_for(actor, one, to="review")


def test_a_council_of_the_same_town_sees_no_draft(scene: SimpleNamespace) -> None:
    db.session.get_one(Walk, scene.walk.id).state = "draft"
    assert "member" not in seen_by(scene, state="kept")
