"""The report's page, its papers and its map; the minutes as a paper."""

import hashlib
import logging
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.utils import secure_filename

from walkapp.council import access as council_access
from walkapp.council import queries as council
from walkapp.council.models import Meeting, MinutesSnapshot
from walkapp.council.rules import sha256_of
from walkapp.kernel import clock
from walkapp.kernel.db import db
from walkapp.kernel.errors import Gone, NotFound, Unavailable
from walkapp.kernel.map import content_policy
from walkapp.kernel.transaction import writing
from walkapp.people.access import coordinates
from walkapp.people.models import Municipality
from walkapp.people.session import signed_in
from walkapp.walks.models import Walk

from . import access, pdf, queries, service, store
from .rules import WalkReport, minutes_paper, walk_paper

bp = Blueprint("reports", __name__)
log = logging.getLogger(__name__)


@bp.get("/walks/<uuid:walk_id>/report")
def walk_report(walk_id: uuid.UUID) -> str:
    """The report as it stands now."""
    actor = signed_in()
    walk = access.report_of(actor, walk_id)
    report, last = queries.walk_report(walk), queries.latest(walk)
    return render_template(
        "reports/walk_report.html",
        walk=walk,
        report=report,
        slug=db.session.get_one(Municipality, walk.municipality_id).slug,
        coordinates=coordinates(actor, walk.municipality_id),
        waiting=queries.waiting(walk),
        latest=last,
        same=last is not None and _same(walk, last, report),
        considered=queries.considered_at(walk),
        agendas=queries.open_agendas(actor, walk),
        shapes=shapes_of(report),
        state_of={one.number: one for one in report.points},
    )


def _same(walk: Walk, last: queries.Version, report: WalkReport) -> bool:
    """Tell whether the newest published version says the same as the report now, in the paper's language."""
    if report.language != queries.PAPER_LANGUAGE:
        with force_locale(queries.PAPER_LANGUAGE):
            report = queries.walk_report(walk)
    return queries.content_hash(last.report) == queries.content_hash(report)


def shapes_of(report: WalkReport) -> dict[str, Any]:
    """Return what the page's map draws; every point is in the list too."""
    return {
        "area": _geometry("Polygon", report.area),
        "route": _geometry("LineString", report.route),
        "stops": [{"lat": s.lat, "lon": s.lon, "number": s.number, "name": s.name} for s in report.stops],
        "points": [
            {
                "id": str(point.number),
                "kind": point.kind,
                "number": point.number,
                "lat": point.lat,
                "lon": point.lon,
                "title": point.place or point.category,
                "href": f"#p{point.number}",
            }
            for point in report.points
            if point.lat is not None
        ],
    }


def _geometry(kind: str, positions: tuple[tuple[float, float], ...]) -> dict[str, Any] | None:
    if len(positions) < 2:
        return None
    line = [[lon, lat] for lat, lon in positions]
    return {"type": kind, "coordinates": [line] if kind == "Polygon" else line}


@bp.post("/walks/<uuid:walk_id>/report/publish")
def publish(walk_id: uuid.UUID) -> Any:
    """Freeze the report and open the public page."""
    row = service.publish(signed_in(), walk_id)
    flash(_("Version %(number)s is published. The public page is open.", number=row.version), "good")
    return redirect(url_for(".walk_report", walk_id=walk_id), 303)


@bp.post("/walks/<uuid:walk_id>/report/unpublish")
def unpublish(walk_id: uuid.UUID) -> Any:
    """Take the public page down."""
    service.unpublish(signed_in(), walk_id)
    flash(_("The public page is closed."), "good")
    return redirect(url_for(".walk_report", walk_id=walk_id), 303)


# -- papers ----------------------------------------------------------------------------------------------------


@bp.get("/walks/<uuid:walk_id>/report.pdf")
def walk_pdf(walk_id: uuid.UUID) -> Response:
    """The report as a paper: the published version, or with `?draft=1` (and before publishing) as it stands now."""
    walk = access.report_of(signed_in(), walk_id)
    last = queries.latest(walk)
    wanted = request.args.get("version")
    if wanted:
        return _version(walk, wanted)
    if last is not None and last.clean and not request.args.get("draft"):
        return _published(walk, last)
    return _paper(_draft(walk), _("report"), walk.name)


def _version(walk: Walk, wanted: str) -> Response:
    row = next((one for one in queries.versions(walk) if str(one.version) == wanted), None)
    if row is None:
        raise NotFound("report.no_such_version")
    report = queries.thaw(row.text)
    if not queries.still_clean(walk, report) and not coordinates(signed_in(), walk.municipality_id):
        raise Gone("report.version_withdrawn")
    return _published(walk, queries.Version(row, report, True))


