"""The phone's doors for photos. The bytes stream to the disk while no transaction is open."""

import uuid

from flask import Blueprint, Response, request, send_file

from walkapp.kernel import phone
from walkapp.kernel.answers import answer
from walkapp.kernel.db import db
from walkapp.kernel.transaction import own_transaction, writing
from walkapp.photos import service as photos
from walkapp.photos.rules import LARGEST_BYTES
from walkapp.walks import service as walks

from . import service

bp = Blueprint("observations_api_photos", __name__)
bp.before_request(phone.check_client)


@bp.put("/api/observations/<uuid:observation_id>/photos/<sha256>")
@own_transaction
def photo(observation_id: uuid.UUID, sha256: str) -> Response:
    """Take the bytes of a photo: first to the disk, then the row, then the answer."""
    actor = walks.authenticate(*phone.bearer())
    phone.check_length(LARGEST_BYTES)
    service.may_send_photo(actor, observation_id, sha256)
    db.session.rollback()  # nothing is held open while a slow phone talks
    received = photos.receive(actor, sha256, request.environ["wsgi.input"], request.content_length)
    with writing():
        word, proof = service.keep_photo(actor, received)
    told = {"status": word, "sha256": received.sha256, "bytes": received.bytes, "proof": proof}
    return answer(201 if word == "stored" else 200, told)


@bp.get("/api/photos/<uuid:photo_id>/thumb")
def thumb(photo_id: uuid.UUID) -> Response:
    """Show a phone a small picture that it may see: a picture in a page carries no token."""
    actor = walks.authenticate(*phone.bearer())
    response = send_file(photos.picture(actor, photo_id, "thumb"), mimetype="image/jpeg", conditional=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response
