"""The letter with the way in. It is never stored: the secret in it exists in the letter alone."""

from urllib.parse import quote

from flask import current_app

from walkapp.kernel import clock, letters, mail
from walkapp.kernel.actor import house
from walkapp.kernel.journal import Entry
from walkapp.kernel.queue import on
from walkapp.kernel.transaction import writing

from . import queries, rules, service


@on("sign_in.asked", slow=True, tries=4)
def send_link(entry: Entry) -> None:
    """Make a token and send it; run again after a failure it makes a new one, and after ten minutes nobody waits."""
    if entry.subject_id is None or clock.now() > entry.at + rules.LINK_LIVES:
        return
    settings = current_app.extensions["settings"]
    with writing():
        person = queries.active(entry.subject_id)
        token = service.make_sign_in_token(house(person.municipality_id), person)
        to, language = (person.contact.name, person.contact.email), str(entry.facts.get("language") or person.language)
    goal = entry.facts.get("to")
    address = f"{settings.base_url}/sign-in{'?next=' + quote(goal, safe='') if goal else ''}#t={token}"
    subject, text = letters.words("sign_in", language, name=to[0], address=address, token=token)
    mail.send(settings, mail.unsaved(to, subject, text))