def _published(walk: Walk, version: queries.Version) -> Response:
    kept = queries.paper(version.row.id)
    content = service.content_of(kept) if kept else None
    if content is None:
        content = print_version(version)
    return _paper(content, _("report"), f"{walk.name} {version.row.version}")


def print_version(version: queries.Version) -> bytes:
    """Print a published version from its frozen text and keep the file; nobody holds the pen meanwhile."""
    row_id, town, made_at = version.row.id, version.row.municipality_id, version.row.made_at
    pictures = service.pictures(town, version.report)
    db.session.rollback()
    content = _printed("report", walk_paper(version.report), pictures, timestamp=made_at)
    with writing():
        kept = service.keep_paper("report", row_id, town, content)
        return service.content_of(kept) or content


def _draft(walk: Walk) -> bytes:
    report = queries.walk_report(walk)
    sha256 = queries.content_hash(report)
    kept = store.draft(walk.id, sha256)
    if kept is not None:
        return kept
    walk_id, pictures = walk.id, service.pictures(walk.municipality_id, report)
    db.session.rollback()
    content = _printed("report", walk_paper(report), pictures, timestamp=clock.now())
    store.keep_draft(walk_id, sha256, content)
    return content


def _printed(template: str, data: dict[str, Any], pictures: dict[str, bytes], *, timestamp: datetime) -> bytes:
    try:
        return pdf.render(template, data, pictures, timestamp=timestamp)
    except pdf.PaperFailed as failed:
        log.error("no paper came: %s", failed)
        raise Unavailable("paper.failed", retry_after=30) from failed


@bp.get("/meetings/<uuid:meeting_id>/minutes.pdf")
def minutes_pdf(meeting_id: uuid.UUID) -> Response:
    """The minutes as a paper: from the signed text alone, once; before that a draft that says so."""
    meeting = council_access.meeting_for(signed_in(), meeting_id)
    found = council.minutes_of(meeting)
    name = f"{found.content['forum']} {found.content['held_on']}"
    snapshot = council.snapshot_of(meeting) if found.frozen else None
    if snapshot is None:
        return _paper(_draft_minutes(meeting, found), found.content["kind"], name)
    kept = queries.paper(snapshot.id)
    content = service.content_of(kept) if kept else None
    return _paper(content or print_minutes(snapshot, found), found.content["kind"], name)


def print_minutes(snapshot: MinutesSnapshot, found: council.Minutes) -> bytes:
    """Print signed minutes from the snapshot and keep the file."""
    row_id, town = snapshot.id, snapshot.municipality_id
    signed_at = snapshot.signed_at or snapshot.made_at
    paper = minutes_paper(queries.minutes_paper(found))
    db.session.rollback()
    content = _printed("minutes", paper, {}, timestamp=signed_at)
    with writing():
        kept = service.keep_paper("minutes_snapshot", row_id, town, content)
        return service.content_of(kept) or content


def _draft_minutes(meeting: Meeting, found: council.Minutes) -> bytes:
    meeting_id, paper = meeting.id, minutes_paper(queries.minutes_paper(replace(found, frozen=False)))
    given = "".join(f"{one.office}{one.at.isoformat()}" for one in found.signatures)
    sha256 = sha256_of(found.sha256 + given)
    kept = store.draft(meeting_id, sha256)
    if kept is not None:
        return kept
    db.session.rollback()
    content = _printed("minutes", paper, {}, timestamp=clock.now())
    store.keep_draft(meeting_id, sha256, content)
    return content


def _paper(content: bytes, kind: str, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{_file_name(kind, name)}.pdf"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(content).hexdigest())
    response.make_conditional(request)
    return response


def _file_name(kind: str, name: str) -> str:
    return secure_filename(f"{kind}-{name}".lower().replace("–", "-")) or "walkapp"


@bp.get("/walks/<uuid:walk_id>/map.html")
def walk_map(walk_id: uuid.UUID) -> Response:
    """The walk's map as one file to keep: it needs no network, and runs nothing that people wrote."""
    walk = access.report_of(signed_in(), walk_id)
    document = queries.map_file(queries.walk_report(walk))
    response = make_response(document)
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    response.headers["Content-Security-Policy"] = content_policy(document)
    response.headers["Content-Disposition"] = f'inline; filename="{_file_name(_("map"), walk.name)}.html"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response
