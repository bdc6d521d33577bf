"""What `walkapp doctor` and `/health` look at."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from walkapp.kernel import db as database
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.queue import Job
from walkapp.kernel.settings import ROOT, Settings
from walkapp.kernel.transaction import App
from walkapp.photos.image import layers

LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Note:
    """One thing that was looked at; `mend` says what to do where it is not good."""

    good: bool
    what: str
    mend: str = ""


def look(app: App) -> list[Note]:
    """Look at everything that must be in place. Changes nothing."""
    settings: Settings = app.extensions["settings"]
    return [*_settings(settings), *_database(settings), *_disk(settings), *_assets(), *_fence(), *_queue()]


def _settings(settings: Settings) -> Iterator[Note]:
    where = "this machine alone" if settings.local else settings.base_url
    yield Note(True, f"People reach it at {where}")
    yield Note(
        settings.local or settings.https,
        "Encrypted (https)" if settings.https else "Not encrypted (http)",
        "" if settings.local or settings.https else "Set WALKAPP_BASE_URL to an https address: phones need it.",
    )
    yield Note(True, f"Letters go to {'a mail server' if settings.mail else 'files in instance/mail'}")


def _database(settings: Settings) -> Iterator[Note]:
    if settings.database_url.startswith("sqlite"):
        version = database.sqlite_module.sqlite_version
        safe = database.wal_is_safe(database.sqlite_module.sqlite_version_info)
        yield Note(safe, f"SQLite {version}", "" if safe else "Install pysqlite3, or use PostgreSQL.")
    else:
        yield from _durable_postgresql()
    try:
        here = installation()
    except Exception:
        db.session.rollback()
        here = None
    yield Note(
        here is not None, "The database is made" if here else "No database", "" if here else "walkapp db upgrade"
    )


def _durable_postgresql() -> Iterator[Note]:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        on = db.session.scalar(text(f"show {name}")) != "off"
        yield Note(
            on, f"PostgreSQL {name} is {'on' if on else 'off'}", "" if on else f"Turn {name} on: commits may be lost."
        )


def _disk(settings: Settings) -> Iterator[Note]:
    free = shutil.disk_usage(settings.instance_path).free // 1_000_000
    yield Note(
        free > LEAST_FREE_MB, f"{free:,} MB free".replace(",", " "), "" if free > LEAST_FREE_MB else "Make room."
    )
    shut = not settings.instance_path.stat().st_mode & 0o007
    yield Note(
        shut or settings.local,
        "The instance folder is closed to other users" if shut else "The instance folder can be read by other users",
        "" if shut else f"chmod o-rwx {settings.instance_path}",
    )


def _assets() -> Iterator[Note]:
    built = Path(ROOT / "static" / "dist" / "assets.json").exists()
    yield Note(
        built, "Pages' files are built" if built else "Pages' files are not built", "" if built else "make set-up"
    )


def _fence() -> Iterator[Note]:
    for layer, holds in layers()["held"].items():
        yield Note(True, f"Pictures are developed behind {layer}: {'yes' if holds else 'not on this machine'}")


def _queue() -> Iterator[Note]:
    try:
        dead = db.session.scalar(select(func.count()).select_from(Job).where(Job.state == "dead")) or 0
    except Exception:
        db.session.rollback()
        return
    yield Note(dead == 0, f"{dead} jobs have given up", "" if dead == 0 else "See last_error in the table job.")
