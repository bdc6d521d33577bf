"""What every test stands on: a fresh database for each, on SQLite and on a real PostgreSQL; people by name."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from tests import make, servers
from walkapp.factory import create_app
from walkapp.kernel.actor import Actor
from walkapp.kernel.transaction import App, writing

SECRET = "0" * 64
BOTH_DATABASES = ("test_service", "test_queries")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run services and queries on both databases, doors on SQLite alone."""
    if "database" in metafunc.fixturenames:
        both = metafunc.module.__name__.rsplit(".", 1)[-1].startswith(BOTH_DATABASES)
        metafunc.parametrize("database", ["sqlite", "postgresql"] if both else ["sqlite"], scope="session")


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run owns the servers that the tests share."""
    servers.open_shelf(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    servers.close_shelf(config)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as `walkapp db upgrade` makes it; copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    servers.migrate(create_app(instance_path=str(folder), secret_key=SECRET))
    return folder / "walkapp.sqlite"


@pytest.fixture
def app(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[App]:
    """The application on a fresh, migrated database. No context is open."""
    given = {"instance_path": str(tmp_path), "secret_key": SECRET, "base_url": "http://127.0.0.1"}
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "walkapp.sqlite")
        made = create_app(**given)
    else:
        made = create_app(**given, database_url=servers.fresh_postgresql())
    made.config.update(TESTING=True, PROPAGATE_BUGS=True, WTF_CSRF_ENABLED=False)
    yield made
    with made.app_context():
        make.db.session.remove()
        make.db.engine.dispose()


@pytest.fixture
def town(app: App) -> SimpleNamespace:
    """A municipality with one person in each role, two owners, a council, and a stranger from elsewhere."""
    with app.app_context(), writing():
        return make.town()


@pytest.fixture
def client(app: App) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()


@pytest.fixture
def sign_in(app: App) -> Callable[[FlaskClient, Actor], None]:
    """Sign an actor in: the row that a spent link makes, and its cookie."""

    def do(client: FlaskClient, actor: Actor) -> None:
        secret = uuid.uuid4().hex
        with app.app_context(), writing():
            make.sign_in_row(actor, secret)
        for host in ("localhost", "127.0.0.1"):
            with client.session_transaction(base_url=f"http://{host}") as session:
                session["who"] = secret

    return do


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser for journeys: skipped loudly without one, failed when CI=true."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        message = "no Chromium: apt install chromium, or set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found
