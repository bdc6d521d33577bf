"""The forms of the register of owners."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import EmailField, IntegerField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from walkapp.people.rules import one_line, tidy_email

from . import rules
from .service import MOST_DAYS

KINDS = (
    ("municipal_unit", _("Municipal unit")),
    ("municipal_company", _("Municipal company")),
    ("state", _("State authority")),
    ("region", _("Region")),
    ("police", _("Police")),
    ("church", _("Church")),
    ("association", _("Association")),
    ("company", _("Company")),
    ("private_owner", _("Private owner")),
    ("forum", _("Group or forum")),
)
CATEGORIES = {
    "lighting": lazy_pgettext("category", "Lighting"),
    "sightline": lazy_pgettext("category", "Blocked view, plants"),
    "graffiti": lazy_pgettext("category", "Graffiti"),
    "litter": lazy_pgettext("category", "Litter"),
    "vandalism": lazy_pgettext("category", "Vandalism"),
    "upkeep": lazy_pgettext("category", "Broken, worn"),
    "ice": lazy_pgettext("category", "Ice, snow"),
    "traffic": lazy_pgettext("category", "Traffic, bicycles"),
    "passage": lazy_pgettext("category", "Tunnel, bridge"),
    "transit": lazy_pgettext("category", "Bus stop, station"),
    "parking": lazy_pgettext("category", "Parking"),
    "building": lazy_pgettext("category", "Building, entrance"),
    "access": lazy_pgettext("category", "Accessibility"),
    "wayfinding": lazy_pgettext("category", "Finding the way"),
    "meeting_place": lazy_pgettext("category", "Meeting place"),
    "deserted": lazy_pgettext("category", "Deserted"),
    "order": lazy_pgettext("category", "Disorder"),
    "safe_place": lazy_pgettext("category", "Safe place"),
    "other": lazy_pgettext("category", "Something else"),
}


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """An owner of places."""

    name = StringField(_("Name"), [InputRequired(_("Write the name.")), Length(max=120)])
    kind = SelectField(_("Kind"), choices=[SelectChoice(*kind) for kind in KINDS])
    answer_days = IntegerField(
        _("Working days to answer"),
        [InputRequired(_("Write a number of days.")), NumberRange(1, MOST_DAYS)],
        default=10,
    )
    categories = SelectMultipleField(
        _("Usually answers for"), choices=[SelectChoice(code, CATEGORIES[code]) for code in rules.CATEGORIES]
    )

    def validate_name(self, field: StringField) -> None:
        """The name stands in letters' subjects."""
        if not one_line(field.data or ""):
            raise ValidationError(_("Write the name on one line."))

    def to_input(self) -> dict[str, Any]:
        """Return the organisation as described."""
        return {
            "name": self.name.data,
            "kind": self.kind.data,
            "categories": tuple(self.categories.data or ()),
            "answer_days": self.answer_days.data,
        }


class ContactForm(FlaskForm):  # type: ignore[misc]
    """Where letters go: a function before a person."""

    name = StringField(_("Function or name"), [InputRequired(_("Write a function or a name.")), Length(max=120)])
    email = EmailField(_("E-mail"), [InputRequired(_("Write the e-mail address.")), Length(max=254)])

    def validate_name(self, field: StringField) -> None:
        """A name as a mail header can carry it."""
        if not one_line(field.data or ""):
            raise ValidationError(_("Write the name on one line."))

    def validate_email(self, field: EmailField) -> None:
        """An address as a mail header can carry it."""
        if tidy_email(field.data or "") is None:
            raise ValidationError(_("This does not look like an e-mail address."))

    def to_input(self) -> dict[str, str]:
        """Return the contact."""
        return {"name": str(self.name.data), "email": str(self.email.data)}
