"""The one door through which photos are shown."""

import uuid

from flask import Blueprint, Response, send_file

from walkapp.people.session import actor

from . import service

bp = Blueprint("photos", __name__)


@bp.get('/photos/<uuid:photo_id>/<any(thumb, "800", "1600"):size>.jpg')
def picture(photo_id: uuid.UUID, size: str) -> Response:
    """Show a derivative, as bytes that can do nothing but be a picture."""
    return send_picture(photo_id, size)


def send_picture(photo_id: uuid.UUID, size: str) -> Response:
    """Answer with the picture if this reader may see it."""
    response = send_file(service.picture(actor(), photo_id, size), mimetype="image/jpeg", conditional=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
