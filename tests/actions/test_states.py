import pytest

from walkapp.actions import rules
from walkapp.actions.states import OPEN, SETTLED, UNANSWERED, action
from walkapp.kernel.errors import Conflict


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("proposed", "decline"),
        ("proposed", "verify"),
        ("assigned", "agree"),
        ("requested", "decline"),
        ("requested", "start"),
        ("started", "verify"),
        ("closed", "assign"),
        ("verified", "finish"),
    ],
)
def test_steps_that_do_not_exist(state, verb):
    with pytest.raises(Conflict) as refused:
        action.after(state, verb)
    assert refused.value.code == f"action.cannot_{verb}"


def test_done_is_not_verified():
    assert action.after("started", "finish") == "done"
    assert action.after("done", "verify") == "verified"


def test_an_asked_owner_says_yes_or_no_and_is_never_ordered():
    assert set(action.verbs("requested")) & {"accept", "plan", "decline", "start"} == set()
    assert action.after("requested", "agree") == "answered_yes"
    assert action.after("requested", "refuse") == "answered_no"


def test_every_state_is_open_or_settled():
    assert set(OPEN) | set(SETTLED) == set(action.states)
    assert not set(OPEN) & set(SETTLED)
    assert set(UNANSWERED) <= set(OPEN)


def test_every_answer_that_is_offered_exists_in_the_table():
    assert set(rules.TELLS) <= set(action.verbs("assigned"))
    assert set(rules.REPLIES) <= set(action.verbs("requested"))
