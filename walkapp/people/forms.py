"""The forms of signing in."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from .rules import local_path, tidy_email


class _LeadsOn(FlaskForm):  # type: ignore[misc]
    next = HiddenField()

    @property
    def leads_to(self) -> str | None:
        """The page of this house that was asked for before."""
        return local_path(self.next.data)


class LinkForm(_LeadsOn):
    """Whom to send a link."""

    email = EmailField(_("E-mail"), [InputRequired(_("Write your e-mail address.")), Length(max=254)])

    def validate_email(self, field: EmailField) -> None:
        """An address as a mail header can carry it."""
        if tidy_email(field.data or "") is None:
            raise ValidationError(_("This does not look like an e-mail address."))

    def to_input(self) -> tuple[str, str | None]:
        """Return (address, where to go afterwards)."""
        return str(self.email.data), self.leads_to


class SpendForm(_LeadsOn):
    """The one-time code, moved here from the address's fragment, or pasted."""

    token = StringField(
        _("Code from the letter"), [InputRequired(_("Paste the code from the letter.")), Length(max=200)]
    )

    def to_input(self) -> str:
        """Return the code; whoever pasted the whole address meant the part after #t=."""
        return str(self.token.data).strip().rpartition("#t=")[2]
