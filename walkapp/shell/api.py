"""The API's own description, and whether the house is well."""

import json
from importlib.metadata import version

from flask import Blueprint, Response, current_app, jsonify, render_template

from . import queries, wire

bp = Blueprint("shell_api", __name__)


@bp.get("/api/openapi.json")
def openapi() -> Response:
    """Tell what can be said to this house, and what it answers."""
    return jsonify(wire.document(str(current_app.extensions["settings"].base_url), version("walkapp")))


@bp.get("/api/docs")
def docs() -> str:
    """Show the same as a page."""
    document = wire.document(str(current_app.extensions["settings"].base_url), version("walkapp"))
    return render_template("shell/docs.html", document=document)


@bp.get("/health")
def health() -> Response:
    """Answer 200 when database and store answer, else 503 with the reason."""
    ailing = queries.ailing()
    body = {"status": "ill", "reason": ailing} if ailing else {"status": "ok", "fence": queries.fence()}
    return Response(json.dumps(body), 503 if ailing else 200, content_type="application/json")
