"""The council's forms."""

import uuid
from datetime import time

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from walkapp.kernel import clock

from .models import Council, Meeting
from .service import ItemInput, MeetingInput

NOTHING = ""


class MeetingForm(FlaskForm):  # type: ignore[misc]
    """When and where."""

    day = DateField(lazy_gettext("Day"), validators=[InputRequired(lazy_gettext("Choose a day."))])
    begins = TimeField(
        lazy_gettext("Begins"), default=time(8, 30), validators=[InputRequired(lazy_gettext("Say when it begins."))]
    )
    ends = TimeField(
        lazy_gettext("Ends"), default=time(10, 30), validators=[InputRequired(lazy_gettext("Say when it ends."))]
    )
    place = StringField(lazy_gettext("Place"), validators=[InputRequired(lazy_gettext("Say where.")), Length(max=200)])
    link = StringField(
        lazy_gettext("Link for those who take part remotely"),
        validators=[
            Optional(),
            Length(max=500),
            Regexp(r"https?://\S+$", message=lazy_gettext("Write a whole address, with https://.")),
        ],
    )
    registry_number = StringField(lazy_gettext("Registry number"), validators=[Optional(), Length(max=60)])

    def validate_ends(self, field: TimeField) -> None:
        """A meeting ends after it begins."""
        if field.data and self.begins.data and field.data <= self.begins.data:
            raise ValidationError(gettext("It has to end after it begins."))

    @classmethod
    def of(cls, meeting: Meeting) -> "MeetingForm":
        """Return the form as a meeting stands."""
        starts, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
        return cls(
            day=starts.date(),
            begins=starts.time(),
            ends=ends.time(),
            place=meeting.place,
            link=meeting.link,
            registry_number=meeting.registry_number,
        )

    def to_input(self) -> MeetingInput:
        """Return what the service takes."""
        return MeetingInput(
            starts_at=clock.at(self.day.data, self.begins.data),
            ends_at=clock.at(self.day.data, self.ends.data),
            place=self.place.data.strip(),
            link=(self.link.data or "").strip() or None,
            registry_number=(self.registry_number.data or "").strip() or None,
        )


class ItemForm(FlaskForm):  # type: ignore[misc]
    """A point on the agenda."""

    heading = StringField(lazy_gettext("Heading"), validators=[Optional(), Length(max=200)])
    presenter = StringField(lazy_gettext("Presented by"), validators=[Optional(), Length(max=120)])
    walk = SelectField(lazy_gettext("Considers the report of"), validate_choice=True)

    def offer(self, walks: list[tuple[str, str]]) -> "ItemForm":
        """Offer the walks whose report can be considered."""
        self.walk.choices = [(NOTHING, gettext("No walk")), *walks]
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """A point has a heading, or a walk that gives it one."""
        fine = bool(super().validate(extra_validators))
        if fine and not (self.heading.data or "").strip() and not self.walk.data:
            self.heading.errors = [gettext("Write a heading.")]
            return False
        return fine

    def to_input(self) -> ItemInput:
        """Return what the service takes."""
        walk = uuid.UUID(self.walk.data) if self.walk.data else None
        return ItemInput(self.heading.data or "", (self.presenter.data or "").strip() or None, walk)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """What was said under a point."""

    note = TextAreaField(lazy_gettext("Note under this point"), validators=[Optional(), Length(max=20_000)])
    led_to = SelectField(lazy_gettext("What it led to"), validators=[Optional()])

    def to_input(self) -> tuple[str | None, str | None]:
        """Return the words and the outcome."""
        return self.note.data, self.led_to.data or None


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """What the council came to about an action."""

    outcome = RadioField(
        lazy_gettext("The council"), validators=[InputRequired(lazy_gettext("Choose what the council came to."))]
    )
    text = TextAreaField(lazy_gettext("Reason or addition"), validators=[Optional(), Length(max=4_000)])

    def to_input(self) -> tuple[str, str | None]:
        """Return the outcome and the words."""
        return self.outcome.data, self.text.data


class SeatForm(FlaskForm):  # type: ignore[misc]
    """A seat in the council."""

    person = SelectField(
        lazy_gettext("Person"), validators=[InputRequired(lazy_gettext("Choose a person."))], validate_choice=True
    )
    standing = SelectField(lazy_gettext("Takes part as"))
    office = SelectField(lazy_gettext("Office"), validators=[Optional()])

    def to_input(self) -> tuple[uuid.UUID, str, str | None]:
        """Return who, in which class, in which office."""
        return uuid.UUID(self.person.data), self.standing.data, self.office.data or None


class CouncilForm(FlaskForm):  # type: ignore[misc]
    """What a council calls its minutes and how it numbers."""

    minutes_word = RadioField(lazy_gettext("The minutes are called"))
    numbering = RadioField(lazy_gettext("Points are numbered"))
    may_decide = BooleanField(lazy_gettext("The council may make decisions of its own"))

    @classmethod
    def of(cls, council: Council) -> "CouncilForm":
        """Return the form as a council stands."""
        form = cls(minutes_word=council.minutes_word, numbering=council.numbering, may_decide=council.may_decide)
        form.minutes_word.choices = [("notes", gettext("Meeting notes")), ("minutes", gettext("Minutes"))]
        form.numbering.choices = [
            ("plain", gettext("1, 2, 3 at each meeting")),
            ("section", gettext("§ through the year")),
        ]
        return form


class SignForm(FlaskForm):  # type: ignore[misc]
    """Which words are signed."""

    sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])


class FileForm(FlaskForm):  # type: ignore[misc]
    """Under which number the minutes are filed."""

    registry_number = StringField(lazy_gettext("Registry number"), validators=[Optional(), Length(max=60)])
