"""The phone's doors for what was seen: the walk's pack, observations, ratings, voices, receipt, changes."""

import uuid
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import pgettext

from walkapp.kernel import limits, phone
from walkapp.kernel.actor import PUBLIC, Actor
from walkapp.kernel.answers import answer, answer_with_tag, refusal
from walkapp.kernel.errors import TooLarge
from walkapp.kernel.transaction import keep_although_refused
from walkapp.kernel.wire import read
from walkapp.photos.rules import LARGEST_BYTES
from walkapp.walks import queries as walk_queries
from walkapp.walks import service as walks
from walkapp.walks.models import Walk

from . import queries, rules, service, wire

LARGEST_BODY = 1024 * 1024
LARGEST_ITEM = 64 * 1024
READS_PER_MINUTE = 60
PRIVACY = (
    "What you write and photograph is sent to the municipality, which uses it to make the place safer. "
    "You need not say who you are: write about places, not people, and do not photograph faces or number plates."
)

bp = Blueprint("observations_api", __name__)
phone.guard(bp, LARGEST_BODY)


@bp.get("/api/walks/<uuid:walk_id>/pack")
def pack(walk_id: uuid.UUID) -> Response:
    """Tell a phone all that it needs without network; the walk's code opens it too, to read before joining."""
    code = phone.join_code()
    if code is None:
        actor = _phone()
        return answer_with_tag(_with_words(walk_queries.pack(actor, walks.walk_of_phone(actor, walk_id))))
    limits.spend(f"join:{limits.asker()}", READS_PER_MINUTE)
    walk: Walk = walks.walk_by_code(walk_id, code)
    return answer_with_tag(_with_words(walk_queries.pack(PUBLIC, walk)))


@bp.put("/api/observations/<uuid:observation_id>")
def observation(observation_id: uuid.UUID) -> Response:
    """Take one revision of an observation."""
    actor, sent = _phone(), _sent(observation_id)
    return _told(service.receive(actor, sent, read(wire.Observation, sent.raw).to_input()))


@bp.put("/api/ratings/<uuid:rating_id>")
def rating(rating_id: uuid.UUID) -> Response:
    """Take the silent score at a stop."""
    actor, sent = _phone(), _sent(rating_id)
    return _told(service.rate(actor, sent, read(wire.Rating, sent.raw).to_input()))


@bp.put("/api/voices/<uuid:voice_id>")
def voice(voice_id: uuid.UUID) -> Response:
    """Take one more voice for another's observation."""
    actor, sent = _phone(), _sent(voice_id)
    return _told(service.agree(actor, sent, read(wire.Voice, sent.raw).to_input()))


@bp.post("/api/walks/<uuid:walk_id>/receipt")
def receipt(walk_id: uuid.UUID) -> Response:
    """Tell what has arrived of what a phone asks for."""
    actor = _phone()
    asked = read(wire.Receipt, request.get_data())
    if asked.count > wire.MOST_IDS:
        raise TooLarge("too_large", most_ids=wire.MOST_IDS)
    found = service.settle_receipt(actor, walk_id, asked.to_input())
    told = {"missing": wire.lists(found.missing), "secured": wire.lists(found.secured), "digest": found.digest}
    return answer(200, told)


@bp.get("/api/walks/<uuid:walk_id>/changes")
def changes(walk_id: uuid.UUID) -> Response:
    """Tell what became of a phone's own things, and what others saw."""
    actor = _phone()
    limits.spend(f"changes:{actor.id}", READS_PER_MINUTE)
    found = queries.changes(actor, walks.walk_of_phone(actor, walk_id))
    if request.args.get("after") == found["cursor"]:
        return answer(200, {"cursor": found["cursor"], "changed": False, "own": [], "others": []})
    return answer(200, {**found, "changed": True})


def _phone() -> Actor:
    return walks.authenticate(*phone.bearer())


def _sent(id: uuid.UUID) -> service.Sent:
    phone.check_length(LARGEST_ITEM)
    return service.Sent(id, request.get_data(), phone.sent_at(), phone.client(), phone.proof())


def _told(outcome: service.Outcome) -> Response:
    echo = {"id": str(outcome.id), "revision": outcome.revision, "sha256": outcome.sha256}
    if outcome.word == "conflict":
        keep_although_refused()
        return refusal(409, "conflict", {**echo, "current": outcome.current})
    status = {"stored": 201, "held": 202}.get(outcome.word, 200)
    return answer(status, {"status": outcome.word, **echo, "number": outcome.number, "proof": outcome.proof})


def _with_words(pack: dict[str, Any]) -> dict[str, Any]:
    """Add what depends on the reader's language, and the limits."""
    common = rules.common_categories(pack["walk"]["theme"])
    words = ((code, pgettext("category", word)) for code, word in rules.CATEGORY_WORDS.items())
    categories = [{"code": code, "name": word, "common": code in common} for code, word in words]
    limits = {
        "photo_bytes": LARGEST_BYTES,
        "photos_per_observation": service.PHOTOS_PER_OBSERVATION,
        "text": wire.MOST_TEXT,
    }
    texts = {"privacy": _(PRIVACY), "contact": pack["texts"]["contact"]}
    return {**pack, "categories": categories, "limits": limits, "texts": texts}
