"""Make or migrate the database. Apart from the factory: the tools for it take time to load, and serving needs none."""

from flask_migrate import Migrate
from flask_migrate import upgrade as run_migrations

from .db import db
from .installation import make_installation
from .settings import ROOT
from .transaction import App, writing


def prepare(app: App) -> None:
    """Teach an application about its migrations."""
    Migrate(app, db, directory=str(ROOT / "walkapp" / "migrations"), render_as_batch=True)


def upgrade(app: App) -> None:
    """Bring the database up to this version; at the first time, give the installation its id."""
    prepare(app)
    with app.app_context():
        run_migrations()
        with writing():
            make_installation()
