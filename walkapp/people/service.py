"""What is done with people: they are added and given roles, links are offered and spent, sessions begin and end."""

import csv
import uuid
from pathlib import Path

from sqlalchemy import select, update

from walkapp.kernel import clock
from walkapp.kernel.actor import Actor, house
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import record

from . import access, queries, rules
from .models import Municipality, Person, PersonContact, RoleGrant, SignIn, SignInToken

# The 290 municipalities by Statistics Sweden's code. `position` says what lat and lon are: the middle of the town, or
# (where it is not known) that of the county's seat, which serves for daylight and as a first view of the map.
REGISTER = Path(__file__).with_name("municipalities.csv")


def register() -> dict[str, dict[str, str]]:
    """Return the carried list of municipalities, by code."""
    with REGISTER.open(encoding="utf-8", newline="") as source:
        return {row["code"]: row for row in csv.DictReader(source)}


def add_municipality(actor: Actor, code: str, slug: str | None = None) -> Municipality:
    """Add a municipality by its four digits; its name and middle come from the carried list."""
    if not access.administers(actor, None):
        raise NotAllowed("municipality.may_not_add")
    known = register().get(code)
    if known is None:
        raise Invalid("municipality.no_such_code", field="code", code_given=code)
    wanted = slug or rules.slug(known["name"])
    if rules.slug(wanted) != wanted:
        raise Invalid("municipality.bad_slug", field="slug", slug=wanted)
    if queries.municipality_by_code(code) or queries.municipality_by_slug(wanted):
        raise Conflict("municipality.already_here", municipality_code=code)
    made = Municipality(
        code=code, slug=wanted, name=known["name"], lat=float(known["lat"]), lon=float(known["lon"]), settings={}
    )
    db.session.add(made)
    db.session.flush()
    record(actor, "municipality.added", made, municipality_code=code)
    return made


def add_person(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: str,
    organisation_id: uuid.UUID | None = None,
    council_id: uuid.UUID | None = None,
    walk_id: uuid.UUID | None = None,
    title: str | None = None,
    language: str = "sv",
) -> Person:
    """Add a person with a role in the actor's municipality, or give one who is there another role."""
    if not access.administers(actor, actor.municipality_id):
        raise NotAllowed("person.may_not_add")
    address, called = _address(email), _name(name)
    person = queries.by_email(address)
    if person is None:
        person = _new_person(actor, address, called, title, language)
    elif person.municipality_id != actor.municipality_id:
        raise Conflict("person.of_another_municipality")
    grant(actor, person, role, organisation_id=organisation_id, council_id=council_id, walk_id=walk_id)
    return person


def _new_person(actor: Actor, address: str, name: str, title: str | None, language: str) -> Person:
    if db.session.scalar(select(PersonContact).where(PersonContact.email == address)):
        raise Conflict("person.not_active")
    person = Person(municipality_id=actor.municipality_id, title=title, language=language)
    person.contact = PersonContact(municipality_id=actor.municipality_id, name=name, email=address)
    db.session.add(person)
    db.session.flush()
    record(actor, "person.added", person)
    return person


def grant(actor: Actor, person: Person, role: str, **scope: uuid.UUID | None) -> RoleGrant:
    """Give a person a role in a scope; giving it twice is giving it once."""
    needed = rules.ROLES.get(role, "unknown")
    if needed == "unknown":
        raise Invalid("person.no_such_role", field="role", role=role)
    if needed is not None and scope.get(needed) is None:
        raise Invalid("person.role_needs_scope", field="role", role=role, needs=needed.removesuffix("_id"))
    if person.municipality_id is None and role != "administrator":
        raise Invalid("person.role_needs_municipality", field="role", role=role)
    held = _held(person, role, scope)
    if held is not None:
        return held
    row = RoleGrant(municipality_id=person.municipality_id, person_id=person.id, word=role, **scope)
    db.session.add(row)
    db.session.flush()
    record(actor, "role.granted", person, role=role, **{key: value for key, value in scope.items() if value})
    return row


