"""The desk's pages of a walk, and the doors of those without an account."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from walkapp.kernel import clock
from walkapp.kernel.db import db
from walkapp.kernel.transaction import writing
from walkapp.walks import queries, service
from walkapp.walks.models import Invitation, Participant, Walk
from walkapp.walks.rules import new_code


@pytest.fixture
def desk(client, town, sign_in):
    sign_in(client, town.coordinator)
    return client


def made(app, town, **over):
    with app.app_context(), writing():
        return make.walk(town, join_code=new_code(), **over).id


def now_stands(app, walk_id):
    with app.app_context():
        return db.session.get(Walk, walk_id)


def row(app, walk_id, read):
    with app.app_context():
        return read(db.session.get(Walk, walk_id))


NEW = {
    "name": "Brattberget",
    "type": "inventory",
    "theme": "senior",
    "purpose": "Lägesbilden",
    "day": "2026-10-29",
    "begins": "16:00",
    "ends": "18:00",
}


def planned_form(client, path):
    """The plan's fields as a browser would send them."""
    page = client.get(path).text
    fields = {}
    for tag, attributes in re.findall(r"<(input|textarea|select)\s([^>]*)>", page):
        name = re.search(r'name="([^"]+)"', attributes)
        if name and name[1] not in ("language", "back"):
            value = re.search(r'value="([^"]*)"', attributes)
            fields[name[1]] = value[1] if tag == "input" and value else fields.get(name[1], "")
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.S):
        fields[name] = unescape(inner)
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inner) or re.search(r'value="([^"]*)"', inner)
        fields[name] = chosen[1]
    return {name: unescape(value) for name, value in fields.items()}


def unescape(text):
    from html import unescape as plain

    return plain(text)


def test_a_walk_is_planned_from_nothing_without_script(app, desk, town):
    answer = desk.post("/walks/new", data={**NEW, "leader": str(town.leader.id), "area_name": "Brattberget"})
    assert answer.status_code == 303
    path = answer.location
    form = planned_form(desk, path)
    for _ in range(3):
        desk.post(path, data={**form, "do": "add"})
        form = planned_form(desk, path)
    form["stops-0-name"], form["stops-1-name"], form["stops-2-name"] = "Torget", "Parken", "Skolan"
    form["stops-1-place"] = "59,3951 15,8378"
    form["groups-0-name"] = "Grupp A"
    desk.post(path, data={**form, "do": "up 2"})
    desk.post(path, data={**planned_form(desk, path), "do": "down 0"})
    desk.post(path, data={**planned_form(desk, path), "do": "remove 2"})
    answer = desk.post(path, data={**planned_form(desk, path), "do": "plan"})
    assert answer.status_code == 303
    with app.app_context():
        walk = db.session.scalar(select(Walk).where(Walk.name == "Brattberget"))
        assert walk.state == "planned"
        assert [(stop.name, stop.position) for stop in walk.stops] == [("Skolan", 1), ("Torget", 2)]
        assert walk.stops[0].questions[:2] == ["Hur känns det här just nu?", "Kan alla ta sig fram?"]
        assert [group.name for group in walk.groups] == ["Grupp A"]
        assert clock.local(walk.starts_at).isoformat() == "2026-10-29T16:00:00+01:00"


def test_what_was_written_stands_when_something_is_wrong(desk, town):
    answer = desk.post("/walks/new", data={**NEW, "ends": "15:00", "name": "Bevarat namn"})
    assert answer.status_code == 422
    assert "Vandringen slutar innan den börjar." in answer.text
    assert "Bevarat namn" in answer.text


def test_a_stop_in_the_wrong_ocean_is_told_of_where_it_is(app, desk, town):
    path = f"/walks/{made(app, town, state='draft')}/plan"
    form = planned_form(desk, path)
    answer = desk.post(path, data={**form, "stops-1-place": "15.83780, 59.39510", "do": "save"})
    assert answer.status_code == 422
    assert "Skriv latitud och longitud" in answer.text
    assert 'value="15.83780, 59.39510"' in answer.text


