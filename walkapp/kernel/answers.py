"""Answers: JSON for phones and other systems, pages for people, and refusals as either."""

import hashlib
import json
import logging
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import ClientDisconnected, HTTPException, SecurityError

from . import clock
from .db import db
from .errors import Refusal
from .installation import installation

log = logging.getLogger(__name__)
BUSY_SECONDS = 5


def server_facts() -> dict[str, Any]:
    """Return what every answer of the API carries: `server_id`, `epoch`, `server_time`."""
    row = installation()
    return {
        "server_id": row.server_id if row else None,
        "epoch": row.epoch if row else None,
        "server_time": clock.now().isoformat(),
    }


def answer(status: int, body: dict[str, Any], *, kind: str = "application/json") -> Response:
    """Return JSON with the server's facts."""
    text = json.dumps({**body, **server_facts()}, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type=kind)


def answer_with_tag(body: dict[str, Any]) -> Response:
    """Return JSON with an ETag made without `server_time`, or 304 with the server's id as a header."""
    facts = server_facts()
    stable = json.dumps({**body, **facts, "server_time": None}, ensure_ascii=False, sort_keys=True)
    tag = hashlib.sha256(stable.encode()).hexdigest()[:32]
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else answer(200, body)
    response.headers["Server-Id"] = str(facts["server_id"])
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(tag, weak=True)  # the same walk, not the same bytes: each answer has its own time
    return response


def for_machines() -> bool:
    """Tell whether the asker reads JSON: an address under /api, or one that says so."""
    return request.path.startswith(("/api/", "/health"))


def sentence(code: str, status: int) -> str:
    """Return the refusal's sentence in the reader's language; a general one for its status where none is written."""
    found = str(gettext(code))
    return found if found != code else str(gettext(f"status.{status}"))


def refusal(status: int, code: str, facts: dict[str, Any] | None = None, retry_after: int | None = None) -> Response:
    """Return a refusal: problem+json (RFC 9457) for machines, a page for people."""
    if for_machines():
        body = {
            **(facts or {}),
            "type": f"urn:walkapp:{code}",
            "title": gettext(f"status.{status}"),
            "status": status,
            "code": code,
            "detail": sentence(code, status),
        }
        response = answer(status, body, kind="application/problem+json")
    else:
        page = render_template("errors/problem.html", status=status, code=code, sentence=sentence(code, status))
        response = Response(page, status=status, content_type="text/html; charset=utf-8")
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    if status in (411, 413):
        response.headers["Connection"] = "close"
    return response


def install(app: Flask) -> None:
    """Teach the house to say no in every case."""

    @app.errorhandler(Refusal)
    def refused(problem: Refusal) -> Response:
        return refusal(problem.status, problem.code, problem.facts, problem.retry_after)

    @app.errorhandler(SecurityError)
    def foreign_host(_: SecurityError) -> Response:
        return Response("Unknown host", status=400, content_type="text/plain")

    @app.errorhandler(ClientDisconnected)
    def stalled(_: ClientDisconnected) -> Response:
        return refusal(408, "stalled")

    @app.errorhandler(HTTPException)
    def http(problem: HTTPException) -> Response:
        return _from_werkzeug(problem)

    @app.errorhandler(IntegrityError)
    def clash(problem: IntegrityError) -> Response:
        db.session.rollback()
        log.warning("two writers met: %s", problem.orig)
        return refusal(409, "status.409", retry_after=1)

    @app.errorhandler(DBAPIError)
    def database(problem: DBAPIError) -> Response:
        db.session.rollback()
        log.error("the database refused: %s", problem.orig)
        full = "full" in str(problem.orig).lower()
        return refusal(507 if full else 503, "status.507" if full else "status.503", retry_after=BUSY_SECONDS)

    _install_last_resort(app)


def _install_last_resort(app: Flask) -> None:
    @app.errorhandler(Exception)
    def bug(problem: Exception) -> Response:
        log.exception("a bug at %s", request.endpoint)
        db.session.rollback()
        if current_app.config.get("PROPAGATE_BUGS"):
            raise problem
        return refusal(500, "status.500")


def _from_werkzeug(problem: HTTPException) -> Response:
    if problem.response is not None or problem.code is None or problem.code < 400:  # a redirect to the slash
        whole = problem.get_response()
        return Response(whole.get_data(), status=whole.status, headers=whole.headers)
    response = refusal(problem.code, f"status.{problem.code}")
    for name, value in problem.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response
