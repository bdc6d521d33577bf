from datetime import date

import pytest

from walkapp.actions import rules


@pytest.mark.parametrize(
    ("term", "due"),
    [
        ("acute", date(2026, 10, 29)),
        ("quick", date(2026, 11, 12)),
        ("short", date(2027, 4, 29)),
        ("long", date(2027, 12, 31)),
        ("continuous", None),
        ("preserve", None),
    ],
)
def test_the_class_sets_the_deadline(term, due):
    assert rules.deadline(term, date(2026, 10, 29)) == due


def test_half_a_year_from_a_long_month_ends_in_a_short_one():
    assert rules.months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_ten_working_days_jump_over_weekends():
    assert rules.working_days_after(date(2026, 11, 6), 10) == date(2026, 11, 20)  # Friday to Friday
    assert rules.working_days_after(date(2026, 11, 7), 1) == date(2026, 11, 9)


def test_an_unknown_owner_gives_the_coordinator_ten_working_days():
    assert rules.open_until("quick", False, date(2026, 11, 6)) == date(2026, 11, 20)
    assert rules.open_until("quick", True, date(2026, 11, 6)) == date(2026, 11, 20)
    assert rules.open_until("long", False, date(2026, 11, 6)) == date(2026, 11, 20)


def test_overdue_is_the_day_after_and_never_for_what_is_settled():
    assert not rules.overdue(date(2026, 11, 6), "assigned", date(2026, 11, 6), ("done",))
    assert rules.overdue(date(2026, 11, 6), "assigned", date(2026, 11, 7), ("done",))
    assert not rules.overdue(date(2026, 11, 6), "done", date(2026, 11, 7), ("done",))
    assert not rules.overdue(None, "assigned", date(2026, 11, 7), ("done",))


def test_the_title_is_the_first_sentence_of_what_was_proposed():
    assert rules.suggest_title("Byt ljuskälla i armaturen. Anmäl.", "Mörkt.") == "Byt ljuskälla i armaturen"
    assert rules.suggest_title("Sanera. Pröva ett motiv. Fråga.", None) == "Sanera. Pröva ett motiv"
    assert rules.suggest_title(None, "Två armaturer är släckta.") == "Två armaturer är släckta"
    assert rules.suggest_title(None, None) == ""
    long = rules.suggest_title("ord " * 60, None)
    assert len(long) <= 91
    assert long.endswith("ord…")


@pytest.mark.parametrize(
    ("category", "kind", "acute", "term"),
    [
        ("lighting", "deficiency", True, "acute"),
        ("lighting", "safe_place", False, "preserve"),
        ("litter", "deficiency", False, "quick"),
        ("lighting", "deficiency", False, "short"),
        (None, "proposal", False, "short"),
        ("order", "deficiency", False, "continuous"),
    ],
)
def test_the_class_that_usually_fits(category, kind, acute, term):
    assert rules.suggest_term(category, kind, acute) == term


def test_five_figures_count_what_they_say():
    rows = [
        rules.Standing("assigned", "municipality", late=True, answered=False, verified=False),
        rules.Standing("done", "company", late=False, answered=True, verified=False),
        rules.Standing("closed", "private", late=False, answered=True, verified=True),
        rules.Standing("proposed", "unclear", late=False, answered=False, verified=False),
    ]
    assert rules.figures(rows, ("assigned", "proposed")) == rules.Figures(
        total=4, open=2, answered=2, late=1, verified=1, outside=1
    )