def test_saving_what_is_shown_changes_nothing(app, desk, town):
    walk_id = made(app, town, state="draft")
    path = f"/walks/{walk_id}/plan"

    def all_of(walk):
        stops = [
            (stop.id, stop.name, round(stop.lat, 6), round(stop.lon, 6), stop.position, stop.questions)
            for stop in walk.stops
        ]
        groups = [(group.id, group.name) for group in walk.groups]
        return stops, groups, walk.route, walk.area.shape, walk.area_id, walk.starts_at, walk.ends_at, walk.leader_id

    before = row(app, walk_id, all_of)
    assert desk.post(path, data={**planned_form(desk, path), "do": "save"}).status_code == 303
    assert row(app, walk_id, all_of) == before


def test_the_map_moves_names_adds_and_takes_away_stops(app, desk, town):
    walk_id = made(app, town, state="draft")
    path = f"/walks/{walk_id}/plan"
    form = planned_form(desk, path)
    drawn = json.loads(form["spots"])
    first, second, _third = drawn["features"]
    first["geometry"]["coordinates"] = [15.9, 59.4]
    second["properties"]["name"] = "Medborgarhusets baksida"
    new = {"type": "Feature", "properties": {"name": ""}, "geometry": {"type": "Point", "coordinates": [15.8, 59.39]}}
    drawn["features"] = [first, second, new]
    desk.post(path, data={**form, "spots": json.dumps(drawn), "do": "save"})
    stops = row(app, walk_id, lambda walk: [(s.name, s.lat, s.lon, s.questions) for s in walk.stops])
    assert [stop[0] for stop in stops] == ["Nytorget", "Medborgarhusets baksida", "Stopp 3"]
    assert stops[0][1:] == (59.4, 15.9, ["Hur känns det här?"])
    assert stops[1][3] == ["Hur känns det här?"]
    assert "Vad ska vi bevara?" in stops[2][3], "a new stop has the theme's questions"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("area", '{"type": "Point", "coordinates": [15, 59]}'),
        ("route", "not json"),
        ("meeting", '{"type": "Point", "coordinates": [15]}'),
        ("spots", '{"features": 1}'),
        ("area", "[" * 100_000),
    ],
)
def test_a_shape_that_is_none_is_refused(app, desk, town, field, value):
    path = f"/walks/{made(app, town, state='draft')}/plan"
    answer = desk.post(path, data={**planned_form(desk, path), field: value, "do": "save"})
    assert answer.status_code == 422
    assert "gick inte att läsa som platser" in answer.text


def test_a_plan_without_leader_says_what_is_missing(app, desk, town):
    path = f"/walks/{made(app, town, state='draft')}/plan"
    answer = desk.post(path, data={**planned_form(desk, path), "leader": "", "do": "plan"})
    assert answer.status_code == 409
    assert "Område och vandringsledare behövs" in answer.text


def test_the_light_is_computed_for_the_day_and_place(desk, town):
    def ask(**over):
        query = {"day": "2026-10-28", "begins": "16:00", "ends": "18:00", **over}
        return desk.get("/walks/light", query_string=query)

    assert ask().json["title"] == "Börjar i dagsljus, slutar i mörker"
    assert re.fullmatch(r"Solen går ner kl 16\.1[34] och det är mörkt från kl 16\.5[78]\.", ask().json["text"])
    assert ask(day="2026-06-20").json["title"] == "I dagsljus hela vägen"
    assert ask(begins="19:00", ends="20:00").json["title"] == "I mörker hela vägen"
    kiruna = {"lat": "67.86", "lon": "20.23"}
    assert ask(day="2026-06-20", **kiruna).json["text"] == "Solen går inte ner den dagen."
    december = ask(day="2026-12-20", begins="14:00", ends="17:00", **kiruna).json
    assert december["title"] == "Börjar i skymning, slutar i mörker"
    assert december["text"].startswith("Solen går inte upp den dagen och det är mörkt från kl 1")
    for wrong in ({"day": "x"}, {"begins": ""}, {"lat": "north"}, {"lat": "99"}, {"day": "0001-01-01"}):
        assert ask(**wrong).status_code == 422


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("draft", "Planera vidare"),
        ("planned", "Bjud in"),
        ("invited", "Öppna vandringen"),
        ("open", "Följ vandringen"),
        ("closed", "Börja granska"),
        ("reviewing", "Granska vidare"),
        ("minuted", "Se åtgärderna"),
        ("answered", "Se åtgärderna"),
        ("archived", "Läs rapporten"),
        ("postponed", "Planera vidare"),
    ],
)
def test_the_next_step_is_the_one_that_is_lit(app, desk, town, state, step):
    page = desk.get(f"/walks/{made(app, town, state=state)}/").text
    lit = re.findall(r'class="btn primary[^"]*"[^>]*>(?:<svg.*?</svg>)?([^<]+)', page)
    assert lit == [step]


