"""The register is kept: organisations are added, changed and retired, with their contacts and their links."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from walkapp.kernel.journal import record
from walkapp.people.rules import hashed, new_secret, one_line, tidy_email
from walkapp.people.rules import slug as slug_of

from . import access, queries, rules
from .models import Organisation, OrganisationContact, OwnerLink

LINK_LIVES = timedelta(days=90)
MOST_DAYS = 90


def add(
    actor: Actor,
    *,
    name: str,
    kind: str,
    slug: str | None = None,
    categories: Sequence[str] = (),
    answer_days: int = 10,
) -> Organisation:
    """Put an organisation into the register of the actor's municipality."""
    if actor.municipality_id is None or not access.keeps_register(actor, actor.municipality_id):
        raise NotAllowed("organisation.may_not_add")
    wanted = slug or slug_of(name)
    if not wanted or slug_of(wanted) != wanted:
        raise Invalid("organisation.bad_slug", field="slug", slug=wanted)
    if queries.by_slug(actor, wanted):
        raise Conflict("organisation.already_here", slug=wanted)
    made = Organisation(municipality_id=actor.municipality_id, slug=wanted, active=True)
    _describe(made, name, kind, categories, answer_days)
    db.session.add(made)
    db.session.flush()
    record(actor, "organisation.added", made, name=made.name, kind=made.kind)
    return made


def change(
    actor: Actor, organisation_id: uuid.UUID, *, name: str, kind: str, categories: Sequence[str], answer_days: int
) -> Organisation:
    """Describe an organisation anew. Its slug stays: it stands in addresses."""
    one = access.organisation_for(actor, organisation_id, to="change")
    before = {"name": one.name, "kind": one.kind, "categories": list(one.categories), "answer_days": one.answer_days}
    _describe(one, name, kind, categories, answer_days)
    record(actor, "organisation.changed", one, before=before)
    return one


def _describe(one: Organisation, name: str, kind: str, categories: Sequence[str], answer_days: int) -> None:
    called = name.strip()
    if not called or len(called) > 120 or not one_line(called):
        raise Invalid("organisation.bad_name", field="name")
    if kind not in rules.KINDS:
        raise Invalid("organisation.no_such_kind", field="kind", kind=kind)
    unknown = [category for category in categories if category not in rules.CATEGORIES]
    if unknown:
        raise Invalid("organisation.no_such_category", field="categories", categories=unknown)
    if not 1 <= answer_days <= MOST_DAYS:
        raise Invalid("organisation.bad_answer_days", field="answer_days", most=MOST_DAYS)
    one.name, one.kind, one.answer_days = called, kind, answer_days
    one.categories = [category for category in rules.CATEGORIES if category in categories]


def retire(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Take an organisation out of use: it is not suggested any more, and its links stop working."""
    one = access.organisation_for(actor, organisation_id, to="change")
    one.active = False
    revoke_links(actor, one.id)
    record(actor, "organisation.retired", one)
    return one


def bring_back(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Take an organisation into use again."""
    one = access.organisation_for(actor, organisation_id, to="change")
    one.active = True
    record(actor, "organisation.brought_back", one)
    return one


def add_contact(actor: Actor, organisation_id: uuid.UUID, *, name: str, email: str) -> OrganisationContact:
    """Say where the organisation's letters go; the same address twice is once, with the newer name."""
    one = access.organisation_for(actor, organisation_id, to="change")
    address, called = tidy_email(email), name.strip()
    if address is None:
        raise Invalid("organisation.bad_email", field="email")
    if not called or len(called) > 120 or not one_line(called):
        raise Invalid("organisation.bad_name", field="name")
    known = next((contact for contact in one.contacts if contact.email == address), None)
    if known is not None:
        known.name = called
        return known
    contact = OrganisationContact(
        municipality_id=one.municipality_id, organisation_id=one.id, name=called, email=address
    )
    one.contacts.append(contact)
    db.session.flush()
    record(actor, "organisation.contact_added", one, contact=contact.id)
    return contact


def remove_contact(actor: Actor, organisation_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Take an address out; letters do not go there any more."""
    one = access.organisation_for(actor, organisation_id, to="change")
    contact = next((contact for contact in one.contacts if contact.id == contact_id), None)
    if contact is None:
        raise NotFound("organisation.contact_not_found")
    db.session.delete(contact)
    record(actor, "organisation.contact_removed", one, contact=contact_id)
    db.session.flush()
    db.session.expire(one, ["contacts"])


def make_owner_link(actor: Actor, organisation_id: uuid.UUID) -> str:
    """Make the secret of an address `/a/<token>`; only its hash is kept. Older links work until they run out."""
    one = access.organisation_for(actor, organisation_id, to="change")
    if not one.active:
        raise Conflict("organisation.retired")
    token, now = new_secret(), clock.now()
    link = OwnerLink(
        municipality_id=one.municipality_id,
        organisation_id=one.id,
        token_sha256=hashed(token),
        made_at=now,
        expires_at=now + LINK_LIVES,
    )
    db.session.add(link)
    db.session.flush()
    record(actor, "owner_link.made", link, organisation=one.id)
    return token


def revoke_links(actor: Actor, organisation_id: uuid.UUID) -> int:
    """Close every link of an organisation at once; return how many were open."""
    one = access.organisation_for(actor, organisation_id, to="change")
    links = queries.open_links(actor, one)
    for link in links:
        link.revoked_at = clock.now()
    if links:
        record(actor, "owner_link.revoked", one, links=len(links))
    return len(links)
