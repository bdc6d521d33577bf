"""The API's own description."""

from importlib.metadata import version

from flask import Blueprint, Response, current_app, jsonify, render_template

from . import wire

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
