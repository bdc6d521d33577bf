"""The forms of actions and of their owners' answers."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import format_date, lazy_pgettext
from flask_babel import gettext as say
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from walkapp.agencies.models import Organisation

from . import rules
from .queries import Detail, Proposal
from .service import Opening, Reply

TERM_WORDS = {
    "acute": lazy_pgettext("term", "Acute, the same day"),
    "quick": lazy_pgettext("term", "Quick, within 14 days"),
    "short": lazy_pgettext("term", "Short term, within 6 months"),
    "long": lazy_pgettext("term", "Long term, next budget"),
    "continuous": lazy_pgettext("term", "Continuous"),
    "preserve": lazy_pgettext("term", "Preserve"),
}
COST_WORDS = {
    "none": lazy_pgettext("cost", "No cost"),
    "under_10": lazy_pgettext("cost", "Under 10 000 kr"),
    "under_100": lazy_pgettext("cost", "Under 100 000 kr"),
    "under_1000": lazy_pgettext("cost", "Under 1 million kr"),
    "over_1000": lazy_pgettext("cost", "Over 1 million kr"),
    "unknown": lazy_pgettext("cost", "Not known"),
}
REASON_WORDS = {
    "no_funds": lazy_pgettext("reason", "There is no money for it"),
    "not_permitted": lazy_pgettext("reason", "Law or permits stand in the way"),
    "other_plan": lazy_pgettext("reason", "It will be solved in another way"),
    "not_needed": lazy_pgettext("reason", "We judge that it is not needed"),
    "technical": lazy_pgettext("reason", "It is not technically possible"),
    "other": lazy_pgettext("reason", "Another reason"),
}
HOW_WORDS = {"on_site": _("Seen on site"), "photo": _("Seen on a photo")}
VERB_WORDS = {
    "plan": _("We will do it"),
    "accept": _("We have received it"),
    "await_funds": _("When there is money"),
    "investigate": _("We need to look into it"),
    "start": _("We have started"),
    "finish": _("It is done"),
    "misdirect": _("It is not ours"),
    "decline": _("No, it will not be done"),
    "agree": _("Yes, we will"),
    "refuse": _("No, it will not be done"),
}
LOOKED_INTO = ""


def lines(text: str | None) -> str | None:
    """Return what was written, with plain line ends; None for nothing."""
    tidy = (text or "").replace("\r\n", "\n").strip()
    return tidy or None


def _choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


def owner_choices(register: Sequence[Organisation]) -> list[SelectChoice]:
    """Return the register as choices; the first says that nobody knows yet (R7)."""
    unknown = SelectChoice(LOOKED_INTO, say("To be found out: the coordinator keeps it"))
    return [unknown, *(SelectChoice(str(one.id), one.name) for one in register)]


def _owner(value: str | None) -> uuid.UUID | None:
    return uuid.UUID(value) if value else None


class ActionForm(FlaskForm):  # type: ignore[misc]
    """What is to be done, by whom and by when."""

    title = StringField(
        _("What is to be done"), validators=[InputRequired(_("Say what is to be done.")), Length(max=160)]
    )
    description = TextAreaField(_("To the owner"), validators=[Length(max=2000)])
    organisation = SelectField(_("Owner"), validate_choice=True)
    term = SelectField(_("Class"), choices=_choices(TERM_WORDS))
    due_on = DateField(_("No later than"), validators=[Optional()])
    why = StringField(_("Why is the day moved?"), validators=[Length(max=300)])
    cost = SelectField(_("Cost"), choices=[SelectChoice("", _("not chosen")), *_choices(COST_WORDS)])
    season = StringField(_("Season"), validators=[Length(max=80)])
    heritage = BooleanField(_("Cultural heritage: to be settled with the antiquary"))
    foreign_reference = StringField(_("The owner's own case number"), validators=[Length(max=80)])
    public_text = TextAreaField(_("What the public reads"), validators=[Length(max=1000)])
    observations = SelectMultipleField(_("About"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))

    @classmethod
    def opening(cls, one: Proposal, others: Sequence[Proposal], register: Sequence[Organisation]) -> "ActionForm":
        """Return the form for a new action about one observation, perhaps with others that are kept."""
        form = cls(
            title=one.title, term=one.term, organisation=str(one.organisation_id or LOOKED_INTO),
            description=one.observation.proposal or "", observations=[str(one.observation.id)],
        )  # fmt: skip
        form.organisation.choices = owner_choices(register)
        rows = [one, *(other for other in others if other.observation.id != one.observation.id)]
        form.observations.choices = [SelectChoice(str(row.observation.id), _numbered(row)) for row in rows]
        return form

    @classmethod
    def changing(cls, one: Detail, register: Sequence[Organisation]) -> "ActionForm":
        """Return the form for an action as it stands."""
        row = one.row
        form = cls(
            title=row.title, description=one.description, organisation=str(row.organisation_id or LOOKED_INTO),
            term=row.term, due_on=one.due_on, cost=row.cost or "", season=one.season, heritage=one.heritage,
            foreign_reference=one.foreign_reference, public_text=row.public_text, observations=[],
        )  # fmt: skip
        form.organisation.choices = owner_choices(register)
        form.observations.choices = []
        return form

    def to_input(self) -> Opening:
        """Return what the service takes."""
        return Opening(
            title=(self.title.data or "").strip(), term=self.term.data, organisation_id=_owner(self.organisation.data),
            description=lines(self.description.data), public_text=lines(self.public_text.data),
            due_on=self.due_on.data, cost=self.cost.data or None, season=lines(self.season.data),
            heritage=bool(self.heritage.data), foreign_reference=lines(self.foreign_reference.data),
        )  # fmt: skip

    def chosen(self) -> list[uuid.UUID]:
        """Return the observations that it is about."""
        return [uuid.UUID(one) for one in self.observations.data or ()]


def _numbered(one: Proposal) -> str:
    words = one.observation.wording or one.title
    return f"{one.observation.number if one.observation.number is not None else '–'}. {words[:100]}"


class RowForm(FlaskForm):  # type: ignore[misc]
    """One row of a list of proposals: its fields carry the observation's id as a prefix."""

    class Meta:
        """The page's own form carries the token."""

        csrf = False

    open = BooleanField(_("Open"))
    title = StringField(_("What is to be done"), validators=[Length(max=160)])
    organisation = SelectField(_("Owner"))
    term = SelectField(_("Class"), choices=_choices(TERM_WORDS))

    @classmethod
    def about(cls, one: Proposal, choices: list[SelectChoice]) -> "RowForm":
        """Return the row for one kept observation, with what usually follows."""
        form = cls(
            prefix=str(one.observation.id), open=True, title=one.title, term=one.term,
            organisation=str(one.organisation_id or LOOKED_INTO),
        )  # fmt: skip
        form.organisation.choices = choices
        return form

    def validate_title(self, field: Any) -> None:
        """A row that is opened needs its title."""
        if self.open.data and not (field.data or "").strip():
            raise ValidationError(say("Say what is to be done."))

    def to_input(self) -> Opening:
        """Return what the service takes."""
        return Opening((self.title.data or "").strip(), self.term.data, _owner(self.organisation.data))


