"""Alembic's environment: foreign keys are off while tables are rebuilt, and checked before the commit."""

from alembic import context
from flask import current_app
from sqlalchemy import NullPool, create_engine, event, text

from walkapp.kernel import db as database
from walkapp.kernel.db import db

url = current_app.config["SQLALCHEMY_DATABASE_URI"]


def _engine():
    options = {"module": database.sqlite_module} if url.startswith("sqlite") else {}
    engine = create_engine(url, poolclass=NullPool, **options)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def on_connect(connection, _):
            connection.isolation_level = None
            for pragma in ("busy_timeout=10000", "journal_mode=wal", "synchronous=full", "foreign_keys=off"):
                connection.execute("pragma " + pragma)

        @event.listens_for(engine, "begin")
        def on_begin(connection):
            connection.exec_driver_sql("begin immediate")

    return engine


def run() -> None:
    """Migrate in one transaction; a batch rebuild with foreign keys on would silently delete the children."""
    with current_app.extensions["pen"], _engine().connect() as connection, connection.begin():
        context.configure(
            connection=connection, target_metadata=db.metadata, render_as_batch=True, compare_type=True,
            transaction_per_migration=False, transactional_ddl=True,
        )  # fmt: skip
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("pragma foreign_key_check")).fetchall()
            if broken:
                raise RuntimeError(f"rows without their parents: {broken[:5]}")


run()
