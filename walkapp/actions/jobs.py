"""The letters to owners: one for each time they are told, with the link to their own list."""

import uuid
from collections.abc import Sequence

from flask import current_app, render_template
from flask_babel import force_locale, ngettext
from sqlalchemy import select

from walkapp.agencies import service as agencies
from walkapp.agencies.models import Organisation
from walkapp.kernel import mail
from walkapp.kernel.actor import house
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.journal import Entry, JournalEntry
from walkapp.kernel.queue import on
from walkapp.people.models import Municipality

from . import queries


@on("action.assigned", "action.requested")
def tell_the_owner(entry: Entry) -> None:
    """Write to the owner about one action; several sent together share a letter."""
    if entry.facts.get("together") or entry.subject_id is None:
        return
    _write(entry, uuid.UUID(entry.facts["organisation"]), [entry.subject_id], "actions_told")


@on("organisation.told")
def tell_of_all(entry: Entry) -> None:
    """Write one letter that lists all that a walk gave this owner."""
    if entry.subject_id is not None:
        _write(entry, entry.subject_id, [uuid.UUID(one) for one in entry.facts["actions"]], "actions_told")


@on("organisation.reminded")
def remind(entry: Entry) -> None:
    """Remind an owner of what waits for an answer."""
    if entry.subject_id is not None:
        _write(entry, entry.subject_id, [uuid.UUID(one) for one in entry.facts["actions"]], "actions_reminder")


def _write(entry: Entry, organisation_id: uuid.UUID, action_ids: Sequence[uuid.UUID], template: str) -> None:
    """Write to every contact of the owner, unless this was done, or the owner has answered meanwhile."""
    actor = house(entry.municipality_id)
    owner = db.session.get(Organisation, organisation_id)
    rows = queries.to_be_told(actor, organisation_id, action_ids)
    written = db.session.scalar(select(mail.Letter.id).where(mail.Letter.about_id == entry.id).limit(1))
    if owner is None or not owner.active or not rows or written is not None:
        return
    about = db.session.get_one(JournalEntry, entry.id)
    base = current_app.extensions["settings"].base_url
    with force_locale("sv"):
        subject = _subject(template, owner.asked, len(rows))
        for contact in owner.contacts:
            address = f"{base}/a/{agencies.make_owner_link(actor, owner.id)}"
            text = render_template(
                f"mail/{template}.txt", owner=owner, contact=contact, rows=rows, address=address,
                municipality=db.session.get_one(Municipality, owner.municipality_id), demo=_is_demo(),
            )  # fmt: skip
            mail.write(owner.municipality_id, (contact.name, contact.email), subject, text, about=about)


def _subject(template: str, asked: bool, count: int) -> str:
    one, many = "A point for you after a safety walk", "%(num)s points for you after a safety walk"
    if template == "actions_reminder":
        one, many = "%(num)s point waits for your answer", "%(num)s points wait for your answer"
    elif asked:
        one, many = "A request to you after a safety walk", "%(num)s requests to you after a safety walk"
    return str(ngettext(one, many, count))


def _is_demo() -> bool:
    row = installation()
    return bool(row and row.is_demo)