def test_a_cancelled_walk_has_no_step(app, desk, town):
    assert "btn primary" not in desk.get(f"/walks/{made(app, town, state='cancelled')}/").text


def test_a_walk_goes_from_opening_to_review_by_its_buttons(app, desk, town):
    walk_id = made(app, town, state="planned", opened_at=None)
    assert desk.post(f"/walks/{walk_id}/open").location == f"/walks/{walk_id}/live"
    desk.post(f"/walks/{walk_id}/close")
    assert desk.post(f"/walks/{walk_id}/begin-review").location == f"/walks/{walk_id}/review"
    assert row(app, walk_id, lambda walk: walk.state) == "reviewing"


def test_the_plan_of_a_closed_walk_is_not_changed(app, desk, town):
    path = f"/walks/{made(app, town, state='reviewing')}/plan"
    assert desk.post(path, data={**planned_form(desk, path), "name": "Ändrad"}).status_code == 409


def test_guests_are_written_sent_and_taken_back(app, desk, town):
    walk_id = made(app, town, state="planned")
    path = f"/walks/{walk_id}/invitations"
    desk.post(path, data={"role": "Kommunpolis", "name": "Åsa Ek", "email": "asa@example.org"})
    desk.post(path, data={"lines": "Boende; B; b@example.org\n\nRektor; ; r@example.org"})
    desk.post(f"{path}/owners", data={"organisation": [str(town.organisation)]})
    page = desk.get(path).text
    for address in ("asa@example.org", "b@example.org", "r@example.org", "gatukontoret@example.org"):
        assert address in page
    assert "Skicka 4 inbjudningar" in page
    assert desk.post(f"/walks/{walk_id}/invite").status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(Invitation)).all()
        assert {invitation.state for invitation in rows} == {"sent"}
    desk.post(f"{path}/{rows[0].id}/withdraw")
    assert "Återtagen" in desk.get(path).text


@pytest.mark.parametrize(
    "data",
    [
        {"role": "Polis", "name": "P", "email": "a@b.se\r\nBcc: c@d.se"},
        {"role": "Polis\r\nX: y", "name": "P", "email": "a@b.se"},
        {"role": "Polis", "name": "P\nQ", "email": "a@b.se"},
        {"lines": "Polis; a@b.se"},
        {"lines": "Polis; P; a@b.se, c@d.se"},
    ],
)
def test_a_guest_that_could_end_a_header_is_refused(app, desk, town, data):
    path = f"/walks/{made(app, town, state='planned')}/invitations"
    assert desk.post(path, data=data).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Invitation)).all() == []


def test_cancelling_asks_why_first(app, desk, town):
    walk_id = made(app, town, state="invited")
    assert "Behåll vandringen som den är" in desk.get(f"/walks/{walk_id}/cancel").text
    assert desk.post(f"/walks/{walk_id}/cancel", data={}).status_code == 422
    assert desk.post(f"/walks/{walk_id}/postpone", data={"reason": "Storm"}).status_code == 303
    assert row(app, walk_id, lambda walk: walk.state) == "postponed"


def test_the_live_page_shows_phones_and_what_they_hold(app, desk, town):
    walk_id = made(app, town)
    with app.app_context(), writing():
        walk = db.session.get(Walk, walk_id)
        make.participant(walk, waiting_observations=2, last_contact_at=clock.now() - timedelta(minutes=20))
        done = make.participant(walk, receipt_code="ABCD-2345", receipt_at=clock.now())
        done_id = done.id
    page = desk.get(f"/walks/{walk_id}/live").text
    for said in ("2 saker är kvar på telefoner", "Telefon 1", "ABCD-2345"):
        assert said in page
    desk.post(f"/walks/{walk_id}/phones/{done_id}/revoke")
    with app.app_context():
        assert db.session.get(Participant, done_id).revoked_at


