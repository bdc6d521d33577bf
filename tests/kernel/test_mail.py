"""Letters, to a real mail server on this machine."""

import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from walkapp.kernel import mail, queue
from walkapp.kernel.db import db
from walkapp.kernel.settings import load
from walkapp.kernel.transaction import writing

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Postbox:
    """A mail server's own hands: it keeps what it was given."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


def knows_us(_server, _session, _envelope, _mechanism, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data.login == b"walk" and data.password == b"p@ss/word")


@pytest.fixture
def post():
    """A mail server that wants a name and a password."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Postbox()
    server = Controller(
        box, hostname="127.0.0.1", port=port, authenticator=knows_us, auth_required=True, auth_require_tls=False
    )
    server.start()
    yield box, port
    server.stop()


@pytest.fixture
def posting(app, town, post, tmp_path):
    """The house with that mail server set; one letter written."""
    box, port = post
    app.extensions["settings"] = load(
        instance_path=str(tmp_path), secret_key="0" * 64, mail=f"smtp://walk:p%40ss%2Fword@127.0.0.1:{port}"
    )
    with app.app_context(), writing():
        calendar = mail.Calendar("REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
        to = ("Ärla, gatukontoret", "gata@example.org")
        mail.write(town.municipality, to, "Förfrågan om åtgärd", "Hej!\n\nÅ ä ö.\n", calendar=calendar)
    return box


def test_a_letter_arrives_whole(app, posting):
    queue.drain(app)
    [(to, letter)] = posting.letters
    assert to == ["gata@example.org"]
    assert letter["Subject"] == "Förfrågan om åtgärd"
    assert letter["To"].addresses[0].display_name == "Ärla, gatukontoret"
    assert letter.get_body(("plain",)).get_content().splitlines() == ["Hej!", "", "Å ä ö."]
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert parts[0].get_param("method") == "REQUEST"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_letter_is_tried_again_when_the_server_is_away(app, posting):
    there = app.extensions["settings"]
    app.extensions["settings"] = load(
        instance_path=str(there.instance_path), secret_key="0" * 64, mail="smtp://127.0.0.1:1"
    )
    queue.drain(app)
    with app.app_context():
        job = db.session.query(queue.Job).one()
        assert (job.state, job.attempts) == ("ready", 1)
        assert "Connection refused" in (job.last_error or "")
    app.extensions["settings"] = there
    with app.app_context(), writing():
        db.session.query(queue.Job).one().run_at = queue._real_now()
    queue.drain(app)
    assert len(posting.letters) == 1


def test_a_password_is_not_sent_in_the_clear_to_another_machine(app):
    class Plain:
        def has_extn(self, _name):
            return False

    with pytest.raises(mail.NotEncrypted):
        mail.log_in(Plain(), "mail.example.se", "walk", "secret", encrypted=False)
