"""What a body is that arrives, what points at a person, how a receipt is worded."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from walkapp.agencies.rules import CATEGORIES
from walkapp.observations import rules
from walkapp.observations.rules import Known, judge

NOW = datetime(2026, 10, 29, 17, 0, tzinfo=UTC)
FIRST = Known(1, "a", "stored")


# --- what arrives -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "revision", "base", "sha256", "word", "current"),
    [
        ([], 1, None, "a", "stored", 1),
        ([], 3, 2, "a", "stored", 3),
        ([FIRST], 1, None, "a", "already", 1),
        ([FIRST], 1, None, "b", "conflict", 1),
        ([FIRST], 2, 1, "b", "stored", 2),
        ([FIRST], 5, 1, "b", "stored", 5),
        ([FIRST], 2, None, "b", "conflict", 1),
        ([FIRST], 3, 2, "b", "conflict", 1),
        ([FIRST, Known(3, "c", "stored")], 2, 1, "b", "superseded", 3),
        ([FIRST, Known(3, "c", "stored")], 1, None, "a", "already", 3),
        ([FIRST, Known(3, "c", "stored"), Known(2, "b", "superseded")], 2, 1, "b", "superseded", 3),
        ([FIRST, Known(3, "c", "stored"), Known(2, "b", "superseded")], 2, 1, "x", "conflict", 3),
        ([FIRST, Known(3, "c", "conflict"), Known(2, "b", "stored")], 3, 2, "c", "stored", 3),
    ],
)
def test_what_a_body_is(
    known: list[Known], revision: int, base: int | None, sha256: str, word: str, current: int
) -> None:
    verdict = judge(known, revision=revision, base=base, sha256=sha256)
    assert (verdict.word, verdict.current) == (word, current)
    assert verdict.apply is (word == "stored")


@pytest.mark.parametrize("word", ["stored", "superseded", "held", "conflict"])
def test_the_same_bytes_are_kept_once(word: str) -> None:
    known = [FIRST, Known(2, "b", word)]
    assert not judge(known, revision=2, base=9, sha256="b").keep


def test_a_row_without_bodies_stands_too() -> None:
    assert judge([], revision=1, base=None, sha256="a", standing=1).word == "conflict"
    assert judge([], revision=2, base=1, sha256="a", standing=1).word == "stored"


def test_late_is_held_unless_the_house_has_proven_it() -> None:
    assert judge([], revision=1, base=None, sha256="a", late=True).word == "held"
    assert judge([], revision=1, base=None, sha256="a", late=True, proven=True).word == "stored"
    assert judge([FIRST], revision=2, base=1, sha256="b", late=True).word == "stored"
    assert judge([FIRST], revision=3, base=2, sha256="b", proven=True).word == "stored"


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abc"), st.none() | st.integers(1, 4)), max_size=25))
def test_whatever_arrives_in_whatever_order(arrivals: list[tuple[int, str, int | None]]) -> None:
    known: list[Known] = []
    for revision, sha256, base in arrivals:
        before = max((one.revision for one in known if one.verdict in rules.ACCEPTED), default=0)
        verdict = judge(known, revision=revision, base=base, sha256=sha256)
        if verdict.keep:
            known.append(Known(revision, sha256, verdict.word))
        after = max((one.revision for one in known if one.verdict in rules.ACCEPTED), default=0)
        assert after == verdict.current >= before  # what stands never goes back
        assert verdict.apply == (after > before)
        again = judge(known, revision=revision, base=base, sha256=sha256)
        assert not again.keep
        assert not again.apply
        assert again.word == {"stored": "already"}.get(verdict.word, verdict.word)
    taken = [(one.revision, one.sha256) for one in known if one.verdict in rules.ACCEPTED]
    assert len({revision for revision, _ in taken}) == len(taken)  # one accepted body a revision


@pytest.mark.parametrize(
    ("state", "hours", "late"),
    [
        ("open", 99, False),
        ("invited", 99, False),
        ("closed", 11.9, False),
        ("closed", 12.1, True),
        ("minuted", 99, True),
    ],
)
def test_the_late_tray_opens_after_twelve_hours(state: str, hours: float, late: bool) -> None:
    assert rules.is_late(state, NOW - timedelta(hours=hours), NOW) is late
    assert not rules.is_late(state, None, NOW)


@pytest.mark.parametrize(
    ("made", "sent", "seen"),
    [
        (-600, -3, -600),  # the clock is right
        (-600, 50, -600),  # nearly
        (3000, 3600, -600),  # an hour ahead
        (-4200, -3600, -600),  # an hour behind
        (-600, None, -600),  # said nothing
        (900, 0, 0),  # never later than it came
    ],
)
def test_when_it_was_seen_by_our_clock(made: int, sent: int | None, seen: int) -> None:
    def at(seconds: int) -> datetime:
        return NOW + timedelta(seconds=seconds)

    assert rules.corrected(at(made), None if sent is None else at(sent), NOW) == at(seen)


# --- the receipt --------------------------------------------------------------------------------------------------


def test_the_receipt_as_the_contract_words_it() -> None:
    lines = ["p bb 2", "o 1 1 aa", "o 1 1 aa", "o 1 10 cc"]
    expected = hashlib.sha256(b"o 1 1 aa\no 1 10 cc\np bb 2\n").hexdigest()
    assert rules.digest(lines) == expected
    assert rules.digest([]) == hashlib.sha256(b"").hexdigest()


def test_two_people_can_compare_eight_characters() -> None:
    assert rules.spoken("0000000000" + "f" * 54) == "AAAA-AAAA"
    assert rules.spoken("ffffffffff" + "0" * 54) == "7777-7777"
    assert rules.spoken("0123456789" + "0" * 54) == "AERU-KZ4J"


# --- who is pointed at --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Enligt 850709-9805 var det han", "personal_number"),
        ("19850709-9805", "personal_number"),
        ("8507099805", "personal_number"),
        ("samordningsnummer 850769-9805", "personal_number"),
        ("En vit bil, ABC 123, står alltid här", "plate"),
        ("abc123 parkerar på gräset", "plate"),
        ("MLB 84A", "plate"),
        ("Ring mig på 070-123 45 67", "telephone"),
        ("tel +46 70 123 45 67", "telephone"),
        ("0589-870 00", "telephone"),
        ("skriv till kim@example.org", "mail"),
        ("Han bor i 14:an", "lives"),
        ("hon som bor där skriker", "lives"),
        ("Familjen bor högst upp", "lives"),
        ("He lives on the second floor", "lives"),
        ("Killen heter Kalle", "name"),
        ("Anna Svensson säljer där", "name"),
    ],
)
def test_what_points_at_a_person(text: str, sign: str) -> None:
    assert sign in rules.signs(text)
    assert rules.points_at_a_person(None, text)


@pytest.mark.parametrize(
    "text",
    [
        "Två armaturer på torgets västra sida är släckta.",
        "Gångvägen utmed ån saknar belysning på ungefär 60 meter.",
        "Klipp ned till 80 cm och glesa ut mot gångvägen.",
        "Glas och sprutor vid containern, ring driftjour direkt.",
        "Stolpe 4711 och 4712 blinkar, sedan 2019-03-12.",
        "Mellan 17.30 och 18.45 är det 100 lux på 250 kvadratmeter.",
        "Flera bor i huset och många går här.",
        "Svenska kyrkan, Arbogabygdens församling",
        "Väg 249 vid E18, skylt 12 och 13",
        "och 123 andra",
        "Kostar 1 000 000 kr eller 0,5 miljoner",
        "",
    ],
)
def test_what_does_not(text: str) -> None:
    assert rules.signs(text) == frozenset()


@given(st.text(max_size=300))
def test_any_text_can_be_asked(text: str) -> None:
    assert rules.points_at_a_person(text) == bool(rules.signs(text))


def test_the_question_is_quick_even_for_a_long_text() -> None:
    for text in ("0" * 2000, "han " * 500, "Aa " * 660, "a@" * 1000, "070-1 " * 330, "A-" * 1000):
        started = datetime.now(UTC)
        rules.signs(text)
        assert datetime.now(UTC) - started < timedelta(seconds=0.5)


# --- the phone's tiles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [None, "centre", "station", "senior", "something new"])
def test_five_categories_come_first(theme: str | None) -> None:
    common = rules.common_categories(theme)
    assert len(common) == len(set(common)) == 5
    assert set(common) <= set(rules.CATEGORY_WORDS)


def test_the_categories_are_those_that_owners_answer_for() -> None:
    assert tuple(rules.CATEGORY_WORDS) == CATEGORIES
