"""Proofs: what the house hands to a phone with each thing it takes, and knows again after a restore.

A server restored from an older backup has forgotten some of what it took. The proof was made with the installation's
secret, so it shows that this item from this phone was taken once, whatever the rows say now.
"""

import hashlib
import hmac

from flask import current_app

from .installation import Installation, installation


def prove(kind: str, subject: object, sha256: str) -> str:
    """Return the proof that this thing with these bytes was taken: opaque to phones, 101 characters."""
    row = installation()
    return f"{row.epoch}.{_seal(row, row.epoch, kind, subject, sha256)}" if row else ""


def is_proven(proof: str | None, kind: str, subject: object, sha256: str) -> bool:
    """Tell whether the house made this proof for this very thing, in this epoch or before a restore."""
    row = installation()
    epoch, dot, seal = (proof or "").partition(".")
    if row is None or not dot:
        return False
    return hmac.compare_digest(seal.encode(), _seal(row, epoch, kind, subject, sha256).encode())


def _seal(row: Installation, epoch: str, kind: str, subject: object, sha256: str) -> str:
    secret = current_app.extensions["settings"].secret_key.encode()
    key = hmac.digest(secret, b"walkapp proof", "sha256")
    words = "\n".join((row.server_id, epoch, kind, str(subject), sha256))
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
