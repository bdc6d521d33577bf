"""Who usually answers for what."""

import pytest

from walkapp.agencies import rules
from walkapp.agencies.rules import Candidate

STREETS = Candidate("streets", "municipal_unit", ("lighting", "litter", "ice"))
LAMPS = Candidate("lamps", "municipal_company", ("lighting",))
STATE = Candidate("state", "state", ("passage", "lighting"))


@pytest.mark.parametrize(
    ("category", "owner"),
    [("lighting", "lamps"), ("litter", "streets"), ("passage", "state"), ("order", None), (None, None)],
)
def test_the_most_special_of_the_municipalitys_own_comes_first(category, owner):
    assert rules.suggest(category, [STATE, STREETS, LAMPS]) == owner


@pytest.mark.parametrize(
    ("kind", "asked", "power"),
    [
        ("municipal_unit", False, "municipality"),
        ("municipal_company", False, "company"),
        ("forum", False, "municipality"),
        ("police", False, "authority"),
        ("state", True, "authority"),
        ("church", True, "private"),
        ("private_owner", True, "private"),
    ],
)
def test_who_is_asked_and_who_has_the_power(kind, asked, power):
    assert rules.is_asked(kind) is asked
    assert rules.power(kind) == power


def test_power_is_unclear_without_an_owner():
    assert rules.power(None) == "unclear"
