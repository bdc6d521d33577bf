"""The ground: the journal feeds the queue, numbers have no gaps, on both databases."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from walkapp.kernel import mail, queue
from walkapp.kernel.actor import house
from walkapp.kernel.db import db
from walkapp.kernel.journal import JournalEntry, record
from walkapp.kernel.series import next_number
from walkapp.kernel.transaction import writing


def test_a_letter_is_sent_once_by_the_queue(app, town):
    with app.app_context():
        with writing():
            mail.write(town.municipality, ("Funktion", "gata@example.org"), "Förfrågan om åtgärd", "Hej!\n")
        assert queue.drain(app) == 1
        assert queue.drain(app) == 0
        folder = app.extensions["settings"].instance_path / "mail"
        assert [file.suffix for file in folder.iterdir()] == [".eml"]


def test_a_sent_letter_keeps_no_key(app, town):
    with app.app_context():
        with writing():
            text = "https://x.example/a/0123456789abcdef0123 och https://x.example/sign-in#t=0123456789abcdef0123\n"
            mail.write(town.municipality, ("", "gata@example.org"), "Länk", text)
        queue.drain(app)
        kept = db.session.scalars(select(mail.Letter)).one()
        assert kept.text == "https://x.example/a/… och https://x.example/sign-in#t=…\n"
        sent = next((app.extensions["settings"].instance_path / "mail").iterdir()).read_text()
        assert "0123456789abcdef0123" in sent


def test_what_is_rolled_back_leaves_no_job(app, town):
    with app.app_context():
        with pytest.raises(RuntimeError), writing():
            mail.write(town.municipality, ("", "gata@example.org"), "Nej", "Nej")
            raise RuntimeError
        assert db.session.scalar(select(func.count()).select_from(queue.Job)) == 0


@pytest.mark.parametrize("verb", ["update journal_entry set event = 'x'", "delete from journal_entry"])
def test_the_journal_refuses_change(app, town, verb):
    with app.app_context():
        with writing():
            record(house(town.municipality), "walk.opened", None)
        with pytest.raises(DBAPIError, match="append-only"), writing():
            db.session.execute(text(verb))
        assert db.session.scalar(select(func.count()).select_from(JournalEntry)) >= 1


def test_numbers_have_no_gaps(app, town):
    with app.app_context():
        with writing():
            first = next_number(town.municipality, town.council, "observation")
        with pytest.raises(RuntimeError), writing():
            next_number(town.municipality, town.council, "observation")
            raise RuntimeError
        with writing():
            second = next_number(town.municipality, town.council, "observation")
    assert (first, second) == (1, 2)
