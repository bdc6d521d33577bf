"""The database: SQLite in the instance folder, or PostgreSQL. Both behave alike above this file."""

import sqlite3
import uuid
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, Uuid, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from .ids import new_id

try:
    import pysqlite3 as _pysqlite3

    sqlite_module: ModuleType = _pysqlite3
except ImportError:  # no wheel for this processor
    sqlite_module = sqlite3

# The WAL-reset race, fixed in 3.51.3 and in two backports: https://sqlite.org/wal.html#walresetbug
SAFE_FROM = (3, 51, 3)
SAFE_BACKPORTS = ((3, 44, 6), (3, 50, 7))


class Base(DeclarativeBase):
    """The mother of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware and in UTC in Python, the same instant in either database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without zone; SQLite stores it bare."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


class Identified:
    """A row with a UUID of its own; the server's are version 7."""

    id: Mapped[uuid.UUID] = mapped_column(Uuid(as_uuid=True), primary_key=True, default=new_id)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite may use a write-ahead log with several connections."""
    return version >= SAFE_FROM or any(version[:2] == fix[:2] and version >= fix for fix in SAFE_BACKPORTS)


def engine_options(url: str) -> dict[str, Any]:
    """Return what SQLAlchemy needs to open this database."""
    if not url.startswith("sqlite"):
        return {"pool_size": 40, "max_overflow": 10, "pool_pre_ping": True}
    return {"module": sqlite_module, "pool_size": 48, "connect_args": {"timeout": 10, "check_same_thread": False}}


def prepare(engine: Engine) -> None:
    """Set up a SQLite engine: the driver never begins by itself, WAL, FULL, foreign keys on."""
    if engine.dialect.name != "sqlite":
        return
    if not wal_is_safe(sqlite_module.sqlite_version_info):
        raise SystemExit(
            f"SQLite {sqlite_module.sqlite_version} can lose commits in WAL mode. "
            "Install pysqlite3 (pip) or Python with SQLite 3.51.3 or newer, or set WALKAPP_DATABASE_URL to PostgreSQL."
        )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("busy_timeout=10000", "journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            connection.execute("pragma " + pragma)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("begin immediate" if write else "begin")


def insert_if_absent(model: type[Base], **values: Any) -> None:
    """Insert a row unless one with the same key stands there: two writers may meet, and neither is wrong."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    db.session.execute(insert(model).values(**values).on_conflict_do_nothing())
