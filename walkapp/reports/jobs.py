"""Papers follow what was frozen: made once, by a process of their own, while nobody holds the pen."""

from walkapp.council import queries as council
from walkapp.council.models import Meeting
from walkapp.kernel.db import db
from walkapp.kernel.journal import Entry
from walkapp.kernel.queue import on
from walkapp.kernel.transaction import writing

from . import pdf, queries, service
from .rules import minutes_paper, walk_paper


@on("report.published", slow=True)
def print_report(entry: Entry) -> None:
    """Print a published report from its frozen text."""
    row = queries.report_row(entry.subject_id)
    if row is None or queries.paper(row.id) is not None:
        return
    row_id, town, made_at, report = row.id, row.municipality_id, row.made_at, queries.thaw(row.text)
    pictures = service.pictures(town, report)
    db.session.rollback()
    content = pdf.render("report", walk_paper(report), pictures, timestamp=made_at)
    with writing():
        service.keep_paper("report", row_id, town, content)


@on("minutes.signed", slow=True)
def print_minutes(entry: Entry) -> None:
    """Print signed minutes from the snapshot alone."""
    snapshot = queries.snapshot_row(entry.subject_id)
    if snapshot is None or snapshot.signed_at is None or queries.paper(snapshot.id) is not None:
        return
    row_id, town, signed_at = snapshot.id, snapshot.municipality_id, snapshot.signed_at
    meeting = db.session.get_one(Meeting, snapshot.meeting_id)
    paper = minutes_paper(queries.minutes_paper(council.minutes_of(meeting)))
    db.session.rollback()
    content = pdf.render("minutes", paper, {}, timestamp=signed_at)
    with writing():
        service.keep_paper("minutes_snapshot", row_id, town, content)
