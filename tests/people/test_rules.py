"""Addresses, names and paths that come from outside."""

import pytest

from walkapp.people import rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Anna.Ek@Arboga.SE ", "anna.ek@arboga.se"),
        ("drift@räddningen.se", "drift@xn--rddningen-v2a.se"),
        ("a@b", None),
        ("a@b.se\r\nBcc: c@d.se", None),
        ("a@b.se, c@d.se", None),
        ("Anna <a@b.se>", None),
        ('"a b"@c.se', None),
        ("a@" + "b" * 64 + ".se", None),
        ("a@b..se", None),
        ("", None),
    ],
)
def test_an_address_is_one_that_a_mail_header_can_carry(typed, kept):
    assert rules.tidy_email(typed) == kept


@pytest.mark.parametrize("name", ["Anna\nBcc: x@y.se", "Anna\r", "An\u202ena", "A\x00", "A\u2028B"])
def test_a_name_with_breaks_or_invisible_signs_is_not_one_line(name):
    assert not rules.one_line(name)


def test_an_ordinary_name_is_one_line():
    assert rules.one_line("Åsa Östlund-Ek, tf chef")


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/walks/", "/walks/"),
        ("/walks/?state=open", "/walks/?state=open"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example/", None),
        ("javascript:alert(1)", None),
        ("/walks/\r\nSet-Cookie: a=b", None),
        ("/\tevil", None),
        ("/sign-in?next=/", None),
        ("/sign-out", None),
        ("walks/", None),
        ("", None),
        (None, None),
    ],
)
def test_only_pages_of_this_house_are_led_to(asked, kept):
    assert rules.local_path(asked) == kept


@pytest.mark.parametrize(
    ("name", "slug"), [("Malung-Sälen", "malung-salen"), ("Upplands Väsby", "upplands-vasby"), ("Åre", "are")]
)
def test_a_name_as_it_stands_in_an_address(name, slug):
    assert rules.slug(name) == slug


def test_secrets_differ_and_are_long():
    assert len({rules.new_secret() for _ in range(50)}) == 50
    assert len(rules.new_secret()) >= 43
