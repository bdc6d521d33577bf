"""An owner's list by link: what it shows, what it takes, and that reading changes nothing."""

import io
import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select

from tests import make, photo_maker
from walkapp.actions import service
from walkapp.actions.models import Action, Answer
from walkapp.actions.service import Opening
from walkapp.agencies import service as agencies
from walkapp.kernel import clock, mail, queue
from walkapp.kernel.db import Base, db
from walkapp.kernel.transaction import writing
from walkapp.photos import rules as photo_rules
from walkapp.photos.models import Photo
from walkapp.photos.store import the_store


@pytest.fixture
def sent(app, town):
    """Two points sent to the municipality's own, one request to the state, and links for both."""
    with app.app_context(), writing():
        walk = make.walk(town, state="reviewing")
        phone = make.participant(walk)
        rows = [
            make.observation(walk, phone, state="kept", text="Mörkt <script>alert(1)</script> vid trappan."),
            make.observation(walk, phone, state="kept", text="Häcken är hög."),
            make.observation(walk, phone, state="kept", category="transit", text="Displayen är släckt."),
        ]
        photos = [make.photo(rows[0], seen=True), make.photo(rows[0])]
        for photo in photos:
            key = photo_rules.derivative_key(str(photo.municipality_id), 800, photo.sha256)
            the_store().keep_derivative(key, b"\xff\xd8\xff picture")
        opened = [
            service.open_from(town.coordinator, walk.id, [row.id], Opening(title, "quick", organisation))
            for row, title, organisation in zip(
                rows, ("Byt <b>ljus</b>", "Klipp häcken", "Tänd displayen"),
                (town.organisation, town.organisation, town.asked_organisation), strict=True,
            )
        ]  # fmt: skip
        for action in opened:
            service.assign(town.coordinator, action.id, action.organisation_id)
        return {
            "token": agencies.make_owner_link(town.coordinator, town.organisation),
            "asked_token": agencies.make_owner_link(town.coordinator, town.asked_organisation),
            "lamp": opened[0].id, "hedge": opened[1].id, "display": opened[2].id,
            "seen": photos[0].id, "unseen": photos[1].id,
        }  # fmt: skip


def state_of(app, action_id):
    with app.app_context():
        return db.session.get_one(Action, action_id).state


def contents(app):
    """Every row of every table, as text: nothing may differ after a read."""
    with app.app_context():
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(map(str, db.session.execute(select(table)))) for table in tables}


def send(client, sent, action="lamp", token="token", **fields):
    return client.post(f"/a/{sent[token]}/actions/{sent[action]}/answer", data=fields)


