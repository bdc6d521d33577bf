"""The verbs of papers: publish a report, keep a file that was made from a frozen text."""

import uuid
from pathlib import Path

from flask_babel import force_locale
from sqlalchemy import select

from walkapp.council.rules import sha256_of
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor, house
from walkapp.kernel.db import db, insert_if_absent
from walkapp.kernel.errors import Conflict, NotFound
from walkapp.kernel.ids import new_id
from walkapp.kernel.journal import record
from walkapp.photos import service as photos
from walkapp.photos.models import Photo
from walkapp.walks import service as walks
from walkapp.walks.models import Walk
from walkapp.walks.states import PUBLIC_FROM

from . import access, queries, store
from .models import Paper, Report
from .rules import WalkReport

KEPT_IN = "pdf"


def publish(actor: Actor, walk_id: uuid.UUID) -> Report:
    """Freeze the report as it stands, and open the walk's public page. The same words again are the same version."""
    walk = access.report_of(actor, walk_id, to="publish")
    if walk.state not in PUBLIC_FROM:
        raise Conflict("report.cannot_publish", state=walk.state)
    _write_up(actor, walk)
    walks.publish(actor, walk_id)
    last = queries.latest(walk)
    number = 1 + (last.row.version if last else 0)
    with force_locale(queries.PAPER_LANGUAGE):
        report = queries.walk_report(walk, version=str(number))
    if last is not None and queries.content_hash(last.report) == queries.content_hash(report):
        return last.row
    text = queries.frozen(report)
    row = Report(
        municipality_id=walk.municipality_id,
        walk_id=walk.id,
        version=number,
        text=text,
        sha256=sha256_of(text),
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "report.published", row, walk=walk.id, version=number, sha256=row.sha256)
    return row


def _write_up(actor: Actor, walk: Walk) -> None:
    """A report whose every observation has been reviewed is the walk's protocol."""
    if walk.can("minute") and queries.waiting(walk) == 0:
        walks.advance(actor, walk.id, "minute")


def unpublish(actor: Actor, walk_id: uuid.UUID) -> None:
    """Take the public page down; the published versions stay with the coordinator."""
    access.report_of(actor, walk_id, to="publish")
    walks.unpublish(actor, walk_id)


def pictures(municipality_id: uuid.UUID, report: WalkReport) -> dict[str, bytes]:
    """Return the pictures that a report prints, 800 pixels wide: only those that a person has looked at."""
    found = {}
    for key in report.picture_keys:
        photo = db.session.get(Photo, uuid.UUID(key))
        if photo is not None and photo.municipality_id == municipality_id and photo.shown:
            found[key] = _bytes_of(photo)
    return {key: content for key, content in found.items() if content}


def _bytes_of(photo: Photo) -> bytes:
    try:
        picture = photos.open_picture(photo, "800")
    except NotFound:  # the paper says in words that a picture is missing
        return b""
    if isinstance(picture, Path):
        return picture.read_bytes()
    with picture:
        return picture.read()


def keep_paper(kind: str, source_id: uuid.UUID, municipality_id: uuid.UUID, content: bytes) -> Paper:
    """Keep the file made from a frozen text; whoever comes second finds the first one's. Never made again."""
    name = f"{source_id}.{KEPT_IN}"
    known = queries.paper(source_id)
    if known is not None:
        return known
    sha256 = store.keep(name, content)
    insert_if_absent(
        Paper,
        id=new_id(),
        municipality_id=municipality_id,
        source_kind=kind,
        source_id=source_id,
        format=KEPT_IN,
        file=name,
        sha256=sha256,
        bytes=len(content),
        made_at=clock.now(),
    )
    kept = db.session.scalars(select(Paper).where(Paper.source_id == source_id, Paper.format == KEPT_IN)).one()
    record(house(municipality_id), "paper.kept", kept, sha256=kept.sha256, source=source_id)
    return kept


def content_of(paper: Paper) -> bytes | None:
    """Return a kept file's bytes; None when the file is lost."""
    return store.read(paper.file)
