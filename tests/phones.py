"""A phone as the tests hold it: it joins, freezes bodies, sends, sends again, and counts what it was told."""

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LAT, LON = 59.3951, 15.8378


def sha256(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def body(walk: object, /, **over: Any) -> bytes:
    """An observation's body as a phone freezes it; `...` leaves a field out."""
    values: dict[str, Any] = {
        "walk": str(walk),
        "revision": 1,
        "kind": "deficiency",
        "category": "lighting",
        "text": "Mörkt vid trappan.",
        "made_at": "2026-10-29T17:04:11+01:00",
        "sequence": 1,
        "position": {"lat": LAT, "lon": LON, "accuracy_m": 8.0, "source": "gps"},
        "photos": [],
    }
    merged = {**values, **over}
    return json.dumps({key: value for key, value in merged.items() if value is not ...}, ensure_ascii=False).encode()


@dataclass
class Phone:
    """One phone on one walk."""

    client: FlaskClient
    walk: uuid.UUID
    code: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    token: str = field(default_factory=lambda: uuid.uuid4().hex * 2)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.id}.{self.token}"}

    def join(self, **over: Any) -> TestResponse:
        headers = {"Authorization": f"Join {over.pop('code', self.code)}", **over.pop("headers", {})}
        said = {"token_sha256": sha256(self.token), "name": None, "language": "sv", "group": None, **over}
        return self.client.put(f"/api/walks/{self.walk}/participants/{self.id}", headers=headers, json=said)

    def send(self, id: object, raw: bytes, **headers: str) -> TestResponse:
        kept = {**self.bearer, "Content-Type": "application/json", **headers}
        return self.client.put(f"/api/observations/{id}", headers=kept, data=raw)

    def observe(self, id: object = None, headers: dict[str, str] | None = None, **over: Any) -> TestResponse:
        return self.send(id or uuid.uuid4(), body(self.walk, **over), **(headers or {}))

    def send_photo(
        self, data: bytes, *, observation: object = None, name: str | None = None, **headers: str
    ) -> TestResponse:
        address = f"/api/observations/{observation or uuid.uuid4()}/photos/{name or sha256(data)}"
        return self.client.put(address, headers={**self.bearer, **headers}, data=data)

    def post(self, what: str, said: Any) -> TestResponse:
        return self.client.post(f"/api/walks/{self.walk}/{what}", headers=self.bearer, json=said)

    def get(self, what: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/walks/{self.walk}/{what}", headers={**self.bearer, **headers})


def receipt_digest(lines: list[str]) -> str:
    """The digest as the contract words it, computed without any of the house's code."""
    whole = hashlib.sha256()
    for line in sorted(lines):
        whole.update(line.encode("ascii") + b"\n")
    return whole.hexdigest()


def receipt_code(digest: str) -> str:
    """The first 40 bits in base32, as both screens show it."""
    letters = base64.b32encode(bytes.fromhex(digest)[:5]).decode("ascii")
    return letters[:4] + "-" + letters[4:]
