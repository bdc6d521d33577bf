"""Secrets, addresses and words for people, as plain calculations."""

import hashlib
import re
import secrets
import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit

LINK_LIVES = timedelta(minutes=10)
SESSION_LIVES = timedelta(days=14)

# role -> the scope it needs; a walk leader may be named before there is a walk to lead
ROLES: dict[str, str | None] = {
    "administrator": None,
    "archivist": None,
    "coordinator": None,
    "walk_leader": None,
    "agency_contact": "organisation_id",
    "council_member": "council_id",
    "chair": "council_id",
    "secretary": "council_id",
}

_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss"})


def new_secret() -> str:
    """Return 256 random bits that fit in an address."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return the hash under which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tidy_email(text: str) -> str | None:
    """Return the address in lower case, an international domain in its plain form; None when it is no address.

    Strict on purpose: what may stand in a mail header must not be able to end it.
    """
    local, at, domain = text.strip().lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    if not at or len(local) > 64 or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    whole = f"{local}@{domain}"
    return whole if len(whole) <= 254 else None


def one_line(text: str) -> bool:
    """Tell whether a text can stand in a mail header: no line break, nothing invisible."""
    return not any(unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") for sign in text)


def local_path(address: str | None) -> str | None:
    """Return the address if it leads to a page of this house; None for any other, and for the sign-in itself."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("/sign-in", "/sign-out", "/language")):
        return None
    return address


def slug(name: str) -> str:
    """Return a name as it stands in an address: Malung-Sälen -> malung-salen."""
    plain = unicodedata.normalize("NFD", name.casefold().translate(_LETTERS))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", kept).strip("-")
