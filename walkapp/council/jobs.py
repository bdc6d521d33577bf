"""What follows a meeting's call: a letter to everyone with a seat, with the meeting as a calendar entry."""

from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText
from sqlalchemy import func, select

from walkapp.kernel import clock, mail
from walkapp.kernel.db import db
from walkapp.kernel.journal import Entry, JournalEntry
from walkapp.kernel.look import day, span
from walkapp.kernel.queue import on
from walkapp.people.models import Person

from . import queries, rules
from .models import Attendance, Meeting

CALLING = ("meeting.called", "meeting.moved")


@on(*CALLING)
def call(entry: Entry) -> None:
    """Write the call."""
    meeting = db.session.get(Meeting, entry.subject_id)
    # the queue may come later than the meeting: who was called is told all the same
    if meeting is not None and meeting.state in ("called", "running"):
        _write(meeting, entry, "REQUEST")


@on("meeting.called_off")
def call_off(entry: Entry) -> None:
    """Write that the meeting is called off, so that it leaves the calendars."""
    meeting = db.session.get(Meeting, entry.subject_id)
    if meeting is not None and meeting.state == "planned":
        _write(meeting, entry, "CANCEL")


def _write(meeting: Meeting, entry: Entry, method: str) -> None:
    written = set(
        db.session.scalars(
            select(mail.Letter.to_address).where(mail.Letter.about_id == meeting.id, mail.Letter.written_at >= entry.at)
        )
    )
    for row in meeting.attendance:
        if row.person.active and row.person.contact.email not in written:
            with force_locale(row.person.language):
                _write_one(meeting, row, entry, method)


def _write_one(meeting: Meeting, row: Attendance, entry: Entry, method: str) -> None:
    council, person = meeting.council, row.person
    facts = {"council": council.name, "day": day(meeting.starts_at)}
    called = method == "REQUEST"
    subject = _("Call: %(council)s, %(day)s", **facts) if called else _("Called off: %(council)s, %(day)s", **facts)
    base = current_app.extensions["settings"].base_url
    text = render_template(
        "mail/meeting_called.txt" if called else "mail/meeting_called_off.txt",
        meeting=meeting,
        council=council,
        name=person.contact.name,
        clock=span(meeting.starts_at, meeting.ends_at),
        agenda=[
            (rules.item_number(council.numbering, place, queries.items_before(meeting)), item.heading)
            for place, item in enumerate(meeting.agenda, 1)
        ],
        address=f"{base}/meetings/{meeting.id}/",
    )
    calendar = mail.Calendar(method, invitation(meeting, person, method, _sequence(meeting, entry.at)))
    mail.write(
        meeting.municipality_id,
        (person.contact.name, person.contact.email),
        subject,
        text,
        about=meeting,
        calendar=calendar,
    )


def _sequence(meeting: Meeting, until: datetime) -> int:
    """How many times the calendar entry has changed before: a calendar takes only a higher number."""
    told = select(func.count(JournalEntry.id)).where(
        JournalEntry.subject_id == meeting.id,
        JournalEntry.event.in_((*CALLING, "meeting.called_off")),
        JournalEntry.at < until,
    )
    return db.session.scalar(told) or 0


def invitation(meeting: Meeting, person: Person, method: str, sequence: int) -> str:
    """Return the meeting as iCalendar (RFC 5545, RFC 5546), for one invited person."""
    host = current_app.extensions["settings"].host or "localhost"
    event = Event()
    event.add("uid", f"{meeting.id}@walkapp")
    event.add("sequence", sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.council.name)
    event.add("location", meeting.place)
    if meeting.link:
        event.add("url", meeting.link)
        event.add("description", meeting.link)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    organizer = vCalAddress(f"MAILTO:no-reply@{host}")
    organizer.params["cn"] = vText(meeting.council.name)
    event["organizer"] = organizer
    attendee = vCalAddress(f"MAILTO:{person.contact.email}")
    attendee.params["cn"] = vText(person.contact.name)
    attendee.params["rsvp"] = vText("TRUE")
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//walkapp//SV")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return str(calendar.to_ical().decode("utf-8"))
