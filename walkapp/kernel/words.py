"""Words in the reader's language: the floors' catalogues, put together at set-up by `python -m walkapp.kernel.words`.

Each floor keeps a small file `translations/<language>/<floor>.po`. Together they become one catalogue for the server
(`messages.mo`), and `phone.po` becomes JSON for the phone.
"""

import json
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[1] / "translations"
PHONE = Path(__file__).parents[2] / "static" / "src" / "lang"
LANGUAGES = ("sv", "en")


def fragments(language: str) -> dict[str, Catalog]:
    """Return each floor's catalogue in one language."""
    read = {}
    for file in sorted((FOLDER / language).glob("*.po")):
        with file.open("rb") as source:
            read[file.stem] = read_po(source, locale=language, abort_invalid=True)
    return read


def merge(language: str) -> Catalog:
    """Return one catalogue; the same words translated in two ways is an error that names both floors."""
    whole = Catalog(locale=language, charset="utf-8")
    said_by: dict[tuple[object, str | None], str] = {}
    for floor, catalog in fragments(language).items():
        for message in catalog:
            if not message.id or not message.string:
                continue
            key = (message.id if isinstance(message.id, str) else tuple(message.id), message.context)
            known = whole.get(message.id, message.context)
            if known and known.string != message.string:
                raise SystemExit(
                    f"{language}: {message.id!r} is {known.string!r} in {said_by[key]}, {message.string!r} in {floor}"
                )
            whole.add(message.id, message.string, context=message.context)
            said_by.setdefault(key, floor)
    return whole


def build() -> None:
    """Write the server's and the phone's catalogues."""
    PHONE.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        target = FOLDER / language / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        buffer = BytesIO()
        write_mo(buffer, merge(language))
        target.write_bytes(buffer.getvalue())
        phone = fragments(language).get("phone", Catalog())
        texts = {m.id: m.string for m in phone if isinstance(m.id, str) and m.id and m.string}
        body = json.dumps({"lang": language, "t": texts}, ensure_ascii=False, sort_keys=True)
        file = PHONE / f"{language}.json"
        if not file.exists() or file.read_text("utf-8") != body:
            file.write_text(body, "utf-8")


if __name__ == "__main__":
    build()
