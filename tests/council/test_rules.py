"""A council's calculations: one line each."""

import hashlib
import json

import pytest

from walkapp.council import rules


def test_the_agenda_has_its_nine_points_in_order() -> None:
    kinds = [kind for kind, _heading in rules.AGENDA]
    assert kinds == ["attendance", "previous", "walk", "free", "free", "situation", "units", "crime", "other"]


@pytest.mark.parametrize(
    ("numbering", "position", "before", "printed"),
    [("plain", 3, 0, "3."), ("plain", 3, 40, "3."), ("section", 3, 0, "§ 3"), ("section", 1, 9, "§ 10")],
)
def test_an_item_is_numbered_as_the_council_wants(numbering: str, position: int, before: int, printed: str) -> None:
    assert rules.item_number(numbering, position, before) == printed


def test_a_note_is_split_at_empty_lines_and_at_headings() -> None:
    note = rules.read_note(
        "Först något\npå två rader.\n\nSedan mer.\n\n# Skolan\nAllt är lugnt.\n# Räddningstjänsten\nEn\n\nTvå"
    )
    assert note.paragraphs == ("Först något på två rader.", "Sedan mer.")
    assert note.sections == (("Skolan", ("Allt är lugnt.",)), ("Räddningstjänsten", ("En", "Två")))


@pytest.mark.parametrize("empty", [None, "", "  \n \n", "#", "# #"])
def test_a_note_without_words_has_no_heading(empty: str | None) -> None:
    assert rules.read_note(empty).sections == ()


def test_a_council_that_only_prepares_never_decides() -> None:
    assert "Decision" not in [rules.outcome_word(outcome) for outcome in rules.OUTCOMES]
    assert rules.outcome_word("standpoint", may_decide=True) == "Decision"


def test_who_is_asked_gets_a_request_and_no_assignment() -> None:
    assert rules.outcome_word("assignment", asked=True) == "Request"
    assert rules.outcome_word("assignment") == "Assignment"


def test_ways_are_counted() -> None:
    assert rules.count_ways(["room", "room", "remote", None]) == {"room": 2, "remote": 1, "absent": 0, "unsaid": 1}


@pytest.mark.parametrize(
    ("ways", "reasons"),
    [
        (["room", "absent"], ()),
        (["room", None], ("attendance_unsaid",)),
        (["absent"], ("nobody_present",)),
        ([], ("nobody_present",)),
    ],
)
def test_what_hinders_closing(ways: list[str | None], reasons: tuple[str, ...]) -> None:
    assert rules.hinders_closing(ways) == reasons


def test_canonical_text_does_not_depend_on_the_order_of_the_keys() -> None:
    one, other = {"b": [1, {"y": "ö", "x": None}], "a": "å"}, {"a": "å", "b": [1, {"x": None, "y": "ö"}]}
    assert rules.canonical(one) == rules.canonical(other) == '{"a":"å","b":[1,{"x":null,"y":"ö"}]}'


def test_the_hash_is_of_the_utf8_bytes() -> None:
    text = rules.canonical({"ord": "Årsmöte"})
    again = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert rules.sha256_of(text) == hashlib.sha256(again.encode("utf-8")).hexdigest()


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError):
        rules.canonical({"a": float("nan")})


@pytest.mark.parametrize(("points", "printed"), [((), ""), ((8,), " (8)"), ((8, 9), " (8, 9)")])
def test_points_are_named(points: tuple[int, ...], printed: str) -> None:
    assert rules.numbers(points) == printed


@pytest.mark.parametrize(("text", "ended"), [("Klart", "Klart."), ("Klart!", "Klart!"), ("", ""), ("Vad? ", "Vad?")])
def test_a_sentence_ends(text: str, ended: str) -> None:
    assert rules.sentence(text) == ended
