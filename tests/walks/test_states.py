"""A walk's states, as the contract names them."""

import pytest

from walkapp.kernel.errors import Conflict
from walkapp.walks import states

CONTRACT = (
    "draft planned invited open closed reviewing minuted assigned answered followed_up archived cancelled postponed"
)


def test_the_states_are_the_contracts():
    assert set(states.walk.states) == set(CONTRACT.split())
    assert states.walk.start == "draft"


def test_the_whole_way():
    state = "draft"
    for verb in ["plan", "invite", "open", "close", "review", "minute", "assign", "answer", "follow_up", "archive"]:
        state = states.walk.after(state, verb)
    assert state == "archived"


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("draft", "invite"),
        ("draft", "open"),
        ("open", "cancel"),
        ("closed", "cancel"),
        ("cancelled", "plan"),
        ("archived", "open"),
        ("minuted", "open"),
        ("planned", "close"),
        ("postponed", "open"),
    ],
)
def test_steps_that_do_not_exist(state, verb):
    with pytest.raises(Conflict, match=rf"walk\.cannot_{verb}"):
        states.walk.after(state, verb)
