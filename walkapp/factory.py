"""Put the house together. The only place that knows every door."""

import importlib
import importlib.util
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, g, has_request_context, request
from flask_babel import Babel
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.engine import make_url

from walkapp.kernel import answers, assets, headers, look
from walkapp.kernel import db as database
from walkapp.kernel import settings as house_settings
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.settings import ROOT, Settings
from walkapp.kernel.transaction import App, NoPen, Pen
from walkapp.people import session

FLOORS = (
    "people", "agencies", "photos", "walks", "observations", "actions", "council", "reports", "feedback", "shell",
)  # fmt: skip
DOORS = ("pages", "api", "jobs")
LANGUAGES = ("sv", "en")
csrf = CSRFProtect()


def create_app(settings: Settings | None = None, **given: str) -> App:
    """Make the application. `given` overrides settings by their names without WALKAPP_, in lower case."""
    settings = settings or house_settings.load(**given)
    app = App(
        "walkapp",
        static_folder=None,
        template_folder=str(ROOT / "templates"),
        instance_path=str(settings.instance_path),
    )
    app.extensions["settings"] = settings
    app.config.update(_config(settings))
    _open_database(app, settings)
    Babel(app, locale_selector=_language, default_timezone="Europe/Stockholm")
    Compress(app)
    csrf.init_app(app)
    headers.install(app)
    assets.install(app, ROOT / "static" / "dist")
    look.install(app)
    answers.install(app)
    _teach_pages(app)
    _open_doors(app)
    return app


def _config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(settings.database_url),
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "SESSION_COOKIE_NAME": "__Host-walkapp" if settings.https else "walkapp",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": True,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "sv",
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "COMPRESS_MIN_SIZE": 500,
        "COMPRESS_MIMETYPES": [
            "text/html", "text/css", "text/plain", "text/javascript", "application/javascript", "image/svg+xml",
            "application/json", "application/problem+json", "application/manifest+json", "application/geo+json",
        ],
    }  # fmt: skip


def _open_database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    url = make_url(settings.database_url)
    sqlite = url.get_backend_name() == "sqlite"
    app.extensions["pen"] = Pen(settings.instance_path / "walkapp.pen") if sqlite else NoPen()
    with app.app_context():
        database.prepare(db.engine)


def _language() -> str:
    if not has_request_context():  # a job: it says itself in whose language it writes
        return "sv"
    asked = request.args.get("language") or request.cookies.get("language")
    if asked in LANGUAGES:
        return asked
    who = None if request.path.startswith("/api/") else session.person()
    if who and who.language in LANGUAGES:
        return str(who.language)
    return request.accept_languages.best_match(LANGUAGES, "sv") or "sv"


def _teach_pages(app: Flask) -> None:
    @app.context_processor
    def frame() -> dict[str, Any]:
        return {"frame": Frame()}

    @app.errorhandler(CSRFError)
    def stale_form(_: CSRFError) -> Any:
        return answers.refusal(400, "form.stale")


class Frame:
    """What every page's frame shows; read lazily, so that a refusal page costs nothing it does not need."""

    @property
    def is_demo(self) -> bool:
        """Tell whether this is a demo instance: then everything says so."""
        if "is_demo" not in g:
            row = installation()
            g.is_demo = bool(row and row.is_demo)
        return bool(g.is_demo)

    @property
    def person(self) -> str | None:
        """The signed-in person's name."""
        who = session.person()
        return who.contact.name if who else None

    @property
    def roles(self) -> frozenset[str]:
        """The words of the roles held."""
        return frozenset(role.word for role in session.actor().roles)

    @property
    def municipality(self) -> str | None:
        """The municipality's name."""
        who = session.actor()
        if who.municipality_id is None:
            return None
        from walkapp.people.access import own_municipality

        return own_municipality(who).name

    @property
    def language(self) -> str:
        """The reader's language."""
        return _language()


def _open_doors(app: Flask) -> None:
    for floor in FLOORS:
        if importlib.util.find_spec(f"walkapp.{floor}.models"):
            importlib.import_module(f"walkapp.{floor}.models")
    for floor in FLOORS:
        for room in _rooms(floor):
            module = importlib.import_module(f"walkapp.{floor}.{room}")
            blueprint = getattr(module, "bp", None)
            if isinstance(blueprint, Blueprint):
                app.register_blueprint(blueprint)
                if room.startswith("api"):
                    csrf.exempt(blueprint)
    for room in ("series", "letters"):
        importlib.import_module(f"walkapp.kernel.{room}")


def _rooms(floor: str) -> list[str]:
    folder = ROOT / "walkapp" / floor
    return sorted(file.stem for file in folder.glob("*.py") if file.stem.split("_")[0] in DOORS)
