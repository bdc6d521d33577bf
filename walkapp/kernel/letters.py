"""The queue's part in letters: send what was written, once (a crash between sending and noting it may send twice)."""

import re

from flask import current_app, render_template
from flask_babel import force_locale

from . import clock, mail
from .db import db
from .installation import installation
from .journal import Entry
from .queue import on
from .transaction import writing


@on("letter.written", slow=True, tries=12)
def send(entry: Entry) -> None:
    """Send one letter and note when. Its secrets go with it: what stays here opens no door."""
    letter = db.session.get(mail.Letter, entry.subject_id)
    if letter is None or letter.sent_at is not None:
        return
    db.session.expunge(letter)
    db.session.rollback()  # no transaction is open while the mail server talks
    mail.send(current_app.extensions["settings"], letter)
    with writing():
        sent = db.session.get_one(mail.Letter, entry.subject_id)
        sent.sent_at, sent.text = clock.now(), without_secrets(sent.text)


def without_secrets(text: str) -> str:
    """Return a letter without the secrets in its addresses: once sent they exist in the letter alone, and as hashes."""
    return re.sub(r"(https?://\S+?(?:/a/|#\w=))[\w-]{20,}", r"\1…", text)


def words(name: str, language: str, /, **facts: object) -> tuple[str, str]:
    """Return subject and text of `templates/mail/<name>.<language>.txt`, whose first line is the subject."""
    row = installation()
    with force_locale(language):
        whole = render_template(f"mail/{name}.{language}.txt", is_demo=bool(row and row.is_demo), **facts)
    subject, _, text = whole.strip().partition("\n")
    return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
