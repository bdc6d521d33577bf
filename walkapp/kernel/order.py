"""Swedish order: å, ä and ö come last. The same on both databases, since the sorting is done here."""

import unicodedata

_LAST = {"å": "\U0010fffd1", "ä": "\U0010fffd2", "æ": "\U0010fffd2", "ö": "\U0010fffd3", "ø": "\U0010fffd3"}


def swedish(text: str) -> tuple[str, str]:
    """Return a sort key: å ä ö after z, other accents ignored, case last."""
    folded = unicodedata.normalize("NFC", text).casefold()
    parts = [_LAST.get(char) or unicodedata.normalize("NFD", char)[0] for char in folded]
    return "".join(parts), text
