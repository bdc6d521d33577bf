"""Actions on the desk: who gets in, what the pages show, what the forms do."""

import re

import pytest
from sqlalchemy import func, select

from tests import make
from walkapp.actions import service
from walkapp.actions.models import Action
from walkapp.actions.service import Opening, Reply
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.transaction import writing
from walkapp.walks.models import Walk


@pytest.fixture
def evening(app, town):
    """A reviewed walk: one action sent, two kept observations without any."""
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing")
        phone = make.participant(walk)
        rows = [make.observation(walk, phone, state="kept", text=f"Mörkt <b>vid</b> plats {n}.") for n in (1, 2, 3)]
        action = service.open_from(
            town.coordinator, walk.id, [rows[0].id], Opening("Byt <i>ljus</i>", "quick", town.organisation)
        )
        service.assign(town.coordinator, action.id, town.organisation)
        return {"walk": walk.id, "action": action.id, "kept": [row.id for row in rows[1:]]}


@pytest.fixture
def desk(client, sign_in, town):
    sign_in(client, town.coordinator)
    return client


def action(app, action_id):
    with app.app_context():
        return db.session.get_one(Action, action_id)


def answered(app, town, evening, *replies):
    link = Actor("owner_link", town.municipality, organisation_id=town.organisation)
    with app.app_context(), writing():
        for reply in replies:
            service.answer(link, evening["action"], reply)


def test_a_stranger_finds_nothing(client, sign_in, town, evening):
    sign_in(client, town.stranger)
    for address in (
        f"/actions/{evening['action']}", f"/walks/{evening['walk']}/actions", f"/walks/{evening['walk']}/actions/propose",
        f"/walks/{evening['walk']}/actions/new?observation={evening['kept'][0]}", f"/actions/{evening['action']}/edit",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert "Byt" not in client.get("/actions/").get_data(as_text=True)
    for verb in ("assign", "withdraw", "close", "reopen", "verify", "lapse"):
        data = {"organisation": str(town.organisation), "why": "För att.", "how": "on_site"}
        assert client.post(f"/actions/{evening['action']}/{verb}", data=data).status_code in (404, 422), verb


def test_nobody_gets_in_without_signing_in(client, evening):
    assert client.get("/actions/").status_code in (302, 303, 401)
    assert client.get(f"/actions/{evening['action']}").status_code in (302, 303, 401)


def test_a_council_member_reads_and_changes_nothing(app, client, sign_in, town, evening):
    sign_in(client, town.member)
    text = client.get(f"/actions/{evening['action']}").get_data(as_text=True)
    assert "Byt &lt;i&gt;ljus&lt;/i&gt;" in text
    assert "Skriv in ett svar" not in text
    assert client.post(f"/actions/{evening['action']}/verify", data={"how": "on_site"}).status_code == 403
    assert client.post(f"/actions/{evening['action']}/answer", data={"verb": "accept"}).status_code == 403
    assert action(app, evening["action"]).state == "assigned"


def test_an_owners_contact_answers_for_its_own(app, client, sign_in, town, evening):
    sign_in(client, town.owner_contact)
    assert "Ert svar" in client.get(f"/actions/{evening['action']}").get_data(as_text=True)
    data = {"verb": "start", "text": "Vi är där i dag."}
    assert client.post(f"/actions/{evening['action']}/answer", data=data).status_code == 303
    assert action(app, evening["action"]).state == "started"


def test_the_owners_photo_is_shown_to_the_coordinator_alone_until_it_was_looked_at(app, client, sign_in, town, evening):
    with app.app_context(), writing():
        walk = db.session.get_one(Walk, evening["walk"])
        picture = make.photo(make.observation(walk, make.participant(walk)))
        picture.sender_kind, picture.sender_id = "organisation", town.organisation
        picture_id = picture.id
    answered(app, town, evening, Reply("finish", "Lyser igen.", photo_id=picture_id))
    where = f"/actions/{evening['action']}"
    sign_in(client, town.member)
    assert str(picture_id) not in client.get(where).get_data(as_text=True)
    sign_in(client, town.coordinator)
    assert f"/photos/{picture_id}/800.jpg" in client.get(where).get_data(as_text=True)
    assert client.post(f"{where}/photos/{picture_id}/look", data={"show": "1"}).status_code == 303
    sign_in(client, town.member)
    assert f"/photos/{picture_id}/800.jpg" in client.get(where).get_data(as_text=True)


def test_hostile_words_are_shown_as_words(desk, evening):
    for address in (f"/actions/{evening['action']}", f"/walks/{evening['walk']}/actions", "/actions/",
                    f"/walks/{evening['walk']}/actions/propose"):  # fmt: skip
        text = desk.get(address).get_data(as_text=True)
        assert "<i>ljus" not in text
        assert "<b>vid" not in text


def test_kept_observations_become_actions_in_one_list(app, desk, town, evening):
    page = desk.get(f"/walks/{evening['walk']}/actions/propose").get_data(as_text=True)
    first, second = map(str, evening["kept"])
    assert re.search(rf'checked[^>]*name="{first}-open"', page)
    data = {
        f"{first}-open": "y", f"{first}-title": "Fler stolpar", f"{first}-organisation": str(town.organisation),
        f"{first}-term": "short", f"{second}-title": "Senare", f"{second}-organisation": "", f"{second}-term": "quick",
    }  # fmt: skip
    assert desk.post(f"/walks/{evening['walk']}/actions/propose", data=data).status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Action).where(Action.title == "Fler stolpar")).one()
        assert (made.term, made.organisation_id, made.state) == ("short", town.organisation, "proposed")
        assert db.session.scalar(select(func.count(Action.id))) == 2


