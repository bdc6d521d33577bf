"""The register of owners: who answers for what, where letters go, the owner's own address."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from walkapp.kernel.actor import Actor
from walkapp.people.session import needs_role, signed_in

from . import forms, queries, service
from .models import Organisation

bp = Blueprint("agencies", __name__, url_prefix="/agencies")
KEEPERS = ("coordinator", "administrator")
CONTACT = "contact-"  # two forms on one page, each with a name


@bp.get("/")
@needs_role(*KEEPERS)
def index() -> str:
    """List the owners."""
    everyone = queries.listed(signed_in(), active=None)
    covered = {category for one in everyone if one.active for category in one.categories}
    return render_template(
        "agencies/index.html",
        active=[one for one in everyone if one.active],
        retired=[one for one in everyone if not one.active],
        kinds=dict(forms.KINDS),
        categories=forms.CATEGORIES,
        uncovered=[words for code, words in forms.CATEGORIES.items() if code not in (*covered, "safe_place", "other")],
    )


@bp.route("/new", methods=["GET", "POST"])
@needs_role(*KEEPERS)
def new() -> ResponseReturnValue:
    """Add an owner."""
    form = forms.OrganisationForm()
    if not form.validate_on_submit():
        return render_template("agencies/new.html", form=form), 422 if form.errors else 200
    made = service.add(signed_in(), **form.to_input())
    flash(gettext("Saved. Now say where letters go."), "good")
    return redirect(url_for(".edit", organisation_id=made.id), 303)


@bp.route("/<uuid:organisation_id>", methods=["GET", "POST"])
@needs_role(*KEEPERS)
def edit(organisation_id: uuid.UUID) -> ResponseReturnValue:
    """Show an owner and describe it anew."""
    actor = signed_in()
    one = queries.one(actor, organisation_id)
    form = forms.OrganisationForm(obj=one)
    if form.validate_on_submit():
        service.change(actor, organisation_id, **form.to_input())
        flash(gettext("Saved."), "good")
        return redirect(url_for(".edit", organisation_id=organisation_id), 303)
    return _page(actor, one, form, forms.ContactForm(formdata=None, prefix=CONTACT)), 422 if form.errors else 200


@bp.post("/<uuid:organisation_id>/contacts")
@needs_role(*KEEPERS)
def add_contact(organisation_id: uuid.UUID) -> ResponseReturnValue:
    """Add an address for letters."""
    actor = signed_in()
    one = queries.one(actor, organisation_id)
    form = forms.ContactForm(prefix=CONTACT)
    if not form.validate():
        return _page(actor, one, forms.OrganisationForm(formdata=None, obj=one), form), 422
    service.add_contact(actor, organisation_id, **form.to_input())
    flash(gettext("Saved."), "good")
    return redirect(url_for(".edit", organisation_id=organisation_id, _anchor="contacts"), 303)


@bp.post("/<uuid:organisation_id>/contacts/<uuid:contact_id>/remove")
@needs_role(*KEEPERS)
def remove_contact(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> ResponseReturnValue:
    """Take an address out."""
    service.remove_contact(signed_in(), organisation_id, contact_id)
    flash(gettext("The address is taken out."), "good")
    return redirect(url_for(".edit", organisation_id=organisation_id, _anchor="contacts"), 303)


@bp.post("/<uuid:organisation_id>/link")
@needs_role(*KEEPERS)
def make_link(organisation_id: uuid.UUID) -> ResponseReturnValue:
    """Make an address for the owner and show it this once: only its hash is kept."""
    actor = signed_in()
    token = service.make_owner_link(actor, organisation_id)
    address = f"{current_app.extensions['settings'].base_url}/a/{token}"
    one = queries.one(actor, organisation_id)
    return _page(
        actor,
        one,
        forms.OrganisationForm(formdata=None, obj=one),
        forms.ContactForm(formdata=None, prefix=CONTACT),
        address,
    )


@bp.post("/<uuid:organisation_id>/links/revoke")
@needs_role(*KEEPERS)
def revoke_links(organisation_id: uuid.UUID) -> ResponseReturnValue:
    """Close every address that the owner has."""
    service.revoke_links(signed_in(), organisation_id)
    flash(gettext("The owner's addresses do not work any more."), "good")
    return redirect(url_for(".edit", organisation_id=organisation_id, _anchor="links"), 303)


@bp.post("/<uuid:organisation_id>/retire")
@needs_role(*KEEPERS)
def retire(organisation_id: uuid.UUID) -> ResponseReturnValue:
    """Take the owner out of use."""
    service.retire(signed_in(), organisation_id)
    flash(gettext("The owner is out of use."), "good")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:organisation_id>/bring-back")
@needs_role(*KEEPERS)
def bring_back(organisation_id: uuid.UUID) -> ResponseReturnValue:
    """Take the owner into use again."""
    service.bring_back(signed_in(), organisation_id)
    flash(gettext("The owner is in use again."), "good")
    return redirect(url_for(".edit", organisation_id=organisation_id), 303)


def _page(
    actor: Actor,
    one: Organisation,
    form: forms.OrganisationForm,
    contact: forms.ContactForm,
    address: str | None = None,
) -> str:
    return render_template(
        "agencies/edit.html",
        one=one,
        form=form,
        contact=contact,
        address=address,
        links=queries.open_links(actor, one),
    )
