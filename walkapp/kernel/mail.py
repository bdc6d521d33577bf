"""Letters: written in the transaction they follow from, sent afterwards by the queue. Only this file knows SMTP."""

import smtplib
import ssl
import uuid
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .actor import house
from .db import Identified, Json, Model, UtcDateTime, db
from .ids import new_id
from .journal import record
from .settings import LOCAL_HOSTS, Settings


class Letter(Identified, Model):
    """A letter to one address: kept apart from what it is about; no export query joins it."""

    __tablename__ = "letter"

    municipality_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    to_name: Mapped[str]
    to_address: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    calendar: Mapped[str | None]
    calendar_method: Mapped[str | None]
    about_kind: Mapped[str | None]
    about_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    headers: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Calendar:
    """An iCalendar part: `method` is REQUEST or CANCEL."""

    method: str
    text: str


def write(
    municipality_id: uuid.UUID | None,
    to: tuple[str, str],
    subject: str,
    text: str,
    *,
    about: object = None,
    calendar: Calendar | None = None,
) -> Letter:
    """Write a letter `to` (name, address); the queue sends it after the commit. Line breaks in headers are refused."""
    name, address = to
    if any(mark in part for part in (name, address, subject) for mark in "\r\n"):
        raise ValueError("a header holds a line break")
    letter = Letter(
        municipality_id=municipality_id,
        to_name=name,
        to_address=address,
        subject=subject,
        text=text,
        calendar=calendar.text if calendar else None,
        calendar_method=calendar.method if calendar else None,
        about_kind=getattr(about, "__tablename__", None),
        about_id=getattr(about, "id", None),
        written_at=clock.now(),
    )
    db.session.add(letter)
    db.session.flush()
    record(house(municipality_id), "letter.written", letter)
    return letter


def unsaved(to: tuple[str, str], subject: str, text: str) -> Letter:
    """Return a letter that is handed over and never stored: its secret must not lie in the database."""
    return Letter(
        id=new_id(), to_name=to[0], to_address=to[1], subject=subject, text=text, headers={}, written_at=clock.now()
    )


def message(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as MIME: plain text, and the calendar part where there is one."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = Address(letter.to_name, addr_spec=letter.to_address)  # quotes: a comma in a name is no second address
    mail["Subject"] = letter.subject
    mail["Date"] = clock.local(letter.written_at)
    mail["Message-ID"] = f"<{letter.id}@walkapp>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    if letter.calendar:
        method = letter.calendar_method or "REQUEST"
        mail.add_alternative(letter.calendar, subtype="calendar", params={"method": method, "charset": "utf-8"})
        mail.add_attachment(letter.calendar.encode(), maintype="text", subtype="calendar", filename="vandring.ics")
    return mail


def send(settings: Settings, letter: Letter) -> None:
    """Hand the letter over: to the mail server, or on a local instance to a file in `instance/mail/`."""
    mail = message(letter, sender=_sender(settings))
    if not settings.mail:
        folder = settings.instance_path / "mail"
        folder.mkdir(exist_ok=True)
        _put(folder / f"{clock.local(letter.written_at):%Y%m%d-%H%M%S}-{letter.id}.eml", mail.as_bytes())
        return
    url = urlsplit(settings.mail)
    host, port = url.hostname or "localhost", url.port or (465 if url.scheme == "smtps" else 25)
    context = ssl.create_default_context()
    opened = (
        smtplib.SMTP_SSL(host, port, timeout=20, context=context)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=20)
    )
    with opened as server:
        encrypted = url.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            encrypted = True
        if url.username:
            log_in(server, host, unquote(url.username), unquote(url.password or ""), encrypted=encrypted)
        server.send_message(mail)


class NotEncrypted(Exception):
    """The mail server wants a password and offers no encryption: the letter waits, the queue says why."""


def log_in(server: smtplib.SMTP, host: str, name: str, password: str, *, encrypted: bool) -> None:
    """Show who we are; never in the clear to another machine."""
    if not encrypted and host not in LOCAL_HOSTS:
        raise NotEncrypted(f"{host} offers no STARTTLS: use smtps://, or a mail server that encrypts")
    server.login(name, password)


def _sender(settings: Settings) -> str:
    return f"Trygghetsvandring <no-reply@{settings.host or 'localhost'}>"


def _put(file: Path, content: bytes) -> None:
    draft = file.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(file)
