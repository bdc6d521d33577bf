"""The council's doors."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.council.test_service import drafted, given, planned, running, with_walk
from walkapp.council import queries, service
from walkapp.council.models import Meeting
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.transaction import App, writing

SignIn = Callable[[FlaskClient, Actor], None]


def test_a_secretary_leads_a_meeting_from_the_day_to_the_signed_notes(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        seen = with_walk(town)
        action_id = seen.action.id
    sign_in(client, town.secretary)
    day = (clock.today()).isoformat()
    answer = client.post(
        f"/councils/{town.council}/plan", data={"day": day, "begins": "08:30", "ends": "10:30", "place": "Salen"}
    )
    at = answer.headers["Location"]
    assert client.get(at).status_code == 200
    for verb in ("call", "open"):
        assert client.post(f"{at}{verb}").status_code == 303
    assert client.post(f"{at}attendance", data={"rest": "room"}).status_code == 303
    with app.app_context():
        meeting = db.session.scalars(db.select(Meeting)).unique().one()
        meeting_id = meeting.id
        items = [item.id for item in meeting.agenda]
    page = client.get(f"{at}?item={items[2]}").get_data(as_text=True)
    assert "Byt armaturerna på torget" in page
    answer = client.post(f"{at}items/{items[2]}/actions/{action_id}", data={"outcome": "standpoint", "text": "Bra."})
    assert answer.status_code == 303
    client.post(f"{at}items/{items[5]}/note", data={"note": "Lugnt i centrum.", "led_to": ""})
    assert client.post(f"{at}close").headers["Location"].endswith("/minutes")
    page = client.get(f"{at}minutes").get_data(as_text=True)
    assert "Lugnt i centrum." in page
    assert "Byt armaturerna på torget" in page
    sha256 = _hash_on(page)
    assert client.post(f"{at}sign", data={"sha256": sha256}).status_code == 303
    chair = app.test_client()
    sign_in(chair, town.chair)
    assert _hash_on(chair.get(f"{at}minutes").get_data(as_text=True)) == sha256
    chair.post(f"{at}sign", data={"sha256": sha256})
    with app.app_context():
        assert db.session.get_one(Meeting, meeting_id).state == "signed"


def _hash_on(page: str) -> str:
    found = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found.group(1)


def test_a_meeting_that_ends_before_it_begins_is_sent_back_with_what_was_written(
    client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(client, town.secretary)
    answer = client.post(
        f"/councils/{town.council}/plan",
        data={"day": "2027-03-01", "begins": "10:00", "ends": "09:00", "place": "Stora salen"},
    )
    assert answer.status_code == 422
    assert 'value="Stora salen"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["stranger", "owner_contact", "leader"])
def test_others_find_no_council(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn, who: str
) -> None:
    with app.app_context(), writing():
        meeting_id = planned(town).id
    sign_in(client, getattr(town, who))
    for path in (f"/councils/{town.council}/", f"/meetings/{meeting_id}/", f"/meetings/{meeting_id}/minutes"):
        assert client.get(path).status_code == 404


def test_nobody_is_let_in_unsigned(client: FlaskClient, town: SimpleNamespace) -> None:
    assert "/sign-in" in client.get(f"/councils/{town.council}/").headers["Location"]


def test_a_member_reads_and_gets_no_buttons(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        meeting = running(town)
        meeting_id, item_id = meeting.id, meeting.agenda[5].id
    sign_in(client, town.member)
    page = client.get(f"/meetings/{meeting_id}/").get_data(as_text=True)
    assert f"/meetings/{meeting_id}/close" not in page
    assert client.post(f"/meetings/{meeting_id}/items/{item_id}/note", data={"note": "x"}).status_code == 403
    assert client.post(f"/meetings/{meeting_id}/close").status_code == 403


def test_a_fallen_signature_says_why(app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn) -> None:
    with app.app_context(), writing():
        meeting = drafted(town)
        service.sign(town.secretary, meeting.id, queries.minutes_of(meeting).sha256)
        service.write_note(town.secretary, meeting.agenda[6].id, "Ett tillägg.")
        meeting_id = meeting.id
    sign_in(client, town.chair)
    page = client.get(f"/meetings/{meeting_id}/minutes").get_data(as_text=True)
    assert "En anteckning ändrades efter underskriften." in page


def test_words_that_changed_meanwhile_are_not_signed(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        meeting = drafted(town)
        meeting_id, sha256 = meeting.id, queries.minutes_of(meeting).sha256
        service.write_note(town.secretary, meeting.agenda[6].id, "Ett tillägg.")
    sign_in(client, town.chair)
    assert client.post(f"/meetings/{meeting_id}/sign", data={"sha256": sha256}).status_code == 409


def test_names_are_shown_as_written_and_never_as_markup(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        meeting = planned(town)
        service.add_item(town.secretary, meeting.id, service.ItemInput("<script>alert(1)</script>"))
        meeting_id = meeting.id
    sign_in(client, town.secretary)
    page = client.get(f"/meetings/{meeting_id}/").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_seat_is_given_and_ended_on_the_page(client: FlaskClient, town: SimpleNamespace, sign_in: SignIn) -> None:
    sign_in(client, town.secretary)
    data = {"person": str(town.leader.id), "standing": "representative", "office": ""}
    assert client.post(f"/councils/{town.council}/seats", data=data).status_code == 303
    page = client.get(f"/councils/{town.council}/").get_data(as_text=True)
    assert "Walk Leader" in page
    leave = re.findall(rf"/councils/{town.council}/seats/[0-9a-f-]+/leave", page)
    assert len(leave) == 4
    assert client.post(leave[-1]).status_code == 303


def test_the_wall_and_the_agenda_open_for_a_member(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        with_walk(town)
        meeting = service.plan_meeting(town.secretary, town.council, given())
        meeting_id, item_id = meeting.id, meeting.agenda[2].id
        make.meeting(town)
    sign_in(client, town.member)
    assert client.get(f"/meetings/{meeting_id}/").status_code == 200
    wall = client.get(f"/meetings/{meeting_id}/wall?item={item_id}").get_data(as_text=True)
    assert "Byt armaturerna på torget" in wall
    assert client.get("/councils/").status_code == 200


def test_what_is_typed_beside_is_saved_too(
    app: App, client: FlaskClient, town: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.app_context(), writing():
        action_id = with_walk(town).action.id
        meeting = running(town)
        meeting_id, item_id = meeting.id, meeting.agenda[2].id
    sign_in(client, town.secretary)
    at = f"/meetings/{meeting_id}/items/{item_id}"
    client.post(f"{at}/actions/{action_id}", data={"outcome": "filed", "text": "", "note": "Redovisas.", "led_to": ""})
    data = {
        "note": "Redovisas i korthet.",
        "led_to": "",
        "action": str(action_id),
        "outcome": "tabled",
        "text": "I vår.",
    }
    client.post(f"{at}/note", data=data)
    with app.app_context():
        written = db.session.get_one(Meeting, meeting_id).agenda[2]
        assert written.note == "Redovisas i korthet."
        assert [(one.outcome, one.text) for one in written.outcomes] == [("tabled", "I vår.")]
