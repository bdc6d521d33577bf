"""A house that is served for real, and what a journey reads behind the pages: its rows, its letters, its photos."""

import email
import email.policy
import json
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from tests.house import Server, run

Found = TypeVar("Found")
LONGEST_WAIT = 60.0


@dataclass
class Town:
    """One instance, set up by the commands that an operator types."""

    instance: Path
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.server = Server(self.instance)

    @property
    def address(self) -> str:
        """Where it is served: what the commands print, too."""
        return self.server.address

    def command(self, *words: str) -> str:
        """Run one command beside the server; return what it printed."""
        return run(self.instance, *words).strip()

    # -- behind the pages ------------------------------------------------------------------------------------------

    def rows(self, sql: str, *given: object) -> list[sqlite3.Row]:
        """Read the database beside the server."""
        file = sqlite3.connect(f"file:{self.instance / 'walkapp.sqlite'}?mode=ro", uri=True, timeout=30)
        file.row_factory = sqlite3.Row
        try:
            return file.execute(sql, given).fetchall()
        finally:
            file.close()

    def row(self, sql: str, *given: object) -> sqlite3.Row:
        """Read the one row that there is."""
        (found,) = self.rows(sql, *given)
        return found

    def journal(self) -> int:
        """Count what has happened."""
        return int(self.row("select count(*) from journal_entry")[0])

    def letters(self, to: str) -> list[EmailMessage]:
        """Return the letters to an address, the oldest first."""
        files = sorted((self.instance / "mail").glob("*.eml")) if (self.instance / "mail").exists() else []
        read = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        return [letter for letter in read if to in letter["To"]]

    def letter(self, to: str) -> EmailMessage:
        """Wait for the letter to an address."""
        return soon(lambda: self.letters(to), f"a letter to {to}")[-1]

    def phone_photo(self, sha256: str) -> bytes:
        """Return the bytes of a photo as the phone sent it."""
        (file,) = (self.instance / "photos").glob(f"*/original/*/*/{sha256}")
        return file.read_bytes()


def soon(look: Callable[[], Found], what: str) -> Found:
    """Look again and again until something is there."""
    end = time.monotonic() + LONGEST_WAIT
    while not (found := look()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)
    return found


def body_of(letter: EmailMessage) -> str:
    """Return a letter's plain words."""
    part = letter.get_body(("plain",))
    assert part
    return str(part.get_content())


def calendar_in(letter: EmailMessage) -> str:
    """Return the calendar file that came with a letter."""
    (found,) = [part for part in letter.iter_attachments() if part.get_content_type() == "text/calendar"]
    content = found.get_content()
    return content.decode() if isinstance(content, bytes) else str(content)


class Wire:
    """Speaks to the server as the tests' phones do to a test client."""

    def __init__(self, address: str) -> None:
        self.address = address

    def put(self, path: str, **how: Any) -> SimpleNamespace:
        """Send a PUT."""
        return self._ask("PUT", path, **how)

    def get(self, path: str, **how: Any) -> SimpleNamespace:
        """Send a GET."""
        return self._ask("GET", path, **how)

    def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, json: Any = None, data: Any = None
    ) -> SimpleNamespace:
        raw = _json(json) if json is not None else data.encode() if isinstance(data, str) else data
        kind = {"Content-Type": "application/json"} if json is not None else {}
        asked = urllib.request.Request(
            self.address + path, method=method, data=raw, headers={**kind, **(headers or {})}
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return SimpleNamespace(status_code=answer.status, data=answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return SimpleNamespace(status_code=refused.code, data=refused.read())


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