def test_the_list_shows_what_waits_with_voices_and_answers_and_says_no_sign_in(client, sent):
    page = client.get(f"/a/{sent['token']}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Ni behöver inte logga in" in text
    assert "Klipp häcken" in text
    assert "Tänd displayen" not in text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_hostile_words_are_shown_as_words(client, sent):
    for address in ("", f"/actions/{sent['lamp']}", f"/actions/{sent['lamp']}?answer=decline"):
        text = client.get(f"/a/{sent['token']}{address}").get_data(as_text=True)
        assert "<script>alert" not in text
        assert "Byt &lt;b&gt;ljus&lt;/b&gt;" in text


def test_reading_changes_nothing(app, client, sent):
    before = contents(app)
    pages = ["", f"/actions/{sent['lamp']}", *(f"/actions/{sent['lamp']}?answer={verb}" for verb in (
        "plan", "finish", "investigate", "misdirect", "decline", "refuse", "nonsense"))]  # fmt: skip
    for page in (*pages, f"/photos/{sent['seen']}/800.jpg"):
        assert client.get(f"/a/{sent['token']}{page}", buffered=True).status_code == 200
        assert client.head(f"/a/{sent['token']}{page}", buffered=True).status_code == 200
    assert contents(app) == before


def test_the_token_is_hashed_at_rest(app, sent):
    with app.app_context():
        from walkapp.agencies.models import OwnerLink

        kept = db.session.scalars(select(OwnerLink.token_sha256)).all()
    assert all(sent["token"] not in one and len(one) == 64 for one in kept)


def test_three_taps_take_it_with_a_date(app, client, sent):
    first = client.get(f"/a/{sent['token']}").get_data(as_text=True)
    address = re.search(r'href="(/a/[^"]+\?answer=plan)"', first)
    asked = client.get(address.group(1)).get_data(as_text=True)
    day = re.search(r'name="by" value="(\d{4}-\d\d-\d\d)"', asked).group(1)
    answer = send(client, sent, verb="plan", by=day, text="Två nya stolpar.")
    assert answer.status_code == 303
    assert state_of(app, sent["lamp"]) == "planned"
    with app.app_context():
        assert db.session.get_one(Action, sent["lamp"]).planned_on.isoformat() == day
        assert db.session.scalar(select(Answer)).by_kind == "owner_link"
    assert "Tack. Svaret är sparat" in client.get(answer.location).get_data(as_text=True)


def test_a_date_is_asked_for_and_may_be_a_day_of_their_own_or_the_next_budget(app, client, sent):
    assert send(client, sent, verb="plan").status_code == 422
    assert send(client, sent, verb="plan", by="choose").status_code == 422
    assert send(client, sent, verb="plan", by="choose", planned_on="2020-01-01").status_code == 422
    assert state_of(app, sent["lamp"]) == "assigned"
    day = clock.today() + timedelta(days=45)
    assert send(client, sent, verb="plan", by="choose", planned_on=day.isoformat()).status_code == 303
    assert state_of(app, sent["lamp"]) == "planned"
    assert send(client, sent, "hedge", verb="plan", by="funds").status_code == 303
    assert state_of(app, sent["hedge"]) == "awaiting_funds"


def test_a_no_without_reason_is_refused_and_nothing_is_lost(app, client, sent):
    answer = send(client, sent, verb="decline", text="Det får vänta.")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Välj ett skäl" in text
    assert "Det får vänta." in text
    answer = send(client, sent, verb="decline", reason_code="no_funds")
    assert answer.status_code == 422
    assert re.search(r'value="no_funds" checked', answer.get_data(as_text=True))
    assert state_of(app, sent["lamp"]) == "assigned"
    assert send(client, sent, verb="decline", reason_code="no_funds", text="Medel saknas.").status_code == 303
    assert state_of(app, sent["lamp"]) == "declined"


def test_not_theirs_and_looking_into_it(app, client, sent):
    assert send(client, sent, verb="misdirect", text="Väghållarens.").status_code == 303
    assert send(client, sent, "hedge", verb="investigate").status_code == 303
    assert (state_of(app, sent["lamp"]), state_of(app, sent["hedge"])) == ("misdirected", "investigating")


def test_an_asked_owner_says_yes_or_no(app, client, sent):
    text = client.get(f"/a/{sent['asked_token']}").get_data(as_text=True)
    assert "förfrågningar" in text
    assert "Ja, vi tar det" in text
    assert "uppdrag" not in text
    assert (
        send(client, sent, "display", "asked_token", verb="decline", reason_code="no_funds", text="Nej.").status_code
        == 409
    )
    assert send(client, sent, "display", "asked_token", verb="agree", by="unsaid").status_code == 303
    assert state_of(app, sent["display"]) == "answered_yes"


def test_done_with_a_photo_that_only_its_sender_gets_until_it_is_looked_at(app, client, sent):
    picture = (io.BytesIO(photo_maker.jpeg()), "klar.jpg")
    answer = client.post(
        f"/a/{sent['token']}/actions/{sent['lamp']}/answer",
        data={"verb": "finish", "text": "Lyser igen.", "photo": picture},
    )
    assert answer.status_code == 303
    assert state_of(app, sent["lamp"]) == "done"
    with app.app_context():
        photo = db.session.get_one(Photo, db.session.scalar(select(Answer.photo_id)))
        assert (photo.sender_kind, photo.seen_at) == ("organisation", None)
        kept = photo_rules.original_key(str(photo.municipality_id), photo.sha256)
        assert the_store().exists(kept)


def test_what_is_no_photo_is_refused_and_the_words_stay(app, client, sent):
    answer = client.post(
        f"/a/{sent['token']}/actions/{sent['lamp']}/answer",
        data={"verb": "finish", "text": "Lyser igen.", "photo": (io.BytesIO(b"%PDF-1.7 no photo"), "klar.jpg")},
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Lyser igen." in text
    assert "Välj en bild" in text
    assert state_of(app, sent["lamp"]) == "assigned"


def test_more_bytes_than_a_photo_has_are_refused(app, client, sent):
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n\xff\xd8\xff'
    body = head + b"0" * (26 << 20) + b"\r\n--x--\r\n"
    answer = client.post(
        f"/a/{sent['token']}/actions/{sent['lamp']}/answer",
        input_stream=io.BytesIO(body), content_length=len(body), content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert answer.status_code == 413
    assert state_of(app, sent["lamp"]) == "assigned"


def test_another_organisations_point_is_not_found_by_this_link(client, sent):
    assert client.get(f"/a/{sent['token']}/actions/{sent['display']}").status_code == 404
    assert send(client, sent, "display", verb="plan", by="funds").status_code == 404


def test_only_photos_that_were_looked_at_are_served_and_only_to_their_owner(client, sent):
    served = client.get(f"/a/{sent['token']}/photos/{sent['seen']}/800.jpg", buffered=True)
    assert (served.status_code, served.headers["Cache-Control"]) == (200, "no-store")
    assert client.get(f"/a/{sent['token']}/photos/{sent['unseen']}/800.jpg").status_code == 404
    assert client.get(f"/a/{sent['asked_token']}/photos/{sent['seen']}/800.jpg").status_code == 404
    assert str(sent["unseen"]) not in client.get(f"/a/{sent['token']}").get_data(as_text=True)


def test_a_link_that_is_over_says_whom_to_ask(app, client, town, sent):
    with app.app_context(), writing():
        agencies.revoke_links(town.coordinator, town.organisation)
        db.session.get_one(make.Municipality, town.municipality).contact_text = "Säkerhetssamordnaren"
    page = client.get(f"/a/{sent['token']}")
    assert page.status_code == 410
    assert "Säkerhetssamordnaren" in page.get_data(as_text=True)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/a/made-up").status_code == 410
    assert send(client, sent, verb="plan", by="funds").status_code == 410


def test_the_answer_wants_the_forms_own_token(app, client, sent):
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, sent, verb="plan", by="funds").status_code == 422
    assert state_of(app, sent["lamp"]) == "assigned"
    text = client.get(f"/a/{sent['token']}/actions/{sent['lamp']}?answer=plan").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text).group(1)
    assert send(client, sent, verb="plan", by="funds", csrf_token=token).status_code == 303


def test_over_https_the_answer_is_taken_although_browsers_send_no_referrer_from_here(app, client, sent):
    app.config["WTF_CSRF_ENABLED"] = True
    secure = {"base_url": "https://127.0.0.1"}
    page = client.get(f"/a/{sent['token']}/actions/{sent['lamp']}?answer=plan", **secure).get_data(as_text=True)
    fields = {"verb": "plan", "by": "funds", "csrf_token": re.search(r'csrf_token"[^>]*value="([^"]+)"', page).group(1)}
    answer = client.post(f"/a/{sent['token']}/actions/{sent['lamp']}/answer", data=fields, **secure)
    assert answer.status_code == 303


def test_the_letter_carries_a_link_that_works_and_is_written_once(app, client, sent):
    queue.drain(app)
    with app.app_context():
        letters = db.session.scalars(select(mail.Letter).order_by(mail.Letter.written_at)).all()
        assert [letter.to_address for letter in letters].count("gatukontoret@example.org") == 2
        told = next(letter for letter in letters if "Klipp häcken" in letter.text)
        assert "/a/…" in told.text
        asked = next(letter for letter in letters if "Tänd displayen" in letter.text)
        assert "förfrågan" in asked.text
        assert "uppdrag" not in asked.text
    file = next((app.extensions["settings"].instance_path / "mail").glob(f"*{told.id}.eml"))
    text = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()
    path = re.search(r"http://127.0.0.1(/a/\S+)", text).group(1)
    assert client.get(path).status_code == 200
    with app.app_context(), writing():
        for job in db.session.scalars(select(queue.Job).where(queue.Job.handler.like("%tell_the_owner"))):
            job.state = "ready"
    queue.drain(app)
    with app.app_context():
        assert db.session.scalar(select(func.count(mail.Letter.id))) == len(letters)


def test_english_for_those_who_read_it(client, sent):
    text = client.get(f"/a/{sent['token']}?language=en").get_data(as_text=True)
    assert "You do not need to sign in" in text
    assert "answer=plan&amp;language=en" in text or "language=en&amp;answer=plan" in text