def test_the_switches_of_a_walk(app, desk, town):
    walk_id = made(app, town)
    code = row(app, walk_id, lambda walk: walk.join_code)
    desk.post(f"/walks/{walk_id}/joining", data={"paused": "1"})
    desk.post(f"/walks/{walk_id}/others", data={"shown": "1"})
    desk.post(f"/walks/{walk_id}/join-code")
    assert row(app, walk_id, lambda walk: (walk.join_paused, walk.shows_others)) == (True, True)
    assert row(app, walk_id, lambda walk: walk.join_code) != code
    desk.post(f"/walks/{walk_id}/joining", data={"paused": "0"})
    desk.post(f"/walks/{walk_id}/others", data={"shown": "0"})
    assert row(app, walk_id, lambda walk: (walk.join_paused, walk.shows_others)) == (False, False)


def test_the_poster_holds_qr_code_and_says_when_phones_cannot_reach_it(app, desk, town):
    walk_id = made(app, town)
    page = desk.get(f"/walks/{walk_id}/poster").text
    assert "<svg" in page
    assert row(app, walk_id, lambda walk: walk.join_code) in page
    assert "/docs/try-on-phones" in page
    assert "Du behöver inte uppge namn." in page
    assert "style=" not in page


def test_how_to_try_on_phones_says_the_same_as_the_guide(client, town):
    from walkapp.kernel.settings import ROOT

    guide = (ROOT / "docs" / "try-on-phones.md").read_text("utf-8")
    commands = [line.strip() for line in re.findall(r"```sh\n(.*?)```", guide, re.S) for line in line.splitlines()]
    page = unescape(client.get("/docs/try-on-phones").text)
    commands = [command for command in commands if command]
    assert len(commands) == 6
    assert all(command in page for command in commands)


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "{bare}", " {code} "])
def test_the_spoken_code_leads_to_the_phones_page(app, client, town, typed):
    walk_id = made(app, town)
    code = row(app, walk_id, lambda walk: walk.join_code)
    said = typed.format(code=code, lower=code.lower(), bare=code.replace("-", " "))
    answer = client.post("/join", data={"code": said})
    assert (answer.status_code, answer.location) == (302, f"/field/join#w={walk_id}&k={code}")


@pytest.mark.parametrize(
    ("over", "status", "said"),
    [
        ({"state": "planned"}, 404, "Ingen vandring har den koden"),
        ({"join_paused": True}, 403, "Just nu kan ingen fler gå med"),
        ({"state": "archived"}, 410, "Vandringen är över"),
    ],
)
def test_a_code_that_does_not_open_is_refused_kindly(app, client, town, over, status, said):
    code = row(app, made(app, town, **over), lambda walk: walk.join_code)
    answer = client.post("/join", data={"code": code}, headers={"Accept-Language": "sv"})
    assert answer.status_code == status
    assert said in answer.text
    assert "/field/join" not in answer.text


def test_codes_are_not_guessed_without_end(client, town):
    statuses = [client.post("/join", data={"code": f"ABCD-{n:04d}"}).status_code for n in range(61)]
    assert statuses == [404] * 60 + [429]


@pytest.fixture
def invited(app, town):
    with app.app_context(), writing():
        walk = make.walk(town, state="planned")
        (guest,) = service.add_guests(town.coordinator, walk.id, [service.Guest("Boende", "B", "b@example.org")])
        service.invite(town.coordinator, walk.id)
        service.keep_token(guest, "the-token")
        return walk.id


def answered(app):
    with app.app_context():
        return db.session.scalar(select(Invitation)).state


def test_an_answer_needs_no_account_and_showing_changes_nothing(app, client, invited):
    assert client.get("/rsvp").status_code == 200
    page = client.post("/rsvp", data={"token": "the-token"})
    assert "Trygghetsvandring Nytorget" in page.text
    assert answered(app) == "sent"
    assert "Vi räknar med dig" in client.post("/rsvp/answer", data={"token": "the-token", "answer": "yes"}).text
    assert answered(app) == "yes"
    client.post("/rsvp/answer", data={"token": "http://127.0.0.1/rsvp#i=the-token", "answer": "no"})
    assert answered(app) == "no"


