"""The states of a meeting."""

import pytest

from walkapp.council.states import meeting
from walkapp.kernel.errors import Conflict


def test_the_way_of_a_meeting() -> None:
    state = meeting.start
    for verb in ("call", "open", "close", "sign", "approve", "file"):
        state = meeting.after(state, verb)
    assert state == "filed"


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("planned", "open"),
        ("running", "sign"),
        ("called", "close"),
        ("signed", "reopen"),
        ("signed", "file"),
        ("approved", "reopen"),
        ("filed", "approve"),
    ],
)
def test_steps_that_do_not_exist(state: str, verb: str) -> None:
    with pytest.raises(Conflict, match=f"meeting.cannot_{verb}"):
        meeting.after(state, verb)
