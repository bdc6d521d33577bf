"""The report's page, paper and map, through their doors."""

import io
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from tests import make
from walkapp.council import queries as council
from walkapp.council import service as meetings
from walkapp.kernel import queue
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.transaction import App, writing
from walkapp.observations.models import Observation
from walkapp.reports.models import Paper
from walkapp.walks.models import Walk

SECRET = "hemligtordsomingenser"
SignIn = Callable[[FlaskClient, Actor], None]


@pytest.fixture
def walk(app: App, town: SimpleNamespace) -> SimpleNamespace:
    """A reviewed walk with one of each kind, an action, and everything that must not be shown."""
    with app.app_context(), writing():
        made = make.walk(town, state="reviewing", name="Vandring vid ån")
        phone = make.participant(made)
        told = make.observation(made, phone, state="actioned", text="Trasig lykta vid bron.")
        make.observation(made, phone, state="preserved", kind="safe_place", text="Tryggt vid biblioteket.")
        make.action(made, [told], title="Laga lyktan", organisation_id=town.organisation, state="planned")
        for hidden in ({"state": "sent"}, {"state": "masked"}, {"withdrawn": True}, {"sensitive": True}):
            make.observation(made, phone, **{"state": "kept", "text": SECRET, "address": SECRET, **hidden})
        unseen = make.photo(told)
        return SimpleNamespace(id=made.id, told=told.id, photo=unseen.id)


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_the_page_tells_what_was_reviewed_and_nothing_else(
    client: FlaskClient, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(client, town.coordinator)
    page = client.get(f"/walks/{walk.id}/report").get_data(as_text=True)
    assert "Trasig lykta vid bron." in page
    assert "Laga lyktan" in page
    assert SECRET not in page
    assert str(walk.photo) not in page
    assert page.index("Tryggt vid biblioteket.") < page.index("Laga lyktan") < page.index("Trasig lykta vid bron.")


def test_the_paper_and_the_map_say_the_same(
    client: FlaskClient, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(client, town.coordinator)
    answer = client.get(f"/walks/{walk.id}/report.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    said = text_of(answer.data)
    assert "Trasig lykta vid bron." in said
    assert "Tryggt vid biblioteket." in said
    assert SECRET not in said
    chart = client.get(f"/walks/{walk.id}/map.html")
    assert "Trasig lykta vid bron." in chart.get_data(as_text=True)
    assert SECRET not in chart.get_data(as_text=True)
    assert "sandbox" in chart.headers["Content-Security-Policy"]
    assert "script-src 'sha256-" in chart.headers["Content-Security-Policy"]


def test_an_unchanged_draft_is_printed_once(
    client: FlaskClient, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, town.coordinator)
    first = client.get(f"/walks/{walk.id}/report.pdf").data

    def again(*_args: Any, **_kwargs: Any) -> bytes:
        raise AssertionError("printed again")

    monkeypatch.setattr("walkapp.reports.pdf.render", again)
    assert client.get(f"/walks/{walk.id}/report.pdf").data == first


def test_a_published_version_is_printed_once_and_stays(
    app: App, client: FlaskClient, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(client, town.coordinator)
    assert client.post(f"/walks/{walk.id}/report/publish").status_code == 303
    queue.drain(app)
    with app.app_context():
        kept = db.session.scalars(select(Paper)).one()
        sha256 = kept.sha256
    published = client.get(f"/walks/{walk.id}/report.pdf").data
    with app.app_context(), writing():
        db.session.get_one(Walk, walk.id).name = "Ett annat namn"
    assert client.get(f"/walks/{walk.id}/report.pdf").data == published
    assert "Ett annat namn" in text_of(client.get(f"/walks/{walk.id}/report.pdf?draft=1").data)
    with app.app_context():
        assert db.session.scalars(select(Paper)).one().sha256 == sha256


def test_a_version_with_something_masked_since_is_handed_to_nobody_else(
    app: App, client: FlaskClient, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(client, town.coordinator)
    client.post(f"/walks/{walk.id}/report/publish")
    with app.app_context(), writing():
        db.session.get_one(Observation, walk.told).go("mask")
    member = app.test_client()
    sign_in(member, town.member)
    assert member.get(f"/walks/{walk.id}/report.pdf?version=1").status_code == 410
    assert "Trasig lykta" not in text_of(member.get(f"/walks/{walk.id}/report.pdf").data)


@pytest.mark.parametrize("path", ["report", "report.pdf", "map.html"])
def test_who_reads_and_who_does_not(
    app: App, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn, path: str
) -> None:
    for who, status in (("member", 200), ("leader", 200), ("stranger", 404), ("owner_contact", 404)):
        browser = app.test_client()
        sign_in(browser, getattr(town, who))
        assert (who, browser.get(f"/walks/{walk.id}/{path}").status_code) == (who, status)
    assert app.test_client().get(f"/walks/{walk.id}/{path}").status_code == 303


def test_a_member_publishes_nothing(
    client: FlaskClient, town: SimpleNamespace, walk: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(client, town.member)
    assert client.post(f"/walks/{walk.id}/report/publish").status_code == 403


def signed_meeting(town: SimpleNamespace) -> Any:
    from tests.council.test_service import signed

    return signed(town)


def test_signed_minutes_are_printed_from_the_signed_text(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        meeting = signed_meeting(town)
        meeting_id, sha256 = meeting.id, council.minutes_of(meeting).sha256
    queue.drain(app)
    sign_in(client, town.member)
    first = client.get(f"/meetings/{meeting_id}/minutes.pdf")
    said = text_of(first.data)
    assert "Det är lugnt just nu." in said
    assert sha256 in said.replace(" ", "")
    with app.app_context(), writing():
        db.session.get_one(meetings.Meeting, meeting_id).agenda[5].note = "Omskrivet i smyg."
    assert client.get(f"/meetings/{meeting_id}/minutes.pdf").data == first.data


def test_unsigned_minutes_say_that_they_are_a_draft(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        meeting_id = meetings.plan_meeting(town.secretary, town.council, _given()).id
    sign_in(client, town.secretary)
    assert "utkast" in text_of(client.get(f"/meetings/{meeting_id}/minutes.pdf").data).lower()
    stranger = app.test_client()
    sign_in(stranger, town.stranger)
    assert stranger.get(f"/meetings/{meeting_id}/minutes.pdf").status_code == 404


def _given() -> meetings.MeetingInput:
    from tests.council.test_service import given

    return given()
