"""Invitations as letters, with calendar entries that calendars understand."""

import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import select

from tests import make
from walkapp.kernel import clock, queue
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.mail import Letter
from walkapp.kernel.queue import Job
from walkapp.kernel.transaction import writing
from walkapp.walks import queries, service
from walkapp.walks.models import Invitation, Walk
from walkapp.walks.service import Guest


@pytest.fixture
def walk(app, town):
    day = clock.today() + timedelta(days=10)
    with app.app_context(), writing():
        row = make.walk(town, state="planned", day=day, opened_at=None, accessibility="En trappa; kullersten")
        guests = [Guest("Kommunpolis", "Ek, Åsa (polis)", "asa@example.org"), Guest("Boende", "", "b@example.org")]
        service.add_guests(town.coordinator, row.id, guests)
        service.invite(town.coordinator, row.id)
        return row.id


def letters(app):
    """The letters in the order in which they were written."""
    queue.drain(app)
    found = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in (Path(app.instance_path) / "mail").glob("*.eml")
    ]
    return sorted(found, key=lambda letter: (int(event(letter)["SEQUENCE"]), str(letter["To"])))


def entry(letter):
    (part,) = [p for p in letter.walk() if p.get_content_type() == "text/calendar" and not p.is_attachment()]
    return part, Calendar.from_ical(part.get_content())


def event(letter):
    (found,) = entry(letter)[1].walk("VEVENT")
    return found


def words(letter):
    return letter.get_body(("plain",)).get_content()


def test_an_invitation_says_what_one_needs_to_know(app, walk, town):
    to_asa, _ = letters(app)
    assert to_asa["To"].addresses[0].display_name == "Ek, Åsa (polis)"
    assert [a.addr_spec for a in to_asa["To"].addresses] == ["asa@example.org"]
    assert to_asa["Subject"].startswith("Inbjudan: Trygghetsvandring Nytorget, ")
    text = words(to_asa)
    for said in ("Nytorget, vid klockan", "kl 16.00–18.00", "En trappa; kullersten", "mörkt från", "som Kommunpolis"):
        assert said in text
    assert "\n\n\n" not in text
    assert "Exempel" not in text


def test_the_calendar_entry_is_a_request_that_calendars_read(app, walk, town):
    letter = letters(app)[0]
    part, calendar = entry(letter)
    assert part.get_param("method") == "REQUEST"
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    found = event(letter)
    with app.app_context():
        row = db.session.get(Walk, walk)
        assert found["DTSTART"].dt == row.starts_at
        assert found["DTEND"].dt == row.ends_at
    assert found["UID"] == f"{walk}@walkapp"
    assert (found["SEQUENCE"], found["STATUS"], found["SUMMARY"]) == (0, "CONFIRMED", "Trygghetsvandring Nytorget")
    assert found["ORGANIZER"] == "mailto:no-reply@127.0.0.1"
    assert found["ATTENDEE"] == "mailto:asa@example.org"
    assert found["ATTENDEE"].params["CN"] == "Ek, Åsa (polis)"
    assert found["LOCATION"] == "Nytorget, vid klockan"
    (alarm,) = found.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-2)
    attached = [p for p in letter.iter_attachments() if p.get_content_type() == "text/calendar"]
    assert len(attached) == 1


def test_the_calendar_entry_keeps_to_the_length_of_lines(app, town, walk):
    text = entry(letters(app)[0])[0].get_payload(decode=True).decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_link_in_the_letter_answers(app, client, walk):
    token = re.search(r"http://127\.0\.0\.1/rsvp#i=(\w+)", words(letters(app)[0]))[1]
    assert "Kommer du?" in client.post("/rsvp", data={"token": token}).text
    client.post("/rsvp/answer", data={"token": token, "answer": "yes"})
    with app.app_context():
        found = queries.invitation_by_token(token)
        assert (found.state, found.token_sha256 != token) == ("yes", True)


def test_the_uid_stays_and_the_sequence_grows(app, town, walk):
    first = letters(app)[0]
    with app.app_context(), writing():
        row = db.session.get(Walk, walk)
        row.starts_at += timedelta(hours=1)
        service.send_again(town.coordinator, walk, to_everyone=True)
    later = letters(app)
    assert [event(letter)["SEQUENCE"] for letter in later] == [0, 0, 1, 1]
    assert {event(letter)["UID"] for letter in later} == {event(first)["UID"]}
    assert event(later[2])["DTSTART"].dt == event(first)["DTSTART"].dt + timedelta(hours=1)
    assert later[2]["Subject"].startswith("Ny inbjudan: ")


@pytest.mark.parametrize(("verb", "subject"), [("cancel", "Inställd: "), ("postpone", "Flyttas fram: ")])
def test_calling_off_empties_the_calendar(app, town, walk, verb, subject):
    with app.app_context(), writing():
        getattr(service, verb)(town.coordinator, walk, "Storm väntas på kvällen.")
    last = letters(app)[-1]
    part, calendar = entry(last)
    assert (part.get_param("method"), calendar["METHOD"]) == ("CANCEL", "CANCEL")
    found = event(last)
    assert (found["STATUS"], found["SEQUENCE"], found["UID"]) == ("CANCELLED", 1, f"{walk}@walkapp")
    assert found.walk("VALARM") == []
    assert last["Subject"].startswith(subject)
    assert "Storm väntas på kvällen." in words(last)


def test_a_letter_overtaken_by_a_later_step_is_not_written(app, town, walk):
    with app.app_context(), writing():  # before the queue has had its turn
        service.cancel(town.coordinator, walk, "Storm")
    found = letters(app)
    assert [event(letter)["STATUS"] for letter in found] == ["CANCELLED", "CANCELLED"]


def test_a_job_that_runs_twice_writes_one_letter(app, walk):
    letters(app)
    with app.app_context(), writing():
        for job in db.session.scalars(select(Job)):
            job.state, job.lease_until = "ready", None
    assert len(letters(app)) == 2
    with app.app_context():
        assert len(db.session.scalars(select(Letter)).all()) == 2


def test_the_same_link_stands_in_every_letter_of_an_invitation(app, town, walk):
    letters(app)
    with app.app_context(), writing():
        service.send_again(town.coordinator, walk, to_everyone=True)
    links = {re.search(r"#i=(\w+)", words(letter))[1] for letter in letters(app)}
    assert len(links) == 2


def test_a_demo_says_so_in_letter_and_calendar(app, town):
    with app.app_context(), writing():
        installation().is_demo = True
        row = make.walk(town, state="planned", opened_at=None)
        service.add_guests(town.coordinator, row.id, [Guest("Boende", "B", "b@example.org")])
        service.invite(town.coordinator, row.id)
    (letter,) = letters(app)
    assert "Exempel – påhittade uppgifter" in words(letter)
    assert "Exempel – påhittade uppgifter" in event(letter)["DESCRIPTION"]


def test_commas_semicolons_and_breaks_in_words_stay_words(app, town):
    with app.app_context(), writing():
        row = make.walk(
            town,
            state="planned",
            opened_at=None,
            meeting_point="A, B; C\nEND:VEVENT",
            purpose="x\r\nATTENDEE:mailto:e@v.il",
        )
        service.add_guests(town.coordinator, row.id, [Guest("Boende", 'B";X=y:z', "b@example.org")])
        service.invite(town.coordinator, row.id)
    found = event(letters(app)[0])
    assert found["LOCATION"] == "A, B; C\nEND:VEVENT"
    assert found["ATTENDEE"] == "mailto:b@example.org"
    with app.app_context():
        assert db.session.scalar(select(Invitation)).state == "sent"
