"""The queue's part in letters: send what was written, once (a crash between sending and noting it may send twice)."""

from flask import current_app

from . import clock, mail
from .db import db
from .journal import Entry
from .queue import on
from .transaction import writing


@on("letter.written", slow=True, tries=12)
def send(entry: Entry) -> None:
    """Send one letter and note when."""
    letter = db.session.get(mail.Letter, entry.subject_id)
    if letter is None or letter.sent_at is not None:
        return
    db.session.expunge(letter)
    db.session.rollback()  # no transaction is open while the mail server talks
    mail.send(current_app.extensions["settings"], letter)
    with writing():
        db.session.get_one(mail.Letter, entry.subject_id).sent_at = clock.now()
