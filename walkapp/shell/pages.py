"""The app frame of the phone: its one page, its service worker, its manifest. Nothing here knows who asks."""

from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template

from walkapp.feedback.queries import towns_with_pages
from walkapp.kernel import clock, look
from walkapp.people import session

from . import queries

bp = Blueprint("shell", __name__)


@bp.get("/")
def start() -> str:
    """Show whoever is signed in what waits for them; tell everybody else what this is."""
    who = session.actor()
    if who.kind != "person":
        return render_template("shell/welcome.html", towns=towns_with_pages())
    return render_template(
        "shell/start.html", start=queries.start(who), today=clock.today(), may_plan=who.has("coordinator")
    )


@bp.get("/field/")
@bp.get("/field/join")
def field() -> Response:
    """Show the phone's app. The walk and its code stand in the fragment, which never reaches a server."""
    response = Response(render_template("field.html"), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/sw.js")
def service_worker() -> Response:
    """Hand out the service worker at the root, never from a cache: it is what brings a new version to the phones."""
    built = Path(look.STATIC) / "dist" / Path(look.asset("sw.js")).name
    response = Response(built.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """Tell the phone how the app looks on its home screen. No code of any walk stands in it."""
    response = jsonify(
        {
            "id": "/field/",
            "name": "Trygghetsvandring",
            "short_name": "Vandring",
            "lang": "sv",
            "start_url": "/field/",
            "scope": "/field/",
            "display": "standalone",
            "background_color": "#f3f6f6",
            "theme_color": "#0b4f5c",
            "icons": [
                {"src": look.asset("icon.svg"), "type": "image/svg+xml", "sizes": "any"},
                *(
                    {
                        "src": look.asset(f"icon-{size}.png"),
                        "type": "image/png",
                        "sizes": f"{size}x{size}",
                        "purpose": purpose,
                    }
                    for size in (192, 512)
                    for purpose in ("any", "maskable")
                ),
            ],
        }
    )
    response.content_type = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response
