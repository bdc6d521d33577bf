"""The letters of an invitation: that one is invited, and that it is called off. Each carries its calendar entry."""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from icalendar import Alarm, Calendar, Event, vCalAddress, vText
from sqlalchemy import select

from walkapp.kernel import clock, letters, mail
from walkapp.kernel.actor import house
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.journal import Entry
from walkapp.kernel.light import light_on
from walkapp.kernel.queue import on
from walkapp.people import queries as people

from . import queries, service
from .models import Invitation, Walk


@on("invitation.sent", "invitation.called_off")
def write_to_the_invited(entry: Entry) -> None:
    """Write the letter of this step of the invitation, unless it is written or a later step has overtaken it."""
    invitation = queries.invitation(house(entry.municipality_id), entry.subject_id) if entry.subject_id else None
    sequence = int(entry.facts["sequence"])
    if invitation is None or invitation.sequence != sequence or _is_written(invitation, sequence):
        return
    off = entry.event == "invitation.called_off"
    walk = queries.walk_of(invitation)
    token = token_of(invitation)
    service.keep_token(invitation, token)
    town = people.municipality(walk.municipality_id)
    base_url = current_app.extensions["settings"].base_url
    subject, text = letters.words(
        "invitation_off" if off else "invitation",
        "sv",
        walk=walk,
        invitation=invitation,
        town=town,
        light=light_on(clock.local(walk.starts_at).date(), walk.meeting_place or town.centre),
        address=f"{base_url}/rsvp#i={token}",
        again=sequence > 0,
        why=entry.facts.get("why"),
        reason=entry.facts.get("reason"),
    )
    to = (invitation.contact.name, invitation.contact.email)
    made = mail.Calendar("CANCEL" if off else "REQUEST", calendar_of(walk, invitation, base_url, off=off))
    mail.write(walk.municipality_id, to, subject, text, about=invitation, calendar=made)


def token_of(invitation: Invitation) -> str:
    """Return the secret of an invitation's letters: the same each time it is written, so that every letter works."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"invitation " + invitation.id.bytes, hashlib.sha256).hexdigest()[:40]


def _is_written(invitation: Invitation, sequence: int) -> bool:
    about = (mail.Letter.about_kind == Invitation.__tablename__, mail.Letter.about_id == invitation.id)
    written = db.session.scalars(select(mail.Letter.calendar).where(*about))
    return any(f"SEQUENCE:{sequence}\r\n" in (calendar or "") for calendar in written)


def calendar_of(walk: Walk, invitation: Invitation, base_url: str, *, off: bool) -> str:
    """Return the calendar entry (RFC 5545, iTIP): one UID a walk, a sequence that grows, times in UTC."""
    settings = current_app.extensions["settings"]
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//walkapp//trygghetsvandring//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "REQUEST")
    event.add("uid", f"{walk.id}@walkapp")
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", clock.now().replace(microsecond=0))
    event.add("dtstart", walk.starts_at.replace(microsecond=0))
    event.add("dtend", walk.ends_at.replace(microsecond=0))
    event.add("summary", walk.name)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "OPAQUE")
    if walk.meeting_point:
        event.add("location", walk.meeting_point)
    if walk.meeting_place:
        event.add("geo", (walk.meeting_place.lat, walk.meeting_place.lon))
    event.add("description", _description(walk))
    event.add("organizer", _address(f"no-reply@{settings.host or 'localhost'}", "Trygghetsvandring"))
    guest = _address(invitation.contact.email, invitation.contact.name)
    # answers are given on the page: no mailbox reads what a calendar would send
    guest.params.update({"ROLE": vText("REQ-PARTICIPANT"), "PARTSTAT": vText("NEEDS-ACTION"), "RSVP": vText("FALSE")})
    event.add("attendee", guest, encode=False)
    if not off:
        event.add_component(_reminder(walk))
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()


def _description(walk: Walk) -> str:
    row = installation()
    parts = [walk.purpose, walk.accessibility, "Exempel – påhittade uppgifter" if row and row.is_demo else None]
    return "\n\n".join(part for part in parts if part)


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = vText(name)
    return address


def _reminder(walk: Walk) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", walk.name)
    alarm.add("trigger", timedelta(hours=-2))
    return alarm
