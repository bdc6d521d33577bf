"""The `walkapp` command."""

import os
import sys
import uuid
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import click
from sqlalchemy import select

from walkapp.factory import create_app
from walkapp.kernel import clock, queue, serving
from walkapp.kernel import settings as house_settings
from walkapp.kernel.actor import house
from walkapp.kernel.db import db
from walkapp.kernel.errors import Refusal
from walkapp.kernel.transaction import App, writing

ROLES = (
    "administrator", "archivist", "coordinator", "walk_leader",
    "agency_contact", "council_member", "chair", "secretary",
)  # fmt: skip


@click.group()
def main() -> None:
    """Safety walks, from the phone to the council's minutes."""


def in_house(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command in the application; a refusal becomes a sentence and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        app = create_app()
        with app.app_context():
            try:
                command(app, *args, **kwargs)
            except Refusal as no:
                raise click.ClickException(f"{no.code} {no.facts or ''}".strip()) from no

    return run


@main.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, type=int)
@click.option("--workers", default=1, type=int)
def serve(host: str, port: int, workers: int) -> None:
    """Serve pages and API; on the embedded database also run the queue."""
    _check_serving(host, workers)
    upgrade_database()
    _serve(host, port, workers)


def _check_serving(host: str, workers: int) -> None:
    chosen = house_settings.load()
    if host not in house_settings.LOCAL_HOSTS:
        house_settings.require_base_url(chosen)
    if chosen.database_url.startswith("sqlite") and workers > 1:
        raise click.ClickException(
            "SQLite has one writer: run one worker (it has many threads), or set WALKAPP_DATABASE_URL to PostgreSQL."
        )


def _serve(host: str, port: int, workers: int) -> None:
    chosen = house_settings.load()
    environment = {**os.environ, **({"WALKAPP_BASE_URL": chosen.base_url} if chosen.base_url_is_set else {})}
    with_queue = chosen.database_url.startswith("sqlite")
    note = house_settings.served_at_file(chosen.instance_path)
    sys.exit(serving.serve(host, port, workers, with_queue=with_queue, environment=environment, note=note))


def upgrade_database() -> App:
    """Make or migrate the database; return the application that did it."""
    from walkapp.kernel import migrating

    app = create_app()
    migrating.upgrade(app)
    return app


@main.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
def db_upgrade() -> None:
    """Make the database, or bring it up to this version."""
    upgrade_database()
    click.echo("The database is up to date.")


@main.command()
@click.option("--once", is_flag=True, help="run what is due, then stop")
@in_house
def work(app: App, once: bool) -> None:
    """Run the queue: letters, pictures, papers."""
    if once:
        click.echo(f"{queue.drain(app)} done")
        return
    serving.run_queue()


@main.command()
@click.option("--today", default=None, help="tell the demo relative to this day, YYYY-MM-DD")
def demo(today: str | None) -> None:
    """Fill an empty instance with the demo municipality."""
    from walkapp import demonstration

    app = upgrade_database()
    with app.app_context():
        try:
            people = demonstration.tell(app, date.fromisoformat(today) if today else clock.today())
        except demonstration.NotEmpty as full:
            raise click.ClickException(str(full)) from full
        for role, email in people:
            click.echo(f"{role:<16} {email}")


@main.command("run-demo", hidden=True)
@click.option("--port", default=8000, type=int)
@click.pass_context
def run_demo(context: click.Context, port: int) -> None:
    """Make the demo if there is nothing, then serve it: what `make run` does."""
    from walkapp import demonstration

    app = upgrade_database()
    with app.app_context():
        empty = demonstration.is_empty()
    if empty:
        click.echo("Making the demo municipality...")
        context.invoke(demo, today=None)
    click.echo(f"\n  Open http://127.0.0.1:{port}/ in a browser. Sign in with one click as any of the demo's people.")
    click.echo("  The phone's page: the walk that is open now, under «Join a walk», or `walkapp join-link`.\n")
    _serve("127.0.0.1", port, workers=1)


@main.group()
def municipality() -> None:
    """Municipalities."""


@municipality.command("add")
@click.argument("code")
@click.option("--slug", default=None)
@in_house
def municipality_add(_: App, code: str, slug: str | None) -> None:
    """Add a municipality by its four-digit code, with a council."""
    from walkapp.council import service as council
    from walkapp.people import service as people

    with writing():
        made = people.add_municipality(house(None), code, slug)
        council.add_council(house(made.id), made, "bra", "Brottsförebyggande rådet")
        click.echo(f"{made.slug} {made.name} {made.id}")


@main.group()
def organisation() -> None:
    """Owners of places."""