class AssignForm(FlaskForm):  # type: ignore[misc]
    """Who gets it."""

    organisation = SelectField(_("Owner"), validators=[InputRequired(_("Choose who answers for it."))])

    @classmethod
    def among(cls, register: Sequence[Organisation], chosen: uuid.UUID | None = None) -> "AssignForm":
        """Return the form with the register's owners; with none chosen, one has to be."""
        form = cls(organisation=str(chosen or LOOKED_INTO))
        unsaid = [] if chosen else [SelectChoice(LOOKED_INTO, say("Choose an owner"))]
        form.organisation.choices = [*unsaid, *(SelectChoice(str(one.id), one.name) for one in register)]
        return form

    def to_input(self) -> uuid.UUID:
        """Return what the service takes."""
        return uuid.UUID(self.organisation.data)


class WhyForm(FlaskForm):  # type: ignore[misc]
    """A sentence on why."""

    why = TextAreaField(_("Why, in one sentence"), validators=[Length(max=500)])

    def to_input(self) -> str:
        """Return what the service takes."""
        return lines(self.why.data) or ""


class VerifyForm(FlaskForm):  # type: ignore[misc]
    """How somebody saw that it is done."""

    how = RadioField(_("How was it seen?"), choices=_choices(HOW_WORDS), default="on_site")


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An owner's answer: what it must hold depends on the verb."""

    by = RadioField(_("Done no later than"), validators=[Optional()], validate_choice=False)
    planned_on = DateField(_("Day"), validators=[Optional()])
    reason_code = RadioField(_("The reason"), choices=_choices(REASON_WORDS), validators=[Optional()])
    text = TextAreaField(_("Something for everyone to read?"), validators=[Length(max=1000)])
    photo = FileField(_("A photo of what was done"))

    CHOOSE, FUNDS, UNSAID = "choose", "funds", "unsaid"

    @classmethod
    def of(cls, verb: str, today: date, *, funds: bool = False) -> "AnswerForm":
        """Return the form for one of the answers."""
        form = cls()
        form.verb = verb
        form.by.choices = [SelectChoice(day.isoformat(), words) for day, words in days_to_choose(today)]
        if funds:
            form.by.choices.append(SelectChoice(cls.FUNDS, say("When there is money")))
        form.by.choices.append(SelectChoice(cls.CHOOSE, say("Choose a day")))
        if verb == "agree":
            form.by.choices.append(SelectChoice(cls.UNSAID, say("We do not know yet")))
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what this answer needs."""
        good = super().validate(extra_validators)
        return bool(good and self._says_when() and self._says_why())

    def _says_when(self) -> bool:
        if self.verb not in ("plan", "agree"):
            return True
        if self.by.data not in [choice.value for choice in self.by.choices]:
            self.by.errors = [say("Choose when it is done.")]
        elif self.by.data == self.CHOOSE and self.planned_on.data is None:
            self.planned_on.errors = [say("Choose a day.")]
        else:
            return True
        return False

    def _says_why(self) -> bool:
        if self.verb in rules.NEEDS_REASON:
            if not self.reason_code.data:
                self.reason_code.errors = [say("Choose a reason. It is what everyone may read.")]
            if not lines(self.text.data):
                self.text.errors = [say("Write the reason in one sentence. It is what everyone may read.")]
        return not (self.reason_code.errors or self.text.errors)

    def to_input(self, photo_id: uuid.UUID | None = None) -> Reply:
        """Return what the service takes."""
        verb = "await_funds" if self.verb == "plan" and self.by.data == self.FUNDS else self.verb
        reason = self.reason_code.data if verb in rules.NEEDS_REASON else None
        return Reply(verb, lines(self.text.data), reason, self._day(verb), photo_id)

    def _day(self, verb: str) -> date | None:
        if verb not in ("plan", "agree") or self.by.data in (self.FUNDS, self.UNSAID):
            return None
        chosen: date | None = self.planned_on.data
        return chosen if self.by.data == self.CHOOSE else date.fromisoformat(self.by.data)


def days_to_choose(today: date) -> list[tuple[date, str]]:
    """Return the days that most answers mean: this week, the end of next month, the end of the year."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    month_end = rules.months_after(today.replace(day=1), 2) - timedelta(days=1)
    year_end = date(today.year, 12, 31)
    found = [(friday, say("This week") if today.weekday() < 5 else say("Next week"))]
    if month_end < year_end or year_end <= friday:
        found.append((month_end, say("By %(day)s at the latest", day=format_date(month_end, "d MMMM"))))
    if year_end > friday:
        found.append((year_end, say("Before the end of the year")))
    if year_end - today < timedelta(days=90):
        spring = rules.months_after(today.replace(day=1), 4) - timedelta(days=1)
        found.append((spring, say("By %(day)s at the latest", day=format_date(spring, "d MMMM"))))
    return found


class FilterForm(FlaskForm):  # type: ignore[misc]
    """What a list is narrowed to; read from the address."""

    class Meta:
        """Reading needs no token."""

        csrf = False

    walk = SelectField(_("Walk"), validate_choice=False)
    owner = SelectField(_("Owner"), validate_choice=False)
    state = SelectField(_("State"), validate_choice=False)
    late = BooleanField(_("Late only"))
