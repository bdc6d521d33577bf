"""The forms of the review."""

import json
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from walkapp.kernel.geo import read_shape

from .queries import Detail
from .rules import CATEGORY_WORDS, KINDS, MASK_REASONS, REDIRECT_REASONS, SET_ASIDE_REASONS
from .service import Edit, Reason

KIND_WORDS = {"deficiency": _("Deficiency"), "safe_place": _("Safe place"), "proposal": _("Proposal")}
REASON_WORDS = {
    "no_place": _("It is not about a place"),
    "outside": _("Outside the area of the walk"),
    "unclear": _("Cannot be understood"),
    "trial": _("A trial, or pressed by mistake"),
    "fault_report": _("To fault reports"),
    "police": _("To the police"),
    "other_walk": _("To another walk"),
    "council": _("To the council or another forum"),
    "person": _("Points at a person"),
    "crime": _("A tip about a crime"),
    "secrecy": _("May be secret by law"),
    "offensive": _("Offensive"),
    "no_action": _("Noted without action"),
    "other": _("Something else"),
}
CATEGORY_CHOICES = [
    SelectChoice("", _("not chosen")),
    *(SelectChoice(code, lazy_pgettext("category", word)) for code, word in CATEGORY_WORDS.items()),
]


def lines(text: str | None) -> str | None:
    """Return what was written, with plain line ends; None for nothing."""
    tidy = (text or "").replace("\r\n", "\n").strip()
    return tidy or None


class EditForm(FlaskForm):  # type: ignore[misc]
    """The coordinator's reading, beside the participant's own words."""

    kind = SelectField(_("Kind"), choices=[SelectChoice(kind, KIND_WORDS[kind]) for kind in KINDS])
    category = SelectField(_("Category"), choices=CATEGORY_CHOICES)
    text = TextAreaField(_("Wording in the report"), validators=[Length(max=2000)])
    proposal = TextAreaField(_("The proposal in the report"), validators=[Length(max=2000)])
    place = StringField(_("Place in words"), validators=[Length(max=200)])
    point = TextAreaField(_("Place on the map"), validators=[Optional(), Length(max=2000)])

    @classmethod
    def about(cls, one: Detail) -> "EditForm":
        """Return the form as the observation stands now."""
        point = {"type": "Point", "coordinates": [one.lon, one.lat]} if one.lat is not None else None
        return cls(
            formdata=None, kind=one.kind, category=one.category or "", text=one.wording or one.said.text or "",
            proposal=one.proposed or "", place=one.place or "", point=json.dumps(point) if point else "",
        )  # fmt: skip

    def validate_point(self, field: Any) -> None:
        """Refuse what is no place."""
        try:
            read_shape(field.data, "Point")
        except (ValueError, TypeError):
            raise ValidationError(_("That is not a place on the map.")) from None

    def to_input(self) -> Edit:
        """Return what the service takes."""
        shape = read_shape(self.point.data, "Point")
        lon, lat = shape["coordinates"] if shape else (None, None)
        words = lines(self.text.data), lines(self.place.data)
        return Edit(self.kind.data, self.category.data or None, *words, lat, lon, lines(self.proposal.data))


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A reason: a code to count by, a sentence to read."""

    code = RadioField(_("Why"), validators=[InputRequired(_("Choose a reason."))])
    sentence = TextAreaField(
        _("In one sentence"), validators=[InputRequired(_("Write why, in one sentence.")), Length(max=500)]
    )

    CODES = {"set_aside": SET_ASIDE_REASONS, "redirect": REDIRECT_REASONS, "mask": MASK_REASONS}

    @classmethod
    def of(cls, verb: str, **given: Any) -> "ReasonForm":
        """Return the form for one of the verbs that need a reason."""
        form = cls(**given)
        form.code.choices = [SelectChoice(code, REASON_WORDS[code]) for code in cls.CODES[verb]]
        return form

    def to_input(self) -> Reason:
        """Return what the service takes."""
        return Reason(self.code.data, lines(self.sentence.data) or "")


class NoteForm(FlaskForm):  # type: ignore[misc]
    """Why no action is needed."""

    sentence = TextAreaField(
        _("Why is no action needed?"), validators=[InputRequired(_("Write why, in one sentence.")), Length(max=500)]
    )

    def to_input(self) -> str:
        """Return what the service takes."""
        return lines(self.sentence.data) or ""


class FlagForm(FlaskForm):  # type: ignore[misc]
    """What nobody but the coordinator may see."""

    sensitive = BooleanField(_("Points at a person"))
    secret = BooleanField(_("Secrecy"))

    def to_input(self) -> dict[str, bool]:
        """Return what the service takes."""
        return {"sensitive": bool(self.sensitive.data), "secret": bool(self.secret.data)}


class LookForm(FlaskForm):  # type: ignore[misc]
    """A photo has been looked at."""

    alt = StringField(_("What the photo shows"), validators=[Length(max=300)])
    show = StringField(validators=[InputRequired()])

    def to_input(self) -> bool:
        """Return whether it may be shown."""
        return bool(self.show.data == "1")