def test_a_row_without_title_is_told_and_nothing_is_lost(app, desk, evening):
    first, second = map(str, evening["kept"])
    data = {f"{first}-open": "y", f"{first}-title": " ", f"{first}-organisation": "", f"{first}-term": "quick",
            f"{second}-open": "y", f"{second}-title": "Behåll mina ord", f"{second}-organisation": "",
            f"{second}-term": "long"}  # fmt: skip
    answer = desk.post(f"/walks/{evening['walk']}/actions/propose", data=data)
    assert answer.status_code == 422
    assert "Behåll mina ord" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(func.count(Action.id))) == 1


def test_one_action_answers_several(app, desk, town, evening):
    first, second = map(str, evening["kept"])
    data = {"title": "Ljus längs hela stråket", "term": "long", "organisation": str(town.organisation),
            "observations": [first, second], "cost": ""}  # fmt: skip
    answer = desk.post(f"/walks/{evening['walk']}/actions/new?observation={first}", data=data)
    assert answer.status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Action).where(Action.term == "long")).one()
        assert len(made.observations) == 2
    assert "har blivit åtgärd" in desk.get(answer.location).get_data(as_text=True)


def test_sending_writes_to_each_owner_and_says_so(app, desk, town, evening):
    with app.app_context(), writing():
        service.open_from(
            town.coordinator, evening["walk"], evening["kept"][:1], Opening("Tänd", "quick", town.asked_organisation)
        )
    answer = desk.post(f"/walks/{evening['walk']}/actions/send", follow_redirects=True)
    text = answer.get_data(as_text=True)
    assert "Skickat till 1 ansvarig part" in text
    assert "Förfrågan skickad" in text
    assert desk.post(f"/walks/{evening['walk']}/actions/send").status_code == 409


def test_late_is_said_in_words(app, desk, evening):
    with app.app_context(), writing():
        from datetime import timedelta

        row = db.session.get_one(Action, evening["action"])
        row.assigned_at -= timedelta(days=40)
    text = desk.get(f"/walks/{evening['walk']}/actions").get_data(as_text=True)
    assert "försenat" in text
    assert "Byt" in desk.get("/actions/?late=y").get_data(as_text=True)


