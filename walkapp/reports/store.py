"""Where papers are kept: files in the instance's folder `papers`, written whole or not at all."""

import hashlib
import os
import uuid
from pathlib import Path

from flask import current_app

DRAFTS = "drafts"


def folder() -> Path:
    """Return the folder of the papers that are kept for good; the drafts' is inside."""
    return Path(current_app.extensions["settings"].instance_path) / "papers"


def keep(name: str, content: bytes) -> str:
    """Keep a paper; durable when this returns. Return its hash."""
    _write(folder() / name, content)
    return hashlib.sha256(content).hexdigest()


def read(name: str) -> bytes | None:
    """Return a kept paper; None when there is no such file."""
    try:
        return (folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def draft(of: uuid.UUID, content_sha256: str) -> bytes | None:
    """Return the draft that was printed from this very content; None when it has to be printed."""
    return read(f"{DRAFTS}/{of}/{content_sha256}.pdf")


def keep_draft(of: uuid.UUID, content_sha256: str, content: bytes) -> None:
    """Keep a draft until the next one: of one thing there is one."""
    place = folder() / DRAFTS / str(of)
    _write(place / f"{content_sha256}.pdf", content)
    for old in place.glob("*.pdf"):
        if old.stem != content_sha256:
            old.unlink(missing_ok=True)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex}.part")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
