"""The phone's doors for taking part: join, contact, heartbeat."""

import hashlib
import uuid

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from walkapp.kernel import limits, phone
from walkapp.kernel.actor import PUBLIC
from walkapp.kernel.answers import answer
from walkapp.kernel.errors import NotAllowed, NotSignedIn
from walkapp.kernel.wire import read

from . import service, wire

LARGEST_BODY = 16 * 1024
JOINS_PER_MINUTE = 60
BEATS_PER_MINUTE = 30

bp = Blueprint("walks_api", __name__)
phone.guard(bp, LARGEST_BODY)


@bp.put("/api/walks/<uuid:walk_id>/participants/<uuid:participant_id>")
def join(walk_id: uuid.UUID, participant_id: uuid.UUID) -> Response:
    """Let a phone take part, by the walk's code."""
    limits.spend(f"join:{limits.asker()}", JOINS_PER_MINUTE)
    said = read(wire.Join, request.get_data())
    code = phone.join_code()
    if code is None:
        raise NotSignedIn("bad_code")
    joined = service.join(PUBLIC, walk_id, said.to_input(participant_id, code, phone.proof()))
    told = {"status": joined.word, "id": str(participant_id), "sha256": said.token_sha256, "walk": str(walk_id)}
    return answer(201 if joined.word == "joined" else 200, {**told, "proof": joined.proof})


@bp.put("/api/walks/<uuid:walk_id>/participants/<uuid:participant_id>/contact")
def contact(walk_id: uuid.UUID, participant_id: uuid.UUID) -> Response:
    """Keep where the answer goes afterwards."""
    actor = service.authenticate(*phone.bearer())
    if actor.id != participant_id:
        raise NotAllowed("not_yours")
    raw = request.get_data()
    said = read(wire.Contact, raw)
    word = service.give_contact(actor, walk_id, said.email, said.band)
    told = {"status": word, "id": str(participant_id), "sha256": hashlib.sha256(raw).hexdigest()}
    return answer(201 if word == "stored" else 200, told)


@bp.post("/api/walks/<uuid:walk_id>/heartbeat")
def heartbeat(walk_id: uuid.UUID) -> Response:
    """Hear what a phone still holds, and tell it how the walk stands."""
    actor = service.authenticate(*phone.bearer())
    limits.spend(f"heartbeat:{actor.id}", BEATS_PER_MINUTE)
    walk = service.heartbeat(actor, walk_id, read(wire.Heartbeat, request.get_data()).to_input())
    messages = {
        "closed": _("The walk is over. What you still have on the phone is sent by itself."),
        "reviewing": _("The walk is over, and what was seen is being gone through."),
        "cancelled": _("The walk has been cancelled."),
        "postponed": _("The walk has been postponed."),
    }
    return answer(200, {"state": walk.state, "message": messages.get(walk.state)})