def withdraw(actor: Actor, person: Person, role: str, **scope: uuid.UUID | None) -> None:
    """Take a role back; a no-op when it is not held."""
    held = _held(person, role, scope)
    if held is not None:
        db.session.delete(held)
        record(actor, "role.withdrawn", person, role=role, **{key: value for key, value in scope.items() if value})


def _held(person: Person, role: str, scope: dict[str, uuid.UUID | None]) -> RoleGrant | None:
    whole = {key: scope.get(key) for key in ("organisation_id", "council_id", "walk_id")}
    return db.session.scalar(select(RoleGrant).filter_by(person_id=person.id, word=role, **whole))


def _address(email: str) -> str:
    address = rules.tidy_email(email)
    if address is None:
        raise Invalid("person.bad_email", field="email")
    return address


def _name(name: str) -> str:
    called = name.strip()
    if not called or len(called) > 120 or not rules.one_line(called):
        raise Invalid("person.bad_name", field="name")
    return called


def ask_for_link(email: str, to: str | None, language: str) -> None:
    """Somebody wants to sign in. A letter follows if the address belongs to a person here; the asker learns neither."""
    person = queries.by_email(rules.tidy_email(email) or "")
    if person is not None:
        asker = house(person.municipality_id)
        record(asker, "sign_in.asked", person, to=rules.local_path(to), language=language)


def make_sign_in_token(actor: Actor, person: Person) -> str:
    """Make the one-time secret of a sign-in address; only its hash is kept."""
    token = rules.new_secret()
    db.session.add(
        SignInToken(
            municipality_id=person.municipality_id,
            person_id=person.id,
            token_sha256=rules.hashed(token),
            expires_at=clock.now() + rules.LINK_LIVES,
        )
    )
    record(actor, "sign_in.offered", person)
    return token


def spend(token: str) -> tuple[Person, str]:
    """Spend a sign-in token: return the person and the secret of a new session. Every open token of theirs is spent."""
    row = db.session.scalar(
        select(SignInToken).where(SignInToken.token_sha256 == rules.hashed(token.strip())).with_for_update()
    )
    if row is None:
        raise NotFound("sign_in.link_unknown")
    if row.spent_at is not None:
        raise Gone("sign_in.link_spent")
    if row.expires_at <= clock.now():
        raise Gone("sign_in.link_expired")
    person = db.session.get_one(Person, row.person_id)
    if not person.active:
        raise NotFound("sign_in.link_unknown")
    open_ones = (SignInToken.person_id == person.id, SignInToken.spent_at.is_(None))
    db.session.execute(update(SignInToken).where(*open_ones).values(spent_at=clock.now()))
    return person, begin_session(person)


def begin_session(person: Person) -> str:
    """Begin a session on a device; return its secret, of which only the hash is kept."""
    secret = rules.new_secret()
    now = clock.now()
    db.session.add(
        SignIn(
            municipality_id=person.municipality_id,
            person_id=person.id,
            secret_sha256=rules.hashed(secret),
            began_at=now,
            expires_at=now + rules.SESSION_LIVES,
        )
    )
    record(queries.as_actor(person), "session.begun", person)
    return secret


def end_session(secret: str | None) -> None:
    """End a session at once; a no-op when it is not there, or over already."""
    if secret is None:
        return
    row = db.session.scalar(select(SignIn).where(SignIn.secret_sha256 == rules.hashed(secret)))
    if row is None or row.ended_at is not None:
        return
    row.ended_at = clock.now()
    person = db.session.get_one(Person, row.person_id)
    record(queries.as_actor(person), "session.ended", person)


def speak(actor: Actor, language: str) -> None:
    """Choose the language in which the house speaks to this person, in letters too."""
    person = db.session.get(Person, actor.id) if actor.kind == "person" else None
    if person is not None and person.language != language:
        person.language = language
        record(actor, "person.language_chosen", person, language=language)