def test_filters_narrow_the_list(desk, town, evening):
    assert "Byt" in desk.get(f"/actions/?owner={town.organisation}&state=assigned").get_data(as_text=True)
    assert "Byt" not in desk.get("/actions/?state=done").get_data(as_text=True)
    assert "Byt" not in desk.get("/actions/?late=y").get_data(as_text=True)
    assert desk.get("/actions/?walk=nonsense&state=nonsense").status_code == 200


def test_done_is_checked_by_somebody_who_saw_it(app, desk, town, evening):
    assert desk.post(f"/actions/{evening['action']}/verify", data={"how": "on_site"}).status_code == 409
    answered(app, town, evening, Reply("finish", "Lyser igen."))
    assert "Är det gjort på riktigt?" in desk.get(f"/actions/{evening['action']}").get_data(as_text=True)
    assert desk.post(f"/actions/{evening['action']}/verify", data={"how": "photo"}).status_code == 303
    assert action(app, evening["action"]).verified_how == "photo"


def test_opening_again_needs_a_reason_and_keeps_nothing_back(app, desk, town, evening):
    answered(app, town, evening, Reply("decline", "Medel saknas.", "no_funds"))
    text = desk.get(f"/actions/{evening['action']}").get_data(as_text=True)
    assert "Genomförs inte" in text
    assert "Medel saknas." in text
    assert desk.post(f"/actions/{evening['action']}/reopen", data={"why": " "}).status_code == 422
    assert desk.post(f"/actions/{evening['action']}/reopen", data={"why": "Ny budget."}).status_code == 303
    assert action(app, evening["action"]).state == "reopened"


def test_a_deadline_the_owner_knows_is_moved_with_a_reason(app, desk, town, evening):
    data = {"title": "Byt ljus", "term": "quick", "due_on": "2031-05-01",
            "cost": "under_10"}  # fmt: skip
    refused = desk.post(f"/actions/{evening['action']}/edit", data=data)
    assert refused.status_code == 422
    assert "Skriv varför den flyttas" in refused.get_data(as_text=True)
    assert desk.post(f"/actions/{evening['action']}/edit", data={**data, "why": "Vinter."}).status_code == 303
    changed = action(app, evening["action"])
    assert (changed.due_on.isoformat(), changed.cost) == ("2031-05-01", "under_10")


def test_the_coordinator_writes_down_what_was_told_by_telephone(app, desk, evening):
    assert "Skriv in ett svar" in desk.get(f"/actions/{evening['action']}").get_data(as_text=True)
    assert desk.get(f"/actions/{evening['action']}?ask=decline").status_code == 200
    assert desk.post(f"/actions/{evening['action']}/answer", data={"verb": "decline"}).status_code == 422
    data = {"verb": "decline", "reason_code": "other_plan", "text": "Byggs om nästa år."}
    assert desk.post(f"/actions/{evening['action']}/answer", data=data).status_code == 303
    told = action(app, evening["action"])
    assert (told.state, told.reason_code) == ("declined", "other_plan")


def test_misdirected_is_sent_on_by_the_coordinator(app, desk, town, evening):
    answered(app, town, evening, Reply("misdirect", "Väghållarens."))
    assert "Vems är det?" in desk.get(f"/actions/{evening['action']}").get_data(as_text=True)
    assert desk.post(f"/actions/{evening['action']}/assign", data={"organisation": ""}).status_code == 422
    data = {"organisation": str(town.asked_organisation)}
    assert desk.post(f"/actions/{evening['action']}/assign", data=data).status_code == 303
    assert action(app, evening["action"]).state == "requested"


def test_reminding_tells_how_many(desk, evening):
    assert "Ett brev är på väg" in desk.post("/actions/remind", follow_redirects=True).get_data(as_text=True)


def test_english_pages_for_those_who_read_it(desk, evening):
    text = desk.get(f"/actions/{evening['action']}?language=en").get_data(as_text=True)
    assert "Write down an answer you were told" in text
    assert "What has happened" in text