def test_the_invitation_can_be_read_in_english(client, invited):
    page = client.post("/rsvp", data={"token": "the-token"}, headers={"Accept-Language": "sv"}).text
    address = unescape(re.search(r'action="(/rsvp\?language=en)"', page)[1])
    assert "Are you coming?" in client.post(address, data={"token": "the-token"}).text


def test_an_answer_that_is_none_and_a_token_that_is_none(app, client, invited):
    assert client.post("/rsvp/answer", data={"token": "the-token"}).status_code == 422
    assert client.post("/rsvp/answer", data={"token": "the-token", "answer": "perhaps"}).status_code == 422
    assert client.post("/rsvp", data={"token": "other"}).status_code == 404
    assert client.post("/rsvp/answer", data={"token": "other", "answer": "yes"}).status_code == 404
    assert answered(app) == "sent"


def test_after_the_walk_there_is_nothing_to_answer(app, client, town, invited):
    with app.app_context(), writing():
        service.begin(town.coordinator, invited)
        service.close(town.coordinator, invited)
    assert "går inte att svara längre" in client.post("/rsvp", data={"token": "the-token"}).text
    assert client.post("/rsvp/answer", data={"token": "the-token", "answer": "yes"}).status_code == 410


GETS = ("", "plan", "live", "invitations", "poster", "cancel", "postpone")
POSTS = [
    "plan",
    "invitations",
    "invitations/owners",
    "invite",
    "invite-again",
    "open",
    "close",
    "begin-review",
    "cancel",
    "postpone",
    "join-code",
    "joining",
    "others",
]


def test_a_foreign_walk_is_not_there(app, client, town, sign_in):
    walk_id = made(app, town)
    sign_in(client, town.stranger)
    for path in GETS:
        assert client.get(f"/walks/{walk_id}/{path}").status_code == 404, path
    for path in POSTS:
        data = {**NEW, "role": "Polis", "email": "a@b.se", "reason": "x"}
        assert client.post(f"/walks/{walk_id}/{path}", data=data).status_code == 404, path
    assert str(walk_id) not in client.get("/walks/").text


def test_a_council_member_reads_the_walk_and_changes_nothing(app, client, town, sign_in):
    walk_id = made(app, town)
    sign_in(client, town.member)
    page = client.get(f"/walks/{walk_id}/")
    assert page.status_code == 200
    with app.app_context():
        assert db.session.get(Walk, walk_id).join_code not in page.text
    for path in GETS[1:]:
        assert client.get(f"/walks/{walk_id}/{path}").status_code == 403, path
    for path in POSTS:
        data = {**NEW, "role": "Polis", "email": "a@b.se", "reason": "x"}
        assert client.post(f"/walks/{walk_id}/{path}", data=data).status_code == 403, path


def test_people_without_sign_in_are_led_there(app, client, town):
    walk_id = made(app, town)
    for path in GETS:
        assert client.get(f"/walks/{walk_id}/{path}").location.startswith("/sign-in?next="), path


def test_names_are_text_and_never_markup(app, desk, town):
    walk_id = made(app, town, name="<img src=x onerror=alert(1)>", purpose="</script><script>alert(1)</script>")
    for path in ("", "plan", "live", "invitations", "poster"):
        page = desk.get(f"/walks/{walk_id}/{path}").text
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_the_list_is_narrowed_by_state(app, desk, town):
    made(app, town, name="Den öppna")
    made(app, town, name="Den planerade", state="planned")
    page = desk.get("/walks/?state=planned").text
    assert "Den planerade" in page
    assert "Den öppna" not in page
    assert "Den öppna" in desk.get("/walks/?state=nonsense").text


def test_the_next_joinable_walk_is_the_one_of_the_link(app, town):
    walk_id = made(app, town)
    with app.app_context():
        assert queries.joinable(municipality_id=town.municipality).id == walk_id