@organisation.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--kind", required=True)
@click.option("--municipality", "code", required=True)
@in_house
def organisation_add(_: App, slug: str, name: str, kind: str, code: str) -> None:
    """Add an owner of places."""
    from walkapp.agencies import service as agencies

    with writing():
        town = _municipality(code)
        made = agencies.add(house(town.id), slug=slug, name=name, kind=kind)
        click.echo(f"{made.slug} {made.id}")


@main.group()
def person() -> None:
    """People who sign in."""


@person.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--municipality", "code", default=None)
@click.option("--organisation", "organisation_slug", default=None)
@click.option("--council", "council_slug", default=None)
@click.option("--walk", "walk_id", default=None, type=click.UUID)
@in_house
def person_add(
    _: App,
    email: str,
    name: str,
    role: str,
    code: str | None,
    organisation_slug: str | None,
    council_slug: str | None,
    walk_id: uuid.UUID | None,
) -> None:
    """Add a person, or give one who is there another role."""
    from walkapp.people import service as people

    with writing():
        town = _municipality(code)
        council_id = _council_id(town, council_slug, role)
        made = people.add_person(
            house(town.id if town else None),
            email=email,
            name=name,
            role=role,
            organisation_id=_organisation_id(town, organisation_slug),
            council_id=council_id,
            walk_id=walk_id,
        )
        _take_seat(town, council_id, made, role)
        click.echo(f"{made.id}")


@main.command("sign-in-link")
@click.argument("email")
@in_house
def sign_in_link(app: App, email: str) -> None:
    """Print a one-time address for signing in, good for ten minutes."""
    from walkapp.people import queries, service

    with writing():
        found = queries.by_email(email)
        if found is None:
            raise click.ClickException(f"Nobody here has the address {email}.")
        token = service.make_sign_in_token(house(found.municipality_id), found)
    click.echo(f"{_base_url(app)}/sign-in#t={token}")


@main.command("join-link")
@click.argument("walk_id", required=False, type=click.UUID)
@in_house
def join_link(app: App, walk_id: uuid.UUID | None) -> None:
    """Print the address that a walk's QR code holds."""
    from walkapp.walks import queries

    walk = queries.joinable(walk_id)
    if walk is None:
        raise click.ClickException("No walk can be joined now.")
    click.echo(queries.join_address(_base_url(app), walk))


@main.command()
@in_house
def doctor(app: App) -> None:
    """Tell what is not set up, and how to mend it."""
    from walkapp import checks

    notes = checks.look(app)
    for note in notes:
        click.echo(f"{'ok ' if note.good else 'NO '} {note.what}" + (f"\n    {note.mend}" if note.mend else ""))
    if not all(note.good for note in notes):
        sys.exit(1)


@main.command()
@in_house
def openapi(app: App) -> None:
    """Print the OpenAPI document."""
    click.echo(app.test_client().get("/api/openapi.json", base_url=_base_url(app)).get_data(as_text=True))


def _base_url(app: App) -> str:
    return str(app.extensions["settings"].base_url)


def _municipality(code: str | None) -> Any:
    from walkapp.people import queries
    from walkapp.people.models import Municipality

    if code is not None:
        found = queries.municipality_by_code(code) or queries.municipality_by_slug(code)
        if found is None:
            raise click.ClickException(f"There is no municipality {code} here: walkapp municipality add {code}")
        return found
    rows = list(db.session.scalars(select(Municipality).limit(2)))
    return rows[0] if len(rows) == 1 else None


def _organisation_id(town: Any, slug: str | None) -> uuid.UUID | None:
    from walkapp.agencies.models import Organisation

    if slug is None or town is None:
        return None
    found = db.session.scalar(
        select(Organisation.id).where(Organisation.municipality_id == town.id, Organisation.slug == slug)
    )
    if found is None:
        raise click.ClickException(f"{town.name} has no organisation {slug}.")
    return found


def _council_id(town: Any, slug: str | None, role: str) -> uuid.UUID | None:
    from walkapp.council.models import Council

    if town is None or role not in ("council_member", "chair", "secretary"):
        return None
    mine = select(Council.id).where(Council.municipality_id == town.id)
    found = db.session.scalars(mine.where(Council.slug == slug) if slug else mine).all()
    if len(found) != 1:
        raise click.ClickException("Say which council: --council SLUG")
    return found[0]


def _take_seat(town: Any, council_id: uuid.UUID | None, who: Any, role: str) -> None:
    from walkapp.council import service as council

    if council_id is not None:
        council.take_seat(house(town.id), council_id, who.id, office=role if role != "council_member" else None)
