"""The public pages: what happened after the walks. Nobody has to say who they are."""

import uuid

from flask import Blueprint, Response, make_response, render_template

from . import access, queries

bp = Blueprint("feedback", __name__)
FRESH_SECONDS = 60


@bp.get("/what-happened/<slug>/")
def what_happened(slug: str) -> Response:
    """Every walk whose page is open."""
    town = access.municipality_at(slug)
    return _for_everyone(render_template("feedback/index.html", town=town, walks=queries.published(town)))


@bp.get("/what-happened/<slug>/<uuid:walk_id>")
def walk(slug: str, walk_id: uuid.UUID) -> Response:
    """What became of what was seen on one walk."""
    town, found = access.published_walk(slug, walk_id)
    told = queries.happened(found)
    page = render_template(
        "feedback/walk.html", town=town, walk=found, told=told, shapes=queries.shapes(found, told.points)
    )
    return _for_everyone(page)


def _for_everyone(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.vary.update(("Cookie", "Accept-Language"))
    return response
