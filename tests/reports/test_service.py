"""A report holds what was reviewed and may be shown, and nothing else; a published one never changes."""

import hashlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from tests import make
from walkapp.council import rules as council_rules
from walkapp.kernel import clock
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, NotAllowed, NotFound
from walkapp.kernel.journal import JournalEntry
from walkapp.kernel.transaction import App, writing
from walkapp.observations.models import MergeLink
from walkapp.reports import access, queries, service
from walkapp.reports.models import Paper, Report
from walkapp.walks.models import Invitation, InvitationContact, Walk

SECRET = "Ordet som ingen annan får läsa"


@pytest.fixture
def desk(app: App, town: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with app.app_context(), writing(), force_locale("sv"):
        yield town


def walked(town: SimpleNamespace, **over: Any) -> SimpleNamespace:
    walk = make.walk(town, **{"state": "reviewing", **over})
    return SimpleNamespace(walk=walk, phone=make.participant(walk))


def seen(at: SimpleNamespace, **over: Any) -> Any:
    return make.observation(at.walk, at.phone, **{"state": "kept", **over})


def everything_in(walk: Walk) -> str:
    """All that page, paper and map are made of."""
    report = queries.walk_report(walk)
    return queries.frozen(report) + queries.map_file(report)


# -- what is told


def test_safe_places_deficiencies_and_proposals_are_counted_and_told(desk: SimpleNamespace) -> None:
    at = walked(desk)
    seen(at, text="Mörkt vid trappan.")
    seen(at, kind="safe_place", category="safe_place", text="Ljust och mycket folk.")
    seen(at, kind="proposal", text=None, proposal="Vänd bänkarna.")
    report = queries.walk_report(at.walk)
    assert [figure.value for figure in report.figures[:3]] == ["1", "1", "1"]
    assert report.safe_places[0].texts == ("Ljust och mycket folk.",)
    assert [point.number for point in report.to_mend] == [1, 3]
    assert report.to_mend[1].suggestions == ("Vänd bänkarna.",)


def test_the_coordinators_wording_stands_instead_of_the_participants(desk: SimpleNamespace) -> None:
    at = walked(desk)
    seen(at, text=SECRET, edited_text="Belysningen saknas.", edited_place="Ågatan")
    report = queries.walk_report(at.walk)
    assert (report.points[0].texts, report.points[0].place) == (("Belysningen saknas.",), "Ågatan")
    assert SECRET not in everything_in(at.walk)


@pytest.mark.parametrize(
    "hidden",
    [
        {"state": "sent"},
        {"state": "masked"},
        {"state": "set_aside"},
        {"state": "redirected"},
        {"withdrawn": True},
        {"sensitive": True},
        {"secret": True},
        {"held": True, "number": None},
    ],
    ids=lambda hidden: " ".join(f"{key}={value}" for key, value in hidden.items()),
)
def test_what_may_not_be_shown_is_in_no_report(desk: SimpleNamespace, hidden: dict[str, Any]) -> None:
    at = walked(desk)
    seen(at, text="Det som får visas.")
    away = seen(at, text=SECRET, proposal=SECRET, address=SECRET, **hidden)
    make.action(at.walk, [away], title=SECRET, description=SECRET, organisation_id=desk.organisation, state="assigned")
    said = everything_in(at.walk)
    assert "Det som får visas." in said
    assert SECRET not in said


def test_a_merged_voice_is_quoted_and_counted(desk: SimpleNamespace) -> None:
    at = walked(desk)
    kept = seen(at, text="Mörkt här.")
    twin = seen(at, text="Jag går en omväg.", state="merged")
    hidden = seen(at, text=SECRET, state="merged", sensitive=True)
    for one in (twin, hidden):
        make.keep(MergeLink(municipality_id=desk.municipality, kept_id=kept.id, merged_id=one.id, made_at=clock.now()))
    point = queries.walk_report(at.walk).points[0]
    assert point.texts == ("Mörkt här.", "Jag går en omväg.")
    assert point.seen_by == 2
    assert SECRET not in everything_in(at.walk)


def test_only_a_photo_that_somebody_has_looked_at_is_shown(desk: SimpleNamespace) -> None:
    at = walked(desk)
    one = seen(at)
    shown, unseen = make.photo(one, seen=True), make.photo(one)
    held = make.photo(one, seen=True)
    held.held_back = True
    raw = make.photo(one, seen=True, state="received")
    db.session.flush()
    db.session.expire_all()
    keys = queries.walk_report(at.walk).picture_keys
    assert keys == (str(shown.id),)
    assert not {str(photo.id) for photo in (unseen, held, raw)} & set(keys)


def test_actions_stand_by_owner_and_a_no_with_its_reason(desk: SimpleNamespace) -> None:
    at = walked(desk)
    first, second = seen(at), seen(at)
    make.action(at.walk, [first], organisation_id=desk.organisation, state="planned")
    make.action(
        at.walk, [second], title="Lys upp tunneln", organisation_id=desk.asked_organisation, state="answered_no",
        reason_code="no_funds", reason="Medel saknas till 2029.",
    )  # fmt: skip
    report = queries.walk_report(at.walk)
    assert [(owner.name, owner.is_request) for owner in report.owners] == [
        ("Gatukontoret", False),
        ("Statlig Vaghallare", True),
    ]
    assert report.not_done[0].reason == "Medel saknas till 2029."
    assert report.not_done[0].points == (2,)
    assert report.figures[3].value == "2 av 2"


def test_a_member_and_the_coordinator_read_the_same_report(desk: SimpleNamespace) -> None:
    at = walked(desk)
    seen(at, text=SECRET, sensitive=True)
    for who in (desk.coordinator, desk.member, desk.chair, desk.secretary):
        assert SECRET not in queries.frozen(queries.walk_report(access.report_of(who, at.walk.id)))


@pytest.mark.parametrize("who", ["stranger", "owner_contact", "administrator"])
def test_others_do_not_see_that_there_is_a_report(desk: SimpleNamespace, who: str) -> None:
    at = walked(desk)
    with pytest.raises(NotFound):
        access.report_of(getattr(desk, who), at.walk.id)


def test_a_member_reads_no_report_before_the_review_has_begun(desk: SimpleNamespace) -> None:
    walk = make.walk(desk, state="open")
    with pytest.raises(NotFound):
        access.report_of(desk.member, walk.id)
    assert access.report_of(desk.leader, walk.id) is walk


# -- who took part


@pytest.mark.parametrize(
    ("counts", "groups", "others"),
    [
        ({"boende": 6, "polis": 1}, [], 7),
        ({"boende": 9, "ungdomar": 6, "polis": 1}, [("boende", 9)], 7),
        ({"boende": 9, "polis": 3, "kyrkan": 2}, [("boende", 9)], 5),
        ({"boende": 9, "ungdomar": 6}, [("boende", 9), ("ungdomar", 6)], 0),
        ({"polis": 2}, [], 2),
        ({}, [], 0),
    ],
)
def test_small_groups_hide_among_the_others(counts: dict[str, int], groups: list[tuple[str, int]], others: int) -> None:
    assert queries.counted_out(counts) == (groups, others)


def test_no_number_lets_anybody_find_a_small_group(desk: SimpleNamespace) -> None:
    walk = make.walk(desk, state="reviewing")
    for role, number in (("boende", 7), ("polis", 2)):
        for n in range(number):
            make.participant(walk, token=f"{role}{n}", role=role)
    roles, walkers, hidden = queries.took_part(walk)
    assert (walkers, hidden) == (9, True)
    assert [(role.name, role.count) for role in roles] == [("boende", None), ("polis", None)]


def test_roles_come_from_the_invitations_where_the_phones_tell_none(desk: SimpleNamespace) -> None:
    walk = make.walk(desk, state="reviewing")
    for n in range(12):
        make.participant(walk, token=str(n))
    for n in range(6):
        row = Invitation(municipality_id=desk.municipality, walk_id=walk.id, role="pensionärsorganisation", state="yes")
        row.contact = InvitationContact(municipality_id=desk.municipality, name=f"Namn {n}", email=f"{n}@example.org")
        make.keep(row)
    roles, walkers, _hidden = queries.took_part(walk)
    assert walkers == 12
    assert ("pensionärsorganisation", 6) in [(role.name, role.count) for role in roles]
    assert "Namn" not in queries.frozen(queries.walk_report(walk))


# -- publishing


def test_publishing_freezes_a_version_and_opens_the_public_page(desk: SimpleNamespace) -> None:
    at = walked(desk)
    seen(at)
    row = service.publish(desk.coordinator, at.walk.id)
    assert at.walk.published_at is not None
    again = json.dumps(json.loads(row.text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again == row.text
    assert hashlib.sha256(row.text.encode()).hexdigest() == row.sha256
    assert queries.thaw(row.text) == queries.thaw(again)


def test_a_frozen_report_comes_back_as_it_was(desk: SimpleNamespace) -> None:
    at = walked(desk)
    make.photo(seen(at), seen=True)
    make.action(at.walk, [seen(at)], organisation_id=desk.organisation, state="declined", reason="Nej.")
    db.session.expire_all()
    report = queries.walk_report(at.walk)
    assert queries.thaw(queries.frozen(report)) == report


def test_publishing_the_same_words_again_is_the_same_version(desk: SimpleNamespace) -> None:
    at = walked(desk)
    one = seen(at)
    first = service.publish(desk.coordinator, at.walk.id)
    assert service.publish(desk.coordinator, at.walk.id).id == first.id
    make.action(at.walk, [one], organisation_id=desk.organisation, state="assigned")
    second = service.publish(desk.coordinator, at.walk.id)
    assert (second.version, first.version) == (2, 1)
    assert len(list(db.session.scalars(select(Report)))) == 2


def test_a_published_version_does_not_change_when_the_walk_does(desk: SimpleNamespace) -> None:
    at = walked(desk)
    seen(at, text="Som det var.")
    row = service.publish(desk.coordinator, at.walk.id)
    text, sha256 = row.text, row.sha256
    at.walk.name = "Något annat"
    seen(at, text="Kom till efteråt.")
    db.session.flush()
    db.session.refresh(row)
    assert (row.text, row.sha256) == (text, sha256)
    assert "Kom till efteråt." not in row.text


@pytest.mark.parametrize("change", [{"state": "masked"}, {"withdrawn": True}, {"sensitive": True}])
def test_a_version_with_something_hidden_since_is_no_longer_clean(
    desk: SimpleNamespace, change: dict[str, Any]
) -> None:
    at = walked(desk)
    one = seen(at, text="Visas först.")
    service.publish(desk.coordinator, at.walk.id)
    before = queries.latest(at.walk)
    for name, value in change.items():
        setattr(one, name, value)
    db.session.flush()
    after = queries.latest(at.walk)
    assert before is not None
    assert after is not None
    assert (before.clean, after.clean) == (True, False)


def test_only_the_coordinator_publishes(desk: SimpleNamespace) -> None:
    at = walked(desk)
    with pytest.raises(NotAllowed):
        service.publish(desk.secretary, at.walk.id)
    with pytest.raises(NotFound):
        service.publish(desk.stranger, at.walk.id)
    assert at.walk.published_at is None


def test_a_walk_that_is_not_reviewed_is_not_published(desk: SimpleNamespace) -> None:
    walk = make.walk(desk, state="closed")
    with pytest.raises(Conflict, match=r"report.cannot_publish"):
        service.publish(desk.coordinator, walk.id)


def test_a_wholly_reviewed_walk_is_written_up_when_published(desk: SimpleNamespace) -> None:
    at = walked(desk)
    seen(at)
    service.publish(desk.coordinator, at.walk.id)
    assert at.walk.state == "minuted"
    other = walked(desk)
    seen(other, state="sent")
    service.publish(desk.coordinator, other.walk.id)
    assert other.walk.state == "reviewing"


def test_a_kept_paper_is_never_made_again(desk: SimpleNamespace) -> None:
    at = walked(desk)
    row = service.publish(desk.coordinator, at.walk.id)
    first = service.keep_paper("report", row.id, desk.municipality, b"%PDF one")
    second = service.keep_paper("report", row.id, desk.municipality, b"%PDF two")
    assert first.id == second.id
    assert service.content_of(second) == b"%PDF one"
    assert len(list(db.session.scalars(select(Paper)))) == 1
    assert second.sha256 == hashlib.sha256(b"%PDF one").hexdigest()


def test_publishing_is_told_to_the_journal(desk: SimpleNamespace) -> None:
    at = walked(desk)
    row = service.publish(desk.coordinator, at.walk.id)
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "report.published")).one()
    assert (entry.subject_id, entry.facts["sha256"]) == (row.id, row.sha256)


def test_the_content_hash_does_not_know_the_hour(desk: SimpleNamespace) -> None:
    at = walked(desk)
    seen(at)
    one = queries.walk_report(at.walk, version="1")
    with clock.standing_at(clock.now()):
        other = queries.walk_report(at.walk, version="2")
    assert queries.content_hash(one) == queries.content_hash(other)
    assert council_rules.sha256_of(queries.frozen(one)) != council_rules.sha256_of(queries.frozen(other))
